"""Does a verdict fall when its evidence is gone? Deletes sections and reviews again.

    python benchmarks/flaw_injection.py LABELLED_FOLDER [--cases 60] [--show]

The folder holds `labels.jsonl` and `docs/` as for fit_judge.py. A case is a criterion that the
reader and the judge both call covered. Two ways to delete its evidence:

- shown: the sections of the quotes that the review shows and of the reader's own evidence. A long
  document often covers a criterion in other sections too, and then the verdict rightly stands.
- all: every section with a unit that shows an element of the criterion where it is named. Mentions,
  headings, wishes and lists stay, and must not be enough: this is the figure to keep.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.review.assess import assess
from app.review.criteria import compile_rubric
from app.review.finding import CREDIT, Finding
from app.review.signals import find_signals
from app.review.units import read_corpus
from ingest.load import load_knowledge
from ingest.parse import Upload, parse_uploads
from ingest.schema import Criterion, ParsedDocument

ROOT = Path(__file__).resolve().parent.parent
Way = Literal["shown", "all"]
WAYS: tuple[Way, ...] = ("shown", "all")
_ANY_PROJECT = {"ml_only": False}
_HEADING = re.compile(r"^(#{1,6})\s")
_FENCE = re.compile(r"^\s*(```|~~~)")
_FILE = re.compile(r"^<!--\s*file:")


@dataclass(frozen=True)
class Case:
    """A criterion of a document before and after its sections were deleted."""

    doc: str
    before: Finding
    after: Finding

    @property
    def fell(self) -> bool:
        return CREDIT[self.after.verdict] < CREDIT[self.before.verdict]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--cases", type=int, default=60)
    options.add_argument("--show", action="store_true", help="print the verdicts that stand")
    given = options.parse_args()
    criteria = load_knowledge(ROOT / "knowledge").criteria
    for way in WAYS:
        cases = spread(list(cases_of(given.folder, criteria, way)), given.cases)
        for case in cases:
            if given.show and not case.fell:
                quotes = [quote.text for quote in case.after.evidence]
                print(f"  stands: {case.doc} {case.before.criterion.id} {quotes}")
        share = sum(case.fell for case in cases) / len(cases)
        print(f"{way}: {len(cases)} cases, share whose verdict falls {share:.3f}")


def spread(cases: Sequence[Case], count: int) -> list[Case]:
    """`count` cases at even distances, so that every document has its share."""
    count = min(count, len(cases))
    return [cases[number * len(cases) // count] for number in range(count)]


def cases_of(folder: Path, criteria: Sequence[Criterion], way: Way) -> Iterator[Case]:
    """All covered criteria of the labelled documents."""
    evidence: dict[str, dict[str, str]] = defaultdict(dict)
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if label["label"] == "covered":
            evidence[label["doc"]][label["criterion"]] = label["evidence"]
    for doc, expected in sorted(evidence.items()):
        paths = sorted(path for path in (folder / "docs").iterdir() if path.stem == doc)
        texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
        for finding in reviewed(texts, criteria):
            own = expected.get(finding.criterion.id)
            if own is not None and finding.verdict == "covered":
                quotes = {own} | set(way_quotes(texts, finding, way))
                left = {name: without(text, quotes) for name, text in texts.items()}
                # Alone, a criterion is judged as among the others; whether the documents speak of
                # ML at all may not change by what was deleted.
                (after,) = reviewed(left, [finding.criterion.model_copy(update=_ANY_PROJECT)])
                yield Case(doc, finding, after)


def way_quotes(texts: dict[str, str], finding: Finding, way: Way) -> Iterator[str]:
    """The evidence that goes."""
    if way == "shown":
        yield from (quote.text for quote in finding.evidence)
        return
    corpus = read_corpus(parsed(texts))
    (rubric,) = compile_rubric([finding.criterion])
    signals = find_signals(corpus, rubric)
    yield from (corpus.units[index].text for index in signals.tight)


def parsed(texts: dict[str, str]) -> tuple[ParsedDocument, ...]:
    return parse_uploads([Upload(name, text.encode()) for name, text in texts.items()]).documents


def reviewed(texts: dict[str, str], criteria: Sequence[Criterion]) -> tuple[Finding, ...]:
    return assess(parsed(texts), criteria, language="en", secrets=lambda _: ()).findings


def without(text: str, quotes: set[str]) -> str:
    """The text without the sections that hold one of the quotes."""
    return "".join(part for part in sections(text) if not any(quote in part for quote in quotes))


def sections(text: str) -> Iterator[str]:
    """The text cut before every heading outside code, and where a joined file begins."""
    part: list[str] = []
    fenced = False
    for line in text.splitlines(keepends=True):
        if _FENCE.match(line):
            fenced = not fenced
        if not fenced and (_HEADING.match(line) or _FILE.match(line)) and part:
            yield "".join(part)
            part = []
        part.append(line)
    yield "".join(part)


if __name__ == "__main__":
    main()
