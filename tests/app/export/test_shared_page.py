"""A shared conversation is complete, and inert whatever went into it."""

from __future__ import annotations

from html.parser import HTMLParser

from app.expert.answer import Answer, ChecklistTick, Reference, SourceLink, Statement
from app.export.shared_page import shared_page
from app.history.store import Conversation
from ingest.schema import Locator

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> ![t](https://evil.example/p.png) "
    "[a](javascript:alert(1)) [b](https://evil.example/?q=1) <https://evil.example> "
    "\ue0001\ue001 <style>body{display:none}</style>"
)


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(given)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if "id" in given:
            self.ids.append(given["id"] or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def reference(n: int, words: str = "exact words") -> Reference:
    return Reference(
        n=n,
        id=f"entry.en#how-to-{n}",
        entry="entry",
        title=f"Title {HOSTILE}",
        section="how-to",
        heading="How to",
        language="en",
        url=None,
        locator=Locator(file="no<b>tes.md", line_start=3),
        quote=words,
        quotes=(words, f"second {HOSTILE}"),
        passage=words,
        status="active",
        collection="curated",
        sources=(
            SourceLink(title="Docs & more", url="https://docs.example/a?b=1&c=2", year=2025),
            SourceLink(title="Odd", url="javascript:alert(1)"),
        ),
    )


def conversation() -> Conversation:
    tick = ChecklistTick(
        id="architecture/owner", deliverable="architecture", text="Owner <b>", why="", references=()
    )
    other = tick.model_copy(update={"id": "architecture/budget", "text": "Budget"})
    first = Answer(
        question=f"What? {HOSTILE}",
        language="en",
        mode="composed",
        answer_markdown=f"It holds [1] and [2], not [7]. {HOSTILE}\n\n```python\nx[1] < 2\n```\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        statements=(
            Statement(text="It holds", citations=(1,), support=0.9, verdict="supported"),
            Statement(text="not", citations=(), support=0.1, verdict="unsupported"),
        ),
        references=(reference(1), reference(2)),
        checklist=(tick, other),
        warnings=(f"Careful {HOSTILE}",),
        knowledge_version="abc",
    )
    second = first.model_copy(update={"question": "And then?", "references": (reference(1),)})
    return Conversation(
        "id", f"Title {HOSTILE}", "2026-11-25T10:00", (first, second), frozenset({tick.id})
    )


def test_nothing_of_it_runs_or_fetches() -> None:
    page = shared_page(conversation())
    read = Reader(page)
    assert not {"script", "img", "iframe", "form", "link", "object", "input"} & set(read.tags)
    assert read.tags.count("style") == 1
    assert not [name for name in read.attributes if name.startswith("on")]
    assert set(read.links) == {"#t1-1", "#t1-2", "#t2-1", "https://docs.example/a?b=1&c=2"}
    assert "default-src 'none'" in page


def test_every_citation_quote_and_tick_is_in_it() -> None:
    read = Reader(shared_page(conversation()))
    assert read.links.count("#t1-1") == 1
    assert read.ids == ["t1-1", "t1-2", "t2-1"]
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)
    assert read.tags.count("blockquote") == 6
    assert "[7]" in read.text
    assert "x[1] < 2" in read.text
    assert "1 of 2 statements supported" in read.text
    assert "☑ Owner <b> (done)" in read.text
    assert "☐ Budget (to do)" in read.text
    assert "table" in read.tags


def test_an_empty_conversation_is_a_page_too() -> None:
    page = shared_page(Conversation("id", "Nothing", "2026-11-25T10:00", (), frozenset()))
    assert "<h1>Nothing</h1>" in page
