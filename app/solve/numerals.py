"""Numbers as Spanish and English write them: read from text, written for a reader."""

from __future__ import annotations

import re

from ingest.schema import Language

# A number as typed; a hard space parts groups of three digits, a plain one only thousands (5 000).
NUMBER = r"\d+(?:[.,]\d+)*(?:(?:[\u00a0\u2009\u202f]\d{3}| 000)(?!\d))*"
# Multipliers. A lower-case m (minutes, metres) and the Spanish "billones" are left out: ambiguous.
MAGNITUDE = (
    r"(?:[kK](?![\w/])|M(?![\w/])|(?i:mil\s+millones|mil(?!\w)|mill[oó]n(?:es)?|millions?|"
    r"thousands?|billions?|bn)(?!\w))"
)
_GROUPS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_MIXED = re.compile(r"\d{1,3}(?:(?P<group>[.,])\d{3}(?:(?P=group)\d{3})*)(?!(?P=group))[.,]\d+")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_SPACES = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+")


def read_number(token: str, language: Language, *, decimal: bool = False) -> float | None:
    """The value of a token that NUMBER matched, or None when it can be read in two ways.

    `5.000` is five thousand in Spanish and, for its three zeros, in English too; `1.234` is 1234
    in Spanish and ambiguous in English, and the reverse for `1,234`. `decimal` says that a single
    separator is the decimal point (percentages).
    """
    if _SPACES.fullmatch(token):
        return float(re.sub(r"\D", "", token))
    if any(space in token for space in " \u00a0\u2009\u202f"):
        return None
    if _MIXED.fullmatch(token):
        point = max(token.rfind("."), token.rfind(","))
        return float(re.sub(r"\D", "", token[:point]) + "." + token[point + 1 :])
    groups = _GROUPS.fullmatch(token)
    if groups and not decimal and not token.startswith("0"):
        thousands = "." if language == "es" else ","
        separators = token.count(groups[1])
        if groups[1] == thousands or separators > 1 or token.endswith("000"):
            return float(re.sub(r"\D", "", token))
        return None
    if _PLAIN.fullmatch(token):
        return float(token.replace(",", "."))
    return None


def magnitude(word: str | None) -> float:
    """What a multiplier multiplies by; 1 for none."""
    folded = re.sub(r"\s+", " ", word or "").lower()
    if not folded:
        return 1.0
    if folded in {"mil millones", "bn"} or folded.startswith("billion"):
        return 1e9
    if folded in {"k", "mil"} or folded.startswith("thousand"):
        return 1e3
    return 1e6


def format_number(value: float, language: Language, digits: int = 6) -> str:
    """`1.234,5` or `1,234.5`: whole numbers in full, others to `digits` significant figures."""
    if value == 0 or (abs(value) >= 1 and float(value).is_integer()):
        text = f"{value:,.0f}"
    else:
        whole = len(str(int(abs(value)))) if abs(value) >= 1 else _leading_zeros(value)
        text = f"{value:,.{max(0, digits - whole)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def _leading_zeros(value: float) -> int:
    """Minus the number of zeros after the point of a value under 1, so that digits count on."""
    exponent = int(f"{abs(value):e}".split("e")[1])
    return exponent + 1
