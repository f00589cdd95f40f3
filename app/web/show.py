"""Draws an answer: text, citations that open the passage, checklist, downloads."""

from __future__ import annotations

import html
from collections.abc import Callable

import streamlit as st

from app.expert.answer import Answer, Reference
from app.export.inert import inert
from app.export.markdown import answer_markdown, place
from app.web.words import say
from ingest.schema import Language

_PASSAGE_STYLE = (
    "white-space:pre-wrap;line-height:1.5;font-size:0.92rem;max-height:22rem;overflow:auto;"
    "overflow-wrap:anywhere"
)
_MARK_STYLE = "background:#ffe58a;color:#1a1a1a;padding:0 2px;border-radius:3px"


def show_answer(
    answer: Answer,
    key: str,
    language: Language,
    ticked: frozenset[str],
    on_tick: Callable[[str, bool], None],
) -> None:
    """One answer of a conversation; `key` makes its widgets unique on the page."""
    for warning in answer.warnings:
        st.warning(inert(warning))
    st.markdown(answer_text(answer))
    _show_support(answer, language)
    _show_references(answer.references, language)
    _show_checklist(answer, key, language, ticked, on_tick)
    if answer.references:
        st.download_button(
            say("download_answer", language),
            lambda: answer_markdown(answer, ticked=ticked),
            file_name="answer.md",
            mime="text/markdown",
            on_click="ignore",
            key=f"download-{key}",
        )


def answer_text(answer: Answer) -> str:
    """The answer's text, inert, without the checklist that is drawn as boxes to tick."""
    text = answer.answer_markdown
    if answer.checklist:
        first = f"- [ ] {answer.checklist[0].text}"
        start = text.find(first)
        if start > 0:
            text = text[: text.rfind("**", 0, text.rfind("**", 0, start))]
    return inert(text)


def _show_support(answer: Answer, language: Language) -> None:
    """Who wrote the answer and how many of its statements hold."""
    if not answer.statements:
        return
    supported = sum(s.verdict == "supported" for s in answer.statements)
    by = (
        say("generated", language, model=answer.model)
        if answer.mode == "generated"
        else say("composed", language)
    )
    share = say("supported", language, supported=supported, total=len(answer.statements))
    st.caption(f"{by} · {share}")
    weak = [s for s in answer.statements if s.verdict != "supported"]
    if weak:
        with st.expander(f"⚠ {len(weak)}"):
            for statement in weak:
                st.markdown(f"- **{statement.verdict}** · {inert(statement.text)}")


def _show_references(references: tuple[Reference, ...], language: Language) -> None:
    if not references:
        return
    st.caption(say("sources", language))
    with st.container(horizontal=True, gap="small"):
        for reference in references:
            label = f"{reference.n} · {_short(reference.title)}: {_short(reference.heading)}"
            with st.popover(label):
                _show_passage(reference, language)


def _show_passage(reference: Reference, language: Language) -> None:
    """The passage with the quoted text marked, where it stands, and its primary sources."""
    st.markdown(f"**{inert(reference.title)}** · {inert(reference.heading)}")
    where = place(reference.locator, language)
    status = "" if reference.status == "active" else reference.status
    notes = [where, say("retired", language, status=status) if status else ""]
    shown = " · ".join(note for note in notes if note)
    if shown:
        st.caption(shown)
    st.html(f'<div style="{_PASSAGE_STYLE}" data-testid="passage">{marked(reference)}</div>')
    st.caption(say("cited", language))
    for source in reference.sources:
        year = f", {source.year}" if source.year else ""
        st.markdown(f"[{inert(source.title)}]({source.url}) · {inert(source.publisher)}{year}")
    if not reference.sources and reference.url:
        st.markdown(f"{say('see_also', language)}: <{reference.url}>")


def marked(reference: Reference) -> str:
    """The passage as HTML in which everything is escaped and only our marks are markup."""
    pieces: list[str] = []
    at = 0
    for quote in reference.quotes:
        start = reference.passage.find(quote, at)
        if start < 0:
            continue
        pieces.append(html.escape(reference.passage[at:start]))
        pieces.append(f'<mark style="{_MARK_STYLE}">{html.escape(quote)}</mark>')
        at = start + len(quote)
    pieces.append(html.escape(reference.passage[at:]))
    return "".join(pieces)


@st.fragment
def _show_checklist(
    answer: Answer,
    key: str,
    language: Language,
    ticked: frozenset[str],
    on_tick: Callable[[str, bool], None],
) -> None:
    """Boxes to tick; a tick redraws this part alone, so that no other click is lost."""
    if not answer.checklist:
        return
    with st.container(border=True):
        st.markdown(f"**{say('checklist', language)}**")
        done = 0
        for item in answer.checklist:
            widget = f"tick-{key}-{item.id}"

            def remember(item_id: str = item.id, widget: str = widget) -> None:
                on_tick(item_id, bool(st.session_state[widget]))

            done += st.checkbox(
                inert(item.text),
                value=item.id in ticked,
                key=widget,
                help=inert(item.why),
                on_change=remember,
            )
        st.caption(say("ticked", language, done=done, total=len(answer.checklist)))


def _short(text: str, limit: int = 28) -> str:
    text = inert(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
