"""Draws an answer: its text, citations that open the passage, support, figures, evidence."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import streamlit as st

from app.expert.answer import Answer, Calculation, Reference
from app.expert.question import read_question
from app.export.inert import inert
from app.export.markdown import place, without_checklist
from app.solve.numerals import format_number
from app.web.chat_words import VERDICT_WORDS, say, status_word
from app.web.places import show_entry_link
from app.wiring import Product
from ingest.schema import Entry, Language

EVIDENCE_PASSAGES = 8
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_DOT = re.compile(r"```(?:dot|graphviz)\n(.*?)```", re.DOTALL)
_MARKER = re.compile(r"\[(\d{1,3})\](?!\()")
_PASSAGE_STYLE = (
    "white-space:pre-wrap;line-height:1.55;font-size:0.92rem;max-height:22rem;overflow:auto;"
    "overflow-wrap:anywhere"
)
_MARK_STYLE = "background:#ffe58a;color:#1a1a1a;padding:0 2px;border-radius:3px"


def show_text(answer: Answer, language: Language) -> None:
    """How a short turn was understood, the warnings, the text with its diagrams, the figures."""
    if answer.understood:
        st.caption(say("understood", language, question=inert(answer.understood)))
    for warning in answer.warnings:
        st.info(inert(warning), icon=":material/info:")
    known = {reference.n for reference in answer.references}
    pieces = _DOT.split(without_checklist(answer))
    for number, piece in enumerate(pieces):
        if number % 2:
            st.graphviz_chart(piece, width="content", alt=say("diagram", language))
        elif piece.strip():
            st.markdown(with_chips(inert(piece), known))
    _show_calculations(answer.calculations, language)


def with_chips(text: str, known: set[int]) -> str:
    """The same Markdown with citation markers of known references as small badges."""

    def chip(match: re.Match[str]) -> str:
        n = int(match.group(1))
        return f":gray-badge[{n}]" if n in known else match.group(0)

    pieces = _CODE.split(text)
    return "".join(
        piece if number % 2 else _MARKER.sub(chip, piece) for number, piece in enumerate(pieces)
    )


def show_support(answer: Answer, key: str, language: Language) -> None:
    """Who wrote the answer, and every statement with its verdict on demand."""
    if not answer.statements:
        return
    by = (
        say("generated", language, model=answer.model)
        if answer.mode == "generated"
        else say("composed", language)
    )
    supported = sum(s.verdict == "supported" for s in answer.statements)
    share = say("supported", language, supported=supported, total=len(answer.statements))
    shown = st.expander(f"{by} · {share}", key=f"support-{key}", type="compact", on_change="rerun")
    if shown.open:
        with shown:
            lines = []
            for statement in answer.statements:
                icon, word = VERDICT_WORDS[statement.verdict]
                cited = "".join(f" [{n}]" for n in statement.citations)
                text = " ".join(inert(statement.text).split())
                lines.append(f"- {icon} **{word.in_language(language)}** · {text}{cited}")
            st.markdown("\n".join(lines))


def show_references(
    references: tuple[Reference, ...],
    key: str,
    entries: Mapping[str, Entry],
    language: Language,
) -> None:
    """A chip for each reference; it opens the passage, drawn only then."""
    if not references:
        return
    st.caption(say("sources", language))
    with st.container(horizontal=True, gap="xsmall"):
        for reference in references:
            title, heading = _short(reference.title, 24), _short(reference.heading, 18)
            label = f"{reference.n} · {title} · {heading}"
            chip = st.popover(
                label, key=f"cite-{key}-{reference.n}", width="content", on_change="rerun"
            )
            if chip.open:
                with chip:
                    _show_passage(reference, entries.get(reference.entry), language)


def _show_passage(reference: Reference, entry: Entry | None, language: Language) -> None:
    """The passage with the quoted text marked, where it stands, and its primary sources."""
    st.markdown(f"**{inert(reference.title)}** · {inert(reference.heading)}")
    facts = [place(reference.locator, language)]
    if entry is not None:
        date = entry.meta.reviewed.strftime("%d/%m/%Y" if language == "es" else "%d %b %Y")
        facts += [status_word(entry.meta.status, language), say("reviewed", language, date=date)]
    else:
        facts.append(say("own_document", language))
    st.caption(" · ".join(fact for fact in facts if fact))
    label = html.escape(say("passage", language))
    st.html(
        f'<div style="{_PASSAGE_STYLE}" data-testid="passage" role="region" tabindex="0" '
        f'aria-label="{label}">{marked(reference)}</div>'
    )
    st.caption(say("cited", language))
    for source in reference.sources:
        year = f", {source.year}" if source.year else ""
        said = f"[{inert(source.title)}]({source.url}) · {inert(source.publisher)}{year}"
        st.markdown(f"{say('primary', language)}: {said}")
    if not reference.sources and reference.url:
        st.markdown(f"{say('see_also', language)}: <{reference.url}>")
    if entry is not None:
        show_entry_link(reference.entry, say("open_entry", language), language)


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


def show_evidence(answer: Answer, product: Product, language: Language) -> None:
    """What the search finds for the question now, with scores; cited passages are marked."""
    question = read_question(answer.question, reader_language=language)
    found = product.search.search(question.text, answer.language, EVIDENCE_PASSAGES)
    cited = {reference.id: reference.n for reference in answer.references}
    rows = [
        {
            say("passage_title", language): f"{hit.passage.title} · {hit.passage.heading}",
            say("score", language): format_number(round(hit.score, 2), language),
            say("cited_here", language): f"[{cited[hit.passage.id]}]"
            if hit.passage.id in cited
            else say("no", language),
        }
        for hit in found.hits
    ]
    st.caption(say("evidence_help", language))
    st.table(rows, border="horizontal", hide_index=True)


def _show_calculations(calculations: tuple[Calculation, ...], language: Language) -> None:
    for calculation in calculations:
        rows = [
            _row(name, amount, "assumed" if amount.get("assumed") else "given", language)
            for name, amount in calculation.inputs.items()
        ]
        rows += [
            _row(name, amount, "result", language) for name, amount in calculation.result.items()
        ]
        with st.container(border=True):
            st.markdown(f"**{say('calculation', language)}** · `{calculation.formula}`")
            st.table(rows, border="horizontal", hide_index=True)


def _row(
    name: str, amount: Mapping[str, object], origin: str, language: Language
) -> dict[str, str]:
    label = str(amount.get("label") or name.replace("_", " "))
    value = amount["value"]
    shown = format_number(value, language) if isinstance(value, int | float) else str(value)
    bold = "**" if origin == "result" else ""
    return {
        say("quantity", language): label,
        say("value", language): f"{bold}{shown} {amount['unit']}{bold}",
        say("origin", language): say(origin, language),
    }


def _short(text: str, limit: int) -> str:
    text = inert(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
