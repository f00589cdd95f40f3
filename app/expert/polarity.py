"""Words that turn a statement round, in both languages: negations and opposites."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ingest.schema import Language

NEGATIONS: Final[dict[Language, frozenset[str]]] = {
    "en": frozenset(
        "not no never without neither nor none nobody nothing cannot don't doesn't isn't aren't "
        "can't won't shouldn't mustn't hasn't haven't wasn't weren't didn't nowhere avoid avoids "
        "discouraged discourages unless lacks lacking".split()
    ),
    "es": frozenset(
        "no nunca sin ni ningún ninguna ninguno nada nadie tampoco jamás evita "
        "evitar desaconseja desaconsejan salvo carece".split()
    ),
}
# Each pair holds the words of one end of a scale and those of the other, of both languages.
OPPOSITES: Final[tuple[tuple[str, str], ...]] = (
    ("more más mayor larger bigger greater higher", "less fewer menos menor smaller lower"),
    ("above over encima exceeds supera superar", "below under debajo"),
    ("before antes", "after después tras once"),
    ("always siempre", "never nunca jamás"),
    ("with con using", "without sin"),
    ("increase increases raise raises grow grows aumenta aumentar sube subir crece incrementa "
     "increasing growing rises", "decrease decreases reduce reduces lower lowers cut cuts drop "
     "drops falls reduce reducir baja bajar cae disminuye shrink shrinks decreasing"),
    ("faster rápido quick quickly", "slower slow lento lenta slowly"),
    ("first primero primera primer", "last último última finally"),
    ("start starts begin empieza arranca abre", "stop stops end ends para termina acaba"),
    ("enable enables enabled activa activar active on", "disable disables disabled desactiva off"),
    ("allow allows permit permite admite accepts", "forbid forbids refuse refuses prohíbe rechaza"),
    ("keep keeps conserva guarda mantén", "remove removes delete quita elimina borra discard"),
    ("minimum least mínimo min", "maximum most máximo max"),
    ("open abierto abierta", "closed cerrado cerrada"),
    ("same identical igual iguales mismo misma mismos mismas", "different distinto distinta "
     "distintos distintas differ differs"),
    ("success succeeds pasa pass passes", "failure fails fail falla fallan"),
    ("public público pública", "private privado privada"),
    ("online línea", "offline"),
    ("cheap cheaper barato barata", "expensive dearer caro cara costlier"),
    ("use usa choose elige prefer", "avoid avoids evita"),
    ("all todos todas every each cada", "none ninguno ninguna"),
    ("early earlier pronto", "late later tarde"),
)  # fmt: skip
# Phrases that negate what follows, as one word.
_PHRASES: Final = (
    (re.compile(r"\b(?:rather than|instead of)\b"), "not"),
    (re.compile(r"\ben (?:vez|lugar) de\b"), "no"),
    (re.compile(r"\bes decir\b"), ""),
)
_TOKEN = re.compile(r"[^\W_]+(?:'[a-z]+)?|[,;:.()]")
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_SIDES: Final[dict[str, tuple[int, int]]] = {
    word: (scale, side)
    for scale, ends in enumerate(OPPOSITES)
    for side, words in enumerate(ends)
    for word in words.split()
}


def words_of(text: str) -> list[str]:
    """Lower-case words in order, phrases that negate as one word."""
    return [token for token in tokens_of(text) if _WORD.fullmatch(token)]


def tokens_of(text: str) -> list[str]:
    """Words, numbers and the marks that end a clause, in order."""
    folded = text.lower().replace("’", "'")
    for phrase, negation in _PHRASES:
        folded = phrase.sub(negation, folded)
    return _TOKEN.findall(folded)


def negated(words: Iterable[str], language: Language) -> int:
    """How many negations the words hold."""
    return sum(word in NEGATIONS[language] for word in words)


def conflicts(statement: Iterable[str], evidence: Iterable[str]) -> int:
    """Ends of scales at which the statement stands and the evidence only at the other one."""
    said, found = _ends(statement), _ends(evidence)
    return sum(len(sides - found[scale]) for scale, sides in said.items() if scale in found)


def _ends(words: Iterable[str]) -> dict[int, set[int]]:
    ends: dict[int, set[int]] = {}
    for word in words:
        if word in _SIDES:
            scale, side = _SIDES[word]
            ends.setdefault(scale, set()).add(side)
    return ends
