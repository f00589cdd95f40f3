"""Where the pages are: links from one to another that keep the session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from ingest.schema import Language

PLACES = "places"


def remember_places(pages: dict[str, st.Page]) -> None:
    """Keeps the pages of this run by name, so that any page can link to any other."""
    st.session_state[PLACES] = pages


def place_of(name: str) -> st.Page:
    """A page, for `st.switch_page` or `st.page_link`."""
    return cast("dict[str, st.Page]", st.session_state[PLACES])[name]


def show_link(name: str, label: str, **parameters: str) -> None:
    """A link to a page with parameters in its address."""
    st.page_link(place_of(name), label=label, query_params=parameters or None)


def show_entry_link(entry: str, label: str, language: Language) -> None:
    """A link to an entry of the knowledge, from any other page."""
    show_link("knowledge", label, entry=entry, lang=language)


def show_jump(label: str, key: str, parameters: dict[str, str]) -> None:
    """Goes to another address of the same page.

    A page link to its own page changes what is shown and not the address, so that a reload would
    lose it; a button whose address is set does both and leaves the way back.
    """
    st.button(
        label,
        key=key,
        type="tertiary",
        on_click=st.query_params.from_dict,
        args=(parameters,),
    )


def choice_in_address(name: str, options: Sequence[str], default: str | None = None) -> str:
    """Prepares a choice whose value stands in the address; returns the key for its widget.

    The address is the truth: a link, a reload and the browser's way back set the widget. Give the
    widget `on_change=remember_choice, args=(name, default)`.
    """
    asked = st.query_params.get(name)
    key = _choice_key(name)
    st.session_state[key] = asked if asked in options else default
    return key


def remember_choice(name: str, default: str | None = None) -> None:
    """Writes what was chosen into the address; the default needs no words there."""
    chosen = st.session_state[_choice_key(name)]
    if chosen in (None, default):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen


def _choice_key(name: str) -> str:
    return f"choice-{name}"
