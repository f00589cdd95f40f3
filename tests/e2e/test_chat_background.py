"""An answer in the making: reloaded, left, stopped, shared by tabs, cut off by a dying server."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chatting import (
    QUESTION,
    SOON,
    Dictation,
    answered,
    ask,
    box,
    chips,
    messages,
    settled,
)
from misbehaving_server import MisbehavingServer, fails
from page_server import PageServer
from playwright.sync_api import Page, expect

from ingest.search import HybridSearch

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[MisbehavingServer]:
    with MisbehavingServer() as running:
        yield running


@pytest.fixture(scope="module")
def modelled(
    search: HybridSearch,
    data_folder: Path,
    endpoint: MisbehavingServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PageServer]:
    """A page whose answers a model writes, with a database of its own."""
    database = tmp_path_factory.mktemp("database") / "conversations.sqlite"
    running = PageServer(
        data_folder,
        MLEXPERT_LLM_BASE_URL=endpoint.url,
        MLEXPERT_LLM_MODEL="dictated",
        MLEXPERT_DATABASE_URL=f"sqlite:///{database}",
    )
    try:
        running.start()
        yield running
    finally:
        running.end()


@pytest.fixture
def dictation(endpoint: MisbehavingServer) -> Iterator[Dictation]:
    """What the model says to the next question."""
    said = Dictation()
    endpoint.seen.clear()
    endpoint.script[:] = [said.behaviour]
    yield said
    said.finish()


@pytest.fixture
def page(new_page: NewPage, modelled: PageServer) -> Page:
    return new_page(server=modelled.address)


def so_far(page: Page, text: str) -> None:
    expect(messages(page).nth(1)).to_contain_text(text, timeout=SOON)


def begin(page: Page, dictation: Dictation) -> str:
    """Asks, lets the first sentence come, and returns it."""
    ask(page, QUESTION)
    dictation.step()
    assert dictation.asked.wait(20)
    page.get_by_role("button", name="Detener").wait_for()
    expect(messages(page)).to_have_count(2)
    expect(messages(page).nth(1)).to_contain_text("▌")
    so_far(page, dictation.said[0])
    return dictation.said[0]


def test_a_reload_in_mid_stream_neither_loses_nor_doubles(
    page: Page, dictation: Dictation, endpoint: MisbehavingServer
) -> None:
    first = begin(page, dictation)
    page.reload()
    so_far(page, first)
    dictation.step()
    expect(messages(page).nth(1)).to_contain_text(re.compile(r"\[1\].*\[1\]"), timeout=SOON)
    so_far(page, dictation.said[1])
    dictation.finish()
    answered(page)
    expect(messages(page)).to_have_count(2)
    expect(page.get_by_text("Redactada por dictated")).to_be_visible()
    page.reload()
    answered(page)
    expect(messages(page)).to_have_count(2)
    assert len(endpoint.seen) == 1


def test_another_page_in_between_and_a_closed_tab(
    page: Page, dictation: Dictation, new_page: NewPage
) -> None:
    first = begin(page, dictation)
    address = page.url
    page.get_by_role("link", name="Revisión de documentos").click()
    expect(page.get_by_text(first)).to_have_count(0)
    page.go_back()
    so_far(page, first)
    other = page.context.new_page()
    page.close()
    dictation.finish()
    other.goto(address)
    answered(other)
    expect(messages(other)).to_have_count(2)


def test_a_widget_touched_in_mid_stream_changes_nothing(
    page: Page, dictation: Dictation, endpoint: MisbehavingServer
) -> None:
    first = begin(page, dictation)
    page.get_by_text("English", exact=True).click()
    page.get_by_role("button", name="Stop").wait_for()
    so_far(page, first)
    dictation.finish()
    answered(page)
    expect(messages(page)).to_have_count(2)
    assert len(endpoint.seen) == 1


def test_stop_works_at_once_and_keeps_the_part(page: Page, dictation: Dictation) -> None:
    first = begin(page, dictation)
    started = time.monotonic()
    page.get_by_role("button", name="Detener").click()
    expect(page.get_by_text("Detuviste esta respuesta")).to_be_visible()
    assert time.monotonic() - started < 5  # the model is silent for longer than that
    so_far(page, first)
    assert dictation.left.wait(35), "the model goes on writing"
    expect(page.get_by_role("button", name="Detener")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Detuviste esta respuesta")).to_be_visible()
    so_far(page, first)


def test_two_tabs_see_the_same(page: Page, dictation: Dictation) -> None:
    first = begin(page, dictation)
    other = page.context.new_page()
    other.goto(page.url)
    so_far(other, first)
    other.get_by_role("button", name="Detener").click()
    expect(page.get_by_text("Detuviste esta respuesta")).to_be_visible()
    expect(other.get_by_text("Detuviste esta respuesta")).to_be_visible()


def test_an_idle_tab_shows_what_another_asks(
    page: Page, dictation: Dictation, endpoint: MisbehavingServer
) -> None:
    dictation.finish()
    ask(page, QUESTION)
    answered(page)
    other = page.context.new_page()
    other.goto(page.url)
    answered(other)
    more = Dictation()
    more.finish()
    endpoint.script[:] = [more.behaviour]
    ask(other, "¿Qué es el PSI y cómo se calcula?")
    answered(other, 2)
    answered(page, 2)
    expect(messages(page).nth(2)).to_contain_text("¿Qué es el PSI")


def test_a_second_question_waits_and_can_be_taken_back(
    page: Page, dictation: Dictation, endpoint: MisbehavingServer
) -> None:
    begin(page, dictation)
    ask(page, "¿Qué es el PSI y cómo se calcula?")
    expect(page.get_by_text("espera a que termine")).to_be_visible()
    ask(page, "¿Y la tercera?")
    expect(page.get_by_text("Solo puede esperar una pregunta")).to_be_visible()
    expect(box(page)).to_have_value("¿Y la tercera?")
    page.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_text("espera a que termine")).to_have_count(0)
    box(page).fill("")
    ask(page, "¿Qué es el PSI y cómo se calcula?")
    expect(page.get_by_text("espera a que termine")).to_be_visible()
    more = Dictation()
    more.finish()
    endpoint.script.append(more.behaviour)
    dictation.finish()
    answered(page, 2)
    expect(messages(page)).to_have_count(4)
    expect(messages(page).nth(2)).to_contain_text("PSI")


def test_a_model_that_fails_gives_the_composed_answer_and_says_why(
    page: Page, endpoint: MisbehavingServer
) -> None:
    endpoint.script[:] = [fails(401)]
    ask(page, QUESTION)
    answered(page)
    expect(messages(page).nth(1)).to_contain_text("Compuesta a partir de la base")
    assert "SECRET" not in page.content()
    assert chips(page).count() > 0


def test_a_server_that_dies_in_mid_stream_comes_back_with_the_conversation(
    page: Page, dictation: Dictation, endpoint: MisbehavingServer, modelled: PageServer
) -> None:
    more, last = Dictation(), Dictation()
    more.finish()
    last.finish()
    dictation.finish()
    ask(page, QUESTION)
    answered(page)
    cut = Dictation()
    endpoint.seen.clear()
    endpoint.script[:] = [cut.behaviour, more.behaviour]
    ask(page, "¿Qué es el PSI y cómo se calcula?")
    cut.step()
    expect(messages(page)).to_have_count(4)
    modelled.end(signal.SIGKILL)
    modelled.start()
    # The page connects again by itself and shows what was kept.
    expect(messages(page)).to_have_count(2, timeout=60_000)
    answered(page)
    ask(page, "¿Qué es el PSI y cómo se calcula?")
    answered(page, 2)


def test_an_interrupted_first_question_can_be_asked_again(
    page: Page, dictation: Dictation, endpoint: MisbehavingServer, modelled: PageServer
) -> None:
    begin(page, dictation)
    modelled.end(signal.SIGKILL)
    modelled.start()
    more = Dictation()
    more.finish()
    endpoint.seen.clear()
    endpoint.script[:] = [more.behaviour]
    page.get_by_text("La respuesta se interrumpió").wait_for(timeout=60_000)
    settled(page)
    page.get_by_role("button", name="Volver a preguntar").click()
    answered(page)
    expect(messages(page).first).to_contain_text("drift")
