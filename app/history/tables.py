"""The rows of conversations, their turns, ticks and feedback."""

from __future__ import annotations

import unicodedata

from sqlalchemy import Boolean, ForeignKey, Integer, String, false
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from app.history.database import Base

OWNER_CHARACTERS = 254  # the longest e-mail address


class ConversationRow(Base):
    """A conversation. `folded` is its title as the search reads it; NULL is not filled yet."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    created: Mapped[str] = mapped_column(String(32))
    updated: Mapped[str] = mapped_column(String(32), index=True)
    owner: Mapped[str] = mapped_column(String(OWNER_CHARACTERS), server_default="", index=True)
    pinned: Mapped[bool] = mapped_column(Boolean, server_default=false())
    deleted: Mapped[str | None] = mapped_column(String(32))
    folded: Mapped[str | None] = mapped_column(LongText)


class TurnRow(Base):
    """An answer as JSON. `folded` is its question and text as the search reads them."""

    __tablename__ = "turns"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    created: Mapped[str] = mapped_column(String(32))
    answer: Mapped[str] = mapped_column(LongText)
    folded: Mapped[str | None] = mapped_column(LongText)


class TickRow(Base):
    """Whether a checklist item of a conversation is done."""

    __tablename__ = "ticks"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[str] = mapped_column(String(160), primary_key=True)
    done: Mapped[bool] = mapped_column(Boolean)


class FeedbackRow(Base):
    """A thumb. `position` is NULL once the answer was replaced: the opinion still counts."""

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int | None] = mapped_column(Integer)
    owner: Mapped[str] = mapped_column(String(OWNER_CHARACTERS))
    helpful: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(LongText)
    question: Mapped[str] = mapped_column(LongText)
    mode: Mapped[str] = mapped_column(String(16))
    created: Mapped[str] = mapped_column(String(32), index=True)


def fold(text: str) -> str:
    """Text without case and accents, as it is stored for the search and as a search is read."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()
