"""The chat page's sidebar: a new conversation, for whom to answer, the latest conversations."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from app.errors import ExpertError
from app.export.inert import inert
from app.history.store import Conversation
from app.web.asking import ROLE, edit
from app.web.chat_words import ROLE_WORDS, say
from app.web.session import (
    PROJECT,
    open_conversation,
    shared_projects,
    shared_store,
)
from app.web.visitor import visitor
from ingest.schema import Language, Role

LATEST = 12
_CHOICE = "project-choice"


def show_sidebar(conversation: Conversation | None, language: Language) -> None:
    with st.sidebar:
        st.button(
            say("new", language),
            key="new",
            icon=":material/add:",
            width="stretch",
            on_click=_open,
            args=(None,),
        )
        roles: list[Role | None] = [None, *get_args(Role)]
        st.selectbox(
            say("lens", language),
            roles,
            format_func=lambda role: ROLE_WORDS[role] if role else say("everyone", language),
            key=ROLE,
            help=say("lens_help", language),
            placeholder=say("everyone", language),
            persist_state="session",
        )
        try:
            _show_projects(language)
            _show_latest(conversation, language)
        except ExpertError as error:
            st.error(error.in_language(language))


def _open(conversation: str | None) -> None:
    edit(None)
    open_conversation(conversation)


def _show_projects(language: Language) -> None:
    projects = {project.id: project.name for project in shared_projects().list(visitor())}
    if not projects:
        return
    st.session_state[_CHOICE] = st.session_state.get(PROJECT)
    if st.session_state[_CHOICE] not in projects:
        st.session_state[_CHOICE] = None

    def remember() -> None:
        st.session_state[PROJECT] = st.session_state[_CHOICE]

    st.selectbox(
        say("project", language),
        [None, *projects],
        format_func=lambda key: inert(projects[key]) if key else say("no_project", language),
        key=_CHOICE,
        help=say("project_help", language),
        placeholder=say("no_project", language),
        on_change=remember,
    )


def _show_latest(conversation: Conversation | None, language: Language) -> None:
    st.caption(say("history", language))
    summaries = shared_store().list(LATEST, visitor())
    if not summaries:
        st.caption(say("no_history", language))
    for summary in summaries:
        here = conversation is not None and summary.id == conversation.id
        st.button(
            inert(summary.title),
            key=f"open-{summary.id}",
            icon=":material/keep:" if summary.pinned else None,
            type="secondary" if here else "tertiary",
            width="stretch",
            wrap=False,
            on_click=_open,
            args=(summary.id,),
        )
