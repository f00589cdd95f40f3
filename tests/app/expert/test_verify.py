"""The verifier tells true paraphrases, in both languages, from statements with one edit."""

from __future__ import annotations

import pytest
from tests_paths import ROOT

from app.evaluation.edits import Pair, pairs_of, read_paraphrases
from app.expert.ground import SUPPORTED
from app.expert.names import tool_names
from app.expert.verify import Evidence, Verifier
from ingest.bundled_model import BundledModel
from ingest.lexical import terms
from ingest.schema import Knowledge


@pytest.fixture(scope="module")
def verifier(model: BundledModel, knowledge: Knowledge) -> Verifier:
    return Verifier(model.embed_passages, terms, tool_names(knowledge.entries.values()))


@pytest.fixture(scope="module")
def held_out() -> list[Pair]:
    """Pairs that the weights never saw: every third paraphrase with all its edits."""
    pairs = pairs_of(read_paraphrases(ROOT / "tests" / "golden" / "paraphrases.jsonl"))
    assert len(pairs) >= 600
    return [pair for pair in pairs if pair.source % 3 == 2]


def test_edited_statements_are_told_from_true_ones(
    verifier: Verifier, held_out: list[Pair]
) -> None:
    support = [verifier.support(p.statement, p.language, [p.evidence]) for p in held_out]
    true = [s for s, p in zip(support, held_out, strict=True) if p.holds]
    edited = [s for s, p in zip(support, held_out, strict=True) if not p.holds]
    # The area under the ROC curve: how often a true statement scores above an edited one.
    above = sum((t > e) + (t == e) / 2 for t in true for e in edited)
    assert above / (len(true) * len(edited)) >= 0.95
    kept = sum(s >= SUPPORTED for s in true)
    let_through = sum(s >= SUPPORTED for s in edited)
    assert 2 * kept / (len(true) + kept + let_through) >= 0.89


EVIDENCE = Evidence(
    "Feast",
    "Feast serves features online. The TTL of a feature view defaults to 0, which means that "
    "values never expire. Redis is not required for tests.",
    "en",
)


@pytest.mark.parametrize(
    ("statement", "language", "holds"),
    [
        ("By default the TTL of a Feast feature view is 0, so values never expire.", "en", True),
        (
            "El TTL de una feature view de Feast es 0 por defecto: los valores no caducan.",
            "es",
            True,
        ),
        ("By default the TTL of a Feast feature view is 30, so values never expire.", "en", False),
        ("Kafka is not required for tests.", "en", False),
        ("Redis is required for tests.", "en", False),
        ("Hopsworks bills each query by the gigabyte.", "en", False),
    ],
)
def test_single_statements(verifier: Verifier, statement: str, language: str, holds: bool) -> None:
    support = verifier.support(statement, language, [EVIDENCE])  # type: ignore[arg-type]
    assert (support >= SUPPORTED) == holds
