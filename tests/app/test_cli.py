"""The commands as scripts call them: JSON on stdout, one clear line on stderr, exit codes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import Result
from tests_paths import ROOT
from typer.testing import CliRunner

from app.cli import app
from ingest.search import HybridSearch


class Terminal:
    """Runs `mlexpert` in this process with the shared data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *arguments: str, **settings: str) -> Result:
        return CliRunner().invoke(
            app, list(arguments), env={"MLEXPERT_DATA_DIR": str(self.data), **settings}
        )


@pytest.fixture
def terminal(data_folder: Path, search: HybridSearch) -> Terminal:
    return Terminal(data_folder)


def one_clear_line(done: Result) -> str:
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_a_batch_keeps_ids_and_order_and_survives_a_bad_line(
    terminal: Terminal, tmp_path: Path
) -> None:
    rows = [
        '{"id": "a", "question": "How do I detect drift?"}',
        "{broken",
        '{"id": "b", "question": "¿Cómo detecto drift?"}',
        '{"id": "c", "question": "😀"}',
        '{"id": "d", "question": "What is PSI?", "lang": "es"}',
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    done = terminal.run("ask", "--batch", str(path), "--json")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert [a["id"] for a in answers] == ["a", "line-2", "b", "c", "d"]
    assert [a.get("language") for a in answers] == ["en", None, "es", None, "es"]
    assert all("error" in answers[i] for i in (1, 3))
    fields = "mode model abstained abstain_reason answer_markdown statements references checklist"
    fields += " calculations follow_ups warnings timings_ms question"
    assert set(fields.split()) <= set(answers[0])
    for answer in (answers[0], answers[2]):
        known = {reference["n"] for reference in answer["references"]}
        assert all(set(s["citations"]) <= known for s in answer["statements"])
        assert all(r["quote"] in r["passage"] for r in answer["references"])


def test_the_same_question_gives_the_same_answer(terminal: Terminal) -> None:
    first, second = (
        json.loads(terminal.run("ask", "How do I roll back a model?", "--json").stdout)
        for _ in range(2)
    )
    first.pop("timings_ms"), second.pop("timings_ms")
    assert first == second


def test_search_gives_passages_best_first(terminal: Terminal) -> None:
    found = json.loads(terminal.run("search", "detección de drift", "--k", "5", "--json").stdout)
    assert [row["rank"] for row in found["results"]] == [1, 2, 3, 4, 5]
    scores = [row["score"] for row in found["results"]]
    assert scores == sorted(scores, reverse=True)
    assert found["language"] == "es"
    assert found["results"][0]["entry"] == "drift-detection"
    assert set(found["results"][0]["locator"]) >= {"file", "page", "line_start", "line_end"}


def test_review_writes_json_and_markdown(terminal: Terminal, tmp_path: Path) -> None:
    document = tmp_path / "README.md"
    document.write_text("# Churn\n\nThe model predicts churn. We train it with xgboost.\n")
    report = tmp_path / "report.md"
    done = terminal.run("review", str(tmp_path), "--json", "--markdown", str(report))
    review = json.loads(done.stdout)
    assert len(review["criteria"]) >= 40
    assert review["documents"][0]["name"] == "README.md"
    text = document.read_text()
    assert all(e["quote"] in text for c in review["criteria"] for e in c["evidence"])
    assert report.read_text(encoding="utf-8").startswith("# Review of project documents")


def test_own_documents_are_added_found_listed_and_removed(
    data_folder: Path, terminal: Terminal, tmp_path: Path
) -> None:
    note = tmp_path / "oncall.md"
    note.write_text(
        "# Guardia\n\nEl modelo zanahoria se reinicia con el botón turquesa.\n", "utf-8"
    )
    added = json.loads(terminal.run("ingest", str(note), "--collection", "team", "--json").stdout)
    assert added["documents"][0]["characters"] > 20
    assert added["passages"] >= 1
    try:
        found = json.loads(terminal.run("search", "botón turquesa zanahoria", "--json").stdout)
        assert found["results"][0]["collection"] == "team"
        assert found["results"][0]["locator"]["file"] == "oncall.md"
        listed = json.loads(terminal.run("ingest", "--list", "--json").stdout)
        assert [c["name"] for c in listed["collections"]] == ["team"]
    finally:
        terminal.run("ingest", "--remove", "team")
    listed = json.loads(terminal.run("ingest", "--list", "--json").stdout)
    assert listed["collections"] == []


def test_a_saved_answer_is_in_the_history_and_can_be_exported(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.run("ask", "How do I detect drift?", "--save")
    rows = json.loads(terminal.run("history", "--json").stdout)["conversations"]
    row = next(r for r in rows if r["title"] == "How do I detect drift?")
    out = tmp_path / "export.md"
    assert terminal.run("export", row["id"], "--out", str(out)).exit_code == 0
    assert "How do I detect drift?" in out.read_text(encoding="utf-8")
    missing = terminal.run("export", "0" * 32, "--out", str(out))
    assert "mlexpert history" in one_clear_line(missing)


def test_the_doctor_finds_this_installation_healthy(terminal: Terminal) -> None:
    done = terminal.run("doctor", "--json")
    checks = {row["name"]: row["status"] for row in json.loads(done.stdout)["checks"]}
    assert done.exit_code == 0
    assert {checks[n] for n in ("settings", "model", "index", "knowledge", "database")} == {"ok"}


def test_the_stats_count_the_knowledge(terminal: Terminal) -> None:
    stats = json.loads(terminal.run("kb", "stats", "--json").stdout)
    assert stats["entries"] >= 40
    assert stats["languages"]["en"] == stats["languages"]["es"] == stats["entries"]
    assert stats["topics_covered"] == stats["topics"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", ""], "no words"),
        (["ask", "\x00\x07"], "no words"),
        (["ask", "😀🎉"], "no words"),
        (["ask"], "no question"),
        (["ask", "drift?", "--lang", "es", "--brief", "nowhere.yaml"], "nowhere.yaml"),
        (["ui", "--host", "0.0.0.0"], "no sign-in"),
        (["kb", "show", "drift-detectoin"], "drift-detection"),
        (["ingest", "--remove", "nothing"], "nothing"),
        (["ingest"], "nothing to add"),
    ],
)
def test_bad_input_is_one_clear_line(terminal: Terminal, arguments: list[str], says: str) -> None:
    if "\x00" in "".join(arguments):
        arguments = [a.replace("\x00", "\x01") for a in arguments]  # no process takes a NUL
    assert says in one_clear_line(terminal.run(*arguments))


def test_an_unknown_setting_names_its_neighbour(terminal: Terminal) -> None:
    line = one_clear_line(terminal.run("ask", "drift?", MLEXPERT_LLM_MODLE="x"))
    assert "MLEXPERT_LLM_MODEL" in line


def test_a_wrong_setting_says_which(terminal: Terminal) -> None:
    line = one_clear_line(terminal.run("ask", "drift?", MLEXPERT_LLM_BASE_URL="localhost"))
    assert "MLEXPERT_LLM_BASE_URL" in line


def test_a_question_of_20000_characters_is_answered_with_a_note(terminal: Terminal) -> None:
    done = terminal.run("ask", "How do I detect drift? " * 900, "--json")
    answer = json.loads(done.stdout)
    assert answer["warnings"]
    assert not answer["abstained"]


def test_another_language_is_answered_politely(terminal: Terminal) -> None:
    done = terminal.run("ask", "Wie erkenne ich Drift in der Produktion meines Modells?", "--json")
    answer = json.loads(done.stdout)
    assert answer["abstained"]
    assert answer["references"] == []


def test_a_port_in_use_says_which_to_try(terminal: Terminal) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = one_clear_line(terminal.run("ui", "--port", str(port)))
    assert str(port) in line


@pytest.mark.skipif(os.name != "posix", reason="needs a folder that cannot be written")
def test_a_data_folder_that_cannot_be_written_is_one_clear_line(
    terminal: Terminal, tmp_path: Path
) -> None:
    # A file where the folder should be stops every user, root included.
    blocked = tmp_path / "data"
    blocked.write_text("a file", encoding="utf-8")
    line = one_clear_line(terminal.run("ask", "drift?", MLEXPERT_DATA_DIR=str(blocked)))
    assert "MLEXPERT_DATA_DIR" in line


def test_a_broken_entry_is_named_with_its_line(terminal: Terminal, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", copy)
    entry = copy / "entries/drift-detection/entry.yaml"
    entry.write_text(entry.read_text(encoding="utf-8") + "colour: red\n", encoding="utf-8")
    settings = {"MLEXPERT_KNOWLEDGE_DIR": str(copy), "MLEXPERT_DATA_DIR": str(tmp_path / "d")}
    assert "drift-detection/entry.yaml" in one_clear_line(terminal.run("ask", "x?", **settings))
    done = terminal.run("kb", "check", **settings)
    assert done.exit_code == 1
    assert "colour" in done.stdout
