"""Who may do what: with sign-in by role, without it everybody here runs this installation."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import streamlit as st

from app.settings import Settings, read_settings
from app.web.page_words import tell
from ingest.schema import Language

_KEPT_IN = "sign-in-secret"


def sign_in_secrets(settings: Settings) -> dict[str, Any]:
    """What Streamlit's sign-in reads; empty without sign-in.

    The key that signs its cookies is made once and kept in the data folder, for its owner alone.
    """
    if not settings.sign_in or settings.oidc_client_secret is None or settings.public_url is None:
        return {}
    return {
        "auth": {
            "redirect_uri": settings.public_url.rstrip("/") + "/oauth2callback",
            "cookie_secret": _kept_secret(settings.data_folder / _KEPT_IN),
            "client_id": settings.oidc_client_id or "",
            "client_secret": settings.oidc_client_secret.get_secret_value(),
            "server_metadata_url": settings.oidc_metadata_url or "",
        }
    }


def may_enter(language: Language) -> bool:
    """Whether the visitor may see the pages; else the way in is drawn.

    An address that the provider has not verified could be anybody's, so it opens nothing.
    """
    if not read_settings().sign_in:
        return True
    known = bool(st.user.get("is_logged_in"))
    if known and st.user.get("email") and st.user.get("email_verified") is not False:
        return True
    st.title("ML Engineer Expert", anchor=False)
    if known:
        st.error(tell("no_email", language), icon=":material/error:")
        st.button(tell("sign_out", language), on_click=st.logout, key="sign-out")
    else:
        st.markdown(tell("sign_in_intro", language))
        st.button(
            tell("sign_in", language),
            type="primary",
            icon=":material/login:",
            on_click=st.login,
            key="sign-in",
        )
    return False


def anyone_is_operator() -> bool:
    """Without sign-in and proxy the page is served on this machine only, to who runs it."""
    settings = read_settings()
    return not settings.sign_in and not settings.behind_proxy


def is_admin() -> bool:
    """Whether the visitor may see what concerns everybody: feedback and storage."""
    if anyone_is_operator():
        return True
    email = str(st.user.get("email") or "").strip().lower()
    return bool(st.user.get("is_logged_in")) and email in read_settings().administrators


def _kept_secret(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(fresh := secrets.token_urlsafe(48))
    return fresh
