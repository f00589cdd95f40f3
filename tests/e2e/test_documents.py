"""A visitor's own documents, in Debian's Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from visiting import PHONE, fits, main_of

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
TEXT = "# Runbook\n\nThe Zorblax exporter is restarted with zorblaxctl kick.\n"


def add(page: Page, button: str, *paths: Path) -> None:
    page.locator('[data-testid="stFileUploader"] input[type=file]').set_input_files(list(paths))
    page.get_by_role("button", name=button).click()


def test_add_read_the_receipt_and_remove(spanish: Page, tmp_path: Path) -> None:
    good, bad = tmp_path / "runbook.md", tmp_path / "malo.pdf"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_bytes(b"MZ\x90\x00 this is no PDF")
    page = spanish
    page.get_by_role("link", name="Tus documentos").click()
    expect(page.get_by_text("Aún no has añadido ninguna.")).to_be_visible(timeout=60_000)
    page.get_by_role("textbox", name="Colección").fill("Documentos del equipo")
    add(page, "Añadir documentos", good, bad)
    # Left and found again: the work belongs to no page.
    page.reload()
    expect(page.get_by_text("Añadido a documentos-del-equip.")).to_be_visible(timeout=60_000)
    main = main_of(page)
    expect(main.locator('[data-testid="stAlert"]', has_text="malo.pdf")).to_be_visible()
    expect(main.locator("table")).to_contain_text("runbook.md")
    expect(main.locator("table")).to_contain_text(str(len(TEXT)))
    page.get_by_role("button", name="Texto de runbook.md").click()
    expect(page.get_by_text("zorblaxctl kick")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cerrar el recibo").click()
    expect(page.get_by_text("Añadido a")).to_have_count(0)
    expect(page.get_by_text("documentos-del-equip · documentos: 1")).to_be_visible()
    page.get_by_role("button", name="Quitar").click()
    expect(page.get_by_text("Quitado: runbook.md")).to_be_visible()
    expect(page.get_by_text("Aún no has añadido ninguna.")).to_be_visible()


def test_nobody_else_sees_them(new_page: NewPage, tmp_path: Path) -> None:
    path = tmp_path / "zorblax.md"
    path.write_text(TEXT, encoding="utf-8")
    mine = new_page("/documents", locale="en-GB", viewport=PHONE, color_scheme="dark")
    theirs = new_page("/documents", locale="en-GB")
    for page in (mine, theirs):
        expect(page.get_by_text("You have added none yet.")).to_be_visible(timeout=60_000)
    add(mine, "Add documents", path)
    expect(mine.get_by_text("Added to my-documents")).to_be_visible(timeout=60_000)
    assert fits(mine)
    theirs.reload()
    expect(theirs.get_by_text("You have added none yet.")).to_be_visible()
    expect(theirs.get_by_text("zorblax")).to_have_count(0)
    mine.get_by_role("button", name="Remove").click()
    expect(mine.get_by_text("Removed: zorblax.md")).to_be_visible()


def test_only_unreadable_files_add_nothing(new_page: NewPage, tmp_path: Path) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(b"MZ\x90\x00 this is no PDF")
    page = new_page("/documents", locale="en-GB")
    expect(page.get_by_text("You have added none yet.")).to_be_visible(timeout=60_000)
    add(page, "Add documents", path)
    expect(page.get_by_text("None of the files could be read")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("You have added none yet.")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
