"""Fits the weights of the verifier, and tells how well it finds edited statements.

    python benchmarks/fit_verifier.py [--write]

Controlled edits of `tests/golden/paraphrases.jsonl`. The held-out split is every third paraphrase
with all its edits: its numbers come from weights that never saw them. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score

from app.evaluation.edits import pairs_of, read_paraphrases
from app.expert.names import tool_names
from app.expert.verify import FEATURES, Verifier, Weights
from app.settings import read_settings
from app.wiring import load_knowledge, open_embedder
from ingest.lexical import terms

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    pairs = pairs_of(read_paraphrases(ROOT / "tests" / "golden" / "paraphrases.jsonl"))
    with tempfile.TemporaryDirectory() as data:
        settings = read_settings(data_dir=Path(os.environ.get("BENCH_DATA", data)))
        verifier = Verifier(
            open_embedder(settings).embed_passages,
            terms,
            tool_names(load_knowledge(settings).entries.values()),
        )
        features = np.array(
            [verifier.measure(p.statement, p.language, [p.evidence]) for p in pairs]
        )
    holds = np.array([p.holds for p in pairs])
    held_out = np.array([p.source % 3 == 2 for p in pairs])
    print(f"{len(pairs)} pairs, {holds.sum()} true; {held_out.sum()} held out")
    fitted = model().fit(features[~held_out], holds[~held_out])
    odds = fitted.predict_proba(features)[:, 1]
    # The threshold is chosen on the training part too.
    candidates = np.linspace(0.2, 0.8, 61)
    threshold = max(
        candidates, key=lambda t: f1_score(holds[~held_out], odds[~held_out] >= t, average="macro")
    )
    for name, part in (("training", ~held_out), ("held out", held_out)):
        auc = roc_auc_score(holds[part], odds[part])
        true_f1 = f1_score(holds[part], odds[part] >= threshold)
        false_f1 = f1_score(~holds[part], odds[part] < threshold)
        print(f"{name}: AUROC {auc:.3f}  F1 {true_f1:.3f} true, {false_f1:.3f} edited")
    for edit in ("number", "negation", "name", "citation", "none"):
        part = held_out & np.array([p.edit == edit for p in pairs])
        right = (odds[part] >= threshold) == holds[part]
        print(f"  {edit:<9} {right.mean():.3f} of {part.sum()} judged right")
    print(f"threshold {threshold:.2f}")
    for name, weight in zip(FEATURES, fitted.coef_[0], strict=True):
        print(f"  {weight:7.2f}  {name}")
    if given.write:
        weights = Weights(
            features=FEATURES,
            intercept=round(float(fitted.intercept_[0]), 4),
            weights=tuple(round(float(w), 4) for w in fitted.coef_[0]),
        )
        path = ROOT / "app" / "expert" / "verify.json"
        path.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")


def model() -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=5000)


if __name__ == "__main__":
    main()
