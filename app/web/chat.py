"""The chat page: ask, read, open citations, tick, download."""

from __future__ import annotations

import logging
from functools import partial

import streamlit as st

from app.errors import ExpertError
from app.expert.answer import Answer
from app.expert.engine import Done, Piece
from app.expert.question import read_question
from app.export.inert import inert
from app.export.markdown import conversation_markdown
from app.history.store import Conversation
from app.web.session import (
    current_conversation,
    interface_language,
    open_conversation,
    shared_product,
    shared_store,
)
from app.web.show import show_answer
from app.web.words import SUGGESTIONS, say
from app.wiring import Product
from ingest.schema import Language

PENDING = "pending-question"
_log = logging.getLogger(__name__)


def page() -> None:
    """Draws the page from top to bottom."""
    language = interface_language()
    conversation = current_conversation()
    _show_sidebar(conversation, language)
    if conversation is None or not conversation.answers:
        st.title("ML Engineer Expert", anchor=False)
        st.markdown(say("tagline", language))
    if conversation is not None:
        _show_conversation(conversation, language)
    product = _product_or_progress(language)
    typed = st.chat_input(say("ask", language), disabled=product is None, key="question")
    question = typed or st.session_state.pop(PENDING, None)
    if product is None:
        return
    if question:
        _answer(product, conversation, str(question), language)
    elif conversation is None or not conversation.answers:
        _show_suggestions([text.in_language(language) for text in SUGGESTIONS], "try", language)


def _show_sidebar(conversation: Conversation | None, language: Language) -> None:
    with st.sidebar:
        if st.button(say("new", language), key="new", width="stretch"):
            open_conversation(None)
            st.rerun()
        st.caption(say("history", language))
        try:
            summaries = shared_store().list(30)
        except ExpertError as error:
            st.error(error.in_language(language))
            return
        if not summaries:
            st.caption(say("no_history", language))
        for summary in summaries:
            here = conversation is not None and summary.id == conversation.id
            if st.button(
                inert(summary.title),
                key=f"open-{summary.id}",
                type="secondary" if here else "tertiary",
                width="stretch",
            ):
                open_conversation(summary.id)
                st.rerun()


def _show_conversation(conversation: Conversation, language: Language) -> None:
    for position, answer in enumerate(conversation.answers):
        with st.chat_message("user", avatar=":material/person:"):
            st.markdown(inert(answer.question))
        with st.chat_message("assistant", avatar=":material/engineering:"):
            show_answer(
                answer,
                f"{conversation.id}-{position}",
                language,
                conversation.ticked,
                partial(shared_store().tick, conversation.id),
            )
    if conversation.answers:
        _show_suggestions(list(conversation.answers[-1].follow_ups), "follow_ups", language)
        store, key = shared_store(), conversation.id
        st.download_button(
            say("download_conversation", language),
            # Written when it is clicked, so that it holds the latest ticks.
            lambda: conversation_markdown(store.load(key)),
            file_name="conversation.md",
            mime="text/markdown",
            on_click="ignore",
            key=f"download-{conversation.id}",
        )


def _show_suggestions(questions: list[str], heading: str, language: Language) -> None:
    if not questions:
        return
    st.caption(say(heading, language))
    with st.container(horizontal=True, gap="small"):
        for number, question in enumerate(questions):
            if st.button(question, key=f"{heading}-{number}-{question}"):
                st.session_state[PENDING] = question
                st.rerun()


def _product_or_progress(language: Language) -> Product | None:
    """The product, or a progress bar that redraws the page when the product is ready."""
    shared = shared_product()
    try:
        product = shared.get(timeout=0.3)
    except ExpertError as error:
        st.error(error.in_language(language))
        return None
    except Exception:
        _log.exception("the product cannot be opened")
        st.error(say("unexpected", language))
        return None
    if product is not None:
        return product

    @st.fragment(run_every=0.5)
    def progress() -> None:
        st.progress(min(1.0, shared.progress), text=say("warming", language))
        if shared.done.is_set():
            st.rerun()

    progress()
    return None


def _answer(
    product: Product, conversation: Conversation | None, text: str, language: Language
) -> None:
    """Streams the answer, keeps it, and redraws the page from what was kept."""
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(inert(text))
    with st.chat_message("assistant", avatar=":material/engineering:"):
        place = st.empty()
        previous = conversation.answers[-1] if conversation and conversation.answers else None
        try:
            answer = _stream(product, text, previous, language, place)
            store = shared_store()
            key = conversation.id if conversation else store.start(answer.question)
            store.append(key, answer)
        except ExpertError as error:
            place.error(error.in_language(language))
            return
        except Exception:
            _log.exception("an answer failed")
            place.error(say("unexpected", language))
            return
    open_conversation(key)
    st.rerun()


def _stream(
    product: Product,
    text: str,
    previous: Answer | None,
    language: Language,
    place: st.delta_generator.DeltaGenerator,
) -> Answer:
    question = read_question(
        text,
        reader_language=language,
        previous=previous.question if previous and is_follow_up(text) else "",
    )
    shown = ""
    for event in product.expert.stream(question):
        if isinstance(event, Done):
            return event.answer
        shown = shown + event.text if isinstance(event, Piece) else ""
        place.markdown(inert(shown) + " ▌")
    raise AssertionError("a stream ends with Done")


def is_follow_up(text: str) -> bool:
    """Whether a question leans on the one before: short, or begun with a connective."""
    words = text.lower().lstrip("¿¡ ").split()
    starts = {"and", "but", "why", "y", "e", "pero", "entonces", "so", "then", "what about"}
    return len(words) <= 4 or bool(words and words[0].strip(",") in starts)
