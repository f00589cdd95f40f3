"""The chat page: ask, read, open citations, tick, judge, download."""

from __future__ import annotations

import logging
from functools import partial

import streamlit as st

from app.errors import ExpertError
from app.expert.answer import Answer
from app.export.inert import inert, plain_name
from app.export.markdown import conversation_markdown
from app.history.feedback import Feedback
from app.history.store import Conversation
from app.solve.numerals import format_number
from app.web.actions import show_actions
from app.web.answering import Running
from app.web.asking import (
    EDITED,
    FRESH,
    INPUT,
    ask,
    ask_queued,
    cancel_queued,
    edit,
    queued,
    resend,
    submitted,
    taken_notices,
)
from app.web.attachments import MOST_BYTES, Attached
from app.web.chat_sidebar import show_sidebar
from app.web.chat_words import SUGGESTIONS, say
from app.web.checklist import show_checklist
from app.web.page_words import tell
from app.web.reading import start_reading
from app.web.session import (
    current_conversation,
    current_project,
    interface_language,
    shared_answering,
    shared_attachments,
    shared_feedback,
    shared_product,
    shared_store,
)
from app.web.show import show_references, show_support, show_text
from app.web.visitor import visitor
from app.wiring import Product
from ingest.schema import Language

READER, EXPERT = ":material/person:", ":material/engineering:"
ATTACHABLE = (
    "md txt rst pdf docx pptx html htm ipynb yaml yml json toml ini cfg py sh sql tf dockerfile zip"
).split()
LATEST_SHOWN = 8
_ALL_SHOWN = "shown-in-full"
_log = logging.getLogger(__name__)


def page() -> None:
    """Draws the page from top to bottom."""
    language = interface_language()
    product = _product_or_none(language)
    if product is not None:
        ask_queued(current_conversation())
    # First the answer in the making, then what is kept: so that none is drawn twice or missed.
    running = shared_answering().of(st.query_params.get("c", ""))
    conversation = current_conversation()
    if conversation is None:
        running = None
    show_sidebar(conversation, language)
    empty = running is None and (conversation is None or not conversation.answers)
    if empty:
        _show_welcome(conversation, language)
    if conversation is not None:
        _show_conversation(conversation, running, product, language)
    for text in taken_notices():
        st.error(text)
    if product is None:
        _show_warming(language)
    st.chat_input(
        say("ask", language),
        key=INPUT,
        accept_file="multiple",
        file_type=ATTACHABLE,
        max_upload_size=MOST_BYTES // 10**6,
        disabled=product is None,
        on_submit=submitted,
    )
    if empty and conversation is None:
        _show_questions([t.in_language(language) for t in SUGGESTIONS], "try", language)


def _show_welcome(conversation: Conversation | None, language: Language) -> None:
    st.title("ML Engineer Expert", anchor=False)
    st.markdown(say("tagline", language))
    project = current_project()
    if project is not None:
        st.badge(say("with_project", language, name=inert(project.name)), color="primary")
    if conversation is not None and shared_attachments().of(conversation.id) is None:
        # The server ended before the answer did.
        st.info(f"{inert(conversation.title)}\n\n{say('interrupted', language)}")
        st.button(say("retry", language), key="retry", on_click=ask, args=(conversation.title, 0))


def _show_conversation(
    conversation: Conversation,
    running: Running | None,
    product: Product | None,
    language: Language,
) -> None:
    answers = conversation.answers
    if running is not None:
        answers = answers[: running.order.position]
    opinions = shared_feedback().of(conversation.id, visitor())
    for position in range(_first_shown(conversation.id, len(answers), language), len(answers)):
        _show_question(conversation, position, language)
        with st.chat_message("assistant", avatar=EXPERT):
            _show_answer(conversation, position, product, opinions.get(position), language)
    if running is not None:
        _show_running(running, conversation, language)
    _show_attachments(conversation.id, language)
    if running is None and answers:
        turn = f"{conversation.id}-{len(answers) - 1}"
        asked = st.session_state.get(FRESH) == turn
        # Who saw the text grow has read it already.
        start_reading(turn, fresh=asked and answers[-1].mode == "composed")
        show_checklist(conversation, language)
        _show_questions(list(answers[-1].follow_ups), "follow_ups", language)
        store, key, owner = shared_store(), conversation.id, visitor()
        st.download_button(
            say("download_conversation", language),
            # Written when it is clicked, so that it holds the latest ticks.
            lambda: conversation_markdown(store.load(key, owner)),
            file_name="conversation.md",
            mime="text/markdown",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            key=f"download-{conversation.id}",
        )
    if running is None or running.over.is_set():
        _watch(conversation.id, shared_answering().changes(conversation.id))


def _first_shown(conversation: str, count: int, language: Language) -> int:
    """The position of the first answer to draw: a long conversation is drawn from its end."""
    earlier = count - LATEST_SHOWN
    if earlier <= 0 or st.session_state.get(_ALL_SHOWN) == conversation:
        return 0

    def show_all() -> None:
        st.session_state[_ALL_SHOWN] = conversation

    st.button(
        say("earlier", language, count=earlier), key="earlier", type="tertiary", on_click=show_all
    )
    return earlier


def _show_question(conversation: Conversation, position: int, language: Language) -> None:
    """The question, or room to edit it and ask again from there."""
    answer: Answer = conversation.answers[position]
    key = f"edit-{conversation.id}-{position}"
    with st.chat_message("user", avatar=READER):
        if st.session_state.get(EDITED) != (conversation.id, position):
            with st.container(horizontal=True, vertical_alignment="top", gap="small"):
                st.markdown(inert(answer.question), width="stretch")
                st.button(
                    "",
                    icon=":material/edit:",
                    help=say("edit", language),
                    key=f"open-{key}",
                    type="tertiary",
                    on_click=edit,
                    args=((conversation.id, position),),
                )
            return
        st.text_area(say("your_question", language), value=answer.question, max_chars=6000, key=key)
        st.caption(say("edit_note", language))
        with st.container(horizontal=True, gap="small"):
            st.button(
                say("send", language),
                key=f"send-{key}",
                type="primary",
                on_click=resend,
                args=(position, key),
            )
            st.button(say("cancel", language), key=f"cancel-{key}", on_click=edit, args=(None,))


@st.fragment
def _show_answer(
    conversation: Conversation,
    position: int,
    product: Product | None,
    feedback: Feedback | None,
    language: Language,
) -> None:
    """One answer; opening a citation or judging it redraws this part alone."""
    answer = conversation.answers[position]
    key = f"{conversation.id}-{position}"
    show_text(answer, language)
    entries = product.knowledge.entries if product else {}
    show_references(answer.references, key, entries, language)
    show_support(answer, key, language)
    show_actions(conversation, position, product, feedback, language)


def _show_running(running: Running, conversation: Conversation, language: Language) -> None:
    """The question and its answer so far; it follows the answer until that is kept."""
    with st.chat_message("user", avatar=READER):
        st.markdown(inert(running.order.question))
    with st.chat_message("assistant", avatar=EXPERT):
        if running.error is not None:
            _show_failure(running, language)
        else:
            st.fragment(partial(_follow, running, language), run_every=0.25)()
    waiting = queued(conversation)
    if waiting is not None:
        with st.chat_message("user", avatar=READER):
            st.caption(say("waits", language))
            st.markdown(inert(waiting.text))
            st.button(say("cancel", language), key="cancel-queued", on_click=cancel_queued)


def _follow(running: Running, language: Language) -> None:
    if running.over.is_set():
        st.rerun()
    text = running.text
    if text:
        st.markdown(inert(text) + " ▌")
    else:
        st.caption(say("searching", language))
        st.skeleton()
    st.button(
        say("stop", language), key="stop", icon=":material/stop_circle:", on_click=running.stop
    )


def _show_failure(running: Running, language: Language) -> None:
    error = running.error
    said = (
        error.in_language(language)
        if isinstance(error, ExpertError)
        else tell("unexpected", language)
    )
    st.error(said)
    order = running.order
    st.button(
        say("retry", language), key="retry", on_click=ask, args=(order.question, order.position)
    )


def _watch(conversation: str, seen: int) -> None:
    """Another tab may ask in the same conversation: this one shows it within seconds."""

    @st.fragment(run_every=4)
    def look() -> None:
        if shared_answering().changes(conversation) != seen:
            st.rerun()

    look()


def _show_attachments(conversation: str, language: Language) -> None:
    attached = shared_attachments().of(conversation)
    if attached is None:
        return
    with st.container(border=True):
        if attached.read:
            _show_receipt(attached, language)
        else:
            st.fragment(partial(_follow_reading, attached, language), run_every=0.5)()


def _follow_reading(attached: Attached, language: Language) -> None:
    if attached.read:
        st.rerun()
    names = ", ".join(plain_name(upload.name) for upload in attached.uploads)
    st.caption(say("attach_reading", language, names=inert(names)))


def _show_receipt(attached: Attached, language: Language) -> None:
    """What was read of each file, what was not and why, and what is done with it."""
    try:
        parsed = attached.reading().parsed
    except ExpertError as error:
        st.error(error.in_language(language))
        return
    except Exception:
        _log.exception("attachments could not be read")
        st.error(tell("unexpected", language))
        return
    lines = [f"**{say('attachments', language)}**", ""]
    for document in parsed.documents:
        characters = format_number(len(document.text), language)
        facts = [say("attach_read", language, characters=characters)]
        if document.pages:
            facts.insert(0, say("attach_pages", language, pages=document.pages))
        lines.append(f"- {inert(plain_name(document.name))}: {', '.join(facts)}")
    for refused in parsed.refused:
        reason = inert(refused.reason.in_language(language))
        lines.append(f"- :material/warning: {inert(plain_name(refused.name))}: {reason}")
    st.markdown("\n".join(lines))
    st.caption(say("attach_note", language))


def _show_questions(questions: list[str], heading: str, language: Language) -> None:
    if not questions:
        return
    st.caption(say(heading, language))
    with st.container(horizontal=True, gap="small"):
        for number, question in enumerate(questions):
            st.button(
                inert(question),
                key=f"{heading}-{number}-{question}",
                on_click=ask,
                args=(question,),
            )


def _product_or_none(language: Language) -> Product | None:
    """The product when it is ready; what is wrong with it is drawn."""
    try:
        return shared_product().get(timeout=0)
    except ExpertError as error:
        st.error(error.in_language(language))
    except Exception:
        _log.exception("the product cannot be opened")
        st.error(tell("unexpected", language))
    return None


def _show_warming(language: Language) -> None:
    """A progress bar that redraws the page when the product is ready."""
    shared = shared_product()
    if shared.done.is_set():  # it failed, and that was said
        return

    @st.fragment(run_every=0.5)
    def progress() -> None:
        st.progress(min(1.0, shared.progress), text=say("warming", language))
        if shared.done.is_set():
            st.rerun()

    progress()
