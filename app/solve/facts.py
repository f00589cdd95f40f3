"""What a question gives to the calculators: a value only where exactly one fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.solve.quantities import Kind, Quantity
from app.solve.roles import clause_before

_MEAN = re.compile(r"\b(?:mean|average|media|promedio|avg)\b", re.IGNORECASE)
_PERCENTILE = re.compile(r"\bp\d\d", re.IGNORECASE)
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
        peak = only([q for q in self.all("rate", "peak") if _is_served(q)])
        return only([q for q in self.all("rate", "") if _is_served(q)]) if peak is None else peak

    def latency(self) -> float | None:
        """Seconds in the service: the mean if named, else the only latency or loose short time."""
        named = self.all("duration", "latency")
        means = [q for q in named if _MEAN.search(clause_before(self.text, q.start))]
        if means or named:
            return only(means or named)
        loose = only(self.all("duration", ""))
        return loose if loose is not None and loose < _LOOSE_SECONDS else None

    def percentile_only(self) -> bool:
        """Whether the latency is a percentile, which a model of means cannot take."""
        named = self.all("duration", "latency")
        return bool(named) and all(
            _PERCENTILE.search(clause_before(self.text, q.start))
            and not _MEAN.search(clause_before(self.text, q.start))
            for q in named
        )

    def headroom(self) -> float | None:
        share = self.one("percent", "headroom")
        return share if share is not None and share < 1 else None


def _is_served(quantity: Quantity) -> bool:
    """Requests of any period; items only by the second or the minute, else they are stored."""
    return quantity.noun == "request" or (quantity.noun == "item" and quantity.per in {"1", "60"})


def only(quantities: list[Quantity]) -> float | None:
    """The value they agree on."""
    values = {round(q.value, 12) for q in quantities}
    return quantities[0].value if len(values) == 1 else None
