"""What the answer path needs from outside: a searcher and, where there is one, a language model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.schema import Language, Passage, SearchResult


class Terms(Protocol):
    """The stemmed content words of a text, as the index sees them."""

    def __call__(self, text: str, language: Language) -> list[str]: ...


class Searcher(Protocol):
    """Finds passages. Deterministic: the same query over the same index gives the same hits."""

    def search(
        self,
        query: str,
        language: Language,
        k: int,
        *,
        context: str = "",
        prefer: Callable[[Passage], float] | None = None,
    ) -> SearchResult: ...

    def section(self, entry: str, language: Language) -> Sequence[Passage]:
        """All passages of an entry in reading order."""

    def terms(self, text: str, language: Language) -> list[str]: ...

    def rarity(self, wanted: Iterable[str], language: Language) -> dict[str, float]:
        """Inverse document frequency of terms among the curated passages, in nats."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """L2-normalised vectors, shape (len(texts), dimension)."""

    def knows(self, word: str) -> bool:
        """Whether the curated knowledge holds a word at all."""


@dataclass(frozen=True)
class Message:
    """One turn of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


class Writer(Protocol):
    """A language model. `stream` raises ModelError."""

    @property
    def name(self) -> str: ...

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        """Pieces of the answer as they come."""

    def check(self) -> float:
        """Seconds that the endpoint takes to answer a trivial request."""
