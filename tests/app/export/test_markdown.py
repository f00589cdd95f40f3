"""Exports keep every citation, quote and tick, and nothing in them is live."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pymarkdown.api import PyMarkdownApi

from app.expert.answer import Answer
from app.expert.engine import Expert
from app.expert.question import read_question
from app.export.inert import inert, plain_name
from app.export.markdown import (
    answer_markdown,
    checklist_items,
    checklist_markdown,
    conversation_markdown,
    without_checklist,
)
from app.history.store import Conversation
from ingest.schema import Knowledge
from ingest.search import HybridSearch


@pytest.fixture(scope="module")
def answers(knowledge: Knowledge, search: HybridSearch) -> tuple[Answer, ...]:
    expert = Expert(knowledge, search)
    questions = ("¿Cómo detecto drift?", "How many workers for FastAPI?", "¿Qué es el PSI?")
    return tuple(expert.ask(read_question(question)) for question in questions)


def test_every_reference_is_a_footnote_with_its_quote(answers: tuple[Answer, ...]) -> None:
    for answer in answers:
        text = answer_markdown(answer)
        defined = re.findall(r"^\[\^(\d+)\]:", text, flags=re.MULTILINE)
        assert defined == [str(r.n) for r in answer.references]
        for reference in answer.references:
            for line in "\n".join(reference.quotes).splitlines():
                assert line in text
            for source in reference.sources:
                assert source.url in text


def test_a_conversation_keeps_its_turns_apart(answers: tuple[Answer, ...]) -> None:
    ticked = frozenset(t.id for a in answers for t in a.checklist[:1])
    conversation = Conversation("id", "Drift | *and* more", "2026-11-24", answers, ticked)
    text = conversation_markdown(conversation)
    definitions = re.findall(r"^\[\^(t\d+-\d+)\]:", text, flags=re.MULTILINE)
    assert len(definitions) == len(set(definitions)) == sum(len(a.references) for a in answers)
    used = set(re.findall(r"\[\^(t\d+-\d+)\](?!:)", text))
    assert used == set(definitions)
    shown = {tick.id for answer in answers for tick in answer.checklist}
    assert text.count("- [x] ") == len(ticked) > 0
    assert text.count("- [ ] ") == len(shown - ticked) > 0
    assert text.count("\n## ") >= len(answers)
    assert answers[0].knowledge_version in text


def test_exports_pass_a_markdown_linter(answers: tuple[Answer, ...], tmp_path: Path) -> None:
    conversation = Conversation("c" * 32, "Drift y más", "2026-11-25", answers, frozenset())
    linter = (
        PyMarkdownApi()
        .disable_rule_by_identifier("md013")  # a sentence is a line
        # It knows no footnotes and reads their indented quotes as code.
        .disable_rule_by_identifier("md046")
        .set_boolean_property("plugins.md024.siblings_only", True)
    )
    for name, text in (
        ("answer.md", answer_markdown(answers[0])),
        ("conversation.md", conversation_markdown(conversation)),
        ("checklist.md", checklist_markdown("Drift", checklist_items(answers), frozenset(), "es")),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        found = linter.scan_path(str(path))
        assert [(f.line_number, f.rule_id) for f in found.scan_failures] == []


def test_an_answer_keeps_its_own_checklist_with_its_ticks(answers: tuple[Answer, ...]) -> None:
    for answer in answers:
        rest = without_checklist(answer)
        assert "- [ ] " not in rest
        assert answer.answer_markdown.startswith(rest)
        ticked = {tick.id for tick in answer.checklist[:1]}
        text = answer_markdown(answer, ticked=ticked)
        assert text.count("- [x] ") == len(ticked)
        assert text.count("- [ ] ") == len(answer.checklist) - len(ticked)


def test_a_checklist_of_its_own_has_every_item_once(answers: tuple[Answer, ...]) -> None:
    items = checklist_items([*answers, *answers])
    assert len({item.id for item in items}) == len(items) > 0
    text = checklist_markdown("Drift", items, {items[0].id}, "es")
    assert text.startswith("# Drift\n")
    assert all(text.count(f"] {item.text}\n") == 1 for item in items)
    assert f"- [x] {items[0].text}" in text


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](https://tracker.example/p.png)",
        "![x][ref]\n\n[ref]: https://tracker.example/p.png",
        "[click](javascript:alert(1))",
        "[click](java%0ascript:alert(1))",
        "[click](data:text/html,<script>1</script>)",
        "<img src=https://tracker.example/x>",
        "<script>alert(1)</script>",
        "<!-- hidden order -->",
        "[a]: javascript:alert(1)",
    ],
)
def test_nothing_live_survives(hostile: str) -> None:
    safe = inert(f"before {hostile} after")
    from markdown_it import MarkdownIt

    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(safe)
    assert not re.search(r"<(img|script|a|iframe)\b|<!--", rendered), rendered
    assert "before" in safe
    assert "after" in safe or hostile.startswith("![x][ref]")


def test_code_and_comparisons_stay_as_they_are() -> None:
    text = "p < 0.05 and `a[0](b)`\n\n```python\nx = y[0](z)  # <b>\n```"
    assert inert(text) == text


def test_names_are_bounded_and_clean() -> None:
    assert plain_name("a\u202eb\x00c.md") == "abc.md"
    assert len(plain_name("n" * 300)) == 120
