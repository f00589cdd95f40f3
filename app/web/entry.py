"""One entry of the knowledge: its text in either language, its sources and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from app.commands import entry_text
from app.export.inert import inert
from app.export.review_words import DELIVERABLE_WORDS
from app.web.area_words import (
    AREA_WORDS,
    KIND_WORDS,
    ROLE_WORDS,
    SITUATION_WORDS,
    STATUS_WORDS,
    label,
)
from app.web.catalogue import Catalogue
from app.web.page_words import tell
from app.web.places import choice_in_address, remember_choice, show_jump
from ingest.schema import LANGUAGES, Entry, EntryMeta, Language, Section, Source

LIST_ADDRESS = "knowledge-list"
LANGUAGE_NAMES = {"en": "English", "es": "Español"}
_ALIASES = 8
_FOOTNOTE = re.compile(r"\[\^([a-z0-9-]+)\]")
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)


def show_entry(entry: Entry, catalogue: Catalogue, language: Language, reading: Language) -> None:
    """The page of an entry; `language` is the interface's, `reading` the entry's."""
    meta = entry.meta
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        back = st.session_state.get(LIST_ADDRESS, {})
        show_jump(f"← {tell('all_entries', language)}", "back-to-list", back)
        _show_language_choice(language, reading)
    st.title(meta.title.in_language(reading), anchor=False)
    st.markdown(inert(meta.summary.in_language(reading)))
    _show_marks(meta, catalogue.area_of(meta.id), language)
    _show_status(meta, catalogue, language, reading)
    sections = entry.sections[reading]
    _show_contents(sections, language)
    for section in sections:
        st.header(section.heading, anchor=section.id)
        st.markdown(readable(section.body, meta.sources))
    _show_sources(meta.sources, language)
    related = [
        catalogue.knowledge.entries[key]
        for key in meta.related
        if key in catalogue.knowledge.entries
    ]
    _show_entries("related", related, language, reading)
    named = {other.meta.id for other in related}
    others = [other for other in catalogue.linked_from(meta.id) if other.meta.id not in named]
    _show_entries("linked_from", others, language, reading)
    st.download_button(
        tell("download_entry", language),
        lambda: entry_text(meta.id, reading),
        file_name=f"{meta.id}.{reading}.md",
        mime="text/markdown",
        on_click="ignore",
        icon=":material/download:",
        key="download-entry",
    )


def show_badges(meta: EntryMeta, area: str, language: Language) -> None:
    """What an entry is, in a row: kind, area, and its status unless it is active."""
    st.badge(label(KIND_WORDS, meta.kind, language), color="primary")
    st.badge(label(AREA_WORDS, area, language), color="gray")
    if meta.situation:
        st.badge(label(SITUATION_WORDS, meta.situation, language), color="gray")
    if meta.status != "active":
        status = label(STATUS_WORDS, meta.status, language)
        st.badge(status, color="orange", icon=":material/history:")


def show_entry_jump(entry: Entry, label: str, language: Language, where: str) -> None:
    """Opens an entry from another part of the knowledge page; `where` tells two of them apart."""
    show_jump(inert(label), f"{where}-{entry.meta.id}", {"entry": entry.meta.id, "lang": language})


def readable(body: str, sources: Sequence[Source]) -> str:
    """A section's Markdown, inert, whose footnote marks are numbers that open their source."""
    numbers = {source.key: (n, source.url) for n, source in enumerate(sources, start=1)}

    def cite(match: re.Match[str]) -> str:
        n, url = numbers.get(match.group(1), (0, ""))
        return f" [\\[{n}\\]](<{url}>)" if n else ""

    # A dollar would begin a formula.
    return "".join(
        piece if number % 2 else _FOOTNOTE.sub(cite, piece.replace("$", "\\$"))
        for number, piece in enumerate(_CODE.split(inert(body)))
    )


def _show_marks(meta: EntryMeta, area: str, language: Language) -> None:
    with st.container(horizontal=True, gap="small"):
        show_badges(meta, area, language)
    lines = [tell("reviewed", language, date=meta.reviewed.isoformat())]
    useful = [label(ROLE_WORDS, role, language) for role in meta.roles]
    useful += [DELIVERABLE_WORDS[name].in_language(language) for name in meta.deliverables]
    if useful:
        lines.append(f"{tell('useful_for', language)}: {', '.join(useful)}")
    if meta.aliases:
        lines.append(tell("also_called", language, names=", ".join(meta.aliases[:_ALIASES])))
    st.caption(inert(" · ".join(lines)))


def _show_status(
    meta: EntryMeta, catalogue: Catalogue, language: Language, reading: Language
) -> None:
    """Why this should not be chosen any more, and what stands in its place."""
    if meta.status == "active":
        return
    status = label(STATUS_WORDS, meta.status, language)
    note = meta.status_note.in_language(reading) if meta.status_note else ""
    st.warning(f"**{status}.** {inert(note)}", icon=":material/history:")
    successor = catalogue.knowledge.entries.get(meta.successor or "")
    if successor is not None:
        title = successor.meta.title.in_language(reading)
        show_entry_jump(successor, f"{tell('successor', language)}: {title}", reading, "successor")


def _show_language_choice(language: Language, reading: Language) -> None:
    st.segmented_control(
        tell("reading_language", language),
        LANGUAGES,
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key=choice_in_address("lang", LANGUAGES, reading),
        on_change=remember_choice,
        args=("lang",),
        label_visibility="collapsed",
        width="content",
    )


def _show_contents(sections: Sequence[Section], language: Language) -> None:
    links = " · ".join(f"[{section.heading}](#{section.id})" for section in sections)
    st.markdown(f"**{tell('contents', language)}:** {links}")


def _show_sources(sources: Sequence[Source], language: Language) -> None:
    st.header(tell("sources", language), anchor="sources")
    lines = (
        f"{n}. [{inert(source.title)}](<{source.url}>) · {inert(source.publisher)}, {source.year}"
        for n, source in enumerate(sources, start=1)
    )
    st.markdown("\n".join(lines))


def _show_entries(
    heading: str, entries: Sequence[Entry], language: Language, reading: Language
) -> None:
    if not entries:
        return
    st.header(tell(heading, language), anchor=False)
    with st.container(horizontal=True, gap="small"):
        for other in entries:
            show_entry_jump(other, other.meta.title.in_language(reading), reading, heading)
