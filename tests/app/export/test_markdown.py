"""Exports keep every citation, quote and tick, and nothing in them is live."""

from __future__ import annotations

import re

import pytest

from app.expert.answer import Answer
from app.expert.engine import Expert
from app.expert.question import read_question
from app.export.inert import inert, plain_name
from app.export.markdown import answer_markdown, conversation_markdown
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
    shown = [tick.id for answer in answers for tick in answer.checklist]
    assert text.count("- [x] ") == sum(item in ticked for item in shown) > 0
    assert text.count("\n## ") >= len(answers)
    assert answers[0].knowledge_version in text


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
