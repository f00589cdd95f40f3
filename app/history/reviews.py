"""Reviews that are kept to say what changed: verdicts and quotes, never the documents."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from sqlalchemy import Float, Integer, String, delete, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.errors import StoreError
from app.history.database import Base, now, open_engine, prepare, translated
from app.review.compare import Earlier, compare
from app.review.report import Review
from ingest.schema import Text

KEPT = 20
_log = logging.getLogger(__name__)
_NOT_KEPT = Text(
    en="The review could not be kept, so that nothing is compared. Check MLEXPERT_DATABASE_URL.",
    es="La revisión no se ha podido guardar, así que no se compara nada. Revisa "
    "MLEXPERT_DATABASE_URL.",
)


class _Review(Base):
    __tablename__ = "reviews"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    project: Mapped[str] = mapped_column(String(64), index=True)
    created: Mapped[str] = mapped_column(String(32))
    score: Mapped[float] = mapped_column(Float)
    findings: Mapped[str] = mapped_column(LongText)


def project_key(name: str | None, documents: Sequence[str], owner: str = "") -> str:
    """Stands for an owner's project: the name that it was given, else those of its documents.

    Without an owner (the command line) it is what it was before there were owners.
    """
    given = (name or "").strip()
    words = ["project", given] if given else ["documents", *sorted(documents)]
    if owner:
        words = ["owner", owner, *words]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


class ReviewStore:
    """Reads and writes kept reviews, the latest 20 a project. Raises StoreError."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        prepare(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def add(self, project: str, review: Review) -> None:
        """Keeps the verdicts and quotes of a review."""
        findings = [
            {
                "criterion": finding.criterion.id,
                "verdict": finding.verdict,
                "quotes": [quote.text for quote in finding.evidence],
            }
            for finding in review.findings
            if finding.applies
        ]
        row = _Review(
            project=project,
            created=now(),
            score=review.score,
            findings=json.dumps(findings, ensure_ascii=False),
        )
        with translated(), Session(self._engine) as session, session.begin():
            session.add(row)
            session.flush()
            ids = select(_Review.id).where(_Review.project == project)
            old = session.scalars(ids.order_by(_Review.id.desc()).offset(KEPT)).all()
            session.execute(delete(_Review).where(_Review.id.in_(old)))

    def latest(self, project: str) -> list[Earlier]:
        """The kept reviews of a project, the latest first."""
        query = select(_Review).where(_Review.project == project).order_by(_Review.id.desc())
        with translated(), Session(self._engine) as session:
            return [_earlier(row) for row in session.scalars(query)]


def remember(
    url: str, review: Review, project: str | None, texts: Sequence[str], owner: str = ""
) -> Review:
    """Keeps a review in the database at `url`, compared with the one before of its project.

    `texts` are the documents': without a project name, a kept review that quotes none of them is of
    other documents by the same names. A database that fails costs the comparison only.
    """
    key = project_key(project, [document.name for document in review.documents], owner)
    try:
        with closing(ReviewStore(url)) as store:
            earlier = store.latest(key)
            store.add(key, review)
    except StoreError as error:
        _log.warning("a review was not kept: %s", error)
        return replace(review, warnings=(*review.warnings, _NOT_KEPT))
    last = next((one for one in earlier if project or one.is_of(texts)), None)
    if last is None:
        return review
    return replace(review, comparison=compare(last, review.findings, review.score))


def _earlier(row: _Review) -> Earlier:
    findings = json.loads(row.findings)
    return Earlier(
        created=row.created,
        score=row.score,
        verdicts={finding["criterion"]: finding["verdict"] for finding in findings},
        quotes=tuple(quote for finding in findings for quote in finding["quotes"]),
    )
