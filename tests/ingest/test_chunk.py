"""Passages: whole code, exact spans, the right sources, stable ids."""

from __future__ import annotations

import pytest

from ingest.chunk import (
    MAX_WORDS,
    document_passages,
    entry_passages,
    section_units,
    sentence_bounds,
)
from ingest.schema import Block, Knowledge, Locator, ParsedDocument, Section, Source

SOURCE = Source(
    key="docs", title="Docs", url="https://example.org/", publisher="Example", year=2026
)
OTHER = SOURCE.model_copy(update={"key": "paper", "url": "https://example.org/paper"})
SOURCES = {"docs": SOURCE, "paper": OTHER}


def section(body: str) -> Section:
    return Section(id="how-to", heading="How to", body=body, line=1)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("Version 3.11 runs. It works.", ["Version 3.11 runs.", "It works."]),
        ("Use a tool, e.g. Feast, here. Next.", ["Use a tool, e.g. Feast, here.", "Next."]),
        (
            "Usa una lista, p. ej. La Fija. Luego sigue.",
            ["Usa una lista, p. ej. La Fija.", "Luego sigue."],
        ),
        ("¿Qué pasa? ¡Nada! Fin.", ["¿Qué pasa?", "¡Nada!", "Fin."]),
        ("No end", ["No end"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[a:b] for a, b in sentence_bounds(text)] == sentences


def test_footnotes_become_the_sources_of_their_sentence() -> None:
    (unit,) = section_units(
        section("First fact.[^docs] Second fact.[^paper][^docs] Opinion."), SOURCES
    )
    assert unit.text == "First fact. Second fact. Opinion."
    quotes = [(unit.text[s.start : s.end], [x.key for x in s.sources]) for s in unit.spans]
    assert quotes == [
        ("First fact.", ["docs"]),
        ("Second fact.", ["paper", "docs"]),
        ("Opinion.", []),
    ]


def test_list_items_keep_their_numbers_and_tables_their_rows() -> None:
    units = section_units(
        section("1. Do this.\n2. Do that.[^docs]\n\n| a | b |\n|---|---|\n| 1 | 2 |"), SOURCES
    )
    assert [u.text for u in units[:2]] == ["1. Do this.", "2. Do that."]
    assert units[1].spans[0].sources == (SOURCE,)
    assert units[1].text[units[1].spans[0].start :] == "Do that."
    assert units[2].spans[0].kind == "table"
    assert units[2].text.splitlines()[2] == "| 1 | 2 |"


def test_code_is_one_passage_and_never_cut(knowledge: Knowledge) -> None:
    for entry in knowledge.entries.values():
        for passage in entry_passages(entry):
            fences = passage.text.count("```")
            assert fences in (0, 2), passage.id
            if fences:
                assert passage.text.startswith("```")
                assert passage.text.endswith("```")


def test_passages_of_the_knowledge_hold_together(knowledge: Knowledge) -> None:
    seen: set[str] = set()
    for entry in knowledge.entries.values():
        for passage in entry_passages(entry):
            assert passage.id not in seen
            seen.add(passage.id)
            assert "[^" not in passage.text, passage.id
            assert passage.id.startswith(f"{entry.meta.id}.{passage.language}#{passage.section}-")
            for span in passage.spans:
                quote = passage.text[span.start : span.end]
                assert quote.strip() == quote, passage.id
                assert quote, passage.id
            prose = [s for s in passage.spans if s.kind != "code"]
            if len(prose) > 1:
                assert len(passage.text.split()) <= 2 * MAX_WORDS, passage.id


def test_the_same_entry_gives_the_same_passages(knowledge: Knowledge) -> None:
    entry = next(iter(knowledge.entries.values()))
    assert list(entry_passages(entry)) == list(entry_passages(entry))


def test_document_passages_keep_page_and_lines() -> None:
    blocks = (
        Block(text="Monitoring", kind="heading", locator=Locator(page=2, line_start=1, line_end=1)),
        Block(
            text="We watch p99.",
            kind="paragraph",
            locator=Locator(page=2, line_start=2, line_end=3),
        ),
        Block(text="secret order", kind="comment", locator=Locator(page=2)),
        Block(
            text="Next page.", kind="paragraph", locator=Locator(page=3, line_start=9, line_end=9)
        ),
    )
    document = ParsedDocument(
        name="plan.pdf", kind="pdf", language="en", pages=3, text="…", blocks=blocks
    )
    first, second = document_passages(document, "team")
    assert first.text == "Monitoring\n\nWe watch p99."
    assert (first.locator.file, first.locator.page, first.locator.line_end) == ("plan.pdf", 2, 3)
    assert second.locator.page == 3
    assert first.collection == "team"
    assert "secret order" not in first.text + second.text
    assert first.id != second.id
