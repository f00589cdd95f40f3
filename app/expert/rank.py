"""Ranks sentences of the evidence: how probable it is that an engineer would put one in the answer.

A logistic model over cheap features of the sentence, its passage and the question. Its weights are
in `sentences.json`, written by `benchmarks/fit_sentences.py`.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from importlib.resources import files

from app.expert.ports import Terms
from ingest.schema import Frozen, Hit, Passage, SearchResult, SectionId, Span

SECTIONS: tuple[SectionId, ...] = (
    "in-short",
    "symptoms",
    "causes",
    "fixes",
    "prevent",
    "when",
    "avoid",
    "how-to",
    "numbers",
    "trade-offs",
    "pitfalls",
    "checklist",
    "document",
)
FEATURES: tuple[str, ...] = (
    "1 / (1 + rank of the passage)",
    "fused score of the passage",
    "similarity of the passage over 0.8, times 10",
    "BM25 score of the passage, as log(1 + score)",
    "1 / (1 + rank of the entry)",
    "share of the question, by rarity, in the sentence",
    "rarity of the question in the sentence, as log(1 + nats)",
    "words, as log",
    "has a footnote",
    "is a list item",
    "has a digit",
    *(f"stands in {section}" for section in SECTIONS),
)
# A passage that was not found itself, but belongs to an entry that is read whole.
_UNFOUND_RANK = 20
_UNFOUND_SHARE = 0.35
_DIGIT = re.compile(r"\d")


class Weights(Frozen):
    """Intercept and one weight for each feature, in the order of `features`."""

    features: tuple[str, ...]
    intercept: float
    weights: tuple[float, ...]


@cache
def shipped_weights() -> Weights:
    """The weights that the product uses."""
    text = files("app.expert").joinpath("sentences.json").read_text(encoding="utf-8")
    weights = Weights.model_validate(json.loads(text))
    if weights.features != FEATURES:
        raise AssertionError("sentences.json belongs to other features: run fit_sentences.py")
    return weights


class Ranker:
    """Scores the spans of one search result's passages, 0 to 1."""

    def __init__(self, result: SearchResult, entries: tuple[str, ...], terms: Terms) -> None:
        self._places = {hit.passage.id: (rank, hit) for rank, hit in enumerate(result.hits)}
        self._entry_ranks = {entry: rank for rank, entry in enumerate(entries)}
        self._best = result.hits[0].score if result.hits else 0.0
        self._idf = result.idf
        self._total = sum(result.idf.values()) or 1.0
        self._terms = terms

    def score(self, passage: Passage, span: Span) -> float:
        weights = shipped_weights()
        features = self.measure(passage, span)
        x = weights.intercept + sum(w * f for w, f in zip(weights.weights, features, strict=True))
        return 1 / (1 + math.exp(-x))

    def measure(self, passage: Passage, span: Span) -> tuple[float, ...]:
        """The features of a span, in the order of FEATURES."""
        text = passage.text[span.start : span.end]
        rank, hit = self._places.get(passage.id, (_UNFOUND_RANK, None))
        held = set(self._terms(text, passage.language))
        overlap = sum(weight for term, weight in self._idf.items() if term in held)
        return (
            1 / (1 + rank),
            hit.score if hit else _UNFOUND_SHARE * self._best,
            *_nearness(hit),
            1 / (1 + self._entry_ranks.get(passage.entry, len(self._entry_ranks))),
            overlap / self._total,
            math.log1p(overlap),
            math.log(max(1, len(text.split()))),
            float(bool(span.sources)),
            float(span.kind == "item"),
            float(_DIGIT.search(text) is not None),
            *(float(passage.section == section) for section in SECTIONS),
        )


def _nearness(hit: Hit | None) -> tuple[float, float]:
    if hit is None:
        return 0.0, 0.0
    similarity = hit.similarity if hit.similarity is not None else 0.8
    return 10 * (similarity - 0.8), math.log1p(hit.term_score)
