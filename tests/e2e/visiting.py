"""Whose page it is, and conversations of theirs: for the tests of the pages around the chat."""

from __future__ import annotations

import hashlib
from pathlib import Path

from playwright.sync_api import Locator, Page

from app.expert.answer import Answer, ChecklistTick, Reference, SourceLink, Statement
from app.history.store import ConversationStore
from app.web.visitor import COOKIE
from ingest.schema import Locator as Place

PHONE = {"width": 360, "height": 740}


def owner_of(page: Page) -> str:
    """The visitor that the server knows this browser as."""
    keys = [c["value"] for c in page.context.cookies() if c["name"] == COOKIE]
    return hashlib.sha256(keys[0].encode()).hexdigest()[:40]


def store_of(data_folder: Path) -> ConversationStore:
    """The server's own database."""
    return ConversationStore(f"sqlite:///{data_folder / 'conversations.sqlite'}")


def keep(store: ConversationStore, owner: str, title: str, text: str = "Yes.") -> str:
    """A conversation of one answer with a citation and a checklist; returns its id."""
    key = store.start(title, owner)
    reference = Reference(
        n=1,
        id="drift-detection.en#how-to-1",
        entry="drift-detection",
        title="Drift detection",
        section="how-to",
        heading="How to",
        language="en",
        url=None,
        locator=Place(),
        quote="exact words",
        quotes=("exact words",),
        passage="the exact words of it",
        status="active",
        collection="curated",
        sources=(SourceLink(title="Docs", url="https://docs.example.org/a"),),
    )
    tick = ChecklistTick(
        id="monitoring-alerting/owner",
        deliverable="monitoring-alerting",
        text="An owner is named",
        why="",
        references=(1,),
    )
    answer = Answer(
        question=title,
        language="en",
        mode="composed",
        answer_markdown=f"{text} [1]",
        statements=(Statement(text=text, citations=(1,), support=0.9, verdict="supported"),),
        references=(reference,),
        checklist=(tick,),
        knowledge_version="abc",
    )
    store.append(key, answer)
    store.tick(key, tick.id, True)
    return key


def main_of(page: Page) -> Locator:
    return page.locator('[data-testid="stMainBlockContainer"]')


def settled(page: Page) -> None:
    """Waits until the page is drawn to the end."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def choose(page: Page, label: str, option: str) -> None:
    """Chooses an option of a select box; it closes when the page scrolls, so that comes first."""
    field = page.get_by_role("combobox", name=label)
    field.scroll_into_view_if_needed()
    field.click()
    page.get_by_role("option", name=option).click()


def fits(page: Page) -> bool:
    """Whether nothing reaches beyond the right edge of the window."""
    return bool(
        page.evaluate(
            "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".every(e => !e || e.scrollWidth <= e.clientWidth + 1)"
        )
    )
