"""What a visitor's session remembers, and what all visitors share."""

from __future__ import annotations

from typing import cast

import streamlit as st

from app.errors import BadInput
from app.history.feedback import FeedbackStore
from app.history.projects import Project, ProjectStore
from app.history.store import Conversation, ConversationStore
from app.settings import read_settings
from app.web.answering import Answering
from app.web.attachments import Attachments
from app.web.chat_words import say
from app.web.visitor import visitor
from app.wiring import SharedProduct, open_feedback, open_projects, open_store
from ingest.schema import Language

PARAMETER = "c"
LANGUAGE = "reader-language"
PROJECT = "project-id"


@st.cache_resource(show_spinner=False)
def shared_product() -> SharedProduct:
    """Model and index, opened once in the background for all visitors."""
    return SharedProduct(read_settings())


@st.cache_resource(show_spinner=False)
def shared_store() -> ConversationStore:
    """The database of conversations."""
    return open_store(read_settings())


@st.cache_resource(show_spinner=False)
def shared_feedback() -> FeedbackStore:
    """What readers thought of answers."""
    return open_feedback(read_settings())


@st.cache_resource(show_spinner=False)
def shared_projects() -> ProjectStore:
    """The projects' briefs."""
    return open_projects(read_settings())


@st.cache_resource(show_spinner=False)
def shared_answering() -> Answering:
    """The answers in the making, of all visitors; each is found by its conversation alone."""
    return Answering()


@st.cache_resource(show_spinner=False)
def shared_attachments() -> Attachments:
    """The attached files of all visitors; each is found by its conversation alone."""
    return Attachments()


def interface_language() -> Language:
    """The visitor's choice, else the browser's language."""
    chosen = st.session_state.get(LANGUAGE)
    if chosen is None:
        chosen = "es" if (st.context.locale or "en").lower().startswith("es") else "en"
        if st.context.locale:
            st.session_state[LANGUAGE] = chosen
    return cast("Language", chosen)


def show_language_choice(label: str) -> None:
    """The switch between both languages; the choice outlives the switch being redrawn."""

    def remember() -> None:
        st.session_state[LANGUAGE] = st.session_state[f"{LANGUAGE}-choice"]

    st.segmented_control(
        label,
        options=["es", "en"],
        format_func={"es": "Español", "en": "English"}.__getitem__,
        default=interface_language(),
        key=f"{LANGUAGE}-choice",
        required=True,
        on_change=remember,
    )


def current_conversation() -> Conversation | None:
    """The visitor's conversation that the address names; a reload finds it again."""
    conversation = st.query_params.get(PARAMETER)
    if not conversation:
        return None
    try:
        return shared_store().load(conversation, visitor())
    except BadInput:
        del st.query_params[PARAMETER]
        st.toast(say("lost", interface_language()))
        return None


def open_conversation(conversation: str | None) -> None:
    """Puts a conversation (or none: a new one) into the address."""
    if conversation is None:
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = conversation


def current_project() -> Project | None:
    """The project that the visitor chose, for as long as it exists."""
    chosen = st.session_state.get(PROJECT)
    if chosen is None:
        return None
    try:
        return shared_projects().load(chosen, visitor())
    except BadInput:
        del st.session_state[PROJECT]
        return None
