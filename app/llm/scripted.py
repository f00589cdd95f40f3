"""A writer that replies from a script, for tests and demonstrations without a model."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from app.errors import ModelError
from app.expert.ports import Message


@dataclass(frozen=True)
class Reply:
    """The pieces of one answer and the fault after them, if any."""

    pieces: tuple[str, ...] = ()
    error: ModelError | None = None


class ScriptedWriter:
    """Gives the replies in order, the last one again and again; remembers what it was asked."""

    def __init__(self, *replies: Reply | str, name: str = "scripted", seconds: float = 0.0) -> None:
        if not replies:
            raise ValueError("a script needs a reply")
        self._replies = tuple(Reply((r,)) if isinstance(r, str) else r for r in replies)
        self._name, self._seconds = name, seconds
        self.asked: list[tuple[Message, ...]] = []
        self.closed = 0

    @property
    def name(self) -> str:
        return self._name

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Generator[str, None, None]:
        """The pieces of the next reply; at most `max_tokens` of them."""
        reply = self._replies[min(len(self.asked), len(self._replies) - 1)]
        self.asked.append(tuple(messages))
        try:
            yield from reply.pieces[:max_tokens]
            if reply.error is not None:
                raise reply.error
        except GeneratorExit:
            self.closed += 1
            raise

    def check(self) -> float:
        reply = self._replies[min(len(self.asked), len(self._replies) - 1)]
        if reply.error is not None:
            raise reply.error
        return self._seconds
