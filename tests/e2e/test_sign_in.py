"""Sign-in by OpenID Connect, with a provider of our own on this machine."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from page_server import PageServer
from playwright.sync_api import Page, expect
from visiting import keep, main_of, store_of

from ingest.search import HybridSearch

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
CLIENT = "mlexpert-tests"


class Provider(ThreadingHTTPServer):
    """Signs in whoever `claims` describe, without asking."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
        self.claims: dict[str, Any] = {}
        self.nonces: dict[str, str] = {}


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        issuer, url = self.server.issuer, urlsplit(self.path)
        if url.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif url.path == "/keys":
            self.answer({"keys": [self.server.key.as_dict(private=False)]})
        elif url.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            code = secrets.token_urlsafe(8)
            self.server.nonces[code] = asked.get("nonce", "")
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        code = parse_qs(body)["code"][0]
        now = int(time.time())
        claims = {
            "iss": self.server.issuer,
            "aud": CLIENT,
            "sub": "u1",
            "iat": now,
            "exp": now + 600,
            "nonce": self.server.nonces.pop(code),
            **self.server.claims,
        }
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.server.key)
        self.answer({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def answer(self, document: dict[str, Any]) -> None:
        data = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def address(provider: Provider, search: HybridSearch, data_folder: Path) -> Iterator[str]:
    """A server where visitors sign in."""
    running = PageServer(
        data_folder,
        MLEXPERT_OIDC_METADATA_URL=f"{provider.issuer}/.well-known/openid-configuration",
        MLEXPERT_OIDC_CLIENT_ID=CLIENT,
        MLEXPERT_OIDC_CLIENT_SECRET="a secret",
        MLEXPERT_ADMIN_EMAILS="Boss@example.com, other@example.com",
    )
    running.set(MLEXPERT_PUBLIC_URL=running.address)
    try:
        running.start()
        yield running.address
    finally:
        running.end()


def entered(page: Page, provider: Provider, address: str, **claims: object) -> None:
    provider.claims = dict(claims)
    page.goto(address)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def test_nothing_is_shown_before_and_everything_is_the_accounts_after(
    page: Page, provider: Provider, address: str, data_folder: Path
) -> None:
    keep(store_of(data_folder), "ana@example.com", "A question of Ana")
    for path in ("/", "/history", "/knowledge?entry=kubernetes", "/status"):
        page.goto(address + path)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.get_by_role("link", name="History")).to_have_count(0)
        expect(page.get_by_text("orchestrator")).to_have_count(0)
    entered(page, provider, address, email="Ana@Example.com", email_verified=True)
    page.get_by_role("link", name="History").click()
    expect(main_of(page).get_by_text("A question of Ana")).to_be_visible()
    # A reader: neither others' opinions nor the disk.
    page.get_by_role("link", name="Settings and status").click()
    expect(page.get_by_text("Signed in as Ana@Example.com")).to_be_visible()
    expect(page.get_by_role("heading", name="About")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="Storage")).to_have_count(0)
    expect(page.get_by_role("heading", name="What readers think")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_an_administrator_sees_the_installation(
    page: Page, provider: Provider, address: str
) -> None:
    entered(page, provider, address, email="boss@example.com", email_verified=True)
    page.get_by_role("link", name="Settings and status").click()
    expect(page.get_by_role("heading", name="Storage")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="What readers think")).to_be_visible()


def test_an_address_that_nobody_verified_opens_nothing(
    page: Page, provider: Provider, address: str
) -> None:
    entered(page, provider, address, email="boss@example.com", email_verified=False)
    expect(page.get_by_text("no verified e-mail address")).to_be_visible()
    expect(page.get_by_role("link", name="History")).to_have_count(0)
