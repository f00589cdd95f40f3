"""axe-core, run in every page, finds no barrier that is serious or critical."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chatting import ENGLISH_QUESTION, answered, ask
from playwright.sync_api import Page, expect
from visiting import PHONE, fits, keep, main_of, owner_of, settled, store_of

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
PATHS = (
    "/",
    "/review",
    "/brief",
    "/documents",
    "/status",
    "/history",
    "/knowledge",
    "/knowledge?view=map",
    "/knowledge?view=retired",
    "/knowledge?entry=kubernetes&lang=es",
)
DOCUMENT = "# Churn\n\nThe model predicts churn every night. Drift is compared by PSI each day.\n"


@pytest.fixture(scope="session")
def axe() -> str:
    """The script, as `make test` fetched it from npm."""
    found = sorted(Path(sys.prefix).glob("axe-core-*.js"))
    assert found, "axe-core is missing: `make test` fetches it"
    return found[-1].read_text(encoding="utf-8")


def barriers(page: Page, axe: str) -> list[str]:
    """What axe-core calls serious or critical: the rule and the first element that breaks it."""
    settled(page)
    page.wait_for_function("document.getAnimations().every(a => a.playState !== 'running')")
    report: dict[str, Any] = page.evaluate(
        f"{axe}; axe.run(document, {{resultTypes: ['violations']}})"
    )
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:200]}"
        for found in report["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_barriers(new_page: NewPage, axe: str, path: str, scheme: str) -> None:
    page = new_page(path, color_scheme=scheme)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=60_000)
    assert barriers(page, axe) == []


@pytest.mark.parametrize("path", PATHS)
def test_every_page_fits_a_phone_without_barriers(new_page: NewPage, axe: str, path: str) -> None:
    page = new_page(path, locale="en-GB", viewport=PHONE)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=60_000)
    settled(page)
    assert fits(page)
    assert barriers(page, axe) == []


def test_an_answer_has_no_barriers(new_page: NewPage, axe: str) -> None:
    page = new_page(locale="en-GB")
    ask(page, ENGLISH_QUESTION)
    answered(page)
    assert barriers(page, axe) == []


def test_a_review_has_no_barriers(new_page: NewPage, axe: str, tmp_path: Path) -> None:
    path = tmp_path / "design.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    page = new_page("/review", locale="en-GB")
    page.locator('[data-testid="stFileUploader"] input[type=file]').set_input_files(path)
    page.get_by_role("button", name="Review documents").click()
    expect(page.get_by_text("Review finished")).to_be_visible(timeout=60_000)
    assert barriers(page, axe) == []


def test_menus_and_dialogs_have_no_barriers(new_page: NewPage, axe: str, data_folder: Path) -> None:
    page = new_page("/history", locale="en-GB")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    keep(store_of(data_folder), owner_of(page), "One question")
    page.reload()
    menu = main_of(page).get_by_role("button", name="Actions")
    menu.click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    assert barriers(page, axe) == []
    page.get_by_role("menuitem", name="Export and share").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page, axe) == []
