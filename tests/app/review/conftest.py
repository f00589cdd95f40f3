"""Reviews of a few lines of text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.review.assess import assess
from app.review.report import Review
from ingest.parse import Upload, parse_uploads
from ingest.schema import Knowledge, Language


@pytest.fixture(scope="session")
def review_of(knowledge: Knowledge) -> Callable[..., Review]:
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
