"""What kind of answer a question wants: its shape, the sections it draws on, and its length."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from ingest.schema import SectionId

Shape = Literal["define", "choose", "troubleshoot", "how-to", "number", "checklist", "explain"]

# The sections of each shape in the order of the answer, with the most sentences of each.
PLANS: Final[Mapping[Shape, Mapping[SectionId, int]]] = {
    "define": {
        "document": 4,
        "in-short": 4,
        "when": 3,
        "avoid": 2,
        "numbers": 3,
        "how-to": 3,
        "pitfalls": 3,
    },
    "choose": {
        "document": 4,
        "in-short": 3,
        "when": 4,
        "avoid": 4,
        "numbers": 4,
        "trade-offs": 3,
        "how-to": 5,
        "fixes": 2,
        "pitfalls": 4,
        "checklist": 2,
    },
    "troubleshoot": {
        "document": 4,
        "causes": 6,
        "fixes": 6,
        "how-to": 6,
        "pitfalls": 5,
        "prevent": 3,
        "numbers": 4,
        "in-short": 3,
        "trade-offs": 2,
        "when": 1,
        "avoid": 2,
        "checklist": 2,
    },
    "how-to": {
        "document": 4,
        "how-to": 9,
        "fixes": 4,
        "numbers": 4,
        "pitfalls": 5,
        "causes": 3,
        "prevent": 3,
        "in-short": 3,
        "trade-offs": 2,
        "when": 2,
        "avoid": 3,
        "checklist": 3,
    },
    "number": {
        "document": 4,
        "numbers": 6,
        "how-to": 6,
        "fixes": 3,
        "pitfalls": 4,
        "in-short": 3,
        "trade-offs": 2,
        "when": 2,
        "avoid": 2,
        "checklist": 2,
    },
    "checklist": {
        "checklist": 10,
        "prevent": 4,
        "how-to": 6,
        "numbers": 3,
        "pitfalls": 4,
    },
    "explain": {
        "document": 4,
        "in-short": 3,
        "how-to": 8,
        "causes": 3,
        "fixes": 4,
        "numbers": 4,
        "prevent": 3,
        "pitfalls": 5,
        "trade-offs": 2,
        "when": 3,
        "avoid": 3,
        "checklist": 3,
    },
}
# Number of rare words in the question, and words of prose for the answer.
_LENGTHS: Final = ((2, 220), (5, 330), (9, 410))
_LONGEST = 470
_SIGNS: Final[tuple[tuple[Shape, str], ...]] = (
    ("checklist", r"\bchecklist\b|lista de (comprobaci[oó]n|verificaci[oó]n|control)"),
    (
        "troubleshoot",
        r"\b(error|fails?|failed|failing|broken|breaks?|crash\w*|hangs?|stuck|slow|slower|oom|"
        r"oomkilled|leak\w*|timeouts?|wrong|worse|drops?|dropped|spikes?|keeps? \w+ing|why (do|"
        r"does|is|are)|suddenly|falla[n]?|fallo|se cae|cuelga|lent[oa]s?|muere|revienta|peta|"
        r"rompe|peor|cae[n]?|sube[n]?|de repente|por qu[eé]|no (funciona|arranca|encuentra))\b",
    ),
    (
        "choose",
        r"\b(vs\.?|versus|or|o|u|frente a|rather than|instead of|en lugar de)\b.*\?|\bvs\b|"
        r"\b(which|compare|difference|better|best|choose|cu[aá]l|comparar?|diferencias?|mejor|"
        r"elijo|elegir|conviene|merece la pena|worth)\b",
    ),
    ("number", r"\b(how (many|much|long|big|large)|cu[aá]nt[oa]s?|qu[eé] tama[nñ]o|sizing)\b"),
    ("how-to", r"\b(how|c[oó]mo|steps|pasos|set ?up|implement\w*|monto|configur\w+)\b"),
    ("define", r"^\W*(what('s| is| are)|define|qu[eé] (es|son|significa)|explain|explica)\b"),
)

# Whether a question asks for a size, so that a brief's figures may answer it.
SIZING: Final = re.compile(
    r"\b(?:how (?:many|much|big|large)|replicas?|siz(?:e|ing)|capacity|memory|gpus?|cost|"
    r"autoscal\w*|cu[aá]nt[oa]s?|r[eé]plicas?|capacidad|dimension\w*|memoria|coste|autoescalado)\b",
    re.IGNORECASE,
)


def shape_of(text: str, rare_words: int) -> Shape:
    """The shape of the answer; `rare_words` counts the question's content words."""
    found = [shape for shape, sign in _SIGNS if re.search(sign, text, re.IGNORECASE)]
    if rare_words <= 3 and ("define" in found or len(text.split()) <= 2):
        return "define"
    return found[0] if found else "explain"


def words_for(rare_words: int) -> int:
    """Words of prose that a question of this size deserves."""
    return next((words for most, words in _LENGTHS if rare_words <= most), _LONGEST)
