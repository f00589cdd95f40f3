"""What a review says: frozen records and their JSON, in the shape fixed for every surface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.review.compare import Comparison
from app.review.finding import Finding, Quote, score_of
from app.review.personal_data import PersonalData
from app.review.questions import question_for
from ingest.schema import Deliverable, Language, Refusal, Text

QUESTIONS = 5


@dataclass(frozen=True)
class ReviewedDocument:
    """The receipt of a document that was read; `characters` counts its parsed text."""

    name: str
    kind: str
    pages: int | None
    language: Language
    characters: int
    pages_without_text: tuple[int, ...] = ()
    warnings: tuple[Text, ...] = ()

    def to_json(self, language: Language) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "pages": self.pages,
            "language": self.language,
            "characters": self.characters,
            "pages_without_text": list(self.pages_without_text),
            "warnings": [warning.in_language(language) for warning in self.warnings],
        }


@dataclass(frozen=True)
class SecretFound:
    """Something that looks like a secret: where and of which kind, never its value."""

    document: str
    kind: str
    line: int


@dataclass(frozen=True)
class Contradiction:
    """The same thing affirmed in one place and denied in another."""

    finding: Finding
    affirmed: Quote
    denied: Quote

    def to_json(self) -> dict[str, Any]:
        return {
            "criterion": self.finding.criterion.id,
            "affirmed": self.affirmed.to_json(),
            "denied": self.denied.to_json(),
        }


@dataclass(frozen=True)
class Review:
    """All verdicts on a set of documents; scores are 0 to 100, None where nothing applies."""

    language: Language
    documents: tuple[ReviewedDocument, ...]
    is_ml_project: bool
    findings: tuple[Finding, ...]
    injections: tuple[Quote, ...] = ()
    secrets: tuple[SecretFound, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    comparison: Comparison | None = None
    warnings: tuple[Text, ...] = ()
    refused: tuple[Refusal, ...] = ()
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
    def gaps(self) -> tuple[Finding, ...]:
        """What is partial or missing and applies, the costliest first."""
        gaps = [finding for finding in self.findings if finding.cost > 0]
        return tuple(sorted(gaps, key=lambda f: (-f.cost, f.criterion.id)))

    @property
    def top_fixes(self) -> tuple[Finding, ...]:
        """The three gaps whose closing gains most for its effort."""
        return tuple(sorted(self.gaps, key=lambda f: (-f.gain, f.criterion.id))[:3])

    @property
    def questions(self) -> tuple[tuple[Finding, Text], ...]:
        """What to ask the authors about the costliest gaps."""
        return tuple((finding, question_for(finding)) for finding in self.gaps[:QUESTIONS])

    def to_json(self, language: Language | None = None) -> dict[str, Any]:
        tongue = language or self.language
        return {
            "documents": [document.to_json(tongue) for document in self.documents],
            "refused": [
                {"name": one.name, "reason": one.reason.in_language(tongue)} for one in self.refused
            ],
            "language": tongue,
            "is_ml_project": self.is_ml_project,
            "score": self.score,
            "score_by_deliverable": self.score_by_deliverable,
            "criteria": [finding.to_json(tongue) for finding in self.findings],
            "strengths": [finding.criterion.id for finding in self.strengths],
            "top_fixes": [finding.criterion.id for finding in self.top_fixes],
            "fixes": [_fix_json(finding, tongue) for finding in self.top_fixes],
            "questions": [
                {"criterion": finding.criterion.id, "question": text.in_language(tongue)}
                for finding, text in self.questions
            ],
            "contradictions": [one.to_json() for one in self.contradictions],
            "comparison": self.comparison.to_json() if self.comparison else None,
            "injection_warnings": [quote.to_json() for quote in self.injections],
            "secrets_found": [
                {"document": one.document, "kind": one.kind, "line": one.line}
                for one in self.secrets
            ],
            "personal_data": [
                {
                    "document": one.document,
                    "kind": one.kind,
                    "masked": one.masked,
                    "line": one.line,
                    "page": one.page,
                }
                for one in self.personal_data
            ],
            "warnings": [warning.in_language(tongue) for warning in self.warnings],
            "timings_ms": dict(self.timings_ms),
        }


def _fix_json(finding: Finding, language: Language) -> dict[str, Any]:
    return {
        "criterion": finding.criterion.id,
        "title": finding.criterion.title.in_language(language),
        "effort": finding.criterion.effort,
        "advice": finding.criterion.advice.in_language(language),
        "template": finding.guidance.to_json(language),
        "references": [reading.to_json(language) for reading in finding.guidance.readings],
    }
