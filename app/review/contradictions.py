"""Places that say of the same thing that it is there and that it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.review.criteria import Rubric
from app.review.hedges import WISH_HEADING, is_denied, is_marked_absent
from app.review.signals import Signals
from app.review.units import Corpus, Unit

# Where a document speaks of other things than what it is now, or of what would be.
_ELSEWHERE = re.compile(
    r"\b(alternativ\w+|considered|rejected|cons|drawbacks?|disadvantages?|problems?|context|before"
    r"|legacy|option \w+|considerad\w+|descartad\w+|desventajas?|inconvenientes|problemas?|contexto"
    r"|antes|opcion \w+)\b"
)
_CONDITION = re.compile(r"\b(if|when|unless|until|si|cuando|hasta que|salvo que|a menos que)\b")
_LONGEST_STEM = 7
_SHORTEST_STEM = 4


@dataclass(frozen=True)
class Clash:
    """Indices of a unit that affirms and of one that denies, by the same word."""

    affirmed: int
    denied: int


def find_clash(corpus: Corpus, rubric: Rubric, signals: Signals) -> Clash | None:
    """The clearest contradiction about a criterion, or None.

    Careful: the affirming unit must show an element and name the thing; the denying one must deny
    that same word, and both may not stand in one section, where one qualifies the other.
    """
    denials = {
        index: set(_denied_words(corpus.units[index], rubric))
        for index in (*signals.named, *signals.denials)
    }
    best: tuple[int, Clash] | None = None
    for index in signals.direct:
        unit = corpus.units[index]
        shown = len(signals.tight.get(index, ()))
        if not shown or is_marked_absent(unit.folded) or denials.get(index):
            continue
        words = set(_words(f"{unit.folded}\n{unit.path.split(chr(10))[-1]}", rubric))
        for other, denied in denials.items():
            apart = corpus.units[other].section != unit.section
            if apart and words & denied and (best is None or shown > best[0]):
                best = (shown, Clash(index, other))
    return best[1] if best else None


def _words(folded: str, rubric: Rubric) -> Iterator[str]:
    for match in rubric.mention.finditer(folded):
        yield _stem(match.group())


def _denied_words(unit: Unit, rubric: Rubric) -> Iterator[str]:
    """What a sentence or a row of a table says to be absent here and now."""
    if unit.kind in ("code", "heading") or _CONDITION.search(unit.folded):
        return
    if _ELSEWHERE.search(unit.path) or WISH_HEADING.search(unit.path):
        return
    absent = is_marked_absent(unit.folded)
    for match in rubric.mention.finditer(unit.folded):
        if absent or is_denied(unit.folded, match.start(), match.end()):
            yield _stem(match.group())


def _stem(words: str) -> str:
    """The longest word, cut: forms of one word and both languages' cognates fall together."""
    longest = max(re.findall(r"\w+", words) or [""], key=len)
    return longest[:_LONGEST_STEM] if len(longest) >= _SHORTEST_STEM else words.strip()
