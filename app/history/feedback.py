"""What readers think of answers: a thumb and a reason, read by an administrator."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Delete, delete, func, select
from sqlalchemy.orm import Session

from app.expert.answer import Answer
from app.history.database import now, open_engine, prepare, translated
from app.history.store import unknown_conversation
from app.history.tables import ConversationRow, FeedbackRow, TurnRow

REASON_CHARACTERS = 1000


@dataclass(frozen=True)
class Feedback:
    """An opinion about the answer to `question`.

    `position` is the answer's place in the conversation, None once that answer was replaced; `mode`
    is `composed` or `generated`.
    """

    conversation: str
    position: int | None
    helpful: bool
    reason: str
    question: str
    mode: str
    created: str


@dataclass(frozen=True)
class FeedbackSummary:
    """How many answers were found helpful, and how many not."""

    helpful: int
    unhelpful: int


class FeedbackStore:
    """Reads and writes feedback. Raises StoreError when the database fails.

    What belongs to a conversation goes with it when it is removed for good.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        prepare(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def add(
        self, conversation: str, position: int, owner: str, helpful: bool, reason: str = ""
    ) -> None:
        """Keeps an owner's opinion about an own answer, in place of the earlier one about it.

        BadInput when the owner has no such conversation or it has no answer at this position.
        """
        with translated(), Session(self._engine) as session, session.begin():
            found = session.get(ConversationRow, conversation)
            turn = session.get(TurnRow, (conversation, position))
            if found is None or found.deleted or found.owner != owner or turn is None:
                raise unknown_conversation(conversation)
            answer = Answer.model_validate_json(turn.answer)
            session.execute(_at(conversation, position))
            session.add(
                FeedbackRow(
                    conversation_id=conversation,
                    position=position,
                    owner=owner,
                    helpful=helpful,
                    reason=reason.strip()[:REASON_CHARACTERS],
                    question=answer.question,
                    mode=answer.mode,
                    created=now(),
                )
            )

    def remove(self, conversation: str, position: int, owner: str) -> None:
        """Takes an opinion back; nothing happens when there is none."""
        with translated(), Session(self._engine) as session, session.begin():
            session.execute(_at(conversation, position).where(FeedbackRow.owner == owner))

    def of(self, conversation: str, owner: str) -> dict[int, Feedback]:
        """An owner's opinions about the answers of a conversation, by position."""
        query = select(FeedbackRow).where(
            FeedbackRow.conversation_id == conversation, FeedbackRow.owner == owner
        )
        with translated(), Session(self._engine) as session:
            rows = [_feedback(row) for row in session.scalars(query)]
        return {one.position: one for one in rows if one.position is not None}

    def list(self, limit: int = 100, *, helpful: bool | None = None) -> list[Feedback]:
        """Everybody's opinions, the latest first; for an administrator."""
        query = select(FeedbackRow).order_by(FeedbackRow.created.desc(), FeedbackRow.id.desc())
        if helpful is not None:
            query = query.where(FeedbackRow.helpful == helpful)
        with translated(), Session(self._engine) as session:
            return [_feedback(row) for row in session.scalars(query.limit(limit))]

    def summary(self) -> FeedbackSummary:
        """Counts over all opinions."""
        query = select(FeedbackRow.helpful, func.count()).group_by(FeedbackRow.helpful)
        with translated(), Session(self._engine) as session:
            counts = dict(session.execute(query).tuples().all())
        return FeedbackSummary(counts.get(True, 0), counts.get(False, 0))


def _at(conversation: str, position: int) -> Delete:
    return delete(FeedbackRow).where(
        FeedbackRow.conversation_id == conversation, FeedbackRow.position == position
    )


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback(
        conversation=row.conversation_id,
        position=row.position,
        helpful=row.helpful,
        reason=row.reason,
        question=row.question,
        mode=row.mode,
        created=row.created,
    )
