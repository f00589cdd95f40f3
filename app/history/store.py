"""Conversations that survive a restart: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Engine,
    ForeignKey,
    Integer,
    String,
    create_engine,
    delete,
    event,
    func,
    select,
)
from sqlalchemy import Text as LongText
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.errors import BadInput, StoreError
from app.expert.answer import Answer
from ingest.schema import Text

TITLE_CHARACTERS = 80


class _Base(DeclarativeBase):
    pass


class _Conversation(_Base):
    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    created: Mapped[str] = mapped_column(String(32))
    updated: Mapped[str] = mapped_column(String(32), index=True)


class _Turn(_Base):
    __tablename__ = "turns"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    created: Mapped[str] = mapped_column(String(32))
    answer: Mapped[str] = mapped_column(LongText)


class _Tick(_Base):
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
        self._engine = _engine(url)
        with _translated():
            _Base.metadata.create_all(self._engine)

    def start(self, title: str) -> str:
        """A new conversation; returns its id."""
        conversation = uuid.uuid4().hex
        now = _now()
        with _translated(), Session(self._engine) as session, session.begin():
            session.add(
                _Conversation(
                    id=conversation, title=title[:TITLE_CHARACTERS], created=now, updated=now
                )
            )
        return conversation

    def append(self, conversation: str, answer: Answer) -> int:
        """Adds an answer; returns its position, from 0."""
        with _translated(), Session(self._engine) as session, session.begin():
            row = session.get(_Conversation, conversation, with_for_update=True)
            if row is None:
                raise _unknown(conversation)
            last = session.scalar(
                select(func.max(_Turn.position)).where(_Turn.conversation_id == conversation)
            )
            position = 0 if last is None else last + 1
            row.updated = _now()
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
        with _translated(), Session(self._engine) as session, session.begin():
            if session.get(_Conversation, conversation) is None:
                raise _unknown(conversation)
            session.merge(_Tick(conversation_id=conversation, item=item, done=done))

    def load(self, conversation: str) -> Conversation:
        """A whole conversation; BadInput when there is none with this id."""
        with _translated(), Session(self._engine) as session:
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
        with _translated(), Session(self._engine) as session:
            return [
                Summary(row.id, row.title, row.created, row.updated, turns)
                for row, turns in session.execute(query)
            ]

    def delete(self, conversation: str) -> None:
        """Removes a conversation and all that belongs to it."""
        with _translated(), Session(self._engine) as session, session.begin():
            session.execute(delete(_Tick).where(_Tick.conversation_id == conversation))
            session.execute(delete(_Turn).where(_Turn.conversation_id == conversation))
            session.execute(delete(_Conversation).where(_Conversation.id == conversation))

    def check(self) -> None:
        """Raises StoreError when the database does not answer."""
        with _translated(), Session(self._engine) as session:
            session.execute(select(func.count()).select_from(_Conversation))


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername.startswith("sqlite") and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, ImportError, OSError) as error:
        raise _failed() from error
    if parsed.drivername.startswith("sqlite"):
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    """Readers do not wait for the writer, and a second writer waits instead of failing."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise _failed() from error


def _failed() -> StoreError:
    return StoreError(
        Text(
            en="The conversation database cannot be read or written.",
            es="No se puede leer o escribir la base de datos de conversaciones.",
        ),
        Text(
            en="Check MLEXPERT_DATABASE_URL, and permissions and space of the data folder.",
            es="Revisa MLEXPERT_DATABASE_URL y los permisos y el espacio de la carpeta de datos.",
        ),
    )


def _unknown(conversation: str) -> BadInput:
    shown = conversation[:40]
    return BadInput(
        Text(
            en=f"There is no conversation '{shown}'.", es=f"No hay ninguna conversación '{shown}'."
        ),
        Text(en="`mlexpert history` lists the ids.", es="`mlexpert history` muestra los ids."),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
