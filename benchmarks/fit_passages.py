"""Fits the weights that order passages, and tells how well they do, cross-validated by question.

    python benchmarks/fit_passages.py QUESTIONS_FOLDER ... [--write]

Each folder holds `questions.jsonl` as `mlexpert eval` reads it. Three models are mixed: the passage
holds something of `must_mention`; its entry is relevant; one of its topics is. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from app.evaluation.metrics import mean, mention_coverage, ndcg
from app.evaluation.run import Case, read_cases
from app.expert.question import searchable
from app.settings import read_settings
from app.wiring import Product, open_product
from ingest.rerank import FEATURES, Weights, measure
from ingest.schema import Hit
from ingest.search import diverse

ROOT = Path(__file__).resolve().parent.parent
# The share of the log-odds of mentions, chosen for coverage without losing rank quality.
MENTION_SHARE = 0.85


@dataclass(frozen=True)
class Asked:
    """A question with its pool: features, hits in pool order, and both kinds of truth."""

    case: Case
    features: np.ndarray
    hits: tuple[Hit, ...]
    mentions: np.ndarray | None
    relevant: np.ndarray
    on_topic: np.ndarray


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folders", type=Path, nargs="+")
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        product = open_product(read_settings(data_dir=Path(os.environ.get("BENCH_DATA", data))))
        asked = [a for folder in given.folders for a in read_pools(product, folder)]
    report("fused by rank alone", asked, [a.features[:, 0] for a in asked])
    scores: list[np.ndarray] = [np.zeros(0)] * len(asked)
    groups = list(range(len(asked)))
    for train, test in GroupKFold(5).split(groups, groups, groups):
        intercept, weights = fit([asked[n] for n in train])
        for n in test:
            scores[n] = asked[n].features @ weights + intercept
    report("reranked, cross-validated", asked, scores)
    if given.write:
        intercept, fitted = fit(asked)
        shipped = Weights(
            features=FEATURES,
            intercept=round(intercept, 4),
            weights=tuple(round(float(w), 4) for w in fitted),
        )
        path = ROOT / "ingest" / "rerank.json"
        path.write_text(shipped.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_pools(product: Product, folder: Path) -> Iterator[Asked]:
    for case in read_cases(folder)[0]:
        query = product.search.read_query(searchable(case.question), case.lang)
        pool = product.search.pool(query, case.lang)
        if not pool:
            continue
        texts = [found.passage.text for found in pool]
        mentions = [any(mention_coverage(t, [m]) for m in case.must_mention) for t in texts]
        yield Asked(
            case=case,
            features=np.array(measure(pool, query.idf)),
            hits=tuple(
                Hit(passage=f.passage, score=0.0, similarity=f.similarity, term_score=f.term_score)
                for f in pool
            ),
            mentions=np.array(mentions) if case.must_mention else None,
            relevant=np.array([f.passage.entry in case.entries for f in pool]),
            on_topic=np.array(
                [not {f.passage.entry, *f.passage.topics}.isdisjoint(case.entries) for f in pool]
            ),
        )


def fit(asked: Sequence[Asked]) -> tuple[float, np.ndarray]:
    """Intercept and weights of the mixed models, in the features' own units."""
    x = np.concatenate([a.features for a in asked])
    shift, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    with_mentions = [a for a in asked if a.mentions is not None]
    mention = logistic().fit(
        (np.concatenate([a.features for a in with_mentions]) - shift) / scale,
        np.concatenate([a.mentions for a in with_mentions]),
    )
    relevance = logistic().fit((x - shift) / scale, np.concatenate([a.relevant for a in asked]))
    topic = logistic().fit((x - shift) / scale, np.concatenate([a.on_topic for a in asked]))
    weights = np.zeros(len(FEATURES))
    intercept = 0.0
    rest = (1 - MENTION_SHARE) / 2
    for share, model in ((MENTION_SHARE, mention), (rest, relevance), (rest, topic)):
        own = model.coef_[0] / scale
        weights += share * own
        intercept += share * float(model.intercept_[0] - own @ shift)
    return intercept, weights


def logistic() -> LogisticRegression:
    return LogisticRegression(C=0.3, max_iter=3000)


def report(title: str, asked: Sequence[Asked], scores: Sequence[np.ndarray]) -> None:
    print(title)
    for language in ("en", "es"):
        coverage, gain = [], []
        for one, own in zip(asked, scores, strict=True):
            if one.case.lang != language:
                continue
            order = np.argsort(-own, kind="stable")
            hits = diverse([one.hits[n] for n in order], 30)
            if one.case.must_mention:
                text = "\n".join(hit.passage.text for hit in hits[:8])
                coverage.append(mention_coverage(text, one.case.must_mention))
            if one.case.entries:
                ranked = list(dict.fromkeys(hit.passage.entry for hit in hits))
                gain.append(ndcg(ranked, one.case.entries, 10))
        print(f"  {language}  coverage@8 {mean(coverage):.3f}  nDCG@10 {mean(gain):.3f}")


if __name__ == "__main__":
    main()
