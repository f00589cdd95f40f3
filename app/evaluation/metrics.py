"""The measures themselves: pure functions over ranked ids, texts and probabilities."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Sequence


def ndcg(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Normalised discounted cumulative gain of the first k, each relevant id worth 1.

    Järvelin and Kekäläinen, ACM TOIS 20(4), 2002.
    """
    gain = sum(1 / math.log2(n + 2) for n, key in enumerate(ranked[:k]) if key in relevant)
    ideal = sum(1 / math.log2(n + 2) for n in range(min(k, len(relevant))))
    return gain / ideal if ideal else 0.0


def recall(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """The share of the relevant ids among the first k."""
    return len(set(ranked[:k]) & set(relevant)) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """1 / rank of the first relevant id, 0 when there is none."""
    return next((1 / n for n, key in enumerate(ranked, start=1) if key in relevant), 0.0)


def plain(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")


def mention_coverage(text: str, must_mention: Sequence[str]) -> float:
    """The share of entries of which an alternative (`a|b|c`) stands in the text."""
    folded = plain(text)
    met = sum(any(option in folded for option in entry.split("|")) for entry in must_mention)
    return met / len(must_mention) if must_mention else 0.0


def calibration_error(probabilities: Sequence[float], truths: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al., ICML 2017)."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for probability, truth in zip(probabilities, truths, strict=True):
        bins[min(9, int(10 * probability))].append((probability, truth))
    total = len(probabilities)
    return sum(
        len(own) / total * abs(mean([p for p, _ in own]) - mean([float(t) for _, t in own]))
        for own in bins
        if own
    )


def mean(values: Sequence[float]) -> float:
    """The mean, 0 for nothing."""
    return sum(values) / len(values) if values else 0.0


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, 0 for nothing."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
