"""Orders the found passages: a logistic model over cheap features of the passage and the query.

Its weights are in `rerank.json`, written by `benchmarks/fit_passages.py`: the log-odds that a
passage holds what a competent answer mentions, mixed with those that its entry is relevant.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.schema import Frozen, Passage, SectionId

RANK_CONSTANT = 60
# A list that lacks a passage counts as if it held it here.
_ABSENT_RANK = 80
_ENTRY_PASSAGES = 4
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
    "example",
    "checklist",
)
FEATURES: tuple[str, ...] = (
    "fused by reciprocal rank, times 60",
    "1 / (1 + rank by meaning)",
    "1 / (1 + rank by terms)",
    "similarity above the last one of the list, times 20",
    "BM25 score, as a share of the best",
    "share of the query, by rarity, in the text",
    "share of the query, by rarity, in the names of the entry",
    "the title stands in the query",
    "best fused score of the entry, times 60",
    "fused scores of the entry's best four, times 30",
    "words, as log(1 + n)",
    "is a playbook",
    "BM25 score of the entry as a whole, as a share of the best",
    "1 / (1 + rank of the entry as a whole)",
    *(f"stands in {section}" for section in SECTIONS),
)


class Weights(Frozen):
    """Intercept and one weight for each feature, in the order of `features`."""

    features: tuple[str, ...]
    intercept: float
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Found:
    """A passage with what the lists say of it and its entry; ranks from 0, None where absent."""

    passage: Passage
    text_terms: frozenset[str]
    name_terms: frozenset[str]
    title_terms: frozenset[str]
    meaning_rank: int | None
    terms_rank: int | None
    similarity: float | None
    above_last: float
    term_score: float
    term_share: float
    fused: float
    entry_rank: int | None
    entry_share: float


@cache
def shipped_weights() -> Weights:
    """The weights that the product uses."""
    text = files("ingest").joinpath("rerank.json").read_text(encoding="utf-8")
    return Weights.model_validate(json.loads(text))


def rerank(pool: Sequence[Found], idf: Mapping[str, float]) -> list[float]:
    """A score for each passage, 0 to 1, in the order given."""
    weights = shipped_weights()
    if weights.features != FEATURES:
        raise AssertionError("rerank.json belongs to other features: run fit_passages.py")
    return [
        1 / (1 + math.exp(-weights.intercept - sum(map(_times, weights.weights, row))))
        for row in measure(pool, idf)
    ]


def measure(pool: Sequence[Found], idf: Mapping[str, float]) -> list[tuple[float, ...]]:
    """The features of each passage, in the order of FEATURES."""
    total = sum(idf.values()) or 1.0
    asked = frozenset(idf)
    of_entry: dict[str, list[float]] = defaultdict(list)
    for found in pool:
        of_entry[found.passage.entry].append(found.fused)
    best = {entry: sorted(scores, reverse=True) for entry, scores in of_entry.items()}
    rows = []
    for found in pool:
        passage = found.passage
        entry_scores = best[passage.entry]
        held = sum(idf[term] for term in found.text_terms & asked) / total
        named = sum(idf[term] for term in found.name_terms & asked) / total
        rows.append(
            (
                60 * found.fused,
                1 / (1 + _rank(found.meaning_rank)),
                1 / (1 + _rank(found.terms_rank)),
                20 * found.above_last,
                found.term_share,
                held,
                named,
                float(bool(found.title_terms) and found.title_terms <= asked),
                60 * entry_scores[0],
                30 * sum(entry_scores[:_ENTRY_PASSAGES]),
                math.log1p(len(passage.text.split())),
                float(passage.kind == "playbook"),
                found.entry_share,
                1 / (1 + _rank(found.entry_rank)),
                *(float(passage.section == section) for section in SECTIONS),
            )
        )
    return rows


def _rank(rank: int | None) -> int:
    return _ABSENT_RANK if rank is None else rank


def _times(left: float, right: float) -> float:
    return left * right
