"""The chat page as a visitor uses it, in Debian's Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from chatting import answered, ask, messages
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

QUESTION = "¿Cómo detecto drift si las etiquetas llegan tarde?"
NewPage = Callable[..., Page]


def test_ask_open_a_citation_tick_download_reload(spanish: Page, tmp_path: Path) -> None:
    page = spanish
    ask(page, QUESTION)
    answered(page)
    main = page.locator('[data-testid="stMainBlockContainer"]')
    expect(main).to_contain_text("Cómo hacerlo")
    expect(main).to_contain_text(re.compile(r"(\d+) de \1 afirmaciones respaldadas"))

    page.locator('[data-testid="stPopover"] button').first.click()
    passage = page.get_by_test_id("passage")
    expect(passage).to_be_visible()
    marked = passage.locator("mark").first
    expect(marked).to_be_visible()
    quoted = marked.inner_text()
    assert quoted in passage.inner_text()
    page.keyboard.press("Escape")

    box = page.get_by_role("checkbox").first
    label = page.locator('[class*="st-key-checklist"] [data-testid="stCheckbox"]').first
    label.locator("label").click()
    expect(box).to_be_checked()
    expect(page.get_by_text(re.compile(r"^1 de \d hechos$"))).to_be_visible()

    with page.expect_download() as waiting:
        page.get_by_text("Descargar conversación").click()
    waiting.value.save_as(tmp_path / "conversation.md")
    markdown = (tmp_path / "conversation.md").read_text(encoding="utf-8")
    assert quoted.splitlines()[0] in markdown
    assert markdown.count("- [x] ") == 1
    assert (
        len(re.findall(r"^\[\^t1-\d+\]: ", markdown, flags=re.M))
        == page.locator('[data-testid="stPopover"]').count()
    )

    page.reload()
    answered(page)
    expect(page.locator('[data-testid="stChatMessage"]').first).to_contain_text(QUESTION)
    expect(page.get_by_role("checkbox").first).to_be_checked()
    expect(page.locator('[data-testid="stSidebar"]')).to_contain_text(QUESTION)


def test_english_and_a_question_without_evidence(new_page: NewPage) -> None:
    page = new_page(locale="en-GB")
    expect(page.get_by_placeholder("Ask about production machine learning")).to_be_visible()
    ask(page, "Which wine goes with grilled sea bass?")
    answer = page.locator('[data-testid="stChatMessage"]').nth(1)
    expect(answer).to_contain_text("I have no evidence")
    expect(page.locator('[data-testid="stPopover"]')).to_have_count(0)


def test_the_language_of_the_interface_can_be_changed(spanish: Page) -> None:
    spanish.get_by_text("English", exact=True).click()
    expect(spanish.get_by_placeholder("Ask about production machine learning")).to_be_visible()


def test_a_suggestion_asks_itself(spanish: Page) -> None:
    spanish.get_by_role(
        "button", name="¿FastAPI o BentoML para servir un modelo de PyTorch?"
    ).click()
    answered(spanish)
    asked = spanish.locator('[data-testid="stChatMessage"]').first
    expect(asked).to_contain_text("FastAPI o BentoML")


@pytest.mark.parametrize("hostile", ["😀😀", "   \u200b ", "\u202e¿?"])
def test_a_question_without_words_is_one_clear_sentence(spanish: Page, hostile: str) -> None:
    ask(spanish, hostile + ".")
    expect(spanish.get_by_text("La pregunta no tiene palabras.")).to_be_visible()
    expect(spanish.get_by_text("Traceback")).to_have_count(0)


def test_markup_in_a_question_stays_text(spanish: Page) -> None:
    ask(spanish, "¿Qué es drift? <img src=x onerror=alert(1)> ![x](https://example.com/p.png)")
    answered(spanish)
    assert spanish.locator('[data-testid="stChatMessage"] img').count() == 0


def test_the_server_connects_to_nothing_but_itself(spanish: Page, connections: Path) -> None:
    ask(spanish, QUESTION)
    answered(spanish)
    log = connections / "log"
    seen = set(log.read_text(encoding="utf-8").split()) if log.exists() else set()
    assert seen <= {"127.0.0.1", "::1", "localhost", "unix", "None"}


# The last question has stood at the top of the window for some looks in a row.
AT_THE_TOP = """() => {
  const messages = document.querySelectorAll('[data-testid="stChatMessage"]');
  const question = messages[messages.length - 2];
  const top = question ? question.getBoundingClientRect().top : -1;
  window.looks = top >= 0 && top < 120 ? (window.looks || 0) + 1 : 0;
  return window.looks >= 8;
}"""


def test_reading_starts_at_the_question_and_a_follow_up_says_how_it_was_understood(
    new_page: NewPage,
) -> None:
    page = new_page(locale="en-GB")
    ask(page, "How do I detect drift when labels arrive late?")
    answered(page)
    page.wait_for_function(AT_THE_TOP, polling=100)
    ask(page, "more detail")
    answered(page, 2)
    page.wait_for_function(AT_THE_TOP, polling=100)
    expect(messages(page).nth(2)).to_contain_text("more detail")
    understood = page.get_by_text("Understood as: How do I detect drift when labels arrive late?")
    expect(understood).to_be_in_viewport()
