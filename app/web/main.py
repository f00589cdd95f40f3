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
    drawn = (
        ("chat", chat.page, "forum"),
        ("history", history.page, "history"),
        ("brief", brief.page, "assignment"),
        ("review", review.page, "fact_check"),
        ("knowledge", knowledge.page, "menu_book"),
        ("documents", documents.page, "folder_open"),
        ("status", status.page, "tune"),
    )
    pages = {
        name: st.Page(
            page,
            title=tell(name, language),
            icon=f":material/{icon}:",
            url_path=name,
            default=name == "chat",
        )
        for name, page, icon in drawn
    }
    remember_places(pages)
    return st.navigation(list(pages.values()), expanded=True)


main()
