"""The verdict on one criterion with its verbatim evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.review.guidance import NO_GUIDANCE, Guidance
from ingest.schema import Criterion, Language, Locator, Text

Verdict = Literal["covered", "partial", "missing"]
CREDIT: Mapping[Verdict, float] = {"covered": 1.0, "partial": 0.5, "missing": 0.0}
# Below this confidence a second reader may defend another verdict.
BORDERLINE = 0.55


@dataclass(frozen=True)
class Quote:
    """An exact substring of the parsed text of a document, and its place."""

    document: str
    text: str
    locator: Locator

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "quote": self.text,
            "locator": {
                "page": self.locator.page,
                "line_start": self.locator.line_start,
                "line_end": self.locator.line_end,
                "heading": self.locator.heading,
            },
        }


@dataclass(frozen=True)
class Opinion:
    """What a language model says of a criterion; `quotes` are those that were verified.

    `shipped` is the verdict of the shipped judge where the model's replaced it, else None.
    """

    model: str
    verdict: Verdict
    quotes: tuple[Quote, ...]
    shipped: Verdict | None = None


@dataclass(frozen=True)
class Finding:
    """The verdict on one criterion. `confidence` is 0 to 1; a missing one has no evidence.

    `applies` is False for what only an ML project can answer, in documents of another kind;
    `denied` says that the documents themselves call it absent. `candidates` are the quotes that a
    second judge may weigh.
    """

    criterion: Criterion
    verdict: Verdict
    confidence: float
    evidence: tuple[Quote, ...]
    reason: Text
    applies: bool = True
    denied: bool = False
    guidance: Guidance = NO_GUIDANCE
    candidates: tuple[Quote, ...] = ()
    second: Opinion | None = None

    @property
    def disagreement(self) -> bool:
        """Whether the model and the shipped judge gave different verdicts."""
        second = self.second
        return second is not None and (second.shipped or self.verdict) != second.verdict

    @property
    def needs_human(self) -> bool:
        return self.applies and (self.confidence < BORDERLINE or self.disagreement)

    @property
    def cost(self) -> float:
        """What the gap costs: weight lost, heavier for a high severity."""
        urgency = {"high": 1.5, "medium": 1.0, "low": 0.6}[self.criterion.severity]
        lost = 1.0 - CREDIT[self.verdict]
        return self.criterion.weight * urgency * lost if self.applies else 0.0

    @property
    def gain(self) -> float:
        """What closing the gap brings for its effort; twice the effort counts as half more."""
        return self.cost / {1: 1.0, 2: 1.5, 3: 2.0}[self.criterion.effort]

    def to_json(self, language: Language) -> dict[str, Any]:
        row = self.criterion
        return {
            "id": row.id,
            "deliverable": row.deliverable,
            "title": row.title.in_language(language),
            "verdict": self.verdict,
            "confidence": round(self.confidence, 2),
            "needs_human": self.needs_human,
            "second_judge": self._second_json(),
            "applies": self.applies,
            "reason": self.reason.in_language(language),
            "evidence": [quote.to_json() for quote in self.evidence],
            "expected": row.states.in_language(language),
            "advice": row.advice.in_language(language),
            "severity": row.severity,
            "effort": row.effort,
            "references": [reading.to_json(language) for reading in self.guidance.readings],
        }

    def _second_json(self) -> dict[str, Any] | None:
        if self.second is None:
            return None
        return {
            "model": self.second.model,
            "verdict": self.second.verdict,
            "shipped_verdict": self.second.shipped or self.verdict,
            "agrees": not self.disagreement,
            "quotes": [quote.to_json() for quote in self.second.quotes],
        }


def score_of(findings: tuple[Finding, ...] | list[Finding]) -> float | None:
    """The weighted share of what is covered, 0 to 100; a partial one counts half."""
    counted = [finding for finding in findings if finding.applies]
    total = sum(finding.criterion.weight for finding in counted)
    if total == 0:
        return None
    earned = sum(finding.criterion.weight * CREDIT[finding.verdict] for finding in counted)
    return round(100 * earned / total, 1)
