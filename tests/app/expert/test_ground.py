"""Citations of a model's text: only known ones stay, and half a sentence is no statement."""

from __future__ import annotations

import pytest

from app.expert.answer import Reference
from app.expert.ground import complete_part, drop_unknown_citations, statements_of
from app.expert.verify import Verifier
from ingest.bundled_model import BundledModel
from ingest.lexical import terms
from ingest.schema import Locator


@pytest.mark.parametrize(
    ("text", "clean", "dropped"),
    [
        ("A fact [1]. Other [2][9].", "A fact [1]. Other [2].", 1),
        ("A fact [9].", "A fact.", 1),
        ("A fact [1, 2].", "A fact [1][2].", 0),
        ("A fact [1, 9; 2].", "A fact [1][2].", 1),
        ("A fact [1-3].", "A fact [1][2].", 1),
        ("A fact [e1].", "A fact [1].", 0),
        ("A fact [1](https://evil.example/x?y=z).", "A fact [1].", 0),
        ("A score in [0, 1] is fine [1].", "A score in [0, 1] is fine [1].", 0),
        ("Use `rows[9]` [1].", "Use `rows[9]` [1].", 0),
        (
            "```python\nrows[9] = x[1, 7]\n```\nDone [9]",
            "```python\nrows[9] = x[1, 7]\n```\nDone",
            1,
        ),
    ],
)
def test_unknown_citations_go_and_code_stays(text: str, clean: str, dropped: int) -> None:
    cleaned = drop_unknown_citations(text, [1, 2])
    assert (cleaned.text, cleaned.dropped) == (clean, dropped)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Compare weekly. [1] Alert above 1", "Compare weekly. [1]"),
        ("Compare weekly [1]. Alert above 0.", "Compare weekly [1]."),
        ("Compare weekly. [1] Alert daily. [1", "Compare weekly. [1] Alert daily."),
        ("- Compare weekly [1]\n- Ale", "- Compare weekly [1]"),
        ("Compare weekly. [1]\n\n```python\nx = ", "Compare weekly. [1]"),
        ("Compare weekly. [1]", "Compare weekly. [1]"),
        ("Half an ans", ""),
        ("", ""),
    ],
)
def test_a_cut_text_ends_with_a_whole_sentence(text: str, kept: str) -> None:
    assert complete_part(text) == kept


def reference(passage: str) -> Reference:
    return Reference(
        n=1,
        id="e.en#1",
        entry="e",
        title="E",
        section="numbers",
        heading="Numbers",
        language="en",
        url=None,
        locator=Locator(),
        quote=passage,
        quotes=(passage,),
        passage=passage,
        status="current",
        collection="curated",
        sources=(),
    )


def test_headings_and_lead_ins_are_no_statements(model: BundledModel) -> None:
    markdown = (
        "**How to do it**\n\nTo compare the data, do this:\n\n"
        "1. Compare production with the reference each week. [1]\n"
        "2. Read `rows[9]` of the reference each week. [1]\n"
    )
    found = statements_of(
        markdown,
        [reference("Compare production with the reference each week. Read `rows[9]`.")],
        "en",
        Verifier(model.embed_passages, terms),
    )
    assert [s.text for s in found] == [
        "Compare production with the reference each week.",
        "Read `rows[9]` of the reference each week.",
    ]
    assert [s.citations for s in found] == [(1,), (1,)]
    assert found[0].verdict == "supported"
