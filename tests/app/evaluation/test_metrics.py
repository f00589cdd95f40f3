"""The measures give what their definitions say on cases small enough to compute by hand."""

from __future__ import annotations

import math

import pytest

from app.evaluation.metrics import (
    calibration_error,
    mention_coverage,
    ndcg,
    quantile,
    recall,
    reciprocal_rank,
)


def test_ndcg() -> None:
    assert ndcg(["a", "b"], ["a"], 10) == 1
    assert ndcg(["x", "a"], ["a"], 10) == pytest.approx(1 / math.log2(3))
    assert ndcg(["x", "a"], ["a"], 1) == 0
    both = ndcg(["a", "x", "b"], ["a", "b"], 10)
    assert both == pytest.approx((1 + 1 / math.log2(4)) / (1 + 1 / math.log2(3)))


def test_recall_and_reciprocal_rank() -> None:
    assert recall(["a", "x", "b"], ["a", "b"], 2) == 0.5
    assert reciprocal_rank(["x", "y", "a"], ["a"]) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], ["a"]) == 0


def test_mention_coverage_folds_accents_and_takes_any_alternative() -> None:
    text = "Calibración con ventanas; p99 por debajo de 50 ms"
    assert mention_coverage(text, ["calibracion|calibration", "psi", "p95|p99"]) == pytest.approx(
        2 / 3
    )


def test_calibration_error() -> None:
    assert calibration_error([1.0, 0.0], [True, False]) == 0
    assert calibration_error([0.95] * 4, [True, True, False, False]) == pytest.approx(0.45)


def test_quantile() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([], 0.5) == 0
