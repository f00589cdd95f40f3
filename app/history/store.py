"""Conversations that survive a restart: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.expert.answer import Answer
from app.history.database import now, open_engine, prepare, translated
from app.history.tables import ConversationRow, FeedbackRow, TickRow, TurnRow, fold
from ingest.schema import Text

TITLE_CHARACTERS = 80
KEPT_DAYS = 30
_SEARCH_WORDS = 8
_BATCH = 200


@dataclass(frozen=True)
class Summary:
    """A conversation in a list; times are ISO 8601 in UTC. `deleted` is None unless in the bin."""

    id: str
    title: str
    created: str
    updated: str
    turns: int
    pinned: bool = False
    deleted: str | None = None


@dataclass(frozen=True)
class Conversation:
    """A conversation with its answers in order and its ticked checklist items."""

    id: str
    title: str
    created: str
    answers: tuple[Answer, ...]
    ticked: frozenset[str]
    pinned: bool = False


class ConversationStore:
    """Reads and writes conversations. Raises StoreError when the database fails.

    Where a method takes an `owner`, None stands for the operator, who reaches every conversation;
    for an owner given, another's conversation does not exist. A deleted conversation does not exist
    either until it is restored; 30 days later it is gone for good.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        prepare(self._engine)
        with translated(), Session(self._engine) as session, session.begin():
            _fill_folded(session)
            _expire(session)

    def close(self) -> None:
        self._engine.dispose()

    def start(self, title: str, owner: str = "") -> str:
        """A new conversation; returns its id."""
        conversation = uuid.uuid4().hex
        created = now()
        title = title[:TITLE_CHARACTERS]
        with translated(), Session(self._engine) as session, session.begin():
            _expire(session)
            session.add(
                ConversationRow(
                    id=conversation,
                    title=title,
                    created=created,
                    updated=created,
                    owner=owner,
                    pinned=False,
                    folded=fold(title),
                )
            )
        return conversation

    def append(self, conversation: str, answer: Answer, owner: str | None = None) -> int:
        """Adds an answer; returns its position, from 0."""
        return self._write(conversation, None, answer, owner)

    def replace_from(
        self, conversation: str, position: int, answer: Answer, owner: str | None = None
    ) -> int:
        """Puts an answer in the place of the turn at a position and of all after it.

        Returns the answer's position. Until it is called nothing is lost, so that a new answer that
        fails leaves the old one.
        """
        return self._write(conversation, position, answer, owner)

    def truncate(self, conversation: str, position: int, owner: str | None = None) -> None:
        """Drops the turn at a position and all after it."""
        with translated(), Session(self._engine) as session, session.begin():
            row = _find(session, conversation, owner, lock=True)
            row.updated = now()
            _drop_from(session, conversation, position)

    def tick(self, conversation: str, item: str, done: bool, owner: str | None = None) -> None:
        """Remembers whether a checklist item is done."""
        with translated(), Session(self._engine) as session, session.begin():
            _find(session, conversation, owner)
            session.merge(TickRow(conversation_id=conversation, item=item, done=done))

    def load(self, conversation: str, owner: str | None = None) -> Conversation:
        """A whole conversation; BadInput when there is none with this id."""
        with translated(), Session(self._engine) as session:
            row = _find(session, conversation, owner)
            turns = session.scalars(
                select(TurnRow)
                .where(TurnRow.conversation_id == conversation)
                .order_by(TurnRow.position)
            )
            ticked = session.scalars(
                select(TickRow.item).where(TickRow.conversation_id == conversation, TickRow.done)
            )
            return Conversation(
                id=row.id,
                title=row.title,
                created=row.created,
                answers=tuple(Answer.model_validate_json(turn.answer) for turn in turns),
                ticked=frozenset(ticked),
                pinned=row.pinned,
            )

    def list(
        self,
        limit: int = 100,
        owner: str | None = None,
        search: str = "",
        *,
        deleted: bool = False,
    ) -> list[Summary]:
        """Conversations, pinned first, then the latest; `deleted` lists the bin instead.

        Each word of `search` must stand in the title, a question or an answer; case and accents do
        not count.
        """
        counts = (
            select(TurnRow.conversation_id, func.count().label("turns"))
            .group_by(TurnRow.conversation_id)
            .subquery()
        )
        query = (
            select(ConversationRow, func.coalesce(counts.c.turns, 0))
            .outerjoin(counts, counts.c.conversation_id == ConversationRow.id)
            .where(ConversationRow.deleted.is_not(None) == deleted)
            .order_by(
                ConversationRow.pinned.desc(), ConversationRow.updated.desc(), ConversationRow.id
            )
            .limit(limit)
        )
        if owner is not None:
            query = query.where(ConversationRow.owner == owner)
        query = query.where(*_contains(fold(search).split()[:_SEARCH_WORDS]))
        with translated(), Session(self._engine) as session:
            return [
                Summary(row.id, row.title, row.created, row.updated, turns, row.pinned, row.deleted)
                for row, turns in session.execute(query)
            ]

    def rename(self, conversation: str, title: str, owner: str | None = None) -> None:
        """Gives a conversation another title; BadInput when it has no letter."""
        title = " ".join(title.split())[:TITLE_CHARACTERS]
        if not title:
            raise BadInput(
                Text(en="The title is empty.", es="El título está vacío."),
                Text(en="Write at least one letter.", es="Escribe al menos una letra."),
            )
        with translated(), Session(self._engine) as session, session.begin():
            row = _find(session, conversation, owner)
            row.title, row.folded = title, fold(title)

    def pin(self, conversation: str, pinned: bool, owner: str | None = None) -> None:
        """Puts a conversation before all others, or back among them."""
        with translated(), Session(self._engine) as session, session.begin():
            _find(session, conversation, owner).pinned = pinned

    def delete(self, conversation: str, owner: str | None = None) -> None:
        """Moves a conversation to the bin; after 30 days it is gone for good."""
        with translated(), Session(self._engine) as session, session.begin():
            _find(session, conversation, owner).deleted = now()

    def restore(self, conversation: str, owner: str | None = None) -> None:
        """Takes a conversation out of the bin."""
        with translated(), Session(self._engine) as session, session.begin():
            _find(session, conversation, owner, deleted=True).deleted = None

    def purge(self, conversation: str, owner: str | None = None) -> None:
        """Removes a deleted conversation for good, with all that belongs to it."""
        with translated(), Session(self._engine) as session, session.begin():
            session.delete(_find(session, conversation, owner, deleted=True))

    def adopt(self, owner: str) -> int:
        """Gives the conversations that have no owner (of the command line, of the first version)
        to one; returns how many.
        """
        given = update(ConversationRow).where(ConversationRow.owner == "").values(owner=owner)
        with translated(), Session(self._engine) as session, session.begin():
            result = session.execute(given)
            return cast("CursorResult[Any]", result).rowcount

    def check(self) -> None:
        """Raises StoreError when the database does not answer."""
        with translated(), Session(self._engine) as session:
            session.execute(select(func.count()).select_from(ConversationRow))

    def _write(
        self, conversation: str, position: int | None, answer: Answer, owner: str | None
    ) -> int:
        with translated(), Session(self._engine) as session, session.begin():
            row = _find(session, conversation, owner, lock=True)
            if position is not None:
                _drop_from(session, conversation, position)
            last = session.scalar(
                select(func.max(TurnRow.position)).where(TurnRow.conversation_id == conversation)
            )
            at = 0 if last is None else last + 1
            row.updated = now()
            session.add(
                TurnRow(
                    conversation_id=conversation,
                    position=at,
                    created=row.updated,
                    answer=answer.model_dump_json(),
                    folded=_searchable(answer.question, answer.answer_markdown),
                )
            )
        return at


def _find(
    session: Session,
    conversation: str,
    owner: str | None,
    *,
    lock: bool = False,
    deleted: bool = False,
) -> ConversationRow:
    row = session.get(ConversationRow, conversation, with_for_update=lock)
    if (
        row is None
        or (row.deleted is not None) != deleted
        or (owner is not None and row.owner != owner)
    ):
        raise unknown_conversation(conversation)
    return row


def _drop_from(session: Session, conversation: str, position: int) -> None:
    session.execute(
        delete(TurnRow).where(TurnRow.conversation_id == conversation, TurnRow.position >= position)
    )
    session.execute(
        update(FeedbackRow)
        .where(FeedbackRow.conversation_id == conversation, FeedbackRow.position >= position)
        .values(position=None)
    )


def _contains(words: Sequence[str]) -> list[ColumnElement[bool]]:
    conditions = []
    for word in words:
        in_a_turn = exists().where(
            TurnRow.conversation_id == ConversationRow.id,
            TurnRow.folded.contains(word, autoescape=True),
        )
        in_title = ConversationRow.folded.contains(word, autoescape=True)
        conditions.append(or_(in_title, in_a_turn))
    return conditions


def _searchable(question: str, answer: str) -> str:
    return fold(f"{question}\n{answer}")


def _fill_folded(session: Session) -> None:
    """Rows of an earlier version get the text that the search reads."""
    for row in session.scalars(select(ConversationRow).where(ConversationRow.folded.is_(None))):
        row.folded = fold(row.title)
    while turns := session.scalars(
        select(TurnRow).where(TurnRow.folded.is_(None)).limit(_BATCH)
    ).all():
        for turn in turns:
            answer = json.loads(turn.answer)
            turn.folded = _searchable(answer["question"], answer["answer_markdown"])
        session.flush()
        session.expunge_all()


def _expire(session: Session) -> None:
    limit = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat(timespec="milliseconds")
    session.execute(delete(ConversationRow).where(ConversationRow.deleted < limit))


def unknown_conversation(conversation: str) -> BadInput:
    """The error for an id that does not exist, for this reader at least."""
    shown = conversation[:40]
    return BadInput(
        Text(
            en=f"There is no conversation '{shown}'.", es=f"No hay ninguna conversación '{shown}'."
        ),
        Text(en="`mlexpert history` lists the ids.", es="`mlexpert history` muestra los ids."),
    )
