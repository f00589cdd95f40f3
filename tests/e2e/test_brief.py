"""The project brief as a visitor uses it, in Debian's Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from visiting import PHONE, choose, fits, main_of, settled

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


def saved(page: Page, name: str, button: str, said: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(f"{said}: {name}")).to_be_visible()


def test_a_project_is_kept_tracked_downloaded_and_deleted(spanish: Page, tmp_path: Path) -> None:
    page = spanish
    page.get_by_role("link", name="Ficha del proyecto").click()
    page.get_by_label("Nombre").fill("Predicción de bajas")
    page.get_by_label("Latencia requerida").fill("p99 < 80 ms")
    page.get_by_label("Cumplimiento normativo").fill("RGPD")
    saved(page, "Predicción de bajas", "Guardar ficha", "Guardado")
    expect(page.get_by_text("0 de los 6 necesarios, hechos")).to_be_visible()

    choose(page, "Estado de Arquitectura", "Hecho")
    expect(page.get_by_text("1 de los 6 necesarios, hechos")).to_be_visible()
    choose(page, "Estado de Pipeline de CI/CD", "No hace falta")
    expect(page.get_by_text("1 de los 5 necesarios, hechos")).to_be_visible()
    evidence = page.get_by_label("Evidencia de Arquitectura")
    evidence.fill("docs/arquitectura.md")
    evidence.press("Enter")

    # A new session: everything is there, and the project is in use. Nothing on the page tells when
    # the evidence is written, so a few sessions may look.
    address = page.url.split("/brief")[0] + "/brief"
    for _ in range(5):
        page.goto(address)
        page.get_by_label("Evidencia de Arquitectura").wait_for()
        settled(page)
        if page.get_by_label("Evidencia de Arquitectura").input_value():
            break
    expect(page.get_by_label("Evidencia de Arquitectura")).to_have_value("docs/arquitectura.md")
    expect(page.get_by_label("Latencia requerida")).to_have_value("p99 < 80 ms")
    expect(page.get_by_role("switch").or_(page.get_by_role("checkbox"))).to_be_checked()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Descargar (Markdown)").click()
    waiting.value.save_as(tmp_path / "project.md")
    written = (tmp_path / "project.md").read_text(encoding="utf-8")
    assert "- [x] Arquitectura (hecho): docs/arquitectura.md" in written
    assert "**Latencia requerida:** p99 < 80 ms" in written

    page.get_by_role("button", name="Eliminar proyecto").click()
    page.get_by_role("dialog").get_by_role("button", name="Eliminar", exact=True).click()
    expect(page.get_by_text("Eliminado: Predicción de bajas")).to_be_visible()
    expect(page.get_by_label("Nombre")).to_have_value("")


def test_several_projects_and_names_that_are_taken_or_missing(new_page: NewPage) -> None:
    page = new_page("/brief", locale="en-GB")
    page.get_by_role("button", name="Save brief").click()
    expect(page.get_by_text("The project has no name.")).to_be_visible()
    page.get_by_label("Name").fill("First")
    saved(page, "First", "Save brief", "Saved")
    choose(page, "Project", "New project")
    expect(page.get_by_label("Name")).to_have_count(1)
    expect(page.get_by_label("Name")).to_have_value("")
    page.get_by_label("Name").fill("First")
    page.get_by_role("button", name="Save brief").click()
    expect(page.get_by_text("There is already a project 'First'.")).to_be_visible()
    page.get_by_label("Name").fill("Second")
    saved(page, "Second", "Save brief", "Saved")
    choose(page, "Project", "First")
    expect(page.get_by_label("Name")).to_have_value("First")
    expect(page.get_by_role("switch").or_(page.get_by_role("checkbox"))).not_to_be_checked()


def test_the_chat_reads_the_brief_of_the_project_in_use(new_page: NewPage) -> None:
    page = new_page("/brief", locale="en-GB")
    page.get_by_label("Name").fill("Pocket scoring")
    saved(page, "Pocket scoring", "Save brief", "Saved")
    # A new session of the same browser: the choice was kept.
    page.goto(page.url.split("/brief")[0])
    expect(page.get_by_text("Pocket scoring")).to_be_visible()


def test_nobody_else_sees_it(new_page: NewPage) -> None:
    mine, theirs = new_page("/brief", locale="en-GB"), new_page("/brief", locale="en-GB")
    mine.get_by_label("Name").fill("Zorblax")
    saved(mine, "Zorblax", "Save brief", "Saved")
    theirs.goto(mine.url)
    expect(theirs.get_by_label("Name")).to_have_value("")
    expect(theirs.get_by_text("Zorblax")).to_have_count(0)


def test_markup_in_a_brief_stays_text(new_page: NewPage) -> None:
    page = new_page("/brief", locale="en-GB")
    page.get_by_label("Name").fill("![x](https://example.com/p.png) <img src=x>")
    page.get_by_role("button", name="Save brief").click()
    expect(page.get_by_text(re.compile("^Saved: x"))).to_be_visible()
    assert main_of(page).locator("img").count() == 0


def test_on_a_phone_with_the_keyboard(new_page: NewPage) -> None:
    page = new_page("/brief", locale="en-GB", viewport=PHONE, color_scheme="dark")
    name = page.get_by_label("Name")
    name.focus()
    page.keyboard.type("Pocket")
    save = page.get_by_role("button", name="Save brief")
    for _ in range(30):
        page.keyboard.press("Tab")
        if save.evaluate("e => e === document.activeElement"):
            break
    expect(save).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved: Pocket")).to_be_visible()
    assert fits(page)
