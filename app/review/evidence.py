"""Which units speak for a criterion, best first, as quotes fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.review.criteria import Rubric
from app.review.exposed import Exposed
from app.review.finding import Quote
from app.review.signals import Signals
from app.review.units import Corpus, Unit

_WORDS_OF_A_GOOD_QUOTE = 40
_LOOKED_AT = 40
_FEWEST_WORDS = 2
_WORD = re.compile(r"[a-z]{2,}")


def quote_of(unit: Unit) -> Quote:
    return Quote(unit.document, unit.text, unit.locator)


def pick_quotes(
    corpus: Corpus, rubric: Rubric, signals: Signals, exposed: Exposed, count: int
) -> tuple[Quote, ...]:
    """The units that may speak for the criterion, best first, at most `count`.

    Those that hold a secret or personal data are shortened, and only taken when there are no
    others. Where no unit names the criterion, the file itself is the proof: its first line stands
    for it.
    """
    return _fit(corpus, _ranked(corpus, rubric, signals), exposed, count)


def best_quotes(
    corpus: Corpus, rubric: Rubric, signals: Signals, exposed: Exposed, count: int
) -> tuple[Quote, ...]:
    """The quotes to be shown: at most `count` that show an element where the criterion is named.

    Without such, the fullest mention, or else one unit beside its name: a reader trusts one quote
    that speaks of the thing more than three of which two do not.
    """
    for tier, most in ((_strong, count), (_mentions, 1), (_beside, 1)):
        chosen = _varied(corpus, signals, tier(corpus, signals))
        quotes = _fit(corpus, chosen, exposed, most)
        if quotes:
            return quotes
    return pick_quotes(corpus, rubric, signals, exposed, 1)


def _fit(corpus: Corpus, indices: Iterable[int], exposed: Exposed, count: int) -> tuple[Quote, ...]:
    clean: dict[tuple[str, str], Quote] = {}
    shortened: dict[tuple[str, str], Quote] = {}
    for index in indices:
        quote = quote_of(corpus.units[index])
        fit = exposed.shorten(quote)
        if fit is not None:
            (clean if fit == quote else shortened).setdefault((fit.document, fit.text), fit)
        if len(clean) == count:
            break
    return tuple((clean or shortened).values())[:count]


def _strong(corpus: Corpus, signals: Signals) -> set[int]:
    """Units that show an element and name the criterion, or stand under a heading that does."""
    direct = set(signals.direct)
    return {
        index
        for index in signals.tight
        if (index in direct or corpus.units[index].section in signals.headed)
        and _says_something(corpus.units[index])
    }


def _beside(corpus: Corpus, signals: Signals) -> set[int]:
    return {index for index in signals.tight if _says_something(corpus.units[index])}


def _mentions(corpus: Corpus, signals: Signals) -> set[int]:
    return {index for index in signals.direct if _says_something(corpus.units[index])}


def _says_something(unit: Unit) -> bool:
    """Whether it has words of its own: a rule, a drawn box or a comment in code has none."""
    comment = unit.kind == "code" and unit.folded.lstrip().startswith(("#", "//", "--"))
    return not comment and len(_WORD.findall(unit.folded)) >= _FEWEST_WORDS


def _varied(corpus: Corpus, signals: Signals, indices: set[int]) -> Iterator[int]:
    """Each next unit shows most of what the ones before did not, then most at all."""
    left, seen = set(indices), set[int]()
    direct = set(signals.direct)

    def worth(index: int) -> tuple[int, int, int, int, int]:
        shown = signals.tight.get(index, frozenset())
        words = min(len(corpus.units[index].text.split()), _WORDS_OF_A_GOOD_QUOTE)
        return (len(shown - seen), len(shown), int(index in direct), words, -index)

    for _ in range(min(_LOOKED_AT, len(left))):
        best = max(left, key=worth)
        left.remove(best)
        seen |= signals.tight.get(best, frozenset())
        yield best


def _ranked(corpus: Corpus, rubric: Rubric, signals: Signals) -> Iterator[int]:
    """Units by what they show; a heading or a list only when nothing else names it."""

    def worth(index: int) -> tuple[int, int, int, int]:
        unit = corpus.units[index]
        words = min(len(unit.text.split()), _WORDS_OF_A_GOOD_QUOTE)
        shown = len(signals.tight.get(index, ()))
        return (-shown, -int(index in signals.direct), -words, index)

    best = sorted({*signals.tight, *signals.direct}, key=worth)
    yield from best[:_LOOKED_AT]
    if not best:
        yield from sorted(signals.named, key=worth)[:_LOOKED_AT]
    if not best and not signals.named and rubric.files is not None:
        for index, unit in enumerate(corpus.units):
            if rubric.files.search(unit.document.lower().replace("\\", "/")):
                yield index
                return
