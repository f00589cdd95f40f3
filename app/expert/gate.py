"""The evidence gate: how probable it is that what was found answers the question.

A logistic model over six features of the search result. Its weights are in `gate.json`, written by
`benchmarks/fit_gate.py`.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files

from ingest.schema import Frozen, SearchResult

THRESHOLD = 0.5
FEATURES: tuple[str, ...] = (
    "best similarity",
    "mean similarity of the first five",
    "share of the question's terms, by rarity, in the evidence",
    "number of terms, as log(1 + n)",
    "share of the terms that the evidence lacks",
    "best BM25 score, as log(1 + score)",
)


class Weights(Frozen):
    """Intercept and one weight for each feature, in the order of `features`."""

    features: tuple[str, ...]
    intercept: float
    weights: tuple[float, ...]


@cache
def shipped_weights() -> Weights:
    """The weights that the product uses."""
    text = files("app.expert").joinpath("gate.json").read_text(encoding="utf-8")
    weights = Weights.model_validate(json.loads(text))
    if weights.features != FEATURES:
        raise AssertionError("gate.json belongs to other features: run benchmarks/fit_gate.py")
    return weights


def measure(result: SearchResult) -> tuple[float, ...]:
    """The features of a search result that has hits, in the order of FEATURES."""
    similarities = sorted((hit.similarity or 0.0 for hit in result.hits), reverse=True)
    first = similarities[:5]
    count = len(result.idf)
    return (
        similarities[0],
        sum(first) / len(first),
        result.coverage,
        math.log1p(count),
        len(result.unknown_terms) / max(1, count),
        math.log1p(max(hit.term_score for hit in result.hits)),
    )


def answerable(result: SearchResult) -> float:
    """Probability that the evidence answers the question, 0 to 1; 0 without hits."""
    if not result.hits:
        return 0.0
    weights = shipped_weights()
    x = weights.intercept + sum(
        w * f for w, f in zip(weights.weights, measure(result), strict=True)
    )
    return 1 / (1 + math.exp(-x))
