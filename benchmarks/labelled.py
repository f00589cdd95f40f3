"""Labelled project documents, whole or without the sections that cover a criterion.

A folder holds `docs/`, where each document is `<doc>.md` with or without a configuration file of
the same stem, and `labels.jsonl`, one object a line: doc, lang, criterion, label (covered, partial,
missing), alt_label (a second label that a reader could defend, or null) and evidence (a verbatim
span, null when the label is missing).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.review.criteria import Rubric, compile_rubric
from app.review.finding import Verdict
from app.review.judge import Weights, judge, probabilities
from app.review.project import is_ml_project
from app.review.signals import Signals, find_signals, measure
from app.review.units import Corpus, read_corpus
from ingest.load import load_knowledge
from ingest.parse import Upload, parse_uploads

ROOT = Path(__file__).resolve().parent.parent
_HEADING = re.compile(r"^(#{1,6})\s")
_FENCE = re.compile(r"^\s*(```|~~~)")
_FILE = re.compile(r"^<!--\s*file:")


@dataclass(frozen=True)
class Label:
    """What the reader says of a criterion."""

    verdict: Verdict
    other: Verdict | None
    evidence: str | None


@dataclass(frozen=True)
class Labelled:
    """A document: its files by name and its labels by criterion."""

    doc: str
    language: str
    texts: Mapping[str, str]
    labels: Mapping[str, Label]


@dataclass(frozen=True)
class Measured:
    """What the judge is asked about a criterion; `excluded` is missing by rule."""

    signals: Signals
    features: tuple[float, ...]
    excluded: bool

    def verdict(self, weights: Weights) -> Verdict:
        return "missing" if self.excluded else judge(self.signals, self.features, weights)[0]

    def chance(self, weights: Weights) -> float:
        """The probability that it is covered; 0 where nothing could show it."""
        signals = self.signals
        if not signals.named or not (signals.direct or signals.tight):
            return float(signals.uploaded)
        return probabilities(self.features, weights)["covered"]


@dataclass(frozen=True)
class Section:
    """A piece of a file from one heading to the next; `above` are the headings over it."""

    file: str
    text: str
    above: str


def rubric() -> tuple[Rubric, ...]:
    return compile_rubric(load_knowledge(ROOT / "knowledge").criteria)


def read_labelled(folder: Path) -> list[Labelled]:
    """The documents in the order of their names."""
    labels: dict[str, dict[str, Label]] = defaultdict(dict)
    languages: dict[str, str] = {}
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        languages[row["doc"]] = row["lang"]
        labels[row["doc"]][row["criterion"]] = Label(
            row["label"], row["alt_label"], row["evidence"]
        )
    found: list[Labelled] = []
    for doc, own in sorted(labels.items()):
        paths = sorted(path for path in (folder / "docs").iterdir() if path.stem == doc)
        texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
        found.append(Labelled(doc, languages[doc], texts, own))
    return found


@lru_cache(maxsize=4096)
def _corpus(texts: tuple[tuple[str, str], ...]) -> Corpus:
    uploads = [Upload(name, text.encode()) for name, text in texts]
    return read_corpus(parse_uploads(uploads).documents)


def ask(texts: Mapping[str, str], criterion: Rubric, *, any_project: bool = False) -> Measured:
    """What the judge sees of a criterion in these files.

    With `any_project` it is judged as among the others of an ML project: what was deleted may not
    decide whether the documents speak of ML at all.
    """
    corpus = _corpus(tuple(texts.items()))
    signals = find_signals(corpus, criterion)
    excluded = criterion.criterion.ml_only and not any_project and not is_ml_project(corpus)
    return Measured(signals, measure(corpus, criterion, signals), excluded)


def sections(texts: Mapping[str, str]) -> Iterator[Section]:
    """The files cut before every heading outside code, and where a joined file begins."""
    for name, text in texts.items():
        above: list[tuple[int, str]] = []
        for part in _parts(text):
            first = part.split("\n", 1)[0]
            heading = _HEADING.match(first)
            if _FILE.match(first):
                above = []
            if heading:
                above = [row for row in above if row[0] < len(heading.group(1))]
            yield Section(name, part, "".join(f"{title}\n\n" for _, title in above))
            if heading:
                above.append((len(heading.group(1)), first))


def _parts(text: str) -> Iterator[str]:
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


def without(texts: Mapping[str, str], gone: set[str]) -> dict[str, str]:
    """The files without these sections, which are given by their text."""
    left: dict[str, list[str]] = {name: [] for name in texts}
    for section in sections(texts):
        if section.text not in gone:
            left[section.file].append(section.text)
    return {name: "".join(parts) for name, parts in left.items()}


def places(
    document: Labelled, criterion: Rubric, weights: Weights, threshold: float
) -> tuple[set[str], set[str]]:
    """Sections that cover a criterion: those with the reader's evidence, and the other ones that,
    alone under their headings, the judge calls covered with at least this probability.
    """
    label = document.labels[criterion.criterion.id]
    labelled: set[str] = set()
    others: set[str] = set()
    for section in sections(document.texts):
        if label.evidence and label.evidence in section.text:
            labelled.add(section.text)
        else:
            alone = {section.file: section.above + section.text}
            if ask(alone, criterion, any_project=True).chance(weights) >= threshold:
                others.add(section.text)
    return labelled, others
