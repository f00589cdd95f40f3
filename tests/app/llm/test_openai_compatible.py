"""The writer against a server that does everything wrong: named errors, in bounded time."""

from __future__ import annotations

import itertools
import random
import re
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator

import pytest
from misbehaving_server import Behaviour, Exchange, MisbehavingServer, answers, fails

from app.errors import (
    ModelBusy,
    ModelCut,
    ModelError,
    ModelRefused,
    ModelUnexpected,
    ModelUnreachable,
)
from app.expert.engine import Done, Expert, Piece, Replaced
from app.expert.ports import Message
from app.expert.question import read_question
from app.llm.breaker import Breaker
from app.llm.endpoint import Limits
from app.llm.openai_compatible import RETRIES, OpenAICompatible
from app.llm.reading import MAX_ANSWER_BYTES
from app.llm.sse import MAX_EVENT_BYTES
from ingest.schema import Knowledge
from ingest.search import HybridSearch

KEY = "sk-SECRET"
MESSAGES = [Message("system", "Rules"), Message("user", "PROMPT")]
SHORT = Limits(connect=2.0, first_token=0.3, between_tokens=0.3)


class Waits:
    """Stands for time.sleep and remembers."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def writer(server: MisbehavingServer, waits: Waits) -> OpenAICompatible:
    return OpenAICompatible(server.url, KEY, "m", limits=Limits(first_token=5), sleep=waits)


@pytest.fixture
def hasty(server: MisbehavingServer, waits: Waits) -> OpenAICompatible:
    return OpenAICompatible(server.url, KEY, "m", limits=SHORT, sleep=waits)


def write(writer: OpenAICompatible) -> list[str]:
    return list(writer.stream(MESSAGES, max_tokens=50))


def says_half_then(what: Behaviour) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        exchange.head()
        exchange.say("Half ")
        exchange.say("an ans")
        what(exchange)

    return behave


def streams(data: bytes, kind: str = "text/event-stream") -> Behaviour:
    def behave(exchange: Exchange) -> None:
        exchange.head(kind=kind)
        exchange.send(data)

    return behave


def closes(exchange: Exchange) -> None:
    """Ends the body cleanly, without the end of the answer."""


def test_pieces_come_as_they_are_written(
    server: MisbehavingServer, writer: OpenAICompatible
) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.head()
        exchange.say("First")
        exchange.wait_for_hang_up()

    server.script = [behave]
    stream = writer.stream(MESSAGES, max_tokens=50)
    assert next(stream) == "First"  # while the server still writes
    stream.close()


def test_the_request_is_deterministic_and_in_order(
    server: MisbehavingServer, writer: OpenAICompatible
) -> None:
    server.script = [answers("Fine", ", señor €")]
    assert write(writer) == ["Fine", ", señor €"]
    request = server.seen[0]
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Rules"},
            {"role": "user", "content": "PROMPT"},
        ],
        "max_tokens": 50,
        "temperature": 0,
        "stream": True,
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("refusals", "sent"),
    [
        (
            ["Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."],
            {"max_completion_tokens": 50, "temperature": 0},
        ),
        (["'temperature' does not support 0 with this model."], {"max_tokens": 50}),
        (["no temperature", "use max_completion_tokens"], {"max_completion_tokens": 50}),
    ],
)
def test_a_refused_parameter_is_left_out_and_stays_out(
    server: MisbehavingServer, writer: OpenAICompatible, refusals: list[str], sent: dict[str, int]
) -> None:
    server.script = [fails(400, {"error": {"message": m}}) for m in refusals] + [answers("Fine")]
    assert write(writer) == ["Fine"]
    assert write(writer) == ["Fine"]
    assert len(server.seen) == len(refusals) + 2
    for request in server.seen[-2:]:
        names = {"max_tokens", "max_completion_tokens", "temperature"}
        assert {k: v for k, v in request.body.items() if k in names} == sent


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_then_fine(
    server: MisbehavingServer, writer: OpenAICompatible, waits: Waits, status: int
) -> None:
    server.script = [fails(status), fails(status), answers("Fine")]
    assert write(writer) == ["Fine"]
    first, second = waits.seconds
    assert 0.5 <= first <= 0.75
    assert 1.0 <= second <= 1.5


def test_the_wait_has_jitter(
    server: MisbehavingServer, writer: OpenAICompatible, waits: Waits
) -> None:
    server.script = [fails(429), answers("Fine")] * 2
    random.seed(1)
    write(writer)
    server.seen.clear()
    write(writer)
    assert len(set(waits.seconds)) == 2


def test_busy_always_is_said_after_the_retries(
    server: MisbehavingServer, writer: OpenAICompatible
) -> None:
    server.script = [fails(429)]
    with pytest.raises(ModelBusy, match="429"):
        write(writer)
    assert len(server.seen) == RETRIES + 1


def test_a_wait_that_the_server_asks_for_is_kept_when_short(
    server: MisbehavingServer, writer: OpenAICompatible, waits: Waits
) -> None:
    server.script = [fails(429, Retry_After="3"), fails(429, Retry_After="nan"), answers("Fine")]
    write(writer)
    assert 3.0 <= waits.seconds[0] <= 4.5
    server.script, server.seen[:] = [fails(429, Retry_After="3600")], []
    with pytest.raises(ModelBusy):
        write(writer)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("status", "message", "setting"),
    [
        (401, "", "MLEXPERT_LLM_API_KEY"),
        (403, "", "MLEXPERT_LLM_API_KEY"),
        (404, "", "MLEXPERT_LLM_MODEL"),
        (400, "something", "MLEXPERT_LLM_MODEL"),
        (400, "exceeds the available context size", "MLEXPERT_LLM_MAX_TOKENS"),
        (400, "max_completion_tokens: maximum context length", "MLEXPERT_LLM_MAX_TOKENS"),
        (413, "", "MLEXPERT_LLM_MAX_TOKENS"),
    ],
)
def test_a_refusal_names_the_setting_and_is_not_repeated(
    server: MisbehavingServer,
    writer: OpenAICompatible,
    waits: Waits,
    status: int,
    message: str,
    setting: str,
) -> None:
    server.script = [fails(status, {"error": {"message": message}} if message else None)]
    with pytest.raises(ModelRefused) as caught:
        write(writer)
    assert setting in caught.value.hint.en
    assert setting in caught.value.hint.es
    assert waits.seconds == []


@pytest.mark.parametrize(
    "behave",
    [
        streams(b"<html><body>Welcome</body></html>", "text/html"),
        streams(b'{"choices": [{"message": {"content": "not a stream"}}]}', "application/json"),
        streams(b"<html><body>Welcome</body></html>\n\n"),
        streams(b"data: {broken\n\n"),
        streams(b"data: [1]\n\n"),
        streams(b'data: {"choices": "none"}\n\n'),
        streams(b'data: {"choices": [{"delta": {"content": 7}}]}\n\n'),
        streams(b'data: {"choices": []}\n\ndata: [DONE]\n\n'),
        streams(b'data: {"object": "nothing"}\n\ndata: [DONE]\n\n'),
        streams(b"data: [DONE]\n\n"),
        streams(b"data: " + b"[" * 20_000 + b"\n\n"),
        streams(b"data: " + b"x" * (MAX_EVENT_BYTES + 1)),
        answers(),
        says_half_then(lambda exchange: exchange.send(b"data: {broken\n\n")),
    ],
)
def test_what_is_no_answer_is_unexpected(
    server: MisbehavingServer, writer: OpenAICompatible, behave: Behaviour
) -> None:
    server.script = [behave]
    with pytest.raises(ModelUnexpected):
        write(writer)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "end",
    [
        closes,
        lambda exchange: exchange.send(b'data: {"choices": [{"delta": {"con'),
        lambda exchange: exchange.event({"error": {"message": "UPSTREAM", "code": 500}}),
        Exchange.wait,
    ],
    ids=["closes", "mid-event", "error event", "silence"],
)
def test_an_answer_without_an_end_is_cut_and_keeps_what_came(
    server: MisbehavingServer, hasty: OpenAICompatible, end: Behaviour
) -> None:
    server.script = [says_half_then(end)]
    with pytest.raises(ModelCut) as caught:
        write(hasty)
    assert caught.value.partial == "Half an ans"
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "data",
    [
        b'data: {"choices": [{"delta": {"content": "Fine"}, "finish_reason": "stop"}]}\n\n',
        b'data: {"choices": [{"delta": {"content": "Fine"}}]}\n\ndata: [DONE]\n\n',
        b'data:{"choices":[{"delta":{"content":"Fine"}}]}\r\n\r\ndata: [DONE]\r\n\r\n',
        b': ping\n\nevent: x\ndata: {"choices": [{"delta":\ndata: {"content": "Fine"}}]}\n\n'
        b"data: [DONE]\n\n",
    ],
)
def test_either_sign_of_the_end_is_enough(
    server: MisbehavingServer, writer: OpenAICompatible, data: bytes
) -> None:
    server.script = [streams(data)]
    assert write(writer) == ["Fine"]


def test_a_server_that_does_not_hang_up_does_not_delay_the_end(
    server: MisbehavingServer, writer: OpenAICompatible
) -> None:
    def behave(exchange: Exchange) -> None:
        answers("Fine")(exchange)
        exchange.wait()

    server.script = [behave]
    started = time.monotonic()
    assert write(writer) == ["Fine"]
    assert time.monotonic() - started < 3


def test_the_longest_length_is_a_cut(server: MisbehavingServer, writer: OpenAICompatible) -> None:
    server.script = [answers("Half", reason="length")]
    with pytest.raises(ModelCut) as caught:
        write(writer)
    assert caught.value.partial == "Half"
    assert "MLEXPERT_LLM_MAX_TOKENS" in caught.value.hint.en


def drips(exchange: Exchange) -> None:
    """Sends keep-alives for ever, and no token."""
    while not exchange.over:
        exchange.send(b": ping\n\n")
        exchange.pause(0.02)


def silent_after_the_head(exchange: Exchange) -> None:
    exchange.head()
    exchange.wait()


def keeps_alive(exchange: Exchange) -> None:
    exchange.head()
    drips(exchange)


@pytest.mark.parametrize("behave", [Exchange.wait, silent_after_the_head, keeps_alive])
def test_no_first_token_in_time(
    server: MisbehavingServer, hasty: OpenAICompatible, behave: Behaviour
) -> None:
    server.script = [behave]
    started = time.monotonic()
    with pytest.raises(ModelUnreachable, match=r"said nothing for 0\.3 seconds"):
        write(hasty)
    assert 0.25 <= time.monotonic() - started < 2
    assert len(server.seen) == 1  # waiting three times would try the reader's patience


def test_keep_alives_between_tokens_do_not_count_as_tokens(
    server: MisbehavingServer, hasty: OpenAICompatible
) -> None:
    server.script = [says_half_then(drips)]
    with pytest.raises(ModelCut) as caught:
        write(hasty)
    assert caught.value.partial == "Half an ans"


def test_a_slow_first_token_within_the_limit_is_fine_and_so_is_a_slow_reader(
    server: MisbehavingServer,
) -> None:
    limits = Limits(first_token=20, between_tokens=0.2)
    read_on = threading.Event()

    def behave(exchange: Exchange) -> None:
        exchange.head()
        exchange.pause(0.4)
        exchange.say("One")
        exchange.say("Two")
        read_on.wait(5)
        exchange.say("Three")
        exchange.finish()

    server.script = [behave]
    stream = OpenAICompatible(server.url, KEY, "m", limits=limits).stream(MESSAGES, max_tokens=9)
    assert [next(stream), next(stream)] == ["One", "Two"]
    server.over.wait(0.4)  # the reader takes longer than the server may
    read_on.set()
    assert list(stream) == ["Three"]


def test_thoughts_are_progress_and_not_shown(
    server: MisbehavingServer, hasty: OpenAICompatible
) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.head()
        for _ in range(8):
            exchange.event({"choices": [{"delta": {"reasoning_content": "hmm"}}]})
            exchange.pause(0.1)
        exchange.say("Fine")
        exchange.finish()

    server.script = [behave]
    assert write(hasty) == ["Fine"]


@pytest.mark.parametrize("field", ["content", "reasoning_content"])
def test_a_huge_output_is_stopped(
    server: MisbehavingServer, writer: OpenAICompatible, field: str
) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.head()
        while not exchange.over:
            exchange.event({"choices": [{"delta": {field: "ñ" * 5_000}}]})

    server.script = [behave]
    pieces: list[str] = []
    with pytest.raises(ModelUnexpected, match="far more"):
        pieces.extend(writer.stream(MESSAGES, max_tokens=50))
    assert len("".join(pieces).encode()) <= MAX_ANSWER_BYTES
    assert server.hung_up.wait(5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_nobody_listens(waits: Waits) -> None:
    port = free_port()
    writer = OpenAICompatible(f"http://user:pass@127.0.0.1:{port}/v1", KEY, "m", sleep=waits)
    with pytest.raises(ModelUnreachable, match=f"127.0.0.1:{port}") as caught:
        write(writer)
    assert "pass" not in str(caught.value)
    assert len(waits.seconds) == RETRIES
    with pytest.raises(ModelUnreachable):
        writer.check()
    assert len(waits.seconds) == RETRIES


def test_a_connection_lost_before_the_first_token_is_tried_again(
    server: MisbehavingServer, writer: OpenAICompatible
) -> None:
    def dies(exchange: Exchange) -> None:
        exchange.head()
        exchange.reset()

    def overloaded(exchange: Exchange) -> None:
        exchange.head()
        exchange.event({"error": {"message": "UPSTREAM", "code": 503}})

    server.script = [dies, overloaded, answers("Fine")]
    assert write(writer) == ["Fine"]


@pytest.mark.parametrize(
    ("url", "key", "error"),
    [
        ("http://[half/v1", KEY, ModelUnreachable),
        ("http://127.0.0.1:99999/v1", KEY, ModelUnreachable),
        ("http://127.0.0.1:1/v1", "clé secrète", ModelRefused),
        ("http://127.0.0.1:1/v1", "two\nlines", ModelRefused),
    ],
)
def test_settings_that_cannot_work_are_named(url: str, key: str, error: type[ModelError]) -> None:
    for call in (write, OpenAICompatible.check):
        with pytest.raises(error, match="MLEXPERT_LLM_"):
            call(OpenAICompatible(url, key, "m", sleep=lambda _: None))  # type: ignore[operator]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_no_key_prompt_or_upstream_text_is_shown(
    server: MisbehavingServer, writer: OpenAICompatible, status: int
) -> None:
    server.script = [fails(status)]
    with pytest.raises(ModelError) as caught:
        write(writer)
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.in_language("es")
    for secret in (KEY, "PROMPT", "UPSTREAM"):
        assert not re.search(secret, shown)


def test_the_breaker_opens_and_recovers(server: MisbehavingServer) -> None:
    now = 0.0
    breaker = Breaker(clock=lambda: now)
    writer = OpenAICompatible(server.url, KEY, "m", breaker=breaker, sleep=lambda _: None)
    server.script = [fails(500)]
    for _ in range(3):
        with pytest.raises(ModelBusy):
            write(writer)
    tried = len(server.seen)
    assert tried == 3 * (RETRIES + 1)
    now = 29.0
    with pytest.raises(ModelUnreachable, match="left alone for 1 s"):
        write(writer)
    assert len(server.seen) == tried
    now = 30.0
    with pytest.raises(ModelBusy):  # one caller looks, finds it still broken
        write(writer)
    now = 59.0
    with pytest.raises(ModelUnreachable, match="left alone"):
        write(writer)
    now = 60.0
    server.script = [answers("Fine")]
    assert write(writer) == ["Fine"]
    assert write(writer) == ["Fine"]


def test_after_the_pause_one_caller_looks_and_the_others_wait() -> None:
    now = 0.0
    breaker = Breaker(failures=1, pause=10, clock=lambda: now)
    breaker.failed()
    assert breaker.seconds_left() == 10
    now = 10.0
    assert breaker.seconds_left() == 0
    assert breaker.seconds_left() == 10
    breaker.succeeded()
    assert breaker.seconds_left() == 0


@pytest.mark.parametrize("behave", [fails(401), answers("Half", reason="length")])
def test_what_the_endpoint_does_right_does_not_open_the_breaker(
    server: MisbehavingServer, writer: OpenAICompatible, behave: Behaviour
) -> None:
    server.script = [behave] * 5 + [answers("Fine")]
    for _ in range(5):
        with pytest.raises((ModelRefused, ModelCut)):
            write(writer)
    assert write(writer) == ["Fine"]


def test_a_reader_who_leaves_closes_the_connection(
    server: MisbehavingServer, writer: OpenAICompatible
) -> None:
    server.script = [says_half_then(Exchange.wait_for_hang_up)]
    stream = writer.stream(MESSAGES, max_tokens=50)
    assert next(stream) == "Half "
    stream.close()
    assert server.hung_up.wait(5)


def test_a_body_that_is_not_wanted_is_not_kept_open(
    server: MisbehavingServer, writer: OpenAICompatible
) -> None:
    def behave(exchange: Exchange) -> None:
        exchange.head(kind="text/html")
        exchange.wait_for_hang_up()

    server.script = [behave]
    with pytest.raises(ModelUnexpected):
        write(writer)
    assert server.hung_up.wait(5)


def test_check_is_cheap_and_measures(server: MisbehavingServer, writer: OpenAICompatible) -> None:
    server.script = [lambda e: e.json({"object": "list", "data": []})]
    assert 0 < writer.check() < 2
    assert [e.path for e in server.seen] == ["/v1/models"]


def test_check_asks_for_one_token_where_models_are_not_listed(
    server: MisbehavingServer, writer: OpenAICompatible
) -> None:
    server.script = [fails(404), lambda e: e.json({"choices": [{"message": {"content": "x"}}]})]
    assert 0 < writer.check() < 2
    assert server.seen[1].body["max_tokens"] == 1
    assert server.seen[1].body["stream"] is False


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (fails(401), ModelRefused),
        (fails(404), ModelRefused),
        (fails(500), ModelBusy),
        (streams(b"<html></html>", "text/html"), ModelUnexpected),
        (lambda e: e.json(["no", "object"]), ModelUnexpected),
        (lambda e: e.json({}), ModelUnexpected),
        (Exchange.reset, ModelUnreachable),
        (Exchange.wait, ModelUnreachable),
    ],
)
def test_check_names_what_is_wrong(
    server: MisbehavingServer, hasty: OpenAICompatible, behave: Behaviour, error: type[ModelError]
) -> None:
    server.script = [behave]
    with pytest.raises(error):
        hasty.check()


def test_the_sdk_is_imported_only_when_it_is_needed() -> None:
    code = (
        "import sys; from app.llm.openai_compatible import OpenAICompatible as O; "
        "O('http://127.0.0.1:1/v1', 'k', 'm').stream([], max_tokens=1); "
        "sys.exit('openai' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


QUESTION = "How do I detect drift when labels arrive late?"


def ask(knowledge: Knowledge, search: HybridSearch, writer: OpenAICompatible) -> list[object]:
    return list(Expert(knowledge, search, writer).stream(read_question(QUESTION)))


def quoting(*templates: str) -> Behaviour:
    """A behaviour: repeats the first lines of the evidence where it says `{n}`."""

    def behave(exchange: Exchange) -> None:
        evidence = exchange.body["messages"][1]["content"]
        lines = dict(re.findall(r"^\[(\d+)\] .*\n(?:- |\d+\. )?(.*)$", evidence, re.M))
        text = [re.sub(r"\{(\d)\}", lambda m: lines[m[1]], t) for t in templates]
        answers(*itertools.chain.from_iterable(_tokens(t) for t in text))(exchange)

    return behave


def _tokens(text: str) -> Iterator[str]:
    yield from re.findall(r"\s*\S{1,4}", text)


def test_invented_citations_are_dropped_and_counted(
    server: MisbehavingServer,
    writer: OpenAICompatible,
    knowledge: Knowledge,
    search: HybridSearch,
) -> None:
    server.script = [quoting("{1} [1, 77]", " {2} [2][99]")]
    *pieces, done = ask(knowledge, search, writer)
    assert len(pieces) > 5
    assert isinstance(done, Done)
    assert (done.answer.mode, done.answer.model) == ("generated", "m")
    assert "[1]" in done.answer.answer_markdown
    assert "99" not in done.answer.answer_markdown
    assert "77" not in done.answer.answer_markdown
    assert any(w.startswith("2 citations") for w in done.answer.warnings)
    assert {n for s in done.answer.statements for n in s.citations} == {1, 2}


@pytest.mark.parametrize(
    ("behave", "note"),
    [
        (
            answers(
                "Para detectar drift cuando las etiquetas llegan tarde, compara los datos de "
                "producción con una ventana de referencia. [1]"
            ),
            "another language",
        ),
        (answers("Bananas are yellow and grow on trees in the tropics. [1]"), "not supported"),
        (fails(429), "overloaded"),
        (streams(b"<html></html>", "text/html"), "unexpected"),
        (says_half_then(closes), "stopped before the end"),
    ],
)
def test_the_composed_answer_takes_over_with_a_note(
    server: MisbehavingServer,
    writer: OpenAICompatible,
    knowledge: Knowledge,
    search: HybridSearch,
    behave: Behaviour,
    note: str,
) -> None:
    server.script = [behave]
    events = ask(knowledge, search, writer)
    assert any(isinstance(event, Replaced) for event in events)
    done = events[-1]
    assert isinstance(done, Done)
    assert done.answer.mode == "composed"
    assert done.answer.references
    assert any(note in warning for warning in done.answer.warnings)


def test_leaving_the_expert_closes_the_connection(
    server: MisbehavingServer,
    writer: OpenAICompatible,
    knowledge: Knowledge,
    search: HybridSearch,
) -> None:
    server.script = [says_half_then(Exchange.wait_for_hang_up)]
    stream = Expert(knowledge, search, writer).stream(read_question(QUESTION))
    assert isinstance(next(stream), Piece)
    stream.close()
    assert server.hung_up.wait(5)
