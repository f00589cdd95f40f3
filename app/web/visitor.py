"""Who is visiting: a key that each browser keeps, and the headers that come with every document.

The key comes with the first document as a cookie, so that the page knows its visitor from the
first connection on. Scripts cannot read it, and only its hash is ever stored.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Final

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "mlexpert_visitor"
KEPT_SECONDS: Final = 395 * 24 * 3600
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_OWN_KEY: Final = "visitor-key"
# Streamlit's document holds one inline script, `window.prerenderReady = false`.
_INLINE: Final = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob: {_INLINE}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss: data: blob:",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)


def visitor() -> str:
    """Whose conversations, projects and reviews these are: the e-mail of who signed in, else the
    hash of this browser's key. Without a cookie (blocked, or served by hand) it is this session's.
    """
    if st.user.get("is_logged_in") and st.user.get("email"):
        return str(st.user["email"]).strip().lower()
    key = _valid(st.context.cookies.get(COOKIE))
    if key is None:
        key = st.session_state.setdefault(_OWN_KEY, secrets.token_urlsafe(32))
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class VisitorKey:
    """Middleware: gives a browser without a key one, and every document the content policy."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        known = _valid(_cookie_of(asked.get("cookie", ""))) is not None

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Security-Policy"] = _POLICY
                    headers["Referrer-Policy"] = "same-origin"
                # By what was asked: a document that the browser has already comes without a type.
                if not known and "text/html" in asked.get("accept", ""):
                    headers.append("Set-Cookie", _new_cookie(secure=scope["scheme"] == "https"))
            await send(message)

        await self._app(scope, receive, answer)


def _valid(key: str | None) -> str | None:
    """A key as we make them (256 random bits), or None."""
    return key if key is not None and _KEY.fullmatch(key) else None


def _cookie_of(header: str) -> str | None:
    try:
        cookies = SimpleCookie(header)
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def _new_cookie(*, secure: bool) -> str:
    """Never sent along from another site's form or frame."""
    parts = [
        f"{COOKIE}={secrets.token_urlsafe(32)}",
        "Path=/",
        f"Max-Age={KEPT_SECONDS}",
        "HttpOnly",
        "SameSite=Lax",
    ]
    return "; ".join([*parts, "Secure"] if secure else parts)
