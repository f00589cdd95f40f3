"""What every writer does: the scripted one and the real one pass the same tests."""

from __future__ import annotations

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
from app.expert.ports import Message, Writer
from app.llm.openai_compatible import OpenAICompatible
from app.llm.scripted import Reply, ScriptedWriter
from ingest.schema import Text

PIECES = ("Compare ", "each", " week.")
MESSAGES = [Message("system", "Rules"), Message("user", "Why?")]
_SAID = Text(en="It failed.", es="Falló.")


def dies(exchange: Exchange) -> None:
    exchange.head()
    exchange.reset()


def cut(exchange: Exchange) -> None:
    exchange.head()
    for piece in PIECES:
        exchange.say(piece)


def _good_models(exchange: Exchange, behave: Behaviour) -> None:
    if exchange.path.endswith("/models"):
        exchange.json({"data": []})
    else:
        behave(exchange)


FAULTS: dict[type[ModelError], tuple[Reply, Behaviour]] = {
    ModelUnreachable: (Reply(error=ModelUnreachable(_SAID, _SAID)), dies),
    ModelRefused: (Reply(error=ModelRefused(_SAID, _SAID)), fails(401)),
    ModelBusy: (Reply(error=ModelBusy(_SAID, _SAID)), fails(503)),
    ModelUnexpected: (Reply(error=ModelUnexpected(_SAID, _SAID)), answers()),
    ModelCut: (Reply(PIECES, ModelCut(_SAID, _SAID, "".join(PIECES))), cut),
}


class Stage:
    """Makes a writer of one kind that gives the pieces or has the fault, and tells what it saw."""

    def __init__(self, kind: str, server: MisbehavingServer) -> None:
        self.kind, self.server = kind, server

    def writer(self, fault: type[ModelError] | None = None) -> Writer:
        reply, behave = FAULTS[fault] if fault else (Reply(PIECES), answers(*PIECES))
        if self.kind == "scripted":
            self.scripted = ScriptedWriter(reply, name="m")
            return self.scripted
        self.server.script = [lambda exchange: _good_models(exchange, behave)]
        return OpenAICompatible(self.server.url, "k", "m", sleep=lambda _: None)

    def asked(self) -> list[list[tuple[str, str]]]:
        if self.kind == "scripted":
            return [[(m.role, m.content) for m in turn] for turn in self.scripted.asked]
        bodies = [exchange.body for exchange in self.server.seen]
        return [[(m["role"], m["content"]) for m in body["messages"]] for body in bodies]


@pytest.fixture(params=["scripted", "openai"])
def stage(request: pytest.FixtureRequest, server: MisbehavingServer) -> Stage:
    return Stage(request.param, server)


def test_it_has_the_name_of_the_model(stage: Stage) -> None:
    assert stage.writer().name == "m"


def test_the_pieces_come_in_order(stage: Stage) -> None:
    assert list(stage.writer().stream(MESSAGES, max_tokens=50)) == list(PIECES)


def test_the_messages_arrive_as_they_are(stage: Stage) -> None:
    list(stage.writer().stream(MESSAGES, max_tokens=50))
    assert stage.asked() == [[("system", "Rules"), ("user", "Why?")]]


def test_nothing_is_asked_before_the_first_piece_is_wanted(stage: Stage) -> None:
    stream = stage.writer().stream(MESSAGES, max_tokens=50)
    assert stage.asked() == []
    assert next(iter(stream)) == PIECES[0]
    assert len(stage.asked()) == 1


def test_it_can_be_asked_again(stage: Stage) -> None:
    writer = stage.writer()
    first, second = (list(writer.stream(MESSAGES, max_tokens=50)) for _ in range(2))
    assert first == second == list(PIECES)


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_model_errors(stage: Stage, fault: type[ModelError]) -> None:
    pieces: list[str] = []
    with pytest.raises(ModelError) as caught:
        pieces.extend(stage.writer(fault).stream(MESSAGES, max_tokens=50))
    assert type(caught.value) is fault
    assert caught.value.says.en
    assert caught.value.hint.es
    if isinstance(caught.value, ModelCut):
        assert caught.value.partial == "".join(pieces) == "".join(PIECES)


def test_a_reader_may_leave(stage: Stage) -> None:
    stream = stage.writer().stream(MESSAGES, max_tokens=50)
    assert next(iter(stream)) == PIECES[0]
    stream.close()  # type: ignore[attr-defined]
    assert list(stream) == []


def test_check_gives_seconds(stage: Stage) -> None:
    assert 0 <= stage.writer().check() < 5
