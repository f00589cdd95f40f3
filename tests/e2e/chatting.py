"""Steps of a visitor on the chat page, and a model whose words come when a test says so."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "app" / "llm"))

from misbehaving_server import Behaviour, Exchange

QUESTION = "¿Cómo detecto drift si las etiquetas llegan tarde?"
ENGLISH_QUESTION = "How do I detect drift when labels arrive late?"
DOWNLOAD = re.compile("Descargar respuesta|Download answer")
SOON = 20_000


def box(page: Page) -> Locator:
    return page.locator('[data-testid="stChatInputTextArea"]:not([disabled])')


def ask(page: Page, question: str) -> None:
    box(page).fill(question)
    box(page).press("Enter")


def answered(page: Page, count: int = 1) -> None:
    expect(page.get_by_text(DOWNLOAD)).to_have_count(count, timeout=SOON)


def messages(page: Page) -> Locator:
    return page.locator('[data-testid="stChatMessage"]')


def chips(page: Page) -> Locator:
    """The citations, each opens its passage."""
    return page.locator('[data-testid="stPopover"] button')


def settled(page: Page) -> None:
    """Waits until the page is drawn to the end."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


class Dictation:
    """A model's answer that comes sentence by sentence, each when the test says so.

    The sentences are taken from the evidence of the prompt, so that they hold.
    """

    def __init__(self, sentences: int = 4) -> None:
        self._count = sentences
        self._steps = threading.Semaphore(0)
        self.asked = threading.Event()
        self.left = threading.Event()
        self.said: list[str] = []

    def step(self, times: int = 1) -> None:
        """Lets the next sentences come."""
        self._steps.release(times)

    def finish(self) -> None:
        """Lets all the rest come."""
        self._steps.release(self._count + 1)

    @property
    def behaviour(self) -> Behaviour:
        def behave(exchange: Exchange) -> None:
            exchange.head()
            self.asked.set()
            for sentence in _sentences(exchange, self._count):
                if not self._wait(exchange):
                    return
                self.said.append(sentence)
                exchange.say(f"{sentence} [1] ")
            if self._wait(exchange):
                exchange.finish()

        return behave

    def _wait(self, exchange: Exchange) -> bool:
        """Whether the next step came before the reader left or the test ended."""
        while not self._steps.acquire(timeout=0.05):
            if exchange.over or exchange.gone():
                self.left.set()
                return False
        return True


def _sentences(exchange: Exchange, count: int) -> list[str]:
    content = exchange.body["messages"][-1]["content"]
    passage = content.split("[1] ", 1)[1].split("\n\n[2] ")[0].split("\n", 1)[1]
    found = re.findall(r"[A-ZÁÉÍÓÚ¿][^.\n`|]{30,}\.", passage)
    return (found * count)[:count]
