"""Answers in the making: each belongs to its conversation, not to a page that shows it.

A reload, another tab or a closed one changes nothing: the thread goes on, keeps the answer when it
is complete, and whoever looks sees the text so far.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from app.errors import BadInput, ExpertError
from app.expert.answer import Answer
from app.expert.engine import Done, Event, Piece
from app.expert.ground import complete_part, drop_unknown_citations
from ingest.schema import Language, Text

AT_ONCE = 8
WAITING = 64
REMEMBERED = 500
STOPPED = Text(
    en="You stopped this answer: it is incomplete and its statements were not checked.",
    es="Detuviste esta respuesta: está incompleta y sus afirmaciones no se han comprobado.",
)
STOPPED_EMPTY = Text(
    en="You stopped this answer before it began.",
    es="Detuviste esta respuesta antes de que empezara.",
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What to answer. `position` is the turn's place; `events` runs in the answer's own thread and
    `keep` writes the answer down, both may raise ExpertError.
    """

    conversation: str
    position: int
    question: str
    language: Language
    model: str | None
    events: Callable[[], Generator[Event, None, None]]
    keep: Callable[[Answer], object]


class Running:
    """An answer in the making. `text` grows; `over` is set when it is kept or has failed."""

    def __init__(self, order: Order, told: Callable[[Running], None]) -> None:
        self.order = order
        self.text = ""
        self.error: Exception | None = None
        self.over = threading.Event()
        self._told = told
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Ends the answer now and keeps what there is, marked as cut."""
        order = self.order
        said = drop_unknown_citations(self.text.strip(), []).text
        note = STOPPED if said else STOPPED_EMPTY
        self._settle(
            Answer(
                question=order.question,
                language=order.language,
                mode="generated" if order.model else "composed",
                model=order.model,
                answer_markdown=complete_part(said) or said,
                warnings=(note.in_language(order.language),),
            )
        )

    def write(self) -> None:
        """Runs to the end, to a failure or to a stop; the thread's work."""
        events = None
        try:
            events = self.order.events()
            for event in events:
                if self.over.is_set():
                    return
                if isinstance(event, Done):
                    self._settle(event.answer)
                    return
                self.text = self.text + event.text if isinstance(event, Piece) else ""
            raise AssertionError("a stream ends with Done")
        except Exception as error:  # Said by the page that shows the conversation.
            self._fail(error)
        finally:
            if events is not None:
                # Ends the request to the model at once.
                events.close()

    def _settle(self, answer: Answer) -> None:
        """The first to come writes its answer down; a later one has no effect."""
        with self._lock:
            if self.over.is_set():
                return
            try:
                self.order.keep(answer)
            except Exception as error:
                self._note(error)
            self.over.set()
        self._told(self)

    def _fail(self, error: Exception) -> None:
        with self._lock:
            if self.over.is_set():
                return
            self._note(error)
            self.over.set()
        self._told(self)

    def _note(self, error: Exception) -> None:
        if not isinstance(error, ExpertError):
            _log.error("an answer failed", exc_info=error)
        self.error = error


class Answering:
    """All answers in the making of this server; safe between threads."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._most = at_once + waiting
        self._lock = threading.Lock()
        self._threads = 0
        # By conversation: in the making, or failed and not asked again.
        self._running: OrderedDict[str, Running] = OrderedDict()
        self._changes: OrderedDict[str, int] = OrderedDict()

    def start(self, order: Order) -> Running:
        """Begins an answer in the background.

        Raises BadInput when the conversation has one in the making, or when too many wait.
        """
        running = Running(order, self._ended)
        with self._lock:
            current = self._running.get(order.conversation)
            if current is not None and not current.over.is_set():
                raise _busy_conversation()
            if self._threads >= self._most:
                raise _busy_server()
            self._threads += 1
            self._running[order.conversation] = running
            _bound(self._running, REMEMBERED + self._most)
            self._changed(order.conversation)
        threading.Thread(target=self._work, args=(running,), daemon=True, name="answer").start()
        return running

    def of(self, conversation: str) -> Running | None:
        """The answer in the making, or one that failed and was not asked again; None otherwise."""
        with self._lock:
            return self._running.get(conversation)

    def changes(self, conversation: str) -> int:
        """A number that differs once an answer of the conversation began or ended."""
        with self._lock:
            return self._changes.get(conversation, 0)

    def _work(self, running: Running) -> None:
        try:
            with self._places:
                if not running.over.is_set():  # else it was stopped while it waited
                    running.write()
        finally:
            with self._lock:
                self._threads -= 1

    def _ended(self, running: Running) -> None:
        conversation = running.order.conversation
        with self._lock:
            if running.error is None and self._running.get(conversation) is running:
                del self._running[conversation]
            self._changed(conversation)

    def _changed(self, conversation: str) -> None:
        self._changes[conversation] = self._changes.pop(conversation, 0) + 1
        _bound(self._changes, REMEMBERED)


def _bound(kept: OrderedDict[str, Any], most: int) -> None:
    """Forgets the oldest: what failed long ago, or changed long ago."""
    while len(kept) > most:
        kept.popitem(last=False)


def _busy_conversation() -> BadInput:
    return BadInput(
        Text(
            en="This conversation is still getting its previous answer.",
            es="Esta conversación aún está recibiendo la respuesta anterior.",
        ),
        Text(en="Wait for it or stop it.", es="Espera a que termine o detenla."),
    )


def _busy_server() -> BadInput:
    return BadInput(
        Text(
            en="Too many questions are being answered right now.",
            es="Ahora mismo se están respondiendo demasiadas preguntas.",
        ),
        Text(en="Try again in a moment.", es="Vuelve a intentarlo en un momento."),
    )
