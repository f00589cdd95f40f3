"""The writer and the expert with a real llama.cpp server and a real, very small model."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_server import MODEL

from app.errors import ModelCut, ModelError, ModelRefused
from app.expert import engine, prompts
from app.expert.engine import Done, Event, Expert, Piece, Replaced
from app.expert.ports import Message
from app.expert.question import read_question
from app.llm.openai_compatible import OpenAICompatible
from ingest.schema import Knowledge
from ingest.search import HybridSearch

pytestmark = pytest.mark.llm

QUESTION = "How do I detect drift when labels arrive late?"
MESSAGES = [Message("user", "Count: one, two, three, four,")]


class Llama:
    """A running server; `kill` ends it at once."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url, self.key = f"http://127.0.0.1:{port}/v1", secrets.token_hex(8)
        script = Path(__file__).parent / "llama_server.py"
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(port), self.key],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        raise AssertionError(f"the server ended with {self.process.wait()}")

    def writer(self) -> OpenAICompatible:
        return OpenAICompatible(self.url, self.key, MODEL, sleep=lambda _: None)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def llama() -> Iterator[Llama]:
    running = Llama()
    yield running
    running.kill()


@pytest.fixture
def mortal() -> Iterator[Llama]:
    """A server of the test's own, to be killed."""
    running = Llama()
    yield running
    running.kill()


@pytest.fixture
def _short_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model reads some hundred tokens a second on two cores: one short passage is enough."""
    monkeypatch.setattr(engine, "MAX_EVIDENCE", 1)
    monkeypatch.setattr(prompts, "MAX_PASSAGE_CHARACTERS", 300)


def ask(knowledge: Knowledge, search: HybridSearch, writer: OpenAICompatible) -> list[Event]:
    persona = knowledge.persona.model_copy(update={"principles": ()})
    small = knowledge.model_copy(update={"persona": persona})
    return list(Expert(small, search, writer, max_tokens=64).stream(read_question(QUESTION)))


def test_it_streams_the_same_text_each_time(llama: Llama) -> None:
    texts = []
    for _ in range(2):
        pieces: list[str] = []
        # So few tokens are no whole answer: that is said, and nothing of it is lost.
        with pytest.raises(ModelCut) as caught:
            pieces.extend(llama.writer().stream(MESSAGES, max_tokens=8))
        assert caught.value.partial == "".join(pieces)
        assert len(pieces) > 3
        texts.append(caught.value.partial)
    assert texts[0] == texts[1]


def test_check_measures_the_latency(llama: Llama) -> None:
    assert 0 < llama.writer().check() < 5


def test_a_wrong_key_and_too_long_a_prompt_are_named(llama: Llama) -> None:
    with pytest.raises(ModelRefused, match="MLEXPERT_LLM_API_KEY"):
        list(OpenAICompatible(llama.url, "wrong", MODEL).stream(MESSAGES, max_tokens=8))
    with pytest.raises(ModelRefused, match="MLEXPERT_LLM_MAX_TOKENS"):
        list(llama.writer().stream([Message("user", "word " * 3000)], max_tokens=8))


@pytest.mark.usefixtures("_short_prompt")
def test_an_answer_stands_on_its_evidence_or_gives_way(
    llama: Llama, knowledge: Knowledge, search: HybridSearch
) -> None:
    events = ask(knowledge, search, llama.writer())
    assert sum(isinstance(event, Piece) for event in events) > 5
    done = events[-1]
    assert isinstance(done, Done)
    answer = done.answer
    assert {n for s in answer.statements for n in s.citations} <= {r.n for r in answer.references}
    assert all(r.quote in r.passage for r in answer.references)
    assert answer.references
    if answer.mode == "composed":
        assert any(isinstance(event, Replaced) for event in events)
        assert answer.warnings
    else:
        assert answer.model == MODEL


@pytest.mark.usefixtures("_short_prompt")
def test_a_server_that_dies_midway_gives_way_to_the_composed_answer(
    mortal: Llama, knowledge: Knowledge, search: HybridSearch
) -> None:
    stream = Expert(knowledge, search, mortal.writer(), max_tokens=1000).stream(
        read_question(QUESTION)
    )
    assert isinstance(next(stream), Piece)
    mortal.kill()
    *_, done = stream
    assert isinstance(done, Done)
    assert done.answer.mode == "composed"
    assert done.answer.statements
    assert any("did not deliver" in warning for warning in done.answer.warnings)


def test_a_server_that_is_gone_gives_way_to_the_composed_answer(
    mortal: Llama, knowledge: Knowledge, search: HybridSearch
) -> None:
    writer = mortal.writer()
    assert writer.check() > 0
    mortal.kill()
    events = ask(knowledge, search, writer)
    assert isinstance(events[-1], Done)
    answer = events[-1].answer
    assert answer.mode == "composed"
    assert any("cannot be reached" in warning for warning in answer.warnings)
    with pytest.raises(ModelError):
        writer.check()
