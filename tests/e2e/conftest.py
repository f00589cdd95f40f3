"""The real page in a real browser: one server for all tests, a new browser context for each."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright
from tests_paths import ROOT

sys.path.insert(0, str(Path(__file__).parent))

from page_server import PageServer

from ingest.search import HybridSearch

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def connections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server's Python writes every address that it connects to or looks up."""
    return tmp_path_factory.mktemp("connections")


@pytest.fixture(scope="session")
def server(search: HybridSearch, data_folder: Path, connections: Path) -> Iterator[str]:
    """Address of a running page whose index is ready."""
    hook = Path(__file__).with_name("watched")
    running = PageServer(
        data_folder,
        PYTHONPATH=os.pathsep.join((str(hook), str(ROOT))),
        CONNECTIONS_LOG=str(connections / "log"),
    )
    try:
        running.start()
        yield running.address
    finally:
        running.end()


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Opens a page in a context of its own; fails the test if it asked any other host.

    At the shared server, unless another's `address` is given.
    """
    contexts = []
    foreign: list[str] = []

    def watch(request: Request) -> None:
        ours = (address, address.replace("http", "ws")) if address else ()
        if not request.url.startswith((*ours, "data:", "blob:")):
            foreign.append(request.url)

    address = ""

    def open_page(
        path: str = "", locale: str = "es-ES", server: str | None = None, **options: object
    ) -> Page:
        nonlocal address
        address = server or request.getfixturevalue("server")
        context = browser.new_context(locale=locale, accept_downloads=True, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", watch)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert foreign == []


@pytest.fixture
def spanish(new_page: NewPage) -> Page:
    return new_page()
