"""Fits the weights of the evidence gate and tells how good it is, cross-validated.

    python benchmarks/fit_gate.py tests/golden [MORE_FOLDERS] [--write]

Each folder holds `questions.jsonl` (to be answered) and `out_of_scope.jsonl` (to be declined), as
`mlexpert eval` reads them. Questions whose entry does not exist stay out. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from app.evaluation.run import Case, read_cases
from app.expert.gate import FEATURES, THRESHOLD, Model, Weights, measure
from app.expert.names import unknown_names
from app.expert.question import read_question
from app.expert.select import search_for
from app.settings import read_settings
from app.wiring import Product, open_product
from ingest.schema import LANGUAGES, Language

ROOT = Path(__file__).resolve().parent.parent
VECTOR_SCALE = 15  # the vectors have length 1, the standardised features about 3
STRENGTH = 0.1  # inverse of the ridge penalty


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folders", type=Path, nargs="+")
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        product = open_product(read_settings(data_dir=Path(os.environ.get("BENCH_DATA", data))))
        sets = [read_cases(folder) for folder in given.folders]
        sets.append((definitions(product), []))
        rows = [row for inside, outside in sets for row in read_rows(product, inside, outside)]
    features = np.array([row["features"] for row in rows])
    vectors = np.array([row["vector"] for row in rows])
    y = np.array([row["inside"] for row in rows])
    report("features alone", rows, y, cross_validated(features, y))
    both = np.hstack([features, vectors])
    report("with the question's embedding", rows, y, cross_validated(both, y))
    if given.write:
        fingerprint = product.embedder.fingerprint
        weights = Weights(
            features=FEATURES, fitted=fit(both, y, fingerprint), plain=fit(features, y, "")
        )
        path = ROOT / "app" / "expert" / "gate.json"
        path.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")


def scaling(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shift and factor of each column: standardised features, vectors all by the same factor."""
    count = len(FEATURES)
    shift, factor = x.mean(axis=0), np.full(x.shape[1], float(VECTOR_SCALE))
    factor[:count] = 1 / np.maximum(x[:, :count].std(axis=0), 1e-9)
    return shift, factor


def cross_validated(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    odds = np.zeros(len(y))
    for train, test in StratifiedKFold(10, shuffle=True, random_state=0).split(x, y):
        shift, factor = scaling(x[train])
        model = logistic().fit((x[train] - shift) * factor, y[train])
        odds[test] = model.predict_proba((x[test] - shift) * factor)[:, 1]
    return odds


def logistic() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced")


def fit(x: np.ndarray, y: np.ndarray, fingerprint: str) -> Model:
    """The model in the features' own units."""
    shift, factor = scaling(x)
    model = logistic().fit((x - shift) * factor, y)
    weights = model.coef_[0] * factor
    intercept = float(model.intercept_[0] - weights @ shift)
    count = len(FEATURES)
    return Model(
        intercept=round(intercept, 4),
        weights=tuple(round(float(w), 4) for w in weights[:count]),
        vector=tuple(round(float(w), 4) for w in weights[count:]),
        fingerprint=fingerprint,
    )


def definitions(product: Product) -> list[Case]:
    """The shortest questions that there are, on every third entry: "What is X?" and a bare name."""
    cases = []
    for key in sorted(product.knowledge.entries)[::3]:
        meta = product.knowledge.entries[key].meta
        if meta.kind in {"handoff", "playbook"}:
            continue
        for language in LANGUAGES:
            ask = "¿Qué es {}?" if language == "es" else "What is {}?"
            cases.append(_case(key, language, ask.format(meta.title.in_language(language))))
        cases += [_case(key, "en", alias) for alias in meta.aliases[:1]]
    return cases


def _case(entry: str, language: Language, question: str) -> Case:
    return Case(id=f"{entry}-{language}", lang=language, question=question, entries=(entry,))


def read_rows(
    product: Product, inside: Sequence[Case], outside: Sequence[Case]
) -> Iterator[dict[str, Any]]:
    for truth, cases in ((1, inside), (0, outside)):
        for case in cases:
            question = read_question(case.question, reader_language=case.lang)
            if truth and not set(case.entries) & set(product.knowledge.entries):
                continue
            claims = product.expert.versions.claims(question.text)
            if not question.supported or question.intent != "answer" or claims:
                continue  # decided without the gate
            result = search_for(question, product.search)
            if not result.hits:
                continue
            names = unknown_names(question.text, product.search.knows)
            yield {
                "inside": truth,
                "features": measure(question.text, result, len(names)),
                "vector": result.vector,
                "question": case.question,
            }


def report(title: str, rows: list[dict[str, Any]], y: np.ndarray, odds: np.ndarray) -> None:
    inside, outside = y == 1, y == 0
    print(f"\n{title}: {inside.sum()} to answer, {outside.sum()} to decline; cross-validated")
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
    for n in np.argsort(np.where(inside, odds, 1 - odds))[:40]:
        print(f"  {odds[n]:.2f} {'in ' if y[n] else 'out'} {rows[n]['question'][:100]!r}")


if __name__ == "__main__":
    main()
