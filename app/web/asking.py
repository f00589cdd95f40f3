"""What the chat page's buttons do: ask, ask instead, queue, attach. Run before the page is drawn.

What goes wrong is remembered as a notice and said by the page.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from app.errors import ExpertError
from app.expert.conversation import read_turn
from app.expert.engine import Done, Event
from app.expert.question import Question
from app.history.store import Conversation
from app.solve.brief import brief_text
from app.web.answering import Order
from app.web.attachments import MOST_BYTES, MOST_FILES, Attached
from app.web.chat_words import say
from app.web.own_documents import with_own_documents
from app.web.page_words import tell
from app.web.session import (
    current_conversation,
    current_project,
    interface_language,
    open_conversation,
    shared_answering,
    shared_attachments,
    shared_product,
    shared_store,
)
from app.web.visitor import visitor
from app.wiring import Product, Upload, refused_lines
from ingest.schema import Language

INPUT = "question"
ROLE = "role-lens"
EDITED = "edited-position"
# The turn that this session asked for last.
FRESH = "asked-turn"
_NOTICES = "chat-notices"
_QUEUED = "queued-question"
# Most composed answers are complete by then, and the page is drawn once instead of twice.
_PATIENCE_SECONDS = 0.2
_WARM_SECONDS = 30
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Queued:
    """A question that waits for the answer before it."""

    conversation: str
    text: str


def submitted() -> None:
    """The chat input was sent: text, files or both."""
    value = st.session_state[INPUT]
    uploads = tuple(Upload(file.name, file.getvalue()) for file in value.files)
    ask(value.text, uploads=uploads)


def ask(text: str, position: int | None = None, uploads: Sequence[Upload] = ()) -> None:
    """Answers a question in the background; at a position in place of that turn and all after it,
    else after the last. Files without a question are only attached.
    """
    language = interface_language()
    # A click on a page that a restarted server has just drawn waits for the model and the index.
    product = shared_product().get(timeout=_WARM_SECONDS)
    if product is None:
        return
    try:
        product = with_own_documents(product)
        conversation = current_conversation()
        if uploads:
            conversation = _attach(product, conversation, uploads, language)
        if text.strip():
            _start(product, conversation, text, position, language)
    except ExpertError as error:
        notice(error.in_language(language))
    except Exception:
        _log.exception("a question could not be asked")
        notice(tell("unexpected", language))


def edit(place: tuple[str, int] | None) -> None:
    """Opens the question at a conversation's position for editing, or none."""
    st.session_state[EDITED] = place


def resend(position: int, widget: str) -> None:
    """Asks the edited question in place of the old one."""
    edit(None)
    ask(str(st.session_state[widget]), position)


def ask_queued(conversation: Conversation | None) -> bool:
    """Asks the question that waited, once nothing stands before it; returns whether it did."""
    waiting = queued(conversation)
    if waiting is None or conversation is None:
        return False
    before = shared_answering().of(conversation.id)
    if before is not None and not before.over.is_set():
        return False
    cancel_queued()
    ask(waiting.text)
    return True


def queued(conversation: Conversation | None) -> Queued | None:
    """The question that waits in this conversation."""
    waiting: Queued | None = st.session_state.get(_QUEUED)
    if waiting is None or conversation is None or waiting.conversation != conversation.id:
        return None
    return waiting


def cancel_queued() -> None:
    st.session_state.pop(_QUEUED, None)


def notice(text: str) -> None:
    """Something to say on the page that is drawn next."""
    st.session_state.setdefault(_NOTICES, []).append(text)


def taken_notices() -> list[str]:
    """What there is to say; it is said once."""
    notices: list[str] = st.session_state.pop(_NOTICES, [])
    return notices


def _start(
    product: Product,
    conversation: Conversation | None,
    text: str,
    position: int | None,
    language: Language,
) -> None:
    project = current_project()
    answers = conversation.answers if conversation else ()
    place = len(answers) if position is None else min(position, len(answers))
    question = read_turn(
        text,
        answers[:place],
        reader_language=language,
        role=st.session_state.get(ROLE),
        brief=brief_text(project.brief, language) if project else "",
    )
    store, owner = shared_store(), visitor()
    if conversation is not None:
        current = shared_answering().of(conversation.id)
        if current is not None and not current.over.is_set():
            _queue(conversation.id, text, language)
            return
        key = conversation.id
    else:
        key = store.start(question.shown, owner)
    attached = shared_attachments().of(key)
    running = shared_answering().start(
        Order(
            conversation=key,
            position=place,
            question=question.shown,
            language=question.language,
            model=product.writer.name if product.writer else None,
            events=partial(_events, product, attached, question),
            keep=lambda answer: store.replace_from(key, place, answer, owner),
        )
    )
    open_conversation(key)
    st.session_state[FRESH] = f"{key}-{place}"
    running.over.wait(_PATIENCE_SECONDS)


def _queue(conversation: str, text: str, language: Language) -> None:
    if _QUEUED in st.session_state:
        st.session_state[INPUT] = text
        notice(say("waits_one", language))
    else:
        st.session_state[_QUEUED] = Queued(conversation, text)


def _events(
    product: Product, attached: Attached | None, question: Question
) -> Generator[Event, None, None]:
    """The answer's events; files that could not be read are told with the answer."""
    if attached is None:
        yield from product.expert.stream(question)
        return
    reading = attached.reading()
    lines = tuple(refused_lines(reading.parsed.refused, question.language))
    for event in reading.expert.stream(question):
        if isinstance(event, Done) and lines:
            warnings = (*event.answer.warnings, *lines)
            yield replace(event, answer=event.answer.model_copy(update={"warnings": warnings}))
        else:
            yield event


def _attach(
    product: Product,
    conversation: Conversation | None,
    uploads: Sequence[Upload],
    language: Language,
) -> Conversation:
    store, owner = shared_store(), visitor()
    if conversation is None:
        names = ", ".join(upload.name for upload in uploads)
        key = store.start(say("attach_title", language, names=names), owner)
        open_conversation(key)
        conversation = store.load(key, owner)
    for refused in shared_attachments().add(conversation.id, product, uploads):
        megabytes = MOST_BYTES // 10**6
        limit = {"name": refused.name, "count": MOST_FILES, "megabytes": megabytes}
        notice(say("attach_limit", language, **limit))
    return conversation
