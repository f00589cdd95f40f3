"""Entry point of the web page: `streamlit run app/web/serving.py` or `mlexpert ui`."""

from __future__ import annotations

import logging

import streamlit as st

from app.errors import ExpertError
from app.web import brief, chat, documents, history, knowledge, review, status
from app.web.access import may_enter
from app.web.page_words import tell
from app.web.places import remember_places
from app.web.session import (
    PROJECT,
    interface_language,
    shared_projects,
    show_language_choice,
)
from app.web.theme import MARK, show_theme
from app.web.visitor import visitor
from ingest.schema import Language

_log = logging.getLogger(__name__)


def main() -> None:
    """Draws the frame (language, navigation) and the page that was chosen."""
    st.set_page_config(page_title="ML Engineer Expert", page_icon=MARK, layout="centered")
    show_theme()
    language = interface_language()
    with st.sidebar:
        show_language_choice(tell("language", language))
    language = interface_language()
    if not may_enter(language):
        return
    chosen = _navigation(language)
    try:
        project = shared_projects().chosen(visitor())
        st.session_state[PROJECT] = project.id if project else None
        chosen.run()
    except ExpertError as error:
        st.error(error.in_language(language))
    except Exception:
        _log.exception("a page failed")
        st.error(tell("unexpected", language))


def _navigation(language: Language) -> st.Page:
    """The pages, two and two: ask, project, library, installation (theme.py draws the gaps).

    Streamlit's headed sections are lists that screen readers cannot read. What builds the
    deliverables will stand after the review.
    """
    pages = {
        "chat": st.Page(
            chat.page, title=tell("chat", language), icon=":material/forum:", default=True
        ),
        "history": st.Page(
            history.page,
            title=tell("history", language),
            icon=":material/history:",
            url_path="history",
        ),
        "brief": st.Page(
            brief.page,
            title=tell("brief", language),
            icon=":material/assignment:",
            url_path="brief",
        ),
        "review": st.Page(
            review.page,
            title=tell("review", language),
            icon=":material/fact_check:",
            url_path="review",
        ),
        "knowledge": st.Page(
            knowledge.page,
            title=tell("knowledge", language),
            icon=":material/menu_book:",
            url_path="knowledge",
        ),
        "documents": st.Page(
            documents.page,
            title=tell("documents", language),
            icon=":material/folder_open:",
            url_path="documents",
        ),
        "status": st.Page(
            status.page,
            title=tell("status", language),
            icon=":material/tune:",
            url_path="status",
        ),
    }
    remember_places(pages)
    return st.navigation(list(pages.values()), expanded=True)


main()
