"""From what was found to a verdict: a multinomial logistic model over `signals.FEATURES`.

Its weights are in `judge.json`, written by `benchmarks/fit_judge.py`. A criterion that is named
nowhere is missing without asking the model, so that absent evidence never passes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from app.review.finding import Verdict
from app.review.signals import FEATURES, Signals
from ingest.schema import Frozen

VERDICTS: tuple[Verdict, ...] = ("missing", "partial", "covered")


class Weights(Frozen):
    """One intercept and one row of weights, in the order of `features`, for each verdict."""

    features: tuple[str, ...]
    intercepts: dict[Verdict, float]
    rows: dict[Verdict, tuple[float, ...]]


@cache
def shipped_weights() -> Weights:
    """The weights that the product uses."""
    weights = Weights.model_validate(
        json.loads(files("app.review").joinpath("judge.json").read_text(encoding="utf-8"))
    )
    if weights.features != FEATURES:
        raise AssertionError("judge.json belongs to other features: run benchmarks/fit_judge.py")
    return weights


def probabilities(features: Sequence[float], weights: Weights) -> dict[Verdict, float]:
    """The probability of each verdict; they add up to 1."""
    logits = {
        verdict: weights.intercepts[verdict]
        + sum(w * x for w, x in zip(weights.rows[verdict], features, strict=True))
        for verdict in VERDICTS
    }
    top = max(logits.values())
    powers = {verdict: math.exp(logit - top) for verdict, logit in logits.items()}
    total = sum(powers.values())
    return {verdict: power / total for verdict, power in powers.items()}


def judge(signals: Signals, features: Sequence[float], weights: Weights) -> tuple[Verdict, float]:
    """The verdict and its probability (the confidence)."""
    if not signals.named and not signals.uploaded:
        return "missing", 0.97 if not signals.denied else 0.99
    odds = probabilities(features, weights)
    if not signals.direct and not signals.tight and not signals.uploaded:
        # Only headings, wishes, badges or lists name it: partial is the most that they prove.
        odds["partial"] += odds.pop("covered")
    verdict = max(odds, key=lambda name: (odds[name], -VERDICTS.index(name)))
    return verdict, odds[verdict]
