"""Fits the weights of the evidence gate and tells how good it is, cross-validated.

    python benchmarks/fit_gate.py QUESTIONS_FOLDER [--write]

The folder holds `questions.jsonl` (id, question, topics: to be answered) and `out_of_scope.jsonl`
(id, question, kind: to be declined). Questions whose first topic has no entry yet stay out, and so
do those of kind `injection`, some of which hold an honest question. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from app.expert.gate import FEATURES, THRESHOLD, Weights, measure
from app.expert.question import read_question
from app.expert.select import search_for
from app.settings import read_settings
from app.wiring import Product, open_product

ROOT = Path(__file__).resolve().parent.parent
# Similarities of this model lie between 0.75 and 0.95: scaled, so that the penalty is fair.
SCALE = np.array([20, 20, 1, 1, 1, 1, 1, 1, 1])
STRENGTH = 3.0


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        product = open_product(read_settings(data_dir=Path(data)))
        rows = list(read_rows(product, given.folder))
    x = np.array([row["features"] for row in rows]) * SCALE
    y = np.array([row["inside"] for row in rows])
    model = LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced")
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    odds = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    report(rows, y, odds)
    model.fit(x, y)
    if given.write:
        weights = Weights(
            features=FEATURES,
            intercept=round(float(model.intercept_[0]), 4),
            weights=tuple(round(float(w), 4) for w in model.coef_[0] * SCALE),
        )
        path = ROOT / "app" / "expert" / "gate.json"
        path.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_rows(product: Product, folder: Path) -> Iterator[dict[str, Any]]:
    own = {entry.meta.topics[0] for entry in product.knowledge.entries.values()}
    for name in ("questions", "out_of_scope"):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            question = read_question(row["question"])
            if name == "questions" and row["topics"][0] not in own:
                continue
            if row.get("kind") == "injection" or question.intent != "answer":
                continue
            result = search_for(question, product.search)
            yield {**row, "inside": int(name == "questions"), "features": measure(result)}


def report(rows: list[dict[str, Any]], y: np.ndarray, odds: np.ndarray) -> None:
    inside, outside = y == 1, y == 0
    print(f"{inside.sum()} to answer, {outside.sum()} to decline; cross-validated:")
    print(f"AUROC {roc_auc_score(y, odds):.3f}")
    for limit in (0.3, 0.4, THRESHOLD, 0.6):
        print(
            f"  threshold {limit}: caught {np.mean(odds[outside] < limit):.3f}, "
            f"wrongly refused {np.mean(odds[inside] < limit):.3f}"
        )
    print("reliability (probability, share answered, n):")
    for low in np.arange(0, 1, 0.2):
        bin_ = (odds >= low) & (odds < low + 0.2 + 1e-9)
        if bin_.any():
            print(f"  {odds[bin_].mean():.2f}  {y[bin_].mean():.2f}  {bin_.sum()}")
    print("most doubtful:")
    for n in np.argsort(np.where(inside, odds, 1 - odds))[:15]:
        print(f"  {odds[n]:.2f} {'in ' if y[n] else 'out'} {rows[n]['question'][:100]!r}")


if __name__ == "__main__":
    main()
