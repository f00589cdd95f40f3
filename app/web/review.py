"""The review page: upload, verdicts with their quotes, the report as Markdown."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import streamlit as st

from app.errors import ExpertError
from app.export.inert import inert
from app.export.review_report import review_markdown
from app.export.review_words import DELIVERABLE_WORDS, MARKS, VERDICT_WORDS, disagreement, word
from app.review.finding import Finding, Verdict
from app.review.report import Review
from app.settings import read_settings
from app.web.review_page_words import say
from app.web.review_parts import (
    show_comparison,
    show_contradictions,
    show_exposed,
    show_fixes,
    show_questions,
    show_quote,
    show_reading,
    show_receipts,
    show_refused,
)
from app.web.session import interface_language
from app.web.visitor import visitor
from app.wiring import ReviewOptions, Upload, load_knowledge, review_files
from ingest.schema import Language

RESULT = "review"
KINDS = (
    "md txt rst pdf docx pptx html htm ipynb yaml yml json toml ini cfg py sh sql tf dockerfile zip"
).split()
_log = logging.getLogger(__name__)


def page() -> None:
    """Draws the page from top to bottom."""
    language = interface_language()
    st.title(say("review", language), anchor=False)
    count = len(load_knowledge(read_settings()).criteria)
    st.markdown(say("review_intro", language, count=count))
    files = st.file_uploader(
        say("upload", language), type=KINDS, accept_multiple_files=True, key="documents"
    )
    project = st.text_input(
        say("project", language), max_chars=80, help=say("project_help", language), key="project"
    )
    if st.button(say("start_review", language), type="primary", disabled=not files, key="start"):
        uploads = [Upload(file.name, file.getvalue()) for file in files]
        result = _review(uploads, ReviewOptions(project=project or None, owner=visitor()), language)
        if result is not None:
            st.session_state[RESULT] = result
    if RESULT in st.session_state:
        review: Review = st.session_state[RESULT]
        show_refused(review, language)
        if review.documents:
            show_receipts(review, language)
            _show_review(review, language)


def _review(uploads: Sequence[Upload], options: ReviewOptions, language: Language) -> Review | None:
    """The review; errors are drawn."""
    with st.status(say("reading", language)) as status:
        try:
            review = review_files(read_settings(), uploads, options)
        except ExpertError as error:
            status.update(label=error.in_language(language), state="error")
            return None
        except Exception:
            _log.exception("a review failed")
            status.update(label=say("unexpected", language), state="error")
            return None
        read = bool(review.documents)
        status.update(
            label=say("reviewed" if read else "nothing_read", language),
            state="complete" if read else "error",
        )
    return review


def _show_review(review: Review, language: Language) -> None:
    for warning in review.warnings:
        st.warning(inert(warning.in_language(language)))
    _show_scores(review, language)
    show_comparison(review, language)
    show_fixes(review, language)
    show_questions(review, language)
    show_contradictions(review, language)
    show_exposed(review, language)
    _show_table(review, language)
    st.download_button(
        say("download_report", language),
        lambda: review_markdown(review, language),
        file_name="review.md",
        mime="text/markdown",
        on_click="ignore",
        key="download-report",
    )
    st.subheader(say("details", language), anchor=False)
    options: list[Verdict | None] = [None, "missing", "partial", "covered"]
    wanted = st.segmented_control(
        say("show", language),
        options,
        format_func=lambda v: say("all", language) if v is None else _word(v, language),
        default=None,
        key="filter",
    )
    for finding in review.findings:
        if wanted in (None, finding.verdict):
            _show_finding(finding, language)


def _show_scores(review: Review, language: Language) -> None:
    with st.container(horizontal=True, gap="medium"):
        change = review.comparison.score_change if review.comparison else None
        st.metric(say("score", language), f"{review.score:.0f} / 100", change, border=True)
        for verdict, mark in MARKS.items():
            count = sum(f.verdict == verdict for f in review.findings)
            st.metric(f"{mark} {_word(verdict, language)}", count, border=True)
    for name, score in review.score_by_deliverable.items():
        title = DELIVERABLE_WORDS[name].in_language(language)
        if score is None:
            st.caption(f"{title}: –")
        else:
            st.progress(score / 100, text=f"{title}: {score:.0f} / 100")


def _show_table(review: Review, language: Language) -> None:
    rows = [
        {
            say("criterion", language): finding.criterion.title.in_language(language),
            say("deliverable", language): DELIVERABLE_WORDS[
                finding.criterion.deliverable
            ].in_language(language),
            say(
                "verdict", language
            ): f"{MARKS[finding.verdict]} {_word(finding.verdict, language)}",
            say("confidence", language): round(100 * finding.confidence),
        }
        for finding in review.findings
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            say("confidence", language): st.column_config.ProgressColumn(
                format="%d %%", min_value=0, max_value=100
            )
        },
        key="verdicts",
    )


def _show_finding(finding: Finding, language: Language) -> None:
    title = finding.criterion.title.in_language(language)
    label = f"{MARKS[finding.verdict]} {title} · {_word(finding.verdict, language)}"
    with st.expander(label):
        st.markdown(inert(finding.reason.in_language(language)))
        if finding.needs_human:
            other = disagreement(finding, language) or word("human", language).capitalize() + "."
            st.info(inert(other))
        for quote in finding.evidence:
            show_quote(quote, language)
        if finding.verdict != "covered" and finding.applies:
            st.markdown(
                f"**{say('advice', language)}.** {finding.criterion.advice.in_language(language)}"
            )
            for reading in finding.guidance.readings:
                show_reading(reading, language)


def _word(verdict: Verdict, language: Language) -> str:
    return VERDICT_WORDS[verdict].in_language(language).capitalize()
