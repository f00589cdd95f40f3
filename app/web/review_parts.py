"""Pieces of the review page: receipts, fixes, questions, contradictions, exposed data."""

from __future__ import annotations

import streamlit as st

from app.export.inert import inert, plain_name
from app.export.markdown import place
from app.export.review_words import (
    SECRET_LINE,
    comparison_lines,
    effort,
    personal_line,
    remarks,
    word,
)
from app.review.finding import Quote
from app.review.guidance import Reading
from app.review.report import Review
from app.web.review_page_words import say
from app.wiring import refused_lines
from ingest.schema import Language


def show_refused(review: Review, language: Language) -> None:
    """One line for each file that was not used."""
    for line in refused_lines(review.refused, language):
        st.warning(inert(line))


def show_receipts(review: Review, language: Language) -> None:
    """What was read of each document."""
    label = say("receipts", language, count=len(review.documents))
    with st.expander(label, expanded=len(review.documents) <= 3):
        rows = [
            {
                word("document", language): plain_name(document.name),
                word("kind", language): document.kind,
                word("pages", language): document.pages,
                word("characters", language): document.characters,
                word("language", language): document.language,
                word("remarks", language): remarks(document, language),
            }
            for document in review.documents
        ]
        st.dataframe(rows, hide_index=True, key="receipts")


def show_comparison(review: Review, language: Language) -> None:
    """What became of each criterion since the last review of the project."""
    if review.comparison is None:
        return
    st.subheader(word("comparison", language), anchor=False)
    st.markdown("\n".join(comparison_lines(review.comparison, language)))


def show_fixes(review: Review, language: Language) -> None:
    """What to write or build first, with a template and where to read on."""
    if not review.top_fixes:
        return
    st.subheader(say("fixes", language), anchor=False)
    for number, finding in enumerate(review.top_fixes, start=1):
        title = finding.criterion.title.in_language(language)
        cost = f"{word('effort', language)}: {effort(finding, language)}"
        st.markdown(
            f"{number}. **{title}** ({cost}). {finding.criterion.advice.in_language(language)}"
        )
        guidance = finding.guidance
        if guidance.origin is None:
            continue
        label = f"{word('template', language)}: {guidance.origin.title.in_language(language)}"
        with st.expander(label):
            code = guidance.code.in_language(language)
            if code:
                st.code(code, language=guidance.syntax or None)
            st.markdown("\n".join(f"- {item.in_language(language)}" for item in guidance.items))
            for reading in guidance.readings:
                show_reading(reading, language)


def show_reading(reading: Reading, language: Language) -> None:
    """An entry of the knowledge and its sources."""
    links = " · ".join(f"[{inert(s.title)}]({s.url})" for s in reading.sources[:3])
    title = reading.title.in_language(language)
    st.caption(f"{say('see_also', language)}: **{title}** (`{reading.entry}`). {links}")


def show_questions(review: Review, language: Language) -> None:
    """What to ask the authors."""
    if review.questions:
        st.subheader(word("questions", language), anchor=False)
        lines = (f"- {text.in_language(language)}" for _, text in review.questions)
        st.markdown("\n".join(lines))


def show_contradictions(review: Review, language: Language) -> None:
    """Both quotes of what is affirmed here and denied there."""
    if not review.contradictions:
        return
    st.subheader(word("contradictions", language), anchor=False)
    for one in review.contradictions:
        with st.expander(one.finding.criterion.title.in_language(language)):
            st.markdown(f"**{word('affirmed', language)}**")
            show_quote(one.affirmed, language)
            st.markdown(f"**{word('denied', language)}**")
            show_quote(one.denied, language)


def show_exposed(review: Review, language: Language) -> None:
    """Possible secrets and personal data: kind and place, masked."""
    for secret in review.secrets:
        line = SECRET_LINE.in_language(language).format(
            kind=secret.kind, document=plain_name(secret.document), line=secret.line
        )
        st.error(inert(line))
    if review.personal_data:
        lines = (
            f"- {inert(personal_line(one, plain_name(one.document), language))}"
            for one in review.personal_data
        )
        st.warning(f"**{word('personal_data', language)}**\n\n" + "\n".join(lines))


def show_quote(quote: Quote, language: Language) -> None:
    """A verbatim quote and its place; shown as code, so that nothing of it takes effect."""
    where = place(quote.locator.model_copy(update={"file": plain_name(quote.document)}), language)
    st.caption(inert(where))
    st.code(quote.text, language=None, wrap_lines=True)
