"""A worked calculation: inputs, formula, result and caveat, fit to be shown and to be stored."""

from __future__ import annotations

import math
from typing import Any

from app.solve.numerals import format_number
from ingest.schema import Frozen, Language, Source, Text

_BYTES = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3))
_DAY = 86_400.0
SECOND, MINUTE, HOUR = 1.0, 60.0, 3_600.0


class Amount(Frozen):
    """A named value in a unit. `assumed` when it is our default and not the reader's number."""

    key: str
    symbol: str
    name: Text
    value: float
    unit: Text
    assumed: bool = False

    def show(self, language: Language, digits: int = 6) -> str:
        """`arrival rate λ = 5,000 requests/s`."""
        unit = self.unit.in_language(language)
        gap = "" if not unit or (unit.startswith("%") and language == "en") else " "
        number = format_number(self.value, language, digits)
        symbol = f" {self.symbol}" if self.symbol else ""
        return f"{self.name.in_language(language)}{symbol} = {number}{gap}{unit}"


class Worked(Frozen):
    """One calculation. `caveat` says what it leaves out; `source` is where the formula is from."""

    name: str
    title: Text
    inputs: tuple[Amount, ...]
    result: tuple[Amount, ...]
    formula: str
    caveat: Text
    source: Source

    def render(self, language: Language) -> str:
        """Two lines of Markdown: the calculation, then what it assumes and where it is from."""
        given = _join([a.show(language) for a in self.inputs if not a.assumed], language)
        found = _join([a.show(language, 4) for a in self.result], language)
        assumed = _join([a.show(language) for a in self.inputs if a.assumed], language)
        caveat = self.caveat.in_language(language)
        link = f"[{self.source.title}]({self.source.url})"
        title = self.title.in_language(language)
        if language == "es":
            first = f"**{title}.** Con {given}, `{self.formula}` da **{found}**."
            notes = f"Se supone: {assumed}. " if assumed else ""
            return f"{first}\n{notes}{caveat} Fuente: {link}."
        first = f"**{title}.** With {given}, `{self.formula}` gives **{found}**."
        notes = f"Assumed: {assumed}. " if assumed else ""
        return f"{first}\n{notes}{caveat} Source: {link}."

    def to_calculation(self, language: Language) -> dict[str, Any]:
        """The fields of app.expert.answer.Calculation: `Calculation(**w.to_calculation("en"))`.

        Each input and result is {"label", "value", "unit"}; an input also says whether it is
        `assumed`.
        """
        return {
            "name": self.name,
            "inputs": {a.key: {**_plain(a, language), "assumed": a.assumed} for a in self.inputs},
            "result": {a.key: _plain(a, language) for a in self.result},
            "formula": self.formula,
        }


def _plain(amount: Amount, language: Language) -> dict[str, Any]:
    label = f"{amount.name.in_language(language)} {amount.symbol}".strip()
    unit = amount.unit.in_language(language)
    return {"label": label, "value": _tidy(amount.value), "unit": unit}


def _tidy(value: float) -> float | int:
    """Whole numbers as int; others without the noise of binary fractions."""
    return int(value) if float(value).is_integer() else float(f"{value:.10g}")


def _join(parts: list[str], language: Language) -> str:
    """`a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    last = parts[-1]
    word = "and" if language == "en" else "y"
    return f"{', '.join(parts[:-1])} {word} {last}"


def text(en: str, es: str) -> Text:
    return Text(en=en, es=es)


def unit(word: str) -> Text:
    """A unit that both languages write alike."""
    return Text(en=word, es=word)


def count_up(value: float) -> int:
    """The whole number of things that hold `value`; rounding noise does not add one."""
    return math.ceil(round(value, 9))


def size_amount(key: str, symbol: str, name: Text, size: float, per: Text | None = None) -> Amount:
    """Bytes in the decimal unit that reads best (1 GB = 10^9 bytes); `per` ends the unit."""
    label, scale = next(((n, s) for n, s in _BYTES if size >= s), ("bytes", 1.0))
    ends = per or unit("")
    words = Text(en=label + ends.en, es=label + ends.es)
    return Amount(key=key, symbol=symbol, name=name, value=size / scale, unit=words)


def time_amount(
    key: str, symbol: str, name: Text, seconds: float, *, assumed: bool = False
) -> Amount:
    """A time in the unit that reads best, from ms to days."""
    if seconds < SECOND:
        value, words = seconds * 1000, unit("ms")
    elif seconds < 2 * MINUTE:
        value, words = seconds, unit("s")
    elif seconds < 3 * HOUR:
        value, words = seconds / MINUTE, unit("min")
    elif seconds < 3 * _DAY:
        value, words = seconds / HOUR, unit("h")
    else:
        value, words = seconds / _DAY, text("days", "días")
    value = float(f"{value:.10g}")
    return Amount(key=key, symbol=symbol, name=name, value=value, unit=words, assumed=assumed)


def require_positive(**values: float | None) -> None:
    """Raises ValueError that names the first value that is not a positive, finite number."""
    for name, value in values.items():
        if value is not None and not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be positive, not {value}")


def require_share(**values: float | None) -> None:
    """Raises ValueError that names the first value outside the open interval (0, 1)."""
    for name, value in values.items():
        if value is not None and not 0 < value < 1:
            raise ValueError(f"{name} must lie between 0 and 1, not {value}")
