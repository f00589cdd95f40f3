"""What a review says: frozen records and their JSON, in the shape fixed for every surface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ingest.schema import Criterion, Deliverable, Language, Locator, Text

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
class Finding:
    """The verdict on one criterion. `confidence` is 0 to 1; a missing one has no evidence.

    `applies` is False for what only an ML project can answer, in documents of another kind.
    """

    criterion: Criterion
    verdict: Verdict
    confidence: float
    evidence: tuple[Quote, ...]
    reason: Text
    applies: bool = True

    @property
    def needs_human(self) -> bool:
        return self.applies and self.confidence < BORDERLINE

    @property
    def cost(self) -> float:
        """What the gap costs: weight lost, heavier for a high severity."""
        urgency = {"high": 1.5, "medium": 1.0, "low": 0.6}[self.criterion.severity]
        lost = 1.0 - CREDIT[self.verdict]
        return self.criterion.weight * urgency * lost if self.applies else 0.0

    def to_json(self, language: Language) -> dict[str, Any]:
        row = self.criterion
        return {
            "id": row.id,
            "deliverable": row.deliverable,
            "title": row.title.in_language(language),
            "verdict": self.verdict,
            "confidence": round(self.confidence, 2),
            "needs_human": self.needs_human,
            "applies": self.applies,
            "reason": self.reason.in_language(language),
            "evidence": [quote.to_json() for quote in self.evidence],
            "expected": row.states.in_language(language),
            "advice": row.advice.in_language(language),
            "severity": row.severity,
            "references": [{"entry": entry} for entry in row.entries],
        }


@dataclass(frozen=True)
class ReviewedDocument:
    """A document that was read; `characters` counts its parsed text."""

    name: str
    kind: str
    pages: int | None
    language: Language
    characters: int

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "pages": self.pages,
            "language": self.language,
            "characters": self.characters,
        }


@dataclass(frozen=True)
class SecretFound:
    """Something that looks like a secret: where and of which kind, never its value."""

    document: str
    kind: str
    line: int


@dataclass(frozen=True)
class Review:
    """All verdicts on a set of documents; scores are 0 to 100, None where nothing applies."""

    language: Language
    documents: tuple[ReviewedDocument, ...]
    is_ml_project: bool
    findings: tuple[Finding, ...]
    injections: tuple[Quote, ...] = ()
    secrets: tuple[SecretFound, ...] = ()
    warnings: tuple[Text, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return score_of(self.findings) or 0.0

    @property
    def score_by_deliverable(self) -> dict[Deliverable, float | None]:
        names = dict.fromkeys(finding.criterion.deliverable for finding in self.findings)
        return {
            name: score_of([f for f in self.findings if f.criterion.deliverable == name])
            for name in names
        }

    @property
    def strengths(self) -> tuple[Finding, ...]:
        """The covered criteria that weigh most, five at most."""
        covered = [finding for finding in self.findings if finding.verdict == "covered"]
        covered.sort(key=lambda f: (-f.criterion.weight, -f.confidence, f.criterion.id))
        return tuple(covered[:5])

    @property
    def top_fixes(self) -> tuple[Finding, ...]:
        """The three gaps that cost most."""
        gaps = [finding for finding in self.findings if finding.cost > 0]
        return tuple(sorted(gaps, key=lambda f: (-f.cost, f.criterion.id))[:3])

    def to_json(self, language: Language | None = None) -> dict[str, Any]:
        tongue = language or self.language
        return {
            "documents": [document.to_json() for document in self.documents],
            "language": tongue,
            "is_ml_project": self.is_ml_project,
            "score": self.score,
            "score_by_deliverable": self.score_by_deliverable,
            "criteria": [finding.to_json(tongue) for finding in self.findings],
            "strengths": [finding.criterion.id for finding in self.strengths],
            "top_fixes": [finding.criterion.id for finding in self.top_fixes],
            "injection_warnings": [quote.to_json() for quote in self.injections],
            "secrets_found": [
                {"document": one.document, "kind": one.kind, "line": one.line}
                for one in self.secrets
            ],
            "warnings": [warning.in_language(tongue) for warning in self.warnings],
            "timings_ms": dict(self.timings_ms),
        }


def score_of(findings: tuple[Finding, ...] | list[Finding]) -> float | None:
    """The weighted share of what is covered, 0 to 100; a partial one counts half."""
    counted = [finding for finding in findings if finding.applies]
    total = sum(finding.criterion.weight for finding in counted)
    if total == 0:
        return None
    earned = sum(finding.criterion.weight * CREDIT[finding.verdict] for finding in counted)
    return round(100 * earned / total, 1)
