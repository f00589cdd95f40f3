"""The knowledge page as a visitor uses it, in Debian's Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from visiting import PHONE, choose, fits, main_of, settled

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


def heading(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("heading", level=1, name=name)


def test_search_as_you_type_open_cite_turn_the_language_and_go_back(
    spanish: Page, tmp_path: Path
) -> None:
    page = spanish
    page.get_by_role("link", name="Conocimiento").click()
    expect(page.get_by_text(re.compile(r"^\d{3} entradas$"))).to_be_visible()
    page.get_by_role("searchbox").press_sequentially("deteccion de drift", delay=20)
    # No Enter: the list follows the typing.
    first = main_of(page).locator("button[kind=tertiary]").first
    expect(first).to_have_text("Detección de drift")
    expect(page).to_have_url(re.compile(r"/knowledge\?q=deteccion"))
    first.click()
    expect(heading(page, "Detección de drift")).to_be_visible()
    expect(page).to_have_url(re.compile(r"entry=drift-detection&lang=es"))
    main = main_of(page)
    for section in ("En breve", "Cómo hacerlo", "Fuentes", "Entradas relacionadas"):
        expect(main.get_by_role("heading", name=section, exact=True)).to_be_visible()
    citation = main.get_by_role("link", name="[1]").first
    assert re.match(r"https://", citation.get_attribute("href") or "")
    assert "noreferrer" in (citation.get_attribute("rel") or "")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Descargar entrada").click()
    waiting.value.save_as(tmp_path / "entry.md")
    written = (tmp_path / "entry.md").read_text(encoding="utf-8")
    assert written.startswith("# Detección de drift")
    assert re.search(r"^\[\^[a-z-]+\]: \[", written, flags=re.M)

    main.get_by_role("radio", name="English").click()
    expect(main.get_by_role("heading", name="In short")).to_be_visible()
    expect(page).to_have_url(re.compile("lang=en"))
    page.reload()
    expect(heading(page, "Drift detection")).to_be_visible()
    # The interface keeps its language.
    expect(page.get_by_role("heading", name="Fuentes")).to_be_visible()
    page.go_back()
    expect(heading(page, "Detección de drift")).to_be_visible()
    page.get_by_role("button", name="Todas las entradas").click()
    expect(heading(page, "Conocimiento")).to_be_visible()


def test_filters_stand_in_the_address(new_page: NewPage) -> None:
    page = new_page("/knowledge?kind=playbook", locale="en-GB")
    expect(page.get_by_role("combobox", name="Kind")).to_have_value("Playbook")
    before = page.get_by_text(re.compile(r"^\d+ entries$")).inner_text()
    choose(page, "Situation", "Kubernetes")
    expect(page).to_have_url(re.compile(r"situation=kubernetes"))
    expect(page.get_by_text(re.compile(r"^\d+ entries$"))).not_to_have_text(before)
    after = page.get_by_text(re.compile(r"^\d+ entries$")).inner_text()
    assert int(after.split()[0]) < int(before.split()[0])
    page.reload()
    expect(page.get_by_text(after)).to_be_visible()
    page.get_by_role("searchbox").fill("zzzzqqqq xxyyzz")
    choose(page, "Kind", "Standard")
    expect(page.get_by_text("No entry fits")).to_be_visible()


def test_what_was_found_by_meaning_needs_none_of_the_words(new_page: NewPage) -> None:
    page = new_page("/knowledge?q=la+calidad+baja+y+las+etiquetas+llegan+tarde")
    expect(main_of(page).get_by_text("drift", exact=False).first).to_be_visible()


def test_the_map_opens_an_entry_and_the_way_back_leads_to_it(new_page: NewPage) -> None:
    page = new_page("/knowledge", locale="en-GB")
    page.get_by_role("radio", name="Map of topics").click()
    expect(page.get_by_role("heading", name=re.compile("Technology stack"))).to_be_visible()
    page.get_by_role("radio", name="PyTorch", exact=True).or_(
        page.get_by_role("button", name="PyTorch", exact=True)
    ).click()
    expect(heading(page, "PyTorch")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=re.compile("Technology stack"))).to_be_visible()


def test_the_retired_name_what_replaced_them(new_page: NewPage) -> None:
    page = new_page("/knowledge?view=retired")
    expect(page.get_by_text("Archivado").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^En su lugar")).first.click()
    expect(page.get_by_role("heading", name="Fuentes")).to_be_visible()


def test_an_unknown_entry_is_one_clear_sentence(new_page: NewPage) -> None:
    page = new_page("/knowledge?entry=%3Cimg+src%3Dx%3E![x](https://example.com/p.png)&lang=xx")
    expect(page.get_by_text("No existe la entrada")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_visible()
    assert main_of(page).locator("img").count() == 0


def test_on_a_phone_in_the_dark(new_page: NewPage) -> None:
    page = new_page("/knowledge", locale="en-GB", viewport=PHONE, color_scheme="dark")
    expect(page.get_by_text(re.compile(r"^\d{3} entries$"))).to_be_visible()
    assert fits(page)
    page = new_page(
        "/knowledge?entry=kubernetes&lang=es", locale="en-GB", viewport=PHONE, color_scheme="dark"
    )
    expect(page.get_by_role("heading", name="Ejemplo")).to_be_visible()
    assert fits(page)
    page = new_page("/knowledge?view=map", viewport=PHONE)
    expect(page.get_by_role("heading", name=re.compile("Especialidad"))).to_be_visible()
    assert fits(page)


def test_with_the_keyboard_alone(new_page: NewPage) -> None:
    page = new_page("/knowledge", locale="en-GB")
    search = page.get_by_role("searchbox")
    expect(search).to_be_visible()
    settled(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if search.evaluate("e => e === document.activeElement"):
            break
    expect(search).to_be_focused()
    page.keyboard.type("drift detection", delay=20)
    first = main_of(page).locator("button[kind=tertiary]").first
    expect(first).to_have_text("Drift detection")
    settled(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("e => e === document.activeElement"):
            break
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(heading(page, "Drift detection")).to_be_visible()
