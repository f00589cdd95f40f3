"""Settings and status, in Debian's Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page_server import PageServer
from playwright.sync_api import Page, expect
from visiting import PHONE, fits, keep, main_of, owner_of, store_of

from app.history.feedback import FeedbackStore
from ingest.search import HybridSearch

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


@pytest.fixture
def unreachable(search: HybridSearch, data_folder: Path) -> Iterator[str]:
    """A server whose language model nobody runs."""
    running = PageServer(
        data_folder,
        MLEXPERT_LLM_BASE_URL="http://127.0.0.1:9/v1",
        MLEXPERT_LLM_MODEL="absent-model",
    )
    try:
        running.start()
        yield running.address
    finally:
        running.end()


def test_it_says_what_runs_here(spanish: Page) -> None:
    spanish.get_by_role("link", name="Ajustes y estado").click()
    main = main_of(spanish)
    expect(main).to_contain_text("multilingual-e5-small, 384 dimensiones", timeout=60_000)
    expect(main).to_contain_text("Las conversaciones se pueden leer y escribir.")
    expect(main).to_contain_text("No hay ninguno: las respuestas se componen")
    expect(main).to_contain_text(re.compile(r"versión [0-9a-f]{12}, \d{3} entradas"))
    # No path of the machine.
    assert "/tmp" not in main.inner_text()


def test_a_dead_endpoint_is_one_sentence_with_what_to_do(
    new_page: NewPage, unreachable: str
) -> None:
    page = new_page("/status", locale="en-GB", server=unreachable)
    expect(page.get_by_text("absent-model at 127.0.0.1")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Test the endpoint").click()
    alert = main_of(page).locator('[data-testid="stAlert"]')
    expect(alert).to_contain_text("model", timeout=60_000)
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_feedback_is_summed_up_for_who_runs_it(new_page: NewPage, data_folder: Path) -> None:
    page = new_page("/status", locale="en-GB", viewport=PHONE, color_scheme="dark")
    expect(page.get_by_role("heading", name="About")).to_be_visible(timeout=60_000)
    owner, store = owner_of(page), store_of(data_folder)
    key = keep(store, owner, "Was it *right*? <img src=x>")
    feedback = FeedbackStore(f"sqlite:///{data_folder / 'conversations.sqlite'}")
    feedback.add(key, 0, owner, False, "Too long ![x](https://example.com/p.png)")
    page.reload()
    expect(page.get_by_text("Too long x")).to_be_visible()
    expect(page.get_by_text("Was it right? <img src=x>")).to_be_visible()
    assert main_of(page).locator("img").count() == 0
    assert fits(page)
