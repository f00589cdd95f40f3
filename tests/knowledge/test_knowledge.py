"""The content that ships: it passes its own check, and its examples run."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from app.settings import read_settings
from app.wiring import validate_knowledge
from ingest.check import FOOTNOTE
from ingest.code_blocks import code_blocks, without_code
from ingest.schema import Entry, Knowledge
from tests_paths import ROOT

RUNNER = Path(__file__).with_name("run_examples.py")


@pytest.fixture(scope="module")
def examples_python() -> str:
    """The interpreter with the libraries that the examples show."""
    path = os.environ.get("EXAMPLES_PYTHON", str(ROOT / ".venv-examples/bin/python"))
    if not Path(path).exists():
        pytest.fail("the examples need their own environment: run `make test`")
    return path


def test_the_check_finds_no_error() -> None:
    errors = [p for p in validate_knowledge(read_settings()) if p.level == "error"]
    assert errors == []


def test_every_topic_of_the_core_expertise_has_its_own_entry(knowledge: Knowledge) -> None:
    own = {entry.meta.topics[0] for entry in knowledge.entries.values()}
    wanted = {topic.id for topic in knowledge.topics if topic.area == "expertise"}
    assert wanted - own == set()


def test_every_criterion_is_served_by_a_checklist_item(knowledge: Knowledge) -> None:
    served = {
        c
        for checklist in knowledge.checklists.values()
        for i in checklist.items
        for c in i.criteria
    }
    assert {criterion.id for criterion in knowledge.criteria} - served == set()
    assert len(knowledge.criteria) >= 40
    assert len(knowledge.checklists) == 6
    assert all(12 <= len(c.items) <= 25 for c in knowledge.checklists.values())


def test_no_development_question_stands_in_the_knowledge() -> None:
    path = ROOT.parent / "shared" / "questions_dev" / "questions.jsonl"
    if not path.exists():
        pytest.skip("the development questions are not here")
    content = " ".join(p.read_text(encoding="utf-8") for p in (ROOT / "knowledge").rglob("*.md"))
    folded = re.sub(r"\W+", " ", content.lower())
    pasted = [
        row["id"]
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for sentence in re.split(r"(?<=[.?!])\s", row["question"])
        if len(sentence.split()) > 8 and re.sub(r"\W+", " ", sentence.lower()).strip() in folded
    ]
    assert pasted == []


def test_no_sentence_of_the_reference_catalogue_stands_in_the_knowledge(
    knowledge: Knowledge,
) -> None:
    catalogue = ROOT.parent / "shared" / "reference_catalog"
    files = sorted(catalogue.glob("*.yaml"))
    if not files:
        pytest.skip("the reference catalogue is not here")
    theirs = {
        run
        for path in files
        for text in _strings(yaml.load(path.read_bytes(), yaml.CSafeLoader))
        for run in _runs_of_words(text)
    }
    pasted = [
        f"{entry.meta.id}: {' '.join(run)}"
        for entry in knowledge.entries.values()
        for text in _english_prose(entry)
        for run in _runs_of_words(text)
        if run in theirs
    ]
    assert pasted == []


def _english_prose(entry: Entry) -> Iterator[str]:
    """Neither code nor sources: the names in a format and in a title are no one's sentences."""
    yield entry.meta.summary.en
    yield entry.meta.status_note.en if entry.meta.status_note else ""
    for section in entry.sections["en"]:
        yield FOOTNOTE.sub("", without_code(section.body))


def _runs_of_words(text: str, length: int = 14) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())
    return (tuple(words[i : i + length]) for i in range(len(words) - length + 1))


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _strings(item)


def test_the_examples_marked_run_do_run(knowledge: Knowledge, examples_python: str) -> None:
    blocks = [
        {"name": f"{entry.meta.id}#{section.id}", "code": block.code}
        for entry in knowledge.entries.values()
        for section in entry.sections["en"]
        for block in code_blocks(section.body)
        if block.run
    ]
    assert len(blocks) >= 5
    done = subprocess.run(
        [examples_python, str(RUNNER)],
        input=json.dumps(blocks),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {}
