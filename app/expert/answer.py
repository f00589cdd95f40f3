"""The records of an answer, in the shapes that interfaces.md fixes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ingest.schema import Frozen, Language, Locator

Verdict = Literal["supported", "weak", "unsupported"]


class SourceLink(Frozen):
    """A primary source of a reference."""

    title: str
    url: str
    publisher: str = ""
    year: int | None = None


class Reference(Frozen):
    """A passage that the answer used. `quote` is an exact substring of `passage`."""

    n: int
    id: str
    entry: str
    title: str
    section: str
    heading: str
    language: Language
    url: str | None
    locator: Locator
    quote: str
    quotes: tuple[str, ...]
    passage: str
    status: str
    collection: str
    sources: tuple[SourceLink, ...]


class Statement(Frozen):
    """A sentence of the answer that states something, and how well its citations carry it."""

    text: str
    citations: tuple[int, ...]
    support: float
    verdict: Verdict


class ChecklistTick(Frozen):
    """A checklist item that applies to the answer."""

    id: str
    deliverable: str
    text: str
    why: str
    references: tuple[int, ...]


class Calculation(Frozen):
    """A computed figure with its inputs and formula."""

    name: str
    inputs: dict[str, Any]
    result: dict[str, Any]
    formula: str


class Answer(Frozen):
    """One grounded answer, or a polite refusal when `abstained`.

    `understood` is the question that stands alone when `question` leans on the conversation.
    """

    id: str | None = None
    question: str
    understood: str | None = None
    language: Language
    mode: Literal["composed", "generated"]
    model: str | None = None
    abstained: bool = False
    abstain_reason: str | None = None
    answer_markdown: str
    statements: tuple[Statement, ...] = ()
    references: tuple[Reference, ...] = ()
    checklist: tuple[ChecklistTick, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    follow_ups: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    knowledge_version: str = ""
    timings_ms: dict[str, float] = Field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The `ask` object of the interface."""
        return self.model_dump(mode="json")
