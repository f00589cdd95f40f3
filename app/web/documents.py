"""The page of the reader's own documents: add them, see what was read, remove them."""

from __future__ import annotations

import logging

import streamlit as st

from app.errors import ExpertError
from app.export.inert import inert, plain_name
from app.export.review_words import remarks, word
from app.libraries import Adding, Library
from app.review.report import ReviewedDocument
from app.settings import read_settings
from app.web.own_documents import shared_libraries
from app.web.page_words import tell
from app.web.session import interface_language, shared_product
from app.web.visitor import visitor
from app.wiring import Parsed, Product, Upload, collections_of, refused_lines
from ingest.schema import Language

KINDS = (
    "md txt rst pdf docx pptx html htm ipynb yaml yml json toml ini cfg py sh sql tf dockerfile zip"
).split()
TEXT_SHOWN = 20_000
_ROUND = "documents-round"
_NOTICE = "documents-notice"
_log = logging.getLogger(__name__)


def page() -> None:
    """Draws the page from top to bottom."""
    language = interface_language()
    st.title(tell("documents", language), anchor=False)
    st.markdown(tell("documents_intro", language))
    st.caption(tell("documents_whose", language))
    product = _product_or_progress(language)
    if product is None:
        return
    adding = shared_libraries().adding(visitor())
    if adding is not None and not adding.over.is_set():
        _show_progress(adding, language)
    else:
        if adding is not None:
            _show_receipt(adding, language)
        _show_form(product, language)
    _show_collections(product, language)
    _show_shared(language)


def _product_or_progress(language: Language) -> Product | None:
    """The product, or progress that redraws the page when it is there."""
    shared = shared_product()
    if shared.done.is_set():
        return shared.get()

    @st.fragment(run_every=0.5)
    def progress() -> None:
        st.progress(min(1.0, shared.progress), tell("warming", language))
        if shared.done.is_set():
            st.rerun()

    progress()
    return None


def _show_form(product: Product, language: Language) -> None:
    # Another round gives the upload another key, which empties it.
    turn = st.session_state.get(_ROUND, 0)
    files = st.file_uploader(
        tell("documents_files", language), type=KINDS, accept_multiple_files=True, key=f"new-{turn}"
    )
    name = st.text_input(
        tell("collection", language),
        value=tell("collection_default", language),
        max_chars=40,
        help=tell("collection_help", language),
        key="collection-name",
    )
    if st.button(
        tell("add", language), type="primary", icon=":material/add:", disabled=not files, key="add"
    ):
        uploads = [Upload(file.name, file.getvalue()) for file in files]
        try:
            shared_libraries().add(product, visitor(), name, uploads)
        except ExpertError as error:
            st.error(error.in_language(language))
            return
        st.session_state[_ROUND] = turn + 1
        st.rerun()


@st.fragment(run_every=0.5)
def _show_progress(adding: Adding, language: Language) -> None:
    st.progress(min(1.0, adding.progress), tell("adding", language))
    st.caption(tell("adding_more", language))
    if adding.over.is_set():
        st.rerun()


def _show_receipt(adding: Adding, language: Language) -> None:
    """What became of the files that were added last."""
    parsed = adding.parsed or Parsed(documents=(), refused=())
    if isinstance(adding.error, ExpertError):
        st.error(inert(adding.error.in_language(language)))
    elif adding.error is not None:
        st.error(tell("unexpected", language))
    elif adding.passages is None:
        st.error(tell("added_nothing", language))
    else:
        st.success(
            tell(
                "added",
                language,
                name=adding.name,
                documents=len(parsed.documents),
                passages=adding.passages,
            ),
            icon=":material/check:",
        )
    for line in refused_lines(parsed.refused, language):
        st.warning(inert(line))
    if parsed.documents:
        with st.expander(tell("receipt", language), expanded=True, icon=":material/receipt_long:"):
            _show_read(parsed, language)
    if st.button(tell("understood", language), key="receipt-seen"):
        shared_libraries().seen(visitor())
        st.rerun()


def _show_read(parsed: Parsed, language: Language) -> None:
    rows = []
    for document in parsed.documents:
        read = ReviewedDocument(
            name=document.name,
            kind=document.kind,
            pages=document.pages,
            language=document.language,
            characters=len(document.text),
            pages_without_text=document.pages_without_text,
            warnings=document.warnings,
        )
        rows.append(
            {
                word("document", language): inert(plain_name(read.name)),
                word("kind", language): read.kind,
                word("pages", language): "–" if read.pages is None else str(read.pages),
                word("characters", language): read.characters,
                word("language", language): read.language,
                word("remarks", language): inert(remarks(read, language)),
            }
        )
    st.table(rows)
    for number, document in enumerate(parsed.documents):
        with st.popover(tell("text_of", language, name=inert(plain_name(document.name, 60)))):
            if len(document.text) > TEXT_SHOWN:
                st.caption(tell("text_cut", language, count=TEXT_SHOWN))
            # As code nothing of it takes effect.
            st.code(document.text[:TEXT_SHOWN], language=None, wrap_lines=True, height=320)
        if number == 9:
            break


def _show_collections(product: Product, language: Language) -> None:
    st.header(tell("collections", language), anchor=False)
    if notice := st.session_state.pop(_NOTICE, None):
        st.success(inert(notice), icon=":material/check:")
    libraries = shared_libraries().of(product, visitor())
    if not libraries:
        st.caption(tell("no_collections", language))
    for library in libraries:
        _show_library(product, library, language)


def _show_library(product: Product, library: Library, language: Language) -> None:
    heading = tell(
        "collection_size",
        language,
        name=library.name,
        documents=len(library.documents),
        passages=library.passages,
    )
    with st.container(border=True, gap="small"):
        st.markdown(f"**{heading}**")
        for number, document in enumerate(library.documents):
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                st.markdown(inert(plain_name(document)), width="content")
                if st.button(
                    tell("remove", language),
                    icon=":material/delete:",
                    help=inert(plain_name(document)),
                    key=f"remove-{library.name}-{number}",
                ):
                    _remove(product, library.name, document, language)


def _remove(product: Product, library: str, document: str, language: Language) -> None:
    with st.spinner(tell("removing", language)):
        try:
            shared_libraries().remove(product, visitor(), library, document)
        except ExpertError as error:
            st.error(error.in_language(language))
            return
    st.session_state[_NOTICE] = tell("removed", language, name=plain_name(document))
    st.rerun()


def _show_shared(language: Language) -> None:
    shared = collections_of(read_settings())
    if not shared:
        return
    st.header(tell("shared_collections", language), anchor=False)
    st.caption(tell("shared_collections_intro", language))
    for info in shared:
        st.markdown(
            "- "
            + tell(
                "collection_size",
                language,
                name=inert(info.name),
                documents=len(info.documents),
                passages=info.passages,
            )
        )
