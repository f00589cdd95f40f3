"""Answers in the making belong to their conversation: kept once, stopped at once, never doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator

import pytest

from app.errors import BadInput, StoreError
from app.expert.answer import Answer
from app.expert.engine import Done, Event, Piece, Replaced
from app.web.answering import STOPPED, STOPPED_EMPTY, Answering, Order, Running
from ingest.schema import Text

SECONDS = 10


class Model:
    """An answer's events, one for each `step`; `closed` is set when the answer lets go of it."""

    def __init__(self, *events: Event) -> None:
        self._events = events
        self._steps = threading.Semaphore(0)
        self.closed = threading.Event()

    def step(self, times: int = 1) -> None:
        self._steps.release(times)

    def events(self) -> Generator[Event, None, None]:
        try:
            for event in self._events:
                self._steps.acquire()
                yield event
        finally:
            self.closed.set()


def answer(text: str = "All of it. [1]") -> Answer:
    return Answer(question="q", language="en", mode="generated", answer_markdown=text)


def order(
    model: Model, kept: list[Answer], conversation: str = "c", keep: Callable[..., object] = print
) -> Order:
    return Order(
        conversation=conversation,
        position=0,
        question="q",
        language="en",
        model="m",
        events=model.events,
        keep=kept.append if keep is print else keep,
    )


def seen(running: Running, text: str) -> None:
    """Waits until the text so far is this."""
    for _ in range(SECONDS * 100):
        if running.text == text:
            return
        running.over.wait(0.01)
    raise AssertionError(running.text)


def test_an_answer_is_kept_once_and_forgotten() -> None:
    kept: list[Answer] = []
    answering, model = Answering(), Model(Piece("All "), Piece("of it."), Done(answer()))
    before = answering.changes("c")
    running = answering.start(order(model, kept))
    assert answering.of("c") is running
    model.step(2)
    seen(running, "All of it.")
    model.step()
    assert running.over.wait(SECONDS)
    assert kept == [answer()]
    assert model.closed.wait(SECONDS)
    assert answering.of("c") is None
    assert answering.changes("c") != before


def test_what_does_not_hold_is_shown_no_more() -> None:
    model = Model(Piece("Wrong."), Replaced(), Piece("Right."), Done(answer()))
    running = Answering().start(order(model, []))
    model.step()
    seen(running, "Wrong.")
    model.step()
    seen(running, "")
    model.step(2)
    assert running.over.wait(SECONDS)


def test_a_stop_keeps_the_part_at_once_although_the_model_is_silent() -> None:
    kept: list[Answer] = []
    answering, model = Answering(), Model(Piece("One. [1] Tw"), Done(answer()))
    running = answering.start(order(model, kept))
    model.step()
    seen(running, "One. [1] Tw")
    running.stop()
    assert [a.answer_markdown for a in kept] == ["One."]
    assert kept[0].warnings == (STOPPED.en,)
    assert answering.of("c") is None
    answering.start(order(Model(), kept))  # the conversation is free although the thread is not
    model.step()
    assert model.closed.wait(SECONDS)
    assert len(kept) == 1


def test_a_stop_before_the_first_word_says_so() -> None:
    kept: list[Answer] = []
    running = Answering().start(order(Model(Done(answer())), kept))
    running.stop()
    running.stop()
    assert [(a.answer_markdown, a.warnings) for a in kept] == [("", (STOPPED_EMPTY.en,))]


def test_a_conversation_gets_one_answer_at_a_time() -> None:
    answering, model = Answering(), Model(Done(answer()))
    answering.start(order(model, []))
    with pytest.raises(BadInput):
        answering.start(order(Model(), []))
    answering.start(order(Model(), [], "another"))
    model.step()


def test_too_many_questions_are_refused_and_waiting_ones_get_their_turn() -> None:
    kept: list[Answer] = []
    answering = Answering(at_once=1, waiting=1)
    first, second = Model(Done(answer("1"))), Model(Done(answer("2")))
    second.step()
    answering.start(order(first, kept, "a"))
    waiting = answering.start(order(second, kept, "b"))
    with pytest.raises(BadInput):
        answering.start(order(Model(), kept, "c"))
    first.step()
    assert waiting.over.wait(SECONDS)
    assert [a.answer_markdown for a in kept] == ["1", "2"]


@pytest.mark.parametrize("where", ["events", "keep"])
def test_a_failure_is_remembered_until_it_is_asked_again(where: str) -> None:
    fault = StoreError(Text(en="No.", es="No."), Text(en="Mend it.", es="Arréglalo."))

    def fail(*_: object) -> Generator[Event, None, None]:
        raise fault

    answering, model = Answering(), Model(Done(answer()))
    model.step(2)
    asked = order(model, [], keep=fail if where == "keep" else print)
    if where == "events":
        asked = Order(**{**vars(asked), "events": fail})
    running = answering.start(asked)
    assert running.over.wait(SECONDS)
    assert answering.of("c") is running
    assert running.error is fault
    again = Model(Done(answer()))
    again.step()
    assert answering.start(order(again, [])).over.wait(SECONDS)
    assert answering.of("c") is None
