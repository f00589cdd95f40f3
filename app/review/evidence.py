"""Which units speak for a criterion, best first, as quotes fit to be shown."""

from __future__ import annotations

from collections.abc import Iterator

from app.review.criteria import Rubric
from app.review.exposed import Exposed
from app.review.finding import Quote
from app.review.signals import Signals
from app.review.units import Corpus, Unit

_WORDS_OF_A_GOOD_QUOTE = 40
_LOOKED_AT = 40


def quote_of(unit: Unit) -> Quote:
    return Quote(unit.document, unit.text, unit.locator)


def pick_quotes(
    corpus: Corpus, rubric: Rubric, signals: Signals, exposed: Exposed, count: int
) -> tuple[Quote, ...]:
    """The units that show most, best first, at most `count`.

    Those that hold a secret or personal data are shortened, and only taken when there are no
    others. Where no unit names the criterion, the file itself is the proof: its first line stands
    for it.
    """
    clean: dict[tuple[str, str], Quote] = {}
    shortened: dict[tuple[str, str], Quote] = {}
    for index in _ranked(corpus, rubric, signals):
        quote = quote_of(corpus.units[index])
        fit = exposed.shorten(quote)
        if fit is not None:
            (clean if fit == quote else shortened).setdefault((fit.document, fit.text), fit)
        if len(clean) == count:
            break
    return tuple((clean or shortened).values())[:count]


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
