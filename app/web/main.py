"""Entry point of the web page: `streamlit run app/web/main.py` or `mlexpert ui`."""

from __future__ import annotations

import streamlit as st

from app.errors import ExpertError
from app.web import chat, review
from app.web.session import interface_language, show_language_choice
from app.web.words import say


def main() -> None:
    """Draws the frame (language, navigation) and the page that was chosen."""
    st.set_page_config(page_title="ML Engineer Expert", page_icon="🛠️", layout="centered")
    language = interface_language()
    with st.sidebar:
        show_language_choice(say("language", language))
    language = interface_language()
    pages = st.navigation(
        [
            st.Page(chat.page, title=say("chat", language), default=True, url_path="chat"),
            st.Page(review.page, title=say("review", language), url_path="review"),
        ]
    )
    try:
        pages.run()
    except ExpertError as error:
        st.error(error.in_language(language))


main()
