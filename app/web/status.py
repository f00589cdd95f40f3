"""The page of settings and status: what this installation runs with, and whether it works."""

from __future__ import annotations

import logging
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from app.errors import ExpertError
from app.expert.ports import Writer
from app.export.inert import inert
from app.settings import Settings, read_settings
from app.web.access import is_admin
from app.web.feedback_summary import show_feedback
from app.web.page_words import tell
from app.web.session import interface_language, shared_product, shared_store
from app.wiring import SAME_MODEL, Product, index_folder
from ingest.schema import Language

LOW_SPACE = 500 * 10**6
_log = logging.getLogger(__name__)


def page() -> None:
    """Draws the page from top to bottom."""
    language = interface_language()
    settings = read_settings()
    st.title(tell("status", language), anchor=False)
    st.markdown(tell("status_intro", language))
    _show_preferences(settings, language)
    product = _product_or_progress(language)
    st.header(tell("model", language), anchor="model")
    _show_model(settings, product, language)
    if product is not None:
        _show_search(settings, product, language)
    if is_admin():
        _show_storage(settings, language)
        show_feedback(language)
    _show_about(product, language)


def _product_or_progress(language: Language) -> Product | None:
    """The product, or progress that redraws the page when it is there; errors are drawn."""
    shared = shared_product()
    if shared.done.is_set():
        try:
            return shared.get()
        except ExpertError as error:
            st.error(error.in_language(language))
            return None

    @st.fragment(run_every=0.5)
    def progress() -> None:
        st.progress(min(1.0, shared.progress), tell("warming", language))
        if shared.done.is_set():
            st.rerun()

    progress()
    return None


def _show_preferences(settings: Settings, language: Language) -> None:
    st.header(tell("preferences", language), anchor="settings")
    st.markdown(tell("appearance", language))
    if not settings.sign_in:
        st.markdown(tell("not_signed_in", language))
        return
    st.markdown(inert(tell("signed_in", language, email=st.user.get("email") or "?")))
    st.button(
        tell("sign_out", language), icon=":material/logout:", on_click=st.logout, key="sign-out"
    )


def _show_model(settings: Settings, product: Product | None, language: Language) -> None:
    if not settings.llm_configured or settings.llm_model is None:
        st.markdown(tell("model_none", language))
        return
    host = urlsplit(settings.llm_base_url or "https://api.openai.com").hostname or "?"
    st.markdown(
        tell("model_set", language, model=f"**{inert(settings.llm_model)}**", host=inert(host))
    )
    if product is None or product.writer is None or not is_admin():
        return
    if st.button(tell("test_model", language), icon=":material/speed:", key="test-model"):
        _test_model(product.writer, language)


def _test_model(writer: Writer, language: Language) -> None:
    with st.spinner(tell("testing", language)):
        try:
            seconds = writer.check()
        except ExpertError as error:
            st.error(inert(error.in_language(language)), icon=":material/error:")
            return
        except Exception:
            _log.exception("the endpoint could not be tested")
            st.error(tell("unexpected", language), icon=":material/error:")
            return
    st.success(tell("model_answers", language, ms=round(seconds * 1000)), icon=":material/check:")


def _show_search(settings: Settings, product: Product, language: Language) -> None:
    st.header(tell("search_parts", language), anchor="search")
    manifest = product.search.curated.manifest
    knowledge = product.knowledge
    latest = max(entry.meta.reviewed for entry in knowledge.entries.values())
    rows = {
        "embedding": tell(
            "embedding_value",
            language,
            name=_embedding_name(settings),
            dimension=product.embedder.dimension,
        ),
        "index_version": tell(
            "index_value", language, version=manifest.content_version, **manifest.passages
        ),
        "knowledge_version": tell(
            "knowledge_value",
            language,
            version=knowledge.version,
            entries=len(knowledge.entries),
            date=latest.isoformat(),
        ),
    }
    st.markdown("\n".join(f"- **{tell(key, language)}:** {value}" for key, value in rows.items()))


def _embedding_name(settings: Settings) -> str:
    """The model's name; of a folder its last part, so that no path is shown."""
    if settings.embedding == "bundled":
        return SAME_MODEL.split("/")[-1]
    return inert(settings.embedding.replace("\\", "/").rstrip("/").split("/")[-1])


def _show_storage(settings: Settings, language: Language) -> None:
    st.header(tell("storage", language), anchor="storage")
    sizes = {
        "index": _size(index_folder(settings)),
        "models": _size(settings.model_folder),
        "database": _size_of_database(settings),
    }
    free = shutil.disk_usage(_existing(settings.data_folder)).free
    with st.container(horizontal=True, gap="small"):
        for name, size in (*sizes.items(), ("free", free)):
            if size is not None:
                st.metric(tell(f"storage_{name}", language), in_words(size), border=True)
    if free < LOW_SPACE:
        st.warning(tell("storage_low", language), icon=":material/warning:")
    try:
        shared_store().check()
    except ExpertError as error:
        st.error(error.in_language(language), icon=":material/error:")
    else:
        st.caption(f":material/check: {tell('database_works', language)}")


def _size(folder: Path) -> int:
    """Bytes of all files below a folder; those that vanish meanwhile do not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def _size_of_database(settings: Settings) -> int | None:
    """Bytes of the SQLite files; None for a database elsewhere."""
    if settings.database_url is not None:
        return None
    own = settings.data_folder.glob("conversations.sqlite*")
    return sum(path.stat().st_size for path in own)


def _existing(folder: Path) -> Path:
    return next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))


def in_words(size: int) -> str:
    """Bytes as kilobytes, megabytes or gigabytes, decimal."""
    if size < 10**6:
        return f"{size / 10**3:.0f} kB"
    return f"{size / 10**6:.0f} MB" if size < 10**9 else f"{size / 10**9:.1f} GB"


def _show_about(product: Product | None, language: Language) -> None:
    st.header(tell("about", language), anchor="about")
    try:
        own = version("ml-engineer-expert")
    except PackageNotFoundError:
        own = ""
    motto = inert(product.knowledge.persona.motto.in_language(language)) if product else ""
    st.markdown(tell("about_text", language, version=own))
    if motto:
        st.markdown(f"> {motto}")
