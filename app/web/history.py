"""The history page: find, open, arrange, export and delete conversations."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from app.errors import ExpertError
from app.export.inert import inert
from app.export.markdown import conversation_markdown
from app.export.shared_page import shared_page
from app.history.store import KEPT_DAYS, TITLE_CHARACTERS, Summary
from app.web.access import anyone_is_operator
from app.web.page_words import tell
from app.web.places import show_link
from app.web.session import interface_language, shared_store
from app.web.visitor import visitor
from ingest.schema import Language

STEP = 20
_SHOWN = "history-shown"
_DELETED = "history-deleted"


def page() -> None:
    """Draws the page from top to bottom."""
    language = interface_language()
    st.title(tell("history", language), anchor=False)
    st.markdown(tell("history_intro", language))
    words = st.text_input(
        tell("search_history", language),
        type="search",
        placeholder=tell("search_history_hint", language),
        live=True,
        key="q",
        bind="query-params",
    )
    _show_undo(language)
    shown = st.session_state.get(_SHOWN, STEP)
    found = shared_store().list(shown + 1, visitor(), words or "")
    for summary in found[:shown]:
        _show_conversation(summary, language)
    if len(found) > shown and st.button(tell("more", language), key="more"):
        st.session_state[_SHOWN] = shown + STEP
        st.rerun()
    if not found:
        st.info(tell("no_conversation_found" if words else "no_conversations", language))
        show_link("chat", tell("to_chat", language))
    _show_ownerless(language)
    _show_bin(language)


def _show_conversation(summary: Summary, language: Language) -> None:
    """One conversation: its title opens it, a menu does the rest."""
    options = ("unpin" if summary.pinned else "pin", "rename", "export", "delete")
    with (
        st.container(border=True),
        st.container(horizontal=True, vertical_alignment="center", gap="small"),
    ):
        with st.container(gap=None):
            show_link("chat", f"**{inert(summary.title)}**", c=summary.id)
            st.caption(_about(summary, language))
        chosen = st.menu_button(
            tell("actions", language),
            options,
            format_func=lambda one: tell(one, language),
            key=f"actions-{summary.id}",
            help=inert(summary.title),
        )
    if chosen == "rename":
        _rename(summary, language)
    elif chosen == "export":
        _export(summary, language)
    elif chosen == "delete":
        shared_store().delete(summary.id, visitor())
        st.session_state[_DELETED] = (summary.id, summary.title)
        st.rerun()
    elif chosen:
        shared_store().pin(summary.id, chosen == "pin", visitor())
        st.rerun()


def _about(summary: Summary, language: Language) -> str:
    count = summary.turns
    turns = tell("turns_one", language) if count == 1 else tell("turns", language, count=count)
    pinned = f":material/push_pin: {tell('pinned', language)} · " if summary.pinned else ""
    return f"{pinned}{local_time(summary.updated)} · {turns}"


def local_time(moment: str) -> str:
    """A kept time (ISO 8601, UTC) as the visitor's clock shows it, to the minute."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return datetime.fromisoformat(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _show_undo(language: Language) -> None:
    """What was just deleted, and the way back."""
    if _DELETED not in st.session_state:
        return
    key, title = st.session_state[_DELETED]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(inert(tell("deleted", language, title=title)))
        if st.button(tell("undo", language), icon=":material/undo:", key="undo"):
            del st.session_state[_DELETED]
            shared_store().restore(key, visitor())
            st.rerun()


def _rename(summary: Summary, language: Language) -> None:
    @st.dialog(tell("rename", language))
    def ask() -> None:
        with st.form("rename", border=False):
            title = st.text_input(
                tell("title", language),
                value=summary.title,
                max_chars=TITLE_CHARACTERS,
                key=f"title-{summary.id}",
            )
            if st.form_submit_button(tell("save_title", language), type="primary"):
                try:
                    shared_store().rename(summary.id, title, visitor())
                except ExpertError as error:
                    st.error(error.in_language(language))
                else:
                    st.rerun()

    ask()


def _export(summary: Summary, language: Language) -> None:
    owner = visitor()

    @st.dialog(tell("export", language))
    def offer() -> None:
        st.markdown(f"**{inert(summary.title)}**")
        st.markdown(tell("export_intro", language))
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                tell("export_markdown", language),
                lambda: conversation_markdown(shared_store().load(summary.id, owner)),
                file_name="conversation.md",
                mime="text/markdown",
                on_click="ignore",
                icon=":material/download:",
                key="export-markdown",
            )
            st.download_button(
                tell("export_page", language),
                lambda: shared_page(shared_store().load(summary.id, owner)),
                file_name="conversation.html",
                mime="text/html",
                on_click="ignore",
                icon=":material/share:",
                key="export-page",
            )

    offer()


def _show_ownerless(language: Language) -> None:
    """Offers what the command line or an earlier version kept, where whoever is here runs it."""
    if not anyone_is_operator():
        return
    count = len(shared_store().list(owner=""))
    if not count:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(tell("ownerless", language, count=count))
        if st.button(tell("adopt", language), key="adopt"):
            shared_store().adopt(visitor())
            st.rerun()


def _show_bin(language: Language) -> None:
    binned = shared_store().list(owner=visitor(), deleted=True)
    if not binned:
        return
    with st.expander(tell("bin", language, count=len(binned)), icon=":material/delete:"):
        st.caption(tell("bin_intro", language, days=KEPT_DAYS))
        for summary in binned:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                when = tell("deleted_on", language, date=local_time(summary.deleted or ""))
                st.markdown(f"{inert(summary.title)}  \n:gray[{when}]")
                if st.button(tell("restore", language), key=f"restore-{summary.id}"):
                    _forget_undo(summary.id)
                    shared_store().restore(summary.id, visitor())
                    st.rerun()
                if st.button(tell("purge", language), key=f"purge-{summary.id}"):
                    _forget_undo(summary.id)
                    shared_store().purge(summary.id, visitor())
                    st.rerun()


def _forget_undo(conversation: str) -> None:
    """The way back is of no use once it was taken or is gone."""
    if st.session_state.get(_DELETED, ("",))[0] == conversation:
        del st.session_state[_DELETED]
