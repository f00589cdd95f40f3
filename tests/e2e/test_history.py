"""The history as a visitor uses it, in Debian's Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from visiting import PHONE, fits, keep, main_of, owner_of, settled, store_of

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


def rows(page: Page) -> Locator:
    """The conversations' titles, in their order."""
    return main_of(page).locator('[data-testid="stPageLink"]')


def act(page: Page, title: str, action: str) -> None:
    """Chooses from the menu of a conversation."""
    menu = page.get_by_role("button", name=re.compile("^(Acciones|Actions)"))
    row = main_of(page).locator('[data-testid="stLayoutWrapper"]', has=menu)
    row.filter(has=page.get_by_text(title)).last.get_by_role("button").click()
    page.get_by_role("menuitem", name=action).click()
    settled(page)


def test_find_pin_rename_delete_and_undo(new_page: NewPage, data_folder: Path) -> None:
    page = new_page("/history")
    expect(page.get_by_text("Aún no hay conversaciones")).to_be_visible()
    store, owner = store_of(data_folder), owner_of(page)
    keep(store, owner, "Primera pregunta", "Se usa la predicción diferida.")
    keep(store, owner, "Segunda pregunta")
    page.reload()
    expect(rows(page)).to_have_text([re.compile("Segunda"), re.compile("Primera")])
    expect(main_of(page)).to_contain_text("1 pregunta")

    act(page, "Primera pregunta", "Fijar")
    expect(rows(page)).to_have_text([re.compile("Primera"), re.compile("Segunda")])
    expect(page.get_by_text("Fijada")).to_be_visible()

    act(page, "Segunda pregunta", "Cambiar nombre")
    page.get_by_label("Título").fill("Otro nombre")
    page.get_by_role("button", name="Guardar").click()
    expect(rows(page).last).to_contain_text("Otro nombre")

    # No Enter, no accents: the words stand in the answer.
    page.get_by_role("searchbox").press_sequentially("prediccion", delay=20)
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Primera")
    page.get_by_role("searchbox").fill("palabrainexistente")
    expect(page.get_by_text("Ninguna conversación contiene")).to_be_visible()
    page.goto(page.url.split("?")[0])

    act(page, "Otro nombre", "Eliminar")
    expect(page.get_by_text("Eliminada: Otro nombre")).to_be_visible()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Deshacer").click()
    expect(rows(page)).to_have_count(2)
    act(page, "Otro nombre", "Eliminar")
    page.get_by_text("Conversaciones eliminadas (1)").click()
    page.get_by_role("button", name="Borrar para siempre").click()
    expect(page.get_by_text("Conversaciones eliminadas")).to_have_count(0)
    expect(page.get_by_role("button", name="Deshacer")).to_have_count(0)
    assert store.list(owner=owner, deleted=True) == []


def test_the_exported_files_hold_what_was_kept_and_the_page_runs_nothing(
    new_page: NewPage, data_folder: Path, tmp_path: Path, browser: Browser
) -> None:
    page = new_page("/history", locale="en-GB")
    expect(page.get_by_text("There is no conversation yet")).to_be_visible()
    keep(
        store_of(data_folder),
        owner_of(page),
        "Hostile <img src=x onerror=alert(1)>",
        "See ![x](https://example.com/p.png) <script>document.title = 'hacked'</script>",
    )
    page.reload()
    act(page, "Hostile", "Export and share")
    for button, name in (("Markdown", "c.md"), ("Page to share", "c.html")):
        with page.expect_download() as waiting:
            page.get_by_role("dialog").get_by_role("button", name=button).click()
        waiting.value.save_as(tmp_path / name)
    markdown = (tmp_path / "c.md").read_text(encoding="utf-8")
    assert markdown.count("exact words") == 1
    assert markdown.count("- [x] ") == 1
    assert len(re.findall(r"^\[\^t1-1\]: ", markdown, flags=re.M)) == 1

    context = browser.new_context(offline=True)
    shared = context.new_page()
    asked: list[str] = []
    shared.on("request", lambda request: asked.append(request.url))
    shared.goto((tmp_path / "c.html").as_uri())
    expect(shared.get_by_role("heading", level=1)).to_contain_text("Hostile <img src=x")
    expect(shared.get_by_text("exact words")).to_be_visible()
    expect(shared.get_by_text("☑ An owner is named")).to_be_visible()
    shared.get_by_role("link", name="[1]").first.click()
    assert shared.url.endswith("#t1-1")
    assert shared.locator("img, script, iframe").count() == 0
    assert "hacked" not in shared.title()
    assert all(url.startswith("file:") for url in asked)
    context.close()


def test_nobody_else_sees_it(new_page: NewPage, data_folder: Path) -> None:
    mine, theirs = new_page("/history", locale="en-GB"), new_page("/history", locale="en-GB")
    expect(mine.get_by_text("There is no conversation yet")).to_be_visible()
    key = keep(store_of(data_folder), owner_of(mine), "A zorblax secret")
    for page, count in ((mine, 1), (theirs, 0)):
        page.goto(page.url.split("?")[0] + "?q=zorblax")
        settled(page)
        expect(main_of(page).get_by_text("A zorblax secret")).to_have_count(count)
    theirs.goto(theirs.url.split("/history")[0] + f"/?c={key}")
    settled(theirs)
    expect(theirs.get_by_text("zorblax")).to_have_count(0)


def test_what_the_command_kept_can_be_brought_here(new_page: NewPage, data_folder: Path) -> None:
    store = store_of(data_folder)
    keep(store, "", "Asked by the command")
    page = new_page("/history", locale="en-GB", viewport=PHONE)
    page.get_by_role("button", name="Bring them here").click()
    expect(rows(page).get_by_text("Asked by the command")).to_be_visible()
    expect(page.get_by_role("button", name="Bring them here")).to_have_count(0)
    assert fits(page)
    assert store.list(owner="") == []
