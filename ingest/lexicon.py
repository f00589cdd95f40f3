"""Words for the same thing in both languages: what else a question may be searched for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.lexical import raw_tokens

_Phrase = tuple[str, ...]
_LONGEST = 6


@dataclass(frozen=True)
class Named:
    """What a text says and what it may mean by it.

    `text` is without idioms, whose words would mislead ("without risk" is no question on risk);
    `also` are other names for what it names.
    """

    text: str
    also: str


def read_names(text: str) -> Named:
    """A text and its other names, in the order of the lexicon; none that it says itself."""
    tokens = raw_tokens(text)
    lexicon = _lexicon()
    said = dict(_phrases(tokens))
    found = sorted({group for phrase in said for group in lexicon.by_phrase.get(phrase, ())})
    names = (phrase for group in found for phrase in lexicon.groups[group] if phrase not in said)
    idle = {
        place
        for phrase, at in said.items()
        if phrase in lexicon.idioms
        for place in range(at, at + len(phrase))
    }
    return Named(
        text=" ".join(token for place, token in enumerate(tokens) if place not in idle),
        also=" ".join(" ".join(name) for name in dict.fromkeys(names)),
    )


def _phrases(tokens: list[str]) -> Iterator[tuple[_Phrase, int]]:
    """Runs of words with their place."""
    for length in range(1, _LONGEST + 1):
        for at in range(len(tokens) - length + 1):
            yield tuple(tokens[at : at + length]), at


@dataclass(frozen=True)
class _Lexicon:
    groups: list[tuple[_Phrase, ...]]
    by_phrase: dict[_Phrase, list[int]]
    idioms: frozenset[_Phrase]


@cache
def _lexicon() -> _Lexicon:
    lines = files("ingest").joinpath("lexicon.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if line.strip() and not line.startswith("#")]
    groups = [tuple(tuple(raw_tokens(name)) for name in row) for row in rows]
    by_phrase: dict[_Phrase, list[int]] = {}
    for number, group in enumerate(groups):
        for phrase in group:
            by_phrase.setdefault(phrase, []).append(number)
    idioms = {tuple(raw_tokens(n)) for row in rows for n in row if n.strip().startswith("~")}
    return _Lexicon(groups, by_phrase, frozenset(idioms))
