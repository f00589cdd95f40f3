"""What readers think of answers, for an administrator."""

from __future__ import annotations

import streamlit as st

from app.export.inert import inert
from app.history.feedback import Feedback
from app.web.history import local_time
from app.web.page_words import tell
from app.web.session import shared_feedback
from ingest.schema import Language

SHOWN = 50
_OPTIONS = ("unhelpful", "helpful", "feedback_all")
_WANTED = {"unhelpful": False, "helpful": True, "feedback_all": None}


def show_feedback(language: Language) -> None:
    """Counts, and the latest opinions with their questions and reasons."""
    st.header(tell("feedback", language), anchor="feedback")
    store = shared_feedback()
    summary = store.summary()
    if not summary.helpful and not summary.unhelpful:
        st.caption(tell("feedback_none", language))
        return
    with st.container(horizontal=True, gap="small"):
        st.metric(f"👍 {tell('helpful', language)}", summary.helpful, border=True)
        st.metric(f"👎 {tell('unhelpful', language)}", summary.unhelpful, border=True)
    wanted = st.segmented_control(
        tell("feedback_which", language),
        _OPTIONS,
        format_func=lambda one: tell(one, language),
        default=_OPTIONS[0],
        required=True,
        key="feedback-which",
    )
    opinions = store.list(SHOWN, helpful=_WANTED[wanted])
    if not opinions:
        st.caption(tell("feedback_none", language))
    for opinion in opinions:
        _show_opinion(opinion, language)


def _show_opinion(opinion: Feedback, language: Language) -> None:
    with st.container(border=True, gap="xxsmall"):
        thumb = "👍" if opinion.helpful else "👎"
        st.markdown(f"{thumb} **{inert(opinion.question)}**")
        st.markdown(inert(opinion.reason) or f":gray[{tell('no_reason', language)}]")
        notes = [local_time(opinion.created), opinion.mode]
        if opinion.position is None:
            notes.append(tell("feedback_replaced", language))
        st.caption(" · ".join(notes))
