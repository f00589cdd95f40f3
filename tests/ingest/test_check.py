"""The knowledge check sees each kind of defect, with file, line and mend."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests_paths import KNOWLEDGE

from ingest.check import check_knowledge
from ingest.errors import KnowledgeError
from ingest.load import load_cached, load_knowledge
from ingest.schema import uncovered_topics

ENTRY = "entries/drift-detection"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A knowledge with one good entry, and all that is not entries."""
    target = tmp_path / "knowledge"
    target.mkdir()
    shutil.copy(KNOWLEDGE / "topics.yaml", target)
    for name in ("persona", "checklists", "criteria"):
        shutil.copytree(KNOWLEDGE / name, target / name)
    shutil.copytree(KNOWLEDGE / ENTRY, target / ENTRY)
    return target


def errors(root: Path) -> list[str]:
    return [f"{p.file}:{p.line}: {p.message}" for p in check_knowledge(root) if p.level == "error"]


def edit(root: Path, name: str, change: Callable[[str], str]) -> None:
    path = root / ENTRY / name
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert before != after
    path.write_text(after, encoding="utf-8")


def test_a_good_entry_has_no_error(root: Path) -> None:
    assert errors(root) == []


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("entry.yaml", lambda t: t + "colour: red\n", "colour"),
        (
            "entry.yaml",
            lambda t: t.replace("id: drift-detection\n", "id: other\n", 1),
            "folder's name",
        ),
        ("entry.yaml", lambda t: t.replace("status: active", "status: archived"), "status_note"),
        ("entry.yaml", lambda t: t.replace("https://arxiv.org", "http://arxiv.org"), "url"),
        (
            "entry.yaml",
            lambda t: t.replace("related: [", "related: [no-such-thing, "),
            "no-such-thing",
        ),
        (
            "entry.yaml",
            lambda t: t.replace("topics: [drift-detection]", "topics: [nonsense]"),
            "nonsense",
        ),
        ("entry.yaml", lambda t: "id: [unclosed\n" + t, "not valid YAML"),
        ("en.md", lambda t: t.replace("[^psi-paper]", "[^nowhere]"), "'nowhere' has no source"),
        ("en.md", lambda t: t.replace("## Pitfalls", "## Traps"), "unknown heading 'Traps'"),
        (
            "en.md",
            lambda t: t.replace("import numpy as np\n", "import numpy as\n", 1),
            "does not parse",
        ),
        ("en.md", lambda t: t.replace("1,000 rows", "2,000 rows"), "other numbers"),
        ("es.md", lambda t: t.replace("0,25", "0,35"), "other numbers"),
        ("es.md", lambda t: t.replace("bins: int = 10", "bins: int = 11"), "other code"),
        ("es.md", lambda t: t.replace("[^nannyml-cbpe]", ""), "other footnotes"),
        (
            "es.md",
            lambda t: t.replace("## Cuándo evitarlo", "## Cifras"),
            "repeated or out of order",
        ),
        ("en.md", lambda t: t[: len(t) // 6], "words"),
        (
            "en.md",
            lambda t: t.replace("## Pitfalls\n", "## Pitfalls\n\n" + "word " * 400),
            "'Pitfalls' has",
        ),
        ("en.md", lambda t: t.replace("drift.[^evidently-drift]", "drift."), "has no footnote"),
    ],
)
def test_each_defect_is_found(
    root: Path, name: str, change: Callable[[str], str], expected: str
) -> None:
    edit(root, name, change)
    found = errors(root)
    assert any(expected in line for line in found), found


def test_a_behaviour_is_an_item_of_the_persona(root: Path) -> None:
    path = root / "persona/persona.yaml"
    path.write_text(path.read_text().replace("id: pragmatism\n", "id: dogmatism\n"))
    assert errors(root) == ["topics.yaml:1: topic 'pragmatism' is no item of the persona"]


def test_a_persona_that_cannot_be_read_is_one_error(root: Path) -> None:
    (root / "persona/persona.yaml").unlink()
    assert errors(root) == ["persona/persona.yaml:1: is missing or cannot be read"]


def test_a_deliverable_has_its_checklist(root: Path) -> None:
    (root / "checklists/architecture.yaml").unlink()
    assert errors(root) == ["topics.yaml:1: topic 'architecture' has no checklist"]


def test_a_topic_is_covered_by_an_entry_the_persona_or_a_checklist(root: Path) -> None:
    knowledge = load_knowledge(root)
    uncovered = {topic.id for topic in uncovered_topics(knowledge)}
    covered = [topic for topic in knowledge.topics if topic.id not in uncovered]
    elsewhere = [t for t in knowledge.topics if t.area in {"behaviour", "deliverables"}]
    assert {topic.id for topic in covered} == {"drift-detection", *(t.id for t in elsewhere)}
    edit(root, "entry.yaml", lambda t: t.replace("kind: practice", "kind: playbook"))
    assert "drift-detection" in {topic.id for topic in uncovered_topics(load_knowledge(root))}


def test_all_findings_come_in_one_pass(root: Path) -> None:
    edit(root, "en.md", lambda t: t.replace("## Pitfalls", "## Traps"))
    edit(root, "entry.yaml", lambda t: t + "colour: red\n")
    assert len(errors(root)) >= 2


def test_a_finding_names_the_line(root: Path) -> None:
    edit(root, "entry.yaml", lambda t: t + "colour: red\n")
    lines = (root / ENTRY / "entry.yaml").read_text().splitlines()
    (found,) = [line for line in errors(root) if "colour" in line]
    assert f"entry.yaml:{len(lines)}:" in found


def test_loading_a_broken_knowledge_points_at_the_check(root: Path) -> None:
    edit(root, "entry.yaml", lambda t: t.replace("kind: practice", "kind: poem"))
    with pytest.raises(KnowledgeError, match="kb check"):
        load_knowledge(root)


def test_the_parsed_copy_follows_the_files(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = load_cached(root, cache)
    assert load_cached(root, cache) == first
    edit(root, "entry.yaml", lambda t: t.replace("Drift detection, es", "Drift watch, es"))
    changed = load_cached(root, cache)
    assert changed.version != first.version
    assert changed.entries["drift-detection"].meta.title.en == "Drift watch"
    assert len(list(cache.glob("knowledge-*.json"))) == 1
