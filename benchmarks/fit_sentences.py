"""Fits the weights that rank sentences of the evidence, and tells how well they choose.

    python benchmarks/fit_sentences.py QUESTIONS_FOLDER [--write]

`questions.jsonl` holds `must_mention`: what a competent answer contains. A sentence counts as good
when it mentions one of them. Cross-validated by question. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from app.evaluation.metrics import mention_coverage
from app.evaluation.run import read_cases
from app.expert.question import read_question
from app.expert.rank import FEATURES, Ranker, Weights
from app.expert.select import leading_entries, passages_of, search_for
from app.settings import read_settings
from app.wiring import open_product

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        product = open_product(read_settings(data_dir=Path(os.environ.get("BENCH_DATA", data))))
        x, y, groups = [], [], []
        for number, case in enumerate(read_cases(given.folder)[0]):
            if case.entries[0] not in product.knowledge.entries:
                continue
            question = read_question(case.question)
            result = search_for(question, product.search)
            entries = leading_entries(result, product.search.terms)
            ranker = Ranker(result, entries, product.search.terms)
            for passage in passages_of(question, result, entries[:1], product.search):
                for span in passage.spans:
                    if span.kind in {"code", "table"}:
                        continue
                    quote = passage.text[span.start : span.end]
                    x.append(ranker.measure(passage, span))
                    y.append(any(mention_coverage(quote, [m]) for m in case.must_mention))
                    groups.append(number)
    features, good = np.array(x), np.array(y)
    odds = np.zeros(len(good))
    for train, test in GroupKFold(10).split(features, good, groups):
        odds[test] = model().fit(features[train], good[train]).predict_proba(features[test])[:, 1]
    print(f"{len(good)} sentences, {good.mean():.3f} good; AUROC {roc_auc_score(good, odds):.3f}")
    fitted = model().fit(features, good)
    if given.write:
        weights = Weights(
            features=FEATURES,
            intercept=round(float(fitted.intercept_[0]), 4),
            weights=tuple(round(float(w), 4) for w in fitted.coef_[0]),
        )
        path = ROOT / "app" / "expert" / "sentences.json"
        path.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")


def model() -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=5000)


if __name__ == "__main__":
    main()
