"""A review as GitHub annotations: one workflow command a line, for the log of an action."""

from __future__ import annotations

from collections.abc import Iterator

from app.export.inert import inert
from app.export.sarif import Locate, first_place, gap_message
from app.review.report import Review
from ingest.schema import Language


def github_annotations(review: Review, language: Language, locate: Locate = str) -> Iterator[str]:
    """`::warning` for each gap, the worst first: GitHub shows ten of a step.

    No word of a document is in them but its name, and that cannot end the command.
    """
    for finding in review.gaps:
        document, first, last = first_place(finding, review)
        values = {"title": finding.criterion.title.in_language(language)}
        if document:
            line = first or 1
            values |= {"file": locate(document), "line": str(line)}
            values |= {"endLine": str(max(line, last or line))}
        properties = ",".join(f"{key}={_property(value)}" for key, value in values.items())
        yield f"::warning {properties}::{_data(gap_message(finding, language))}"


def _data(text: str) -> str:
    return inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
