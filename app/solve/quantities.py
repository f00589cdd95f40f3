"""Quantities with units, read out of a question in Spanish or English.

Conservative: a number without a unit, a range, and a number that can be read in two ways are left
alone. Values are in the base unit of their kind: rates per second, durations in seconds, sizes in
bytes, shares from 0 to 1, prices per million tokens, counts as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from app.solve.numerals import magnitude, read_number
from app.solve.roles import role_of
from app.solve.units import PERIODS, SINGULAR, START, UNITS
from ingest.schema import Language

Kind = Literal[
    "rate", "flow", "duration", "size", "percent", "points", "price", "parameters", "precision",
    "tokens", "concurrency", "replicas", "gpus", "layers", "heads", "kv_heads", "head_dim",
    "dimensions", "count",
]  # fmt: skip

MAX_CHARACTERS = 6000


@dataclass(frozen=True)
class Quantity:
    """A number with its unit: `text` stands at [start:end] of the question.

    `noun` is what is counted (singular, English), `per` the seconds of the period a rate was given
    in, or the currency of a price; `role` is what the words around it say it is for.
    """

    kind: Kind
    value: float
    start: int
    end: int
    text: str
    role: str = ""
    noun: str = ""
    per: str = ""


_BYTES = {"k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_TOKEN_ROLES = {
    "input": "input", "prompt": "input", "entrada": "input", "output": "output",
    "completion": "output", "salida": "output", "context": "context", "contexto": "context",
}  # fmt: skip
# A second end of a range, a negative number, or digits that a space parts in an odd place.
_RANGE = re.compile(
    r"(?<![\w.-])[\d.,]+\s*[kKM]?\s*(?:[-–—]|\bto\b|\ba\b|\band\b|\by\b|\bor\b|\bo\b|\bhasta\b)\s*$"
)
_FIRST_OF_RANGE = re.compile(r"\s*(?:[-–—]\s*|(?:to|a|hasta|or|o)\s+)\d")
_BETWEEN = re.compile(r"(?:\bbetween|\bentre)\s+$", re.IGNORECASE)
_SPANNED = r"(?:ms|s|min|h|GB|MB|rps|qps|seconds?|segundos?|minutes?|minutos?|hours?|horas?)"
_RANGE_END = re.compile(
    r"(?:\b(?:between|entre)\s+[\d.,]+\s*\S+\s+(?:and|y)|"
    rf"\d\s*{_SPANNED}\s*(?:to|a|hasta|[-–—]))\s*$",
    re.IGNORECASE,
)
_RANGE_GOES_ON = re.compile(r"\s*(?:[-–—]\s*|(?:to|a|hasta)\s+)\d")
_NEGATIVE = re.compile(r"(?:^|[\s(])[-−]$")
_SPLIT = re.compile(r"(?<![\w.,-])\d{1,3} $")
# Numbers that name a thing: versions, ports, codes, steps.
_NAMED = re.compile(
    r"(?:\b(?:version|versi[oó]n|v|port|puerto|https?|error|status|code|c[oó]digo|step|paso|epoch|"
    r"[eé]poca|issue|page|p[aá]gina|section|article|art[ií]culo|python|java|cuda|node|pytorch|torch|"
    r"numpy|kubernetes|k8s|spark|airflow|layer|capa|fold|seed|semilla)|#)\s*$",
    re.IGNORECASE,
)
_MODEL = re.compile(r"\b(?:llm|slm|llama|mistral|qwen|gemma|phi|gpt|model\w*|param|parám)", re.I)
_CURRENCY_BEFORE = re.compile(r"(US\$|\$|€|USD|EUR)\s?$", re.IGNORECASE)
_CURRENCY_AFTER = re.compile(r"\s*(US\$|\$|USD|dollars?|d[oó]lares|€|EUR|euros?)", re.IGNORECASE)
_NAMED_BITS = re.compile(
    r"(?<!\w)(?:(?P<kind>bf|fp|float|int|q|nf)(?P<bits>4|8|16|32)(?!\d)|"
    r"(?P<half>half[- ]precision|mixed[- ]precision|precisi[oó]n mixta|media precisi[oó]n))",
    re.IGNORECASE,
)
_IS = r"\s*(?:length|size|window|of|de|is|es|[=:])?\s*(?:of|de)?\s*$"
_LABELS: tuple[tuple[Kind, str, re.Pattern[str]], ...] = tuple(
    (cast(Kind, kind), role, re.compile(rf"\b(?:{words}){_IS}", re.IGNORECASE))
    for kind, role, words in (
        ("head_dim", "", r"head[ _-]?dim(?:ension)?|dimensi[oó]n de (?:la )?cabeza"),
        ("kv_heads", "", r"kv[ _-]heads|num_key_value_heads|cabezas kv"),
        ("layers", "", r"(?:n_|num_hidden_)?layers|capas"),
        ("tokens", "context", r"context|contexto|max[-_]model[-_]len"),
        ("concurrency", "", r"max[-_]num[-_]seqs"),
        ("percent", "alpha", r"alpha|alfa|α"),
        ("percent", "power", r"power|potencia(?: estad[ií]stica)?"),
    )
)


def read_quantities(text: str, language: Language) -> tuple[Quantity, ...]:
    """The quantities of a question in reading order; `language` decides 5.000 and 5,000."""
    text = text[:MAX_CHARACTERS]
    found: list[Quantity] = list(_named_precisions(text))
    reached = 0
    for match in START.finditer(text):
        if match.start() < reached:
            continue
        quantity = _read_one(text, match, language)
        if quantity is not None:
            found.append(quantity)
            reached = quantity.end
    return tuple(sorted(found, key=lambda quantity: quantity.start))


def _named_precisions(text: str) -> list[Quantity]:
    """int8, fp16, bf16, Q4, half precision."""
    return [
        Quantity(
            "precision", float(m["bits"] or 16), m.start(), m.end(), m[0],
            role="mixed" if re.match("mi|prec", m["half"] or "", re.I) else "",
        )
        for m in _NAMED_BITS.finditer(text)
    ]  # fmt: skip


def _read_one(text: str, match: re.Match[str], language: Language) -> Quantity | None:
    before = text[max(0, match.start() - 40) : match.start()]
    if _NAMED.search(before) or _NEGATIVE.search(before):
        return None
    kind, unit = next(
        ((kind, m) for kind, pattern in UNITS if (m := pattern.match(text, match.end()))),
        (None, None),
    )
    if unit is None:
        return _labelled(text, match, language)
    if kind != "parameters" and _in_range(text, match, before):
        return None
    value = _value(match, language, decimal=kind in {"percent", "points"})
    if kind != "percent" and _RANGE_GOES_ON.match(text, unit.end()):
        return None
    if value is None or _is_code(match, unit, value):
        return None
    return _in_base_unit(cast(Kind, kind), value, text, match, unit)


def _in_range(text: str, match: re.Match[str], before: str) -> bool:
    digits = match["number"]
    if _SPLIT.search(before) and len(digits) == 3:
        return True
    return bool(
        _RANGE.search(before)
        or _RANGE_END.search(before)
        or _BETWEEN.search(before)
        or _FIRST_OF_RANGE.match(text, match.end())
    )


def _value(match: re.Match[str], language: Language, *, decimal: bool = False) -> float | None:
    if not match["number"][0].isdigit():
        return magnitude((match["scale"] or "").strip())
    number = read_number(match["number"], language, decimal=decimal)
    return None if not number else number * magnitude((match["scale"] or "").strip())


def _is_code(match: re.Match[str], unit: re.Match[str], value: float) -> bool:
    """504s and 1990s are codes and decades, not seconds."""
    attached = unit[0] == "s" and not match["scale"]
    return attached and (400 <= value < 600 or 1900 <= value < 2100)


def _labelled(text: str, match: re.Match[str], language: Language) -> Quantity | None:
    """A number without a unit behind a label that gives it one: `head dim 128`, `alpha 0.05`."""
    before = text[max(0, match.start() - 40) : match.start()]
    for kind, role, pattern in _LABELS:
        value = _value(match, language) if pattern.search(before) else None
        if value is not None and not (kind == "percent" and value >= 1):
            return Quantity(kind, value, match.start(), match.end(), match[0], role=role)
    return None


def _in_base_unit(
    kind: Kind, value: float, text: str, match: re.Match[str], unit: re.Match[str]
) -> Quantity | None:
    groups = {name: got for name, got in unit.groupdict().items() if got}
    start, end = match.start(), unit.end()
    role, noun, per = role_of(kind, text, start, end), _noun(groups), ""
    if kind == "price":
        currency = _CURRENCY_BEFORE.search(text[:start]) or _CURRENCY_AFTER.match(unit[0])
        if currency is None:
            return None
        per = "EUR" if currency[1].lower().startswith(("€", "eur")) else "USD"
        value *= 1000 if "thousand" in groups else 1
        way = (groups.get("way") or groups.get("via") or "").lower()
        role = _TOKEN_ROLES.get(way, "")
    elif kind in {"rate", "flow"}:
        seconds = _period(groups)
        value, per = value / seconds, f"{seconds:g}"
        noun = noun or "request"
    elif kind == "duration":
        value *= _seconds(groups)
    elif kind == "parameters":
        if "small" in groups and not _MODEL.search(text):
            return None
        value *= 1e9 if groups.keys() & {"billion", "small", "spaced"} else 1
    elif kind == "percent":
        value = round(value / 100, 12)
    elif kind == "tokens":
        role = _TOKEN_ROLES.get((groups.get("way") or groups.get("via") or "").lower(), role)
        role = "context" if "ctx" in groups else role
    elif kind == "precision" and value not in {2, 3, 4, 8, 16, 32}:
        return None
    if kind in {"flow", "size"}:
        value *= _bytes(groups["size"])
    return Quantity(kind, value, start, end, text[start:end], role=role, noun=noun, per=per)


def _noun(groups: dict[str, str]) -> str:
    if "worker" in groups:
        return "worker"
    word = groups.get("noun") or groups.get("noun2") or ""
    return next((name for name, pattern in SINGULAR if pattern.fullmatch(word)), "")


def _period(groups: dict[str, str]) -> float:
    if "abbr" in groups:
        return 60.0 if groups["abbr"].lower() == "rpm" else 1.0
    if "daily" in groups:
        return PERIODS["d"]
    return next(PERIODS[name[4:]] for name in groups if name.startswith("per_"))


def _seconds(groups: dict[str, str]) -> float:
    if "ms" in groups:
        return 0.001
    if "year" in groups:
        return 365 * PERIODS["d"]
    return next(PERIODS[name[5:]] for name in groups if name.startswith("time_"))


def _bytes(word: str) -> float:
    if word.lower().startswith("byte"):
        return 1.0
    base = 1024.0 if "i" in word[1:2] and not word.lower().startswith("giga") else 1000.0
    return float(base ** _BYTES[word[0].lower()])
