"""Conversations that survive a restart: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Boolean, ForeignKey, Integer, String, delete, func, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.errors import BadInput
from app.expert.answer import Answer
from app.history.database import Base, now, open_engine, translated
from ingest.schema import Text

TITLE_CHARACTERS = 80


class _Conversation(Base):
    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    created: Mapped[str] = mapped_column(String(32))
    updated: Mapped[str] = mapped_column(String(32), index=True)


class _Turn(Base):
    __tablename__ = "turns"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    created: Mapped[str] = mapped_column(String(32))
    answer: Mapped[str] = mapped_column(LongText)


class _Tick(Base):
    __tablename__ = "ticks"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[str] = mapped_column(String(160), primary_key=True)
    done: Mapped[bool] = mapped_column(Boolean)


@dataclass(frozen=True)
class Summary:
    """A conversation in a list; times are ISO 8601 in UTC."""

    id: str
    title: str
    created: str
    updated: str
    turns: int


@dataclass(frozen=True)
class Conversation:
    """A conversation with its answers in order and its ticked checklist items."""

    id: str
    title: str
    created: str
    answers: tuple[Answer, ...]
    ticked: frozenset[str]


class ConversationStore:
    """Reads and writes conversations. Raises StoreError when the database fails."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        with translated():
            Base.metadata.create_all(self._engine)

    def start(self, title: str) -> str:
        """A new conversation; returns its id."""
        conversation = uuid.uuid4().hex
        created = now()
        with translated(), Session(self._engine) as session, session.begin():
            session.add(
                _Conversation(
                    id=conversation,
                    title=title[:TITLE_CHARACTERS],
                    created=created,
                    updated=created,
                )
            )
        return conversation

    def append(self, conversation: str, answer: Answer) -> int:
        """Adds an answer; returns its position, from 0."""
        with translated(), Session(self._engine) as session, session.begin():
            row = session.get(_Conversation, conversation, with_for_update=True)
            if row is None:
                raise _unknown(conversation)
            last = session.scalar(
                select(func.max(_Turn.position)).where(_Turn.conversation_id == conversation)
            )
            position = 0 if last is None else last + 1
            row.updated = now()
            session.add(
                _Turn(
                    conversation_id=conversation,
                    position=position,
                    created=row.updated,
                    answer=answer.model_dump_json(),
                )
            )
        return position

    def tick(self, conversation: str, item: str, done: bool) -> None:
        """Remembers whether a checklist item is done."""
        with translated(), Session(self._engine) as session, session.begin():
            if session.get(_Conversation, conversation) is None:
                raise _unknown(conversation)
            session.merge(_Tick(conversation_id=conversation, item=item, done=done))

    def load(self, conversation: str) -> Conversation:
        """A whole conversation; BadInput when there is none with this id."""
        with translated(), Session(self._engine) as session:
            row = session.get(_Conversation, conversation)
            if row is None:
                raise _unknown(conversation)
            turns = session.scalars(
                select(_Turn).where(_Turn.conversation_id == conversation).order_by(_Turn.position)
            )
            ticked = session.scalars(
                select(_Tick.item).where(_Tick.conversation_id == conversation, _Tick.done)
            )
            return Conversation(
                id=row.id,
                title=row.title,
                created=row.created,
                answers=tuple(Answer.model_validate_json(turn.answer) for turn in turns),
                ticked=frozenset(ticked),
            )

    def list(self, limit: int = 100) -> list[Summary]:
        """The latest conversations first."""
        counts = (
            select(_Turn.conversation_id, func.count().label("turns"))
            .group_by(_Turn.conversation_id)
            .subquery()
        )
        query = (
            select(_Conversation, func.coalesce(counts.c.turns, 0))
            .outerjoin(counts, counts.c.conversation_id == _Conversation.id)
            .order_by(_Conversation.updated.desc(), _Conversation.id)
            .limit(limit)
        )
        with translated(), Session(self._engine) as session:
            return [
                Summary(row.id, row.title, row.created, row.updated, turns)
                for row, turns in session.execute(query)
            ]

    def delete(self, conversation: str) -> None:
        """Removes a conversation and all that belongs to it."""
        with translated(), Session(self._engine) as session, session.begin():
            session.execute(delete(_Tick).where(_Tick.conversation_id == conversation))
            session.execute(delete(_Turn).where(_Turn.conversation_id == conversation))
            session.execute(delete(_Conversation).where(_Conversation.id == conversation))

    def check(self) -> None:
        """Raises StoreError when the database does not answer."""
        with translated(), Session(self._engine) as session:
            session.execute(select(func.count()).select_from(_Conversation))


def _unknown(conversation: str) -> BadInput:
    shown = conversation[:40]
    return BadInput(
        Text(
            en=f"There is no conversation '{shown}'.", es=f"No hay ninguna conversación '{shown}'."
        ),
        Text(en="`mlexpert history` lists the ids.", es="`mlexpert history` muestra los ids."),
    )
