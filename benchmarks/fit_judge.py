"""Fits the weights of the review judge and tells how good it is, cross-validated by document.

    python benchmarks/fit_judge.py LABELLED_FOLDER [--write]

`labelled.py` says what the folder holds. Needs scikit-learn (`make bench` installs it).
Leave-one-document-out: no document is judged by weights that saw it.

Readers label whole documents, which teaches the judge little about the traces that a deleted
section leaves behind: a heading, a mention elsewhere, a command. So each covered criterion is
learned a second time, from the document without the sections that cover it, as partial.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from labelled import ROOT, Label, Labelled, Measured, ask, places, read_labelled, rubric, without
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from app.review.criteria import Rubric
from app.review.finding import Verdict
from app.review.judge import VERDICTS, Weights
from app.review.signals import FEATURES

STRENGTH = 0.5  # inverse of the ridge penalty, chosen by the cross-validation below
SECOND_LABEL = 0.25  # what a label counts that a reader could defend, so that edges stay soft
FLAW = 0.75  # what a document without its sections counts
PLACE = 0.3  # a section that covers a criterion alone with this probability is deleted


@dataclass(frozen=True)
class Row:
    """A criterion of a document as the reader labelled it and as the judge sees it."""

    document: Labelled
    rubric: Rubric
    label: Label
    seen: Measured


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    rows = read_rows(given.folder)
    folds = cross_validated(rows)
    report("cross-validated by document", rows, [row.seen.verdict(w) for row, w in folds])
    weights = fit(rows)
    report("on the data it was fitted to", rows, [row.seen.verdict(weights) for row in rows])
    if given.write:
        path = ROOT / "app" / "review" / "judge.json"
        path.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_rows(folder: Path) -> list[Row]:
    return [
        Row(document, one, document.labels[one.criterion.id], ask(document.texts, one))
        for document in read_labelled(folder)
        for one in rubric()
        if one.criterion.id in document.labels
    ]


def cross_validated(rows: Sequence[Row]) -> list[tuple[Row, Weights]]:
    """Each row with the weights of all documents but its own."""
    docs = {row.document.doc for row in rows}
    weights = {doc: fit([row for row in rows if row.document.doc != doc]) for doc in docs}
    return [(row, weights[row.document.doc]) for row in rows]


def fit(rows: Sequence[Row]) -> Weights:
    """The weights from labels and flaws; which sections cover, weights from labels alone say."""
    examples = list(labelled_examples(rows))
    plain = solve(examples)
    return solve([*examples, *((seen, "partial", FLAW) for seen in flaws(rows, plain))])


Example = tuple[Measured, Verdict, float]


def labelled_examples(rows: Sequence[Row]) -> list[Example]:
    """Rows that a rule decides (never named) teach the model nothing and stay out."""
    asked = [row for row in rows if not row.seen.excluded and teaches(row.seen)]
    first: list[Example] = [(row.seen, row.label.verdict, 1.0) for row in asked]
    second = [(r.seen, r.label.other, SECOND_LABEL) for r in asked if r.label.other is not None]
    return [*first, *second]


def flaws(rows: Sequence[Row], weights: Weights) -> list[Measured]:
    """What is left of each covered criterion without the sections that cover it."""
    left: list[Measured] = []
    for row in rows:
        if row.label.verdict == "covered" and row.seen.verdict(weights) == "covered":
            gone = set().union(*places(row.document, row.rubric, weights, PLACE))
            seen = ask(without(row.document.texts, gone), row.rubric, any_project=True)
            if teaches(seen):
                left.append(seen)
    return left


def teaches(seen: Measured) -> bool:
    return bool(seen.signals.named) or seen.signals.uploaded


def solve(examples: Sequence[Example]) -> Weights:
    x = np.array([seen.features for seen, _, _ in examples])
    y = np.array([VERDICTS.index(verdict) for _, verdict, _ in examples])
    importance = np.array([weight for _, _, weight in examples])
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(x, y, sample_weight=importance)
    return Weights(
        features=FEATURES,
        intercepts={v: round(float(model.intercept_[n]), 4) for n, v in enumerate(VERDICTS)},
        rows={v: tuple(round(float(w), 4) for w in model.coef_[n]) for n, v in enumerate(VERDICTS)},
    )


def report(title: str, rows: Sequence[Row], found: Sequence[Verdict]) -> None:
    print(f"\n{title}")
    for name in ("all", "en", "es"):
        pairs = [
            (row.label, v)
            for row, v in zip(rows, found, strict=True)
            if name in ("all", row.document.language)
        ]
        truth, guess = [label.verdict for label, _ in pairs], [v for _, v in pairs]
        exact = np.mean([t == g for t, g in zip(truth, guess, strict=True)])
        lenient = np.mean([v in (label.verdict, label.other) for label, v in pairs])
        macro = f1_score(truth, guess, average="macro", labels=list(VERDICTS))
        print(
            f"  {name:<4} n={len(pairs)}  exact {exact:.3f}  macro-F1 {macro:.3f}  "
            f"with the second label {lenient:.3f}"
        )


if __name__ == "__main__":
    main()
