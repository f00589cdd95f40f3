"""Fits the weights of the review judge and tells how good it is, cross-validated by document.

    python benchmarks/fit_judge.py LABELLED_FOLDER [--write]

The folder holds `labels.jsonl` (doc, lang, criterion, label, alt_label) and `docs/`. Needs
scikit-learn (`make bench` installs it). Leave-one-document-out: no document is judged by weights
that saw it.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from app.review.criteria import compile_rubric
from app.review.judge import VERDICTS, Weights, judge
from app.review.project import is_ml_project
from app.review.signals import FEATURES, Signals, find_signals, measure
from app.review.units import read_corpus
from ingest.load import load_knowledge
from ingest.parse import Upload, parse_uploads

ROOT = Path(__file__).resolve().parent.parent
STRENGTH = 0.5  # inverse of the ridge penalty, chosen by the cross-validation below
Row = tuple[str, str, str, str, str | None, Signals, tuple[float, ...], bool]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    rows = read_rows(given.folder)
    report("cross-validated by document", rows, cross_validated(rows))
    weights = fit(rows)
    report("on the data it was fitted to", rows, [verdict(row, weights) for row in rows])
    if given.write:
        path = ROOT / "app" / "review" / "judge.json"
        path.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_rows(folder: Path) -> list[Row]:
    labels: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        labels[label["doc"]].append(label)
    rubrics = compile_rubric(load_knowledge(ROOT / "knowledge").criteria)
    rows: list[Row] = []
    for doc, own in sorted(labels.items()):
        paths = sorted(p for p in (folder / "docs").iterdir() if p.stem == doc)
        parsed = parse_uploads([Upload(p.name, p.read_bytes()) for p in paths])
        corpus = read_corpus(parsed.documents)
        ml = is_ml_project(corpus)
        by_criterion = {label["criterion"]: label for label in own}
        for rubric in rubrics:
            label = by_criterion.get(rubric.criterion.id)
            if label is None:
                continue
            signals = find_signals(corpus, rubric)
            excluded = rubric.criterion.ml_only and not ml
            row = (doc, label["lang"], rubric.criterion.id, label["label"], label["alt_label"])
            rows.append((*row, signals, measure(corpus, rubric, signals), excluded))
    return rows


def fit(rows: list[Row]) -> Weights:
    """Rows that a rule decides (never named) teach the model nothing and stay out."""
    asked = [row for row in rows if not row[7] and (row[5].named or row[5].uploaded)]
    x = np.array([row[6] for row in asked])
    y = np.array([VERDICTS.index(row[3]) for row in asked])  # type: ignore[arg-type]
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    # A second label that a reader could defend counts a quarter, so that edges stay soft.
    other = [row for row in asked if row[4]]
    x = np.vstack([x, [row[6] for row in other]])
    y = np.append(y, [VERDICTS.index(row[4]) for row in other])  # type: ignore[arg-type]
    importance = np.append(np.ones(len(asked)), np.full(len(other), 0.25))
    model.fit(x, y, sample_weight=importance)
    return Weights(
        features=FEATURES,
        intercepts={v: round(float(model.intercept_[n]), 4) for n, v in enumerate(VERDICTS)},
        rows={v: tuple(round(float(w), 4) for w in model.coef_[n]) for n, v in enumerate(VERDICTS)},
    )


def verdict(row: Row, weights: Weights) -> str:
    return "missing" if row[7] else judge(row[5], row[6], weights)[0]


def cross_validated(rows: list[Row]) -> list[str]:
    weights = {doc: fit([row for row in rows if row[0] != doc]) for doc in {row[0] for row in rows}}
    return [verdict(row, weights[row[0]]) for row in rows]


def report(title: str, rows: list[Row], found: list[str]) -> None:
    print(f"\n{title}")
    for name in ("all", "en", "es"):
        pairs = [(r, v) for r, v in zip(rows, found, strict=True) if name in ("all", r[1])]
        truth, guess = [r[3] for r, _ in pairs], [v for _, v in pairs]
        exact = np.mean([t == g for t, g in zip(truth, guess, strict=True)])
        lenient = np.mean([v in (r[3], r[4]) for r, v in pairs])
        macro = f1_score(truth, guess, average="macro", labels=list(VERDICTS))
        print(
            f"  {name:<4} n={len(pairs)}  exact {exact:.3f}  macro-F1 {macro:.3f}  "
            f"with the second label {lenient:.3f}"
        )


if __name__ == "__main__":
    main()
