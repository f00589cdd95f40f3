"""Does a verdict fall when its evidence is gone? Deletes sections and judges again.

    python benchmarks/flaw_injection.py LABELLED_FOLDER [--cases 60] [--show]

`labelled.py` says what the folder holds. A case is a criterion that the reader labelled as the
judge does; each document is judged by weights fitted without it. Deleted are:

- labelled: the sections that hold the reader's evidence, nothing else. Long documents often cover a
  criterion in other places too, and then the verdict rightly stands: `covered_elsewhere.txt` lists
  what a reader still found covered, and `labelled, only there` leaves these cases out.
- every place: those, and every other section that covers the criterion by itself: alone under its
  headings, the judge gives it at least the stated chance of being covered. What is left are
  headings, mentions, wishes and details of other things.

A covered criterion must become partial or missing, a partial one missing (which it rightly does not
where the thing is still named somewhere). This measures whether traces add up to a verdict that no
place carries; it does not measure whether the judge finds every place, since one that it does not
recognise by itself is left standing and makes the figure lower.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fit_judge import Row, cross_validated, read_rows
from labelled import Measured, ask, places, without

from app.review.finding import CREDIT, Verdict
from app.review.judge import Weights

CHANCES = (0.3, 0.2, 0.1)
ELSEWHERE = Path(__file__).with_name("covered_elsewhere.txt")


@dataclass(frozen=True)
class Fall:
    """What a verdict became after so many sections were deleted."""

    name: str
    after: Verdict
    deleted: int


@dataclass(frozen=True)
class Case:
    """A criterion before and after each deletion; `elsewhere`: a reader still finds it."""

    row: Row
    before: Verdict
    falls: tuple[Fall, ...]
    elsewhere: bool


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--cases", type=int, default=60)
    options.add_argument("--show", action="store_true", help="print the verdicts that stand")
    given = options.parse_args()
    found = list(cases(cross_validated(read_rows(given.folder))))
    for verdict in ("covered", "partial"):
        own = [case for case in found if case.before == verdict]
        for chosen in (spread(own, given.cases), own):
            print(f"{verdict}, {len(chosen)} cases")
            only_there = [case for case in chosen if not case.elsewhere]
            if verdict == "covered" and len(only_there) < len(chosen):
                show("labelled, only there", [(case, case.falls[0]) for case in only_there])
                for case in only_there if given.show else ():
                    if not fell(case, case.falls[0]):
                        print(f"  stands: {case.row.document.doc} {case.row.rubric.criterion.id}")
            for number, fall in enumerate(chosen[0].falls):
                show(fall.name, [(case, case.falls[number]) for case in chosen])


def fell(case: Case, fall: Fall) -> bool:
    return CREDIT[fall.after] < CREDIT[case.before]


def show(name: str, results: Sequence[tuple[Case, Fall]]) -> None:
    share = sum(fell(case, fall) for case, fall in results) / len(results)
    deleted = sum(fall.deleted for _, fall in results) / len(results)
    print(f"  {name:<26} n={len(results):<4} falls {share:.3f}  sections deleted {deleted:.1f}")


def spread(found: Sequence[Case], count: int) -> list[Case]:
    """`count` cases at even distances, so that every document has its share."""
    count = min(count, len(found))
    return [found[number * len(found) // count] for number in range(count)]


def cases(rows: Sequence[tuple[Row, Weights]]) -> Iterator[Case]:
    elsewhere = {
        tuple(line.split())
        for line in ELSEWHERE.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    }
    for row, weights in rows:
        before = row.seen.verdict(weights)
        if before != "missing" and row.label.verdict == before:
            key = (row.document.doc, row.rubric.criterion.id)
            yield Case(row, before, tuple(falls(row, weights)), key in elsewhere)


def falls(row: Row, weights: Weights) -> Iterator[Fall]:
    labelled, _ = places(row.document, row.rubric, weights, 1.1)
    yield Fall("labelled", left(row, labelled).verdict(weights), len(labelled))
    # What suffices for a partial verdict is any mention, which is no place to cut out.
    for chance in CHANCES if row.label.verdict == "covered" else ():
        labelled, others = places(row.document, row.rubric, weights, chance)
        gone = labelled | others
        yield Fall(f"every place from {chance}", left(row, gone).verdict(weights), len(gone))


def left(row: Row, gone: set[str]) -> Measured:
    return ask(without(row.document.texts, gone), row.rubric, any_project=True)


if __name__ == "__main__":
    main()
