"""The real page in a real browser: one server for all tests, a new browser context for each."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright
from tests_paths import ROOT

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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    hook = Path(__file__).with_name("watched")
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "ui", "--port", str(port)],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith(("MLEXPERT_", "OPENAI_"))},
            "MLEXPERT_DATA_DIR": str(data_folder),
            "PYTHONPATH": os.pathsep.join((str(hook), str(ROOT))),
            "CONNECTIONS_LOG": str(connections / "log"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(address, process)
        yield address
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2)
            return
        except OSError:
            time.sleep(0.1)  # polling, with a limit
    raise AssertionError("the page did not start")


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
def new_page(browser: Browser, server: str) -> Iterator[NewPage]:
    """Opens a page in a context of its own; fails the test if it asked any other host."""
    contexts = []
    foreign: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((server, "data:", "blob:", server.replace("http", "ws"))):
            foreign.append(request.url)

    def open_page(path: str = "", locale: str = "es-ES", **options: object) -> Page:
        context = browser.new_context(locale=locale, accept_downloads=True, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", watch)
        page.goto(server + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert foreign == []


@pytest.fixture
def spanish(new_page: NewPage) -> Page:
    return new_page()
