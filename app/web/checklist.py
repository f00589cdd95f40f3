"""The checklist of a conversation: items of all its answers, ticked here, by deliverable."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.expert.answer import ChecklistTick
from app.export.inert import inert
from app.export.markdown import checklist_items, checklist_markdown
from app.export.review_words import DELIVERABLE_WORDS
from app.history.store import Conversation
from app.web.chat_words import say
from app.web.session import shared_store
from app.web.visitor import visitor
from ingest.schema import Deliverable, Language


def show_checklist(conversation: Conversation, language: Language) -> None:
    """The panel; nothing when no answer has an item."""
    items = checklist_items(conversation.answers)
    if items:
        _panel(conversation, items, language)


@st.fragment
def _panel(conversation: Conversation, items: Sequence[ChecklistTick], language: Language) -> None:
    """A tick redraws this part alone, so that no other click is lost."""
    key, owner = conversation.id, visitor()
    store = shared_store()

    def widget_of(item: ChecklistTick) -> str:
        return f"tick-{key}-{item.id}"

    def remember(item: ChecklistTick) -> None:
        store.tick(key, item.id, bool(st.session_state[widget_of(item)]), owner)

    def done(item: ChecklistTick) -> bool:
        return bool(st.session_state.get(widget_of(item), item.id in conversation.ticked))

    count = sum(map(done, items))
    with st.container(border=True, key="checklist"):
        st.markdown(f"**{say('checklist_of', language)}**")
        st.progress(count / len(items), text=say("ticked", language, done=count, total=len(items)))
        shown = _filtered(items, key, language)
        for item in items:
            if item in shown:
                st.checkbox(
                    inert(item.text),
                    value=item.id in conversation.ticked,
                    key=widget_of(item),
                    help=inert(item.why),
                    on_change=remember,
                    args=(item,),
                    persist_state="page",
                )
        st.download_button(
            say("download_checklist", language),
            # Written when it is clicked, so that it holds the latest ticks.
            lambda: checklist_markdown(
                conversation.title, items, store.load(key, owner).ticked, language
            ),
            file_name="checklist.md",
            mime="text/markdown",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            key=f"download-checklist-{key}",
        )


def _filtered(
    items: Sequence[ChecklistTick], key: str, language: Language
) -> Sequence[ChecklistTick]:
    """The items of the deliverable that the reader chose, else all."""
    there: list[Deliverable] = [
        name for name in DELIVERABLE_WORDS if any(item.deliverable == name for item in items)
    ]
    if len(there) < 2:
        return items
    chosen = st.pills(
        say("deliverable", language),
        there,
        format_func=lambda name: DELIVERABLE_WORDS[name].in_language(language),
        label_visibility="collapsed",
        key=f"deliverable-{key}",
    )
    return items if chosen is None else [item for item in items if item.deliverable == chosen]
