"""The knowledge page: search, map of topics, what is retired, and the entries themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

import streamlit as st

from app.export.inert import inert, plain_name
from app.settings import read_settings
from app.web.area_words import (
    AREA_WORDS,
    GROUP_WORDS,
    KIND_WORDS,
    ROLE_WORDS,
    SITUATION_WORDS,
    STATUS_WORDS,
    label,
)
from app.web.catalogue import Catalogue, Filters, read_catalogue
from app.web.entry import LIST_ADDRESS, show_badges, show_entry, show_entry_jump
from app.web.page_words import tell
from app.web.places import choice_in_address, remember_choice
from app.web.session import interface_language, shared_product
from app.wiring import Product, load_knowledge
from ingest.schema import CURATED, Entry, Kind, Language, Role, Situation, Status, Text

VIEWS = ("search", "map", "retired")
SHOWN = 15
SEARCH_HITS = 40
SEARCH_LETTERS = 200
_MEANING_LETTERS = 3


@st.cache_resource(show_spinner=False)
def shared_catalogue() -> Catalogue:
    """The catalogue, read once for all visitors."""
    return read_catalogue(load_knowledge(read_settings()))


def page() -> None:
    """Draws the entry that the address names, else the catalogue."""
    language = interface_language()
    catalogue = shared_catalogue()
    wanted = st.query_params.get("entry")
    entry = catalogue.knowledge.entries.get(wanted or "")
    if entry is not None:
        show_entry(entry, catalogue, language, _reading_language(language))
        return
    st.session_state[LIST_ADDRESS] = st.query_params.to_dict()
    st.title(tell("knowledge", language), anchor=False)
    if wanted:
        st.warning(inert(tell("no_entry", language, entry=plain_name(wanted, 60))))
    st.markdown(tell("knowledge_intro", language, entries=len(catalogue.knowledge.entries)))
    view = st.segmented_control(
        tell("view", language),
        VIEWS,
        format_func=lambda one: tell(f"view_{one}", language),
        required=True,
        key=choice_in_address("view", VIEWS, VIEWS[0]),
        on_change=remember_choice,
        args=("view", VIEWS[0]),
        label_visibility="collapsed",
    )
    if view == "map":
        _show_map(catalogue, language)
    elif view == "retired":
        _show_retired(catalogue, language)
    else:
        _show_search(catalogue, language)


def _reading_language(language: Language) -> Language:
    asked = st.query_params.get("lang")
    return cast("Language", asked) if asked in ("en", "es") else language


def _show_search(catalogue: Catalogue, language: Language) -> None:
    words = st.text_input(
        tell("search_entries", language),
        type="search",
        placeholder=tell("search_entries_hint", language),
        live=True,
        key="q",
        bind="query-params",
    )
    words = (words or "")[:SEARCH_LETTERS]
    filters = _show_filters(catalogue, language)
    product = _ready_product()
    found = catalogue.find(words, filters, language, _near(product, words, language))
    if product is None and words:
        _show_waiting(language)
    if not found:
        st.info(tell("found_none", language))
        return
    st.caption(
        tell("found_one", language)
        if len(found) == 1
        else tell("found", language, count=len(found))
    )
    pages = -(-len(found) // SHOWN)
    at = st.session_state.get(_pages_key(words, filters), 1) if pages > 1 else 1
    for entry in found[(at - 1) * SHOWN : at * SHOWN]:
        _show_result(entry, catalogue, language)
    if pages > 1:
        st.pagination(pages, key=_pages_key(words, filters))


@st.fragment(run_every=1.0)
def _show_waiting(language: Language) -> None:
    """Says that the search by meaning is not there yet, and searches again when it is."""
    st.caption(tell("by_meaning_later", language))
    if shared_product().done.is_set():
        st.rerun()


def _pages_key(words: str, filters: Filters) -> str:
    """Other words or filters begin at the first page again."""
    return f"pages-{words}-{filters}"


def _show_filters(catalogue: Catalogue, language: Language) -> Filters:
    with st.container(horizontal=True, gap="small"):
        area = _filter("area", [area.id for area in catalogue.areas], AREA_WORDS, language)
        kind = _filter("kind", get_args(Kind), KIND_WORDS, language)
        status = _filter("status", get_args(Status), STATUS_WORDS, language, "status_of_entry")
        role = _filter("role", get_args(Role), ROLE_WORDS, language)
        situation = _filter("situation", get_args(Situation), SITUATION_WORDS, language)
    return Filters(
        area,
        cast("Kind | None", kind),
        cast("Status | None", status),
        cast("Role | None", role),
        cast("Situation | None", situation),
    )


def _filter(
    name: str,
    options: Sequence[str],
    words: dict[str, Text],
    language: Language,
    called: str | None = None,
) -> str | None:
    """A choice of one option or of any; it stands in the address, so that a search can be sent."""
    return st.selectbox(
        tell(called or name, language),
        options,
        index=None,
        format_func=lambda one: label(words, one, language),
        placeholder=tell("any", language),
        key=choice_in_address(name, options),
        on_change=remember_choice,
        args=(name,),
        width=128,
    )


def _ready_product() -> Product | None:
    """The product if it is warm; names and summaries can be searched without it."""
    shared = shared_product()
    return shared.get() if shared.done.is_set() else None


def _near(product: Product | None, words: str, language: Language) -> list[str]:
    """Ids of the entries whose passages are nearest in meaning, best first."""
    if product is None or len(words.strip()) < _MEANING_LETTERS:
        return []
    hits = product.search.search(words, language, SEARCH_HITS).hits
    return [hit.passage.entry for hit in hits if hit.passage.collection == CURATED]


def _show_result(entry: Entry, catalogue: Catalogue, language: Language) -> None:
    meta = entry.meta
    with st.container(border=True, gap="xxsmall"):
        show_entry_jump(entry, f"**{meta.title.in_language(language)}**", language, "result")
        st.markdown(inert(meta.summary.in_language(language)))
        with st.container(horizontal=True, gap="small"):
            show_badges(meta, catalogue.area_of(meta.id), language)


def _show_map(catalogue: Catalogue, language: Language) -> None:
    st.markdown(tell("map_intro", language))
    for area in catalogue.areas:
        st.header(f"{label(AREA_WORDS, area.id, language)} · {area.size}", anchor=area.id)
        for group in area.groups:
            _show_group(area.id, group.id, group.entries, language)


def _show_group(area: str, group: str, entries: Sequence[Entry], language: Language) -> None:
    titles = {entry.meta.id: inert(entry.meta.title.in_language(language)) for entry in entries}
    key = f"map-{area}-{group}"

    def open_entry() -> None:
        st.query_params.from_dict({"entry": st.session_state[key], "lang": language})

    st.pills(
        label(GROUP_WORDS, group, language),
        list(titles),
        format_func=titles.__getitem__,
        key=key,
        on_change=open_entry,
    )


def _show_retired(catalogue: Catalogue, language: Language) -> None:
    st.markdown(tell("retired_intro", language))
    for entry in catalogue.retired():
        meta = entry.meta
        with st.container(border=True, gap="xxsmall"):
            show_entry_jump(entry, f"**{meta.title.in_language(language)}**", language, "retired")
            if meta.status_note:
                st.markdown(inert(meta.status_note.in_language(language)))
            with st.container(horizontal=True, gap="small"):
                show_badges(meta, catalogue.area_of(meta.id), language)
            successor = catalogue.knowledge.entries.get(meta.successor or "")
            if successor is None:
                # What was only renamed stands in its own place.
                if meta.status in ("archived", "superseded"):
                    st.caption(tell("no_successor", language))
                continue
            title = successor.meta.title.in_language(language)
            words = f"{tell('successor', language)}: {title}"
            show_entry_jump(successor, words, language, f"successor-of-{meta.id}")
