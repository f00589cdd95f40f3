"""Reviews of a few lines of text."""

from __future__ import annotations

from typing import Protocol

import pytest

from app.review.assess import assess
from app.review.report import Review
from ingest.parse import Upload, parse_uploads
from ingest.schema import Knowledge, Language


class ReviewOf(Protocol):
    def __call__(
        self, *texts: str, name: str = "doc{n}.md", language: Language = "en"
    ) -> Review: ...


@pytest.fixture(scope="session")
def review_of(knowledge: Knowledge) -> ReviewOf:
    def review(*texts: str, name: str = "doc{n}.md", language: Language = "en") -> Review:
        uploads = [Upload(name.format(n=n), text.encode()) for n, text in enumerate(texts)]
        return assess(
            parse_uploads(uploads).documents,
            knowledge.criteria,
            language=language,
            secrets=lambda _: (),
            entries=knowledge.entries,
        )

    return review
