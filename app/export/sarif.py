"""A review as SARIF 2.1.0, which code hosts and editors show beside the lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote as percent_encoded

from app.review.finding import Finding
from app.review.report import Review
from ingest.schema import Criterion, Language

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
Locate = Callable[[str], str]


def sarif(review: Review, language: Language, locate: Locate = str) -> dict[str, Any]:
    """One run: a rule for each criterion, a result for each gap, the worst gap first.

    `locate` gives the path of a document from the folder where the command runs. Quotes are not
    copied, so that a log which many can read holds no words of the documents.
    """
    rules = [finding.criterion for finding in review.findings]
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ML Engineer Expert",
                        "semanticVersion": "0.1.0",
                        "rules": [_rule(rule, language) for rule in rules],
                    }
                },
                "language": language,
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(finding, review, language, numbers[finding.criterion.id], locate)
                    for finding in review.gaps
                ],
                "properties": {"score": review.score},
            }
        ],
    }


def gap_message(finding: Finding, language: Language) -> str:
    """The gap in one paragraph: what, why, what to do."""
    criterion = finding.criterion
    parts = (criterion.title, finding.reason, criterion.advice)
    title, reason, advice = (part.in_language(language).strip() for part in parts)
    return f"{title}: {reason} {advice}"


def first_place(finding: Finding, review: Review) -> tuple[str, int | None, int | None]:
    """Document and lines of the gap: those of its first quote, else the first document."""
    if finding.evidence:
        quote = finding.evidence[0]
        return quote.document, quote.locator.line_start, quote.locator.line_end
    return review.documents[0].name if review.documents else "", None, None


def _rule(criterion: Criterion, language: Language) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "name": "".join(part.capitalize() for part in criterion.id.split("-")),
        "shortDescription": {"text": criterion.title.in_language(language)},
        "fullDescription": {"text": criterion.states.in_language(language)},
        "help": {"text": criterion.advice.in_language(language).strip()},
        "defaultConfiguration": {"level": _level(criterion, missing=True)},
        "properties": {
            "tags": ["mlops", criterion.deliverable],
            "weight": criterion.weight,
            "severity": criterion.severity,
        },
    }


def _result(
    finding: Finding, review: Review, language: Language, number: int, locate: Locate
) -> dict[str, Any]:
    document, first, last = first_place(finding, review)
    result: dict[str, Any] = {
        "ruleId": finding.criterion.id,
        "ruleIndex": number,
        "level": _level(finding.criterion, missing=finding.verdict == "missing"),
        "message": {"text": gap_message(finding, language)},
        "partialFingerprints": {"criterion/v1": finding.criterion.id},
        "properties": {"verdict": finding.verdict, "confidence": round(finding.confidence, 2)},
    }
    if document:
        physical: dict[str, Any] = {"artifactLocation": {"uri": percent_encoded(locate(document))}}
        if first is not None:
            physical["region"] = {"startLine": first, "endLine": max(first, last or first)}
        result["locations"] = [{"physicalLocation": physical}]
    return result


def _level(criterion: Criterion, *, missing: bool) -> str:
    if criterion.severity == "high":
        return "error" if missing else "warning"
    return "warning" if missing and criterion.severity == "medium" else "note"
