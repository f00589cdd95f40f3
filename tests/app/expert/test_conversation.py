"""A turn is read in the light of those before: commands, follow-ups, corrections, sources."""

from __future__ import annotations

import pytest

from app.expert.answer import Answer
from app.expert.conversation import read_turn
from app.expert.engine import Expert
from app.expert.question import read_question
from ingest.chunk import document_passages
from ingest.schema import Block, Knowledge, Locator, ParsedDocument
from ingest.search import HybridSearch

ENGLISH = "How do I detect drift when labels arrive late?"
SPANISH = "¿Cómo despliego un modelo en Kubernetes con GPU?"


@pytest.fixture(scope="module")
def expert(knowledge: Knowledge, search: HybridSearch) -> Expert:
    return Expert(knowledge, search)


@pytest.fixture(scope="module")
def before(expert: Expert) -> Answer:
    return expert.ask(read_question(ENGLISH))


@pytest.fixture(scope="module")
def antes(expert: Expert) -> Answer:
    return expert.ask(read_question(SPANISH))


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("shorter", "short"),
        ("Can you make it shorter, please?", "short"),
        ("más corto", "short"),
        ("tell me more", "long"),
        ("más detalle", "long"),
        ("why?", "reasons"),
        ("¿Por qué?", "reasons"),
        ("as a checklist", "checklist"),
        ("como lista de comprobación", "checklist"),
        ("show me an example", "example"),
        ("dame un ejemplo", "example"),
    ],
)
def test_commands_ask_the_standing_question_again(before: Answer, text: str, style: str) -> None:
    question = read_turn(text, [before])
    assert question.style == style
    if style != "full":
        assert question.text == ENGLISH
        assert question.shown == text
        assert question.understood == ENGLISH


def test_a_shorter_answer_is_shorter_and_cited(expert: Expert, before: Answer) -> None:
    short = expert.ask(read_turn("shorter", [before]))
    assert len(short.answer_markdown.split()) < len(before.answer_markdown.split()) / 2
    assert short.statements
    assert all(s.verdict == "supported" for s in short.statements)


def test_more_detail_repeats_nothing(expert: Expert, before: Answer) -> None:
    more = expert.ask(read_turn("more detail", [before]))
    said = {s.text for s in before.statements}
    assert more.statements
    assert not said & {s.text for s in more.statements}


def test_the_other_language_says_the_same(expert: Expert, before: Answer) -> None:
    spanish = expert.ask(read_turn("in Spanish", [before]))
    assert spanish.language == "es"
    assert spanish.understood == ENGLISH
    assert {r.language for r in spanish.references} == {"es"}
    assert spanish.references[0].entry == before.references[0].entry


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("show me the source of the second point", 1),
        ("where does the third point come from?", 2),
        ("source?", 0),
    ],
)
def test_the_source_of_a_point(expert: Expert, before: Answer, text: str, point: int) -> None:
    answer = expert.ask(read_turn(text, [before]))
    assert [s.text for s in answer.statements] == [before.statements[point].text]
    shown = answer.references[0]
    assert before.statements[point].text.removeprefix("- ") in shown.passage
    assert shown.n == 1
    assert "[1]" in answer.answer_markdown


def test_la_fuente_del_segundo_punto(expert: Expert, antes: Answer) -> None:
    answer = expert.ask(read_turn("muéstrame la fuente del segundo punto", [antes]))
    assert [s.text for s in answer.statements] == [antes.statements[1].text]
    assert answer.language == "es"


@pytest.mark.parametrize("text", ["no, en AWS", "¿y en AWS?", "en AWS"])
def test_corrections_and_follow_ups_lean_on_the_question(antes: Answer, text: str) -> None:
    question = read_turn(text, [antes])
    assert question.previous == SPANISH
    assert question.understood is not None
    assert "AWS" in question.understood


@pytest.mark.parametrize(
    "text",
    [
        "What is Feast?",
        "How do I choose a batch size for an LLM server?",
        "In Kubernetes, what is a startup probe?",
        "hola",
    ],
)
def test_a_new_question_stands_alone(before: Answer, text: str) -> None:
    question = read_turn(text, [before])
    assert question.previous == ""
    assert question.style == "full"
    assert question.understood is None


def test_a_long_chain_stays_bounded(before: Answer) -> None:
    answer = before
    for turn in range(30):
        question = read_turn(f"and with {turn} GPUs of the newest kind?", [answer])
        answer = before.model_copy(
            update={"question": question.shown, "understood": question.understood}
        )
    assert len(question.whole) < 1200


def test_roles_stress_different_things(expert: Expert) -> None:
    text = "How do I roll out a new model version safely?"
    answers = {
        role: expert.ask(read_question(text, role=role))  # type: ignore[arg-type]
        for role in ("cto", "qa", "devops")
    }
    assert len({a.answer_markdown for a in answers.values()}) == 3
    assert "**For QA**" in answers["qa"].answer_markdown
    assert "**For the CTO**" in answers["cto"].answer_markdown


def test_a_readers_own_document_answers_for_itself(
    knowledge: Knowledge, search: HybridSearch
) -> None:
    text = "The Zaffre gateway of Acme retries each scoring call 7 times with a pause of 40 ms."
    block = Block(text=text, kind="paragraph", locator=Locator(file="zaffre.md"))
    document = ParsedDocument(
        name="zaffre.md", kind="markdown", language="en", pages=None, text=text, blocks=(block,)
    )
    own = search.with_attachments(list(document_passages(document, "attached")))
    answer = Expert(knowledge, own).ask(
        read_question("How often does the Zaffre gateway retry a scoring call?")
    )
    assert not answer.abstained
    assert any("7 times" in s.text for s in answer.statements)
