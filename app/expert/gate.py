"""The evidence gate: how probable it is that what was found answers the question.

A logistic model over features of the question and of its search result, and over the question's
embedding where it comes from the model that the weights were fitted with. The weights are in
`gate.json`, written by `benchmarks/fit_gate.py`.
"""

from __future__ import annotations

import json
import math
import re
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
    "asks for a fact of the asker's own, of this moment or of the future",
    "unknown names, at most two",
)
# What no knowledge base can hold: who, how much, which password, here and now or next year.
_PRIVATE = re.compile(
    r"\b(ahora mismo|right now|this second|this (morning|week|month)|at the moment of asking|"
    r"esta (mañana|semana|noche)|ayer|yesterday|last (week|night|month|monday|tuesday|friday)|hoy|"
    r"today|(en )?mi empresa|(at )?my company|(nuestro|our|my|mi) (cto|jef[ea]|boss|manager) "
    r"(aprob|approve|sign)\w*|contraseñas?|passwords?|credencial(es)?|who (approved|signed)|"
    r"qui[eé]n (aprob[oó]|firm[oó])|de guardia (hoy|ahora)|nos va a (facturar|cobrar)|este mes|"
    r"next (year|quarter)|(el )?a[nñ]o que viene|pr[oó]ximo (trimestre|a[nñ]o)|20[3-9]\d)\b",
    re.IGNORECASE,
)


class Model(Frozen):
    """Intercept, one weight for each feature, and one for each dimension of `fingerprint`'s vectors
    (none: a model over the features alone)."""

    intercept: float
    weights: tuple[float, ...]
    vector: tuple[float, ...] = ()
    fingerprint: str = ""


class Weights(Frozen):
    """The model with the question's embedding and the one for other embedding models."""

    features: tuple[str, ...]
    fitted: Model
    plain: Model


@cache
def shipped_weights() -> Weights:
    """The weights that the product uses."""
    text = files("app.expert").joinpath("gate.json").read_text(encoding="utf-8")
    weights = Weights.model_validate(json.loads(text))
    if weights.features != FEATURES:
        raise AssertionError("gate.json belongs to other features: run benchmarks/fit_gate.py")
    return weights


def measure(text: str, result: SearchResult, names: int) -> tuple[float, ...]:
    """The features of a question whose search has hits; `names` counts its unknown names."""
    similarities = sorted((hit.similarity or 0.0 for hit in result.hits), reverse=True)
    first = similarities[:5]
    total = sum(result.idf.values())
    held, named, unknown = (
        result.share(terms)
        for terms in (result.held_terms, result.name_terms, result.unknown_terms)
    )
    return (
        similarities[0],
        sum(first) / len(first),
        held,
        math.log1p(held * total),
        named,
        math.log1p(named * total),
        unknown,
        math.log1p(unknown * total),
        math.log1p(max(hit.term_score for hit in result.hits)),
        float(_PRIVATE.search(text) is not None),
        float(min(2, names)),
    )


def answerable(text: str, result: SearchResult, names: int) -> float:
    """Probability that the evidence answers the question, 0 to 1; 0 without hits."""
    if not result.hits:
        return 0.0
    shipped = shipped_weights()
    fits = shipped.fitted.fingerprint == result.fingerprint
    model = shipped.fitted if fits else shipped.plain
    x = model.intercept + _dot(model.weights, measure(text, result, names))
    if model.vector:
        x += _dot(model.vector, result.vector)
    return 1 / (1 + math.exp(-x))


def _dot(left: tuple[float, ...], right: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))
