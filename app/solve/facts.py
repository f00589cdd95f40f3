"""What a question gives to the calculators: a value only where exactly one fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.solve.quantities import Kind, Quantity
from app.solve.roles import clause_before

_MEAN = re.compile(r"\b(?:mean|average|media|promedio|avg)\b", re.IGNORECASE)
_LOOSE_SECONDS = 10.0


@dataclass(frozen=True)
class Facts:
    """A question and its quantities."""

    text: str
    quantities: tuple[Quantity, ...]

    def says(self, pattern: str) -> bool:
        return re.search(pattern, self.text, re.IGNORECASE) is not None

    def all(self, kind: Kind, *roles: str, nouns: Iterable[str] = ()) -> list[Quantity]:
        """Quantities of a kind; of any role and noun where none are named."""
        names = set(nouns)
        return [
            q
            for q in self.quantities
            if q.kind == kind and (not roles or q.role in roles) and (not names or q.noun in names)
        ]

    def one(self, kind: Kind, *roles: str, nouns: Iterable[str] = ()) -> float | None:
        """The only value of a kind; None when there is none or several that differ."""
        return only(self.all(kind, *roles, nouns=nouns))

    def rate(self) -> float | None:
        """Requests or items per second of the whole service; the peak where one is named."""
        nouns = ("request", "item")
        peak = self.one("rate", "peak", nouns=nouns)
        return self.one("rate", "", nouns=nouns) if peak is None else peak

    def latency(self) -> float | None:
        """Seconds in the service: the mean if named, else the only latency or loose short time."""
        named = self.all("duration", "latency")
        means = [q for q in named if _MEAN.search(clause_before(self.text, q.start))]
        if means or named:
            return only(means or named)
        loose = only(self.all("duration", ""))
        return loose if loose is not None and loose < _LOOSE_SECONDS else None

    def headroom(self) -> float | None:
        share = self.one("percent", "headroom")
        return share if share is not None and share < 1 else None


def only(quantities: list[Quantity]) -> float | None:
    """The value they agree on."""
    values = {round(q.value, 12) for q in quantities}
    return quantities[0].value if len(values) == 1 else None
