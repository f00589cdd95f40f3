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
    "share of the question, by rarity, in the evidence",
    "rarity in the evidence, as log(1 + nats)",
    "share of the question, by rarity, in names of the evidence's entries",
    "rarity in those names, as log(1 + nats)",
    "share of the question, by rarity, unknown to the knowledge",
    "rarity unknown to the knowledge, as log(1 + nats)",
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
    total = sum(result.idf.values())
    held, names, unknown = (
        result.share(terms)
        for terms in (result.held_terms, result.name_terms, result.unknown_terms)
    )
    return (
        similarities[0],
        sum(first) / len(first),
        held,
        math.log1p(held * total),
        names,
        math.log1p(names * total),
        unknown,
        math.log1p(unknown * total),
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
