"""What a reader can do with an answer: copy, download, ask again, see the evidence, judge it."""

from __future__ import annotations

import streamlit as st

from app.expert.answer import Answer
from app.export.markdown import answer_markdown
from app.history.feedback import Feedback
from app.history.store import Conversation
from app.web.asking import ask
from app.web.chat_words import say
from app.web.copying import show_copy
from app.web.session import shared_feedback, shared_store
from app.web.show import show_evidence
from app.web.visitor import visitor
from app.wiring import Product
from ingest.schema import Language


def show_actions(
    conversation: Conversation,
    position: int,
    product: Product | None,
    feedback: Feedback | None,
    language: Language,
) -> None:
    """One quiet row; runs inside the answer's fragment."""
    answer = conversation.answers[position]
    key = f"{conversation.id}-{position}"
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        show_copy(
            answer_markdown(answer), say("copy", language), say("copied", language), f"copy-{key}"
        )
        if position == len(conversation.answers) - 1 and st.button(
            say("again", language), key=f"again-{key}", type="tertiary", disabled=product is None
        ):
            ask(answer.question, position)
            st.rerun()
        evidence = (
            not answer.abstained
            and bool(answer.references)
            and st.toggle(say("evidence", language), key=f"evidence-{key}")
        )
        _show_download(conversation, position, language)
        _show_thumbs(conversation, position, feedback)
    if evidence and product is not None:
        show_evidence(answer, product, language)
    _show_reason(conversation.id, position, feedback, language)


def _show_download(conversation: Conversation, position: int, language: Language) -> None:
    answer: Answer = conversation.answers[position]
    store, owner = shared_store(), visitor()
    st.download_button(
        say("download_answer", language),
        # Written when it is clicked, so that it holds the latest ticks.
        lambda: answer_markdown(answer, ticked=store.load(conversation.id, owner).ticked),
        file_name="answer.md",
        mime="text/markdown",
        on_click="ignore",
        type="tertiary",
        key=f"download-{conversation.id}-{position}",
    )


def _thumbs_key(conversation: str, position: int) -> str:
    return f"thumbs-{conversation}-{position}"


def _show_thumbs(conversation: Conversation, position: int, feedback: Feedback | None) -> None:
    key = _thumbs_key(conversation.id, position)

    def remember() -> None:
        value = st.session_state[key]
        if value is None:
            shared_feedback().remove(conversation.id, position, visitor())
        else:
            shared_feedback().add(conversation.id, position, visitor(), bool(value))

    st.feedback(
        "thumbs",
        key=key,
        default=None if feedback is None else int(feedback.helpful),
        on_change=remember,
    )


def _show_reason(
    conversation: str, position: int, feedback: Feedback | None, language: Language
) -> None:
    """Room for a reason once an answer was found unhelpful."""
    if st.session_state.get(_thumbs_key(conversation, position)) != 0:
        return
    key = f"reason-{conversation}-{position}"

    def remember() -> None:
        reason = str(st.session_state[key])
        shared_feedback().add(conversation, position, visitor(), False, reason)
        st.toast(say("thanks", language))

    st.text_input(
        say("why_not", language),
        value=feedback.reason if feedback else "",
        max_chars=1000,
        key=key,
        on_change=remember,
    )
