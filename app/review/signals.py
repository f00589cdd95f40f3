"""What speaks for one criterion in a corpus: where it is named, and which elements are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.review.criteria import Rubric
from app.review.hedges import is_denied, is_marked_absent
from app.review.units import Corpus

_NUMBER = re.compile(r"\d")
_COMMAND = re.compile(
    r"^\s*[$>#]?\s*(sudo )?(docker|kubectl|helm|make|python3?|pip3?|poetry|uv|conda|git|curl|bash|sh|aws"
    r"|gcloud|az|terraform|dvc|mlflow|pytest|npm|\./)\S*\s"
)


@dataclass(frozen=True)
class Signals:
    """What was found for a criterion; indices are of `Corpus.units`.

    `named` are units that name it (in any way), `direct` those of them that can show it, `near` the
    units whose block or heading names it. `tight` maps a unit of `direct` or `near` to the elements
    that it shows, `loose` one of the same section. `headed` are the sections whose heading names
    it. `denials` are units that only deny it; `denied` says that some unit calls it absent.
    """

    named: tuple[int, ...]
    direct: tuple[int, ...]
    near: frozenset[int]
    tight: dict[int, frozenset[int]]
    loose: dict[int, frozenset[int]]
    denials: tuple[int, ...]
    headed: frozenset[int]
    denied: bool
    uploaded: bool

    @property
    def elements(self) -> frozenset[int]:
        return frozenset().union(*self.tight.values())


def find_signals(corpus: Corpus, rubric: Rubric) -> Signals:
    """Searches the whole corpus for one criterion."""
    scan = corpus.scan
    if rubric.counter is not None:
        scan = rubric.counter.sub(lambda match: " " * len(match.group()), scan)
    named, carried, denied = _mentions(corpus, rubric, scan)
    units = corpus.units
    blocks = {units[i].block for i in named if units[i].kind != "heading"}
    sections = {units[i].section for i in named if units[i].shows}
    headed = _headed_sections(corpus, rubric)
    uploaded = _uploaded(corpus, rubric)
    near = frozenset(
        index
        for index, unit in enumerate(units)
        if unit.shows
        and (
            unit.block in blocks
            or unit.intro in blocks
            or index in carried
            or unit.section in headed
            or unit.document in uploaded
        )
    )
    wanted = [i for i, unit in enumerate(units) if i in near or unit.section in sections]
    shown = _elements(corpus, rubric, scan, wanted)
    direct = tuple(i for i in named if corpus.units[i].shows)
    tight = {i: found for i, found in shown.items() if i in near and i not in denied}
    loose = {
        i: found
        for i, found in shown.items()
        if i not in tight and corpus.units[i].section in sections and i not in denied
    }
    absent = any(i in denied or is_marked_absent(corpus.units[i].folded) for i in (*named, *denied))
    return Signals(
        named,
        direct,
        near,
        tight,
        loose,
        tuple(sorted(denied)),
        headed,
        absent,
        bool(uploaded),
    )


def _mentions(
    corpus: Corpus, rubric: Rubric, scan: str
) -> tuple[tuple[int, ...], frozenset[int], frozenset[int]]:
    """Units that name the criterion, those whose context does, and those that only deny it."""
    affirmed: set[int] = set()
    carried: set[int] = set()
    denied: set[int] = set()
    for match in rubric.mention.finditer(scan):
        index = corpus.unit_at(match.start())
        unit = corpus.units[index]
        # What a match reaches beyond its unit is not the unit's.
        own = corpus.starts[index] + len(unit.context) + 1
        start, end = match.start() - own, min(match.end() - own, len(unit.folded))
        if end <= 0:
            carried.add(index)
        elif unit.kind != "code" and is_denied(unit.folded, max(start, 0), end):
            denied.add(index)
        else:
            affirmed.add(index)
    return tuple(sorted(affirmed)), frozenset(carried), frozenset(denied - affirmed)


def _elements(
    corpus: Corpus, rubric: Rubric, scan: str, wanted: Sequence[int]
) -> dict[int, frozenset[int]]:
    """For each of these units that can show something, the elements of the criterion in it."""
    found: dict[int, set[int]] = {}
    for first, last in _runs(wanted):
        start = corpus.starts[first]
        end = corpus.starts[last + 1] - 1 if last + 1 < len(corpus.starts) else len(scan)
        for number, pattern in enumerate(rubric.elements):
            for match in pattern.finditer(scan, start, end):
                index = corpus.unit_at(match.start())
                if corpus.units[index].shows:
                    found.setdefault(index, set()).add(number)
    return {index: frozenset(numbers) for index, numbers in found.items()}


def _runs(indices: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of consecutive numbers."""
    start = 0
    for at in range(1, len(indices) + 1):
        if at == len(indices) or indices[at] != indices[at - 1] + 1:
            yield indices[start], indices[at - 1]
            start = at


def _headed_sections(corpus: Corpus, rubric: Rubric) -> frozenset[int]:
    """Sections whose own heading or nearest parent names the criterion."""
    named: dict[str, bool] = {}
    sections: set[int] = set()
    for unit in corpus.units:
        if unit.path not in named:
            nearest = "\n".join(unit.path.split("\n")[-2:])
            if rubric.counter is not None:
                nearest = rubric.counter.sub(" ", nearest)
            named[unit.path] = bool(nearest) and rubric.mention.search(nearest) is not None
        if named[unit.path]:
            sections.add(unit.section)
    return frozenset(sections)


def _uploaded(corpus: Corpus, rubric: Rubric) -> frozenset[str]:
    """Documents that are themselves the file that the criterion asks for."""
    if rubric.files is None:
        return frozenset()
    names = {unit.document for unit in corpus.units}
    return frozenset(name for name in names if rubric.files.search(name.lower().replace("\\", "/")))


FEATURES: tuple[str, ...] = (
    "named twice",
    "named often",
    "can be shown",
    "one element",
    "two elements",
    "three elements",
    "share of elements",
    "two elements in one unit",
    "two elements in one block",
    "two elements in the section",
    "a heading names it",
    "five units about it",
    "fifteen units about it",
    "figures beside it",
    "commands beside it",
    "explained at length",
    "a section under its name shows an element",
    "a section under its name shows two",
    "elements in two sections",
    "two elements in one section",
)


def measure(corpus: Corpus, rubric: Rubric, signals: Signals) -> tuple[float, ...]:
    """What the verdict is computed from, 0 to 1 each; more evidence is higher."""
    units = corpus.units
    elements = signals.elements
    by_block: dict[int, set[int]] = {}
    by_section: dict[int, set[int]] = {}
    for index, found in signals.tight.items():
        by_block.setdefault(units[index].block, set()).update(found)
        by_section.setdefault(units[index].section, set()).update(found)
    own = max((len(by_section.get(section, ())) for section in signals.headed), default=0)
    wider = elements.union(*signals.loose.values())
    direct = [units[i] for i in signals.direct]
    words = max((len(unit.folded.split()) for unit in direct), default=0)
    about = [units[i] for i in signals.near]
    return (
        float(len(signals.named) > 1),
        float(len(signals.named) > 4),
        float(bool(direct) or signals.uploaded),
        float(len(elements) > 0),
        float(len(elements) > 1),
        float(len(elements) > 2),
        len(elements) / max(1, len(rubric.elements)),
        float(any(len(found) > 1 for found in signals.tight.values())),
        float(any(len(found) > 1 for found in by_block.values())),
        float(len(wider) > 1),
        float(bool(signals.headed)),
        float(len(about) > 4),
        float(len(about) > 14),
        float(any(_NUMBER.search(unit.folded) for unit in about)),
        float(any(_COMMAND.search(unit.folded) for unit in about)),
        min(words, 30) / 30,
        float(own > 0),
        float(own > 1),
        float(len(by_section) > 1),
        float(any(len(found) > 1 for found in by_section.values())),
    )
