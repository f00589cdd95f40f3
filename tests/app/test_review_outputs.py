"""`mlexpert review` in a pipeline: exit codes, SARIF and GitHub annotations."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.cli import app

DOCUMENT = """# Churn

The machine learning model predicts churn for the retention team. We train it with xgboost.

## Monitoring

We plan to add drift monitoring, 100% sure.
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "design notes, v1.md").write_text(DOCUMENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def review(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        app, ["review", *arguments], env={"MLEXPERT_DATA_DIR": str(folder / "data")}
    )


def test_a_score_below_the_limit_fails_after_printing(project: Path) -> None:
    passed = review(project, "docs", "--json", "--fail-under", "0")
    failed = review(project, "docs", "--json", "--fail-under", "99.5")
    assert (passed.exit_code, failed.exit_code) == (0, 1)
    score = json.loads(failed.stdout)["score"]
    assert f"{score} is below 99.5" in failed.stderr


def test_nothing_to_review_is_bad_input(project: Path) -> None:
    done = review(project, "nowhere", "--json", "--fail-under", "0")
    assert done.exit_code == 2
    assert "nowhere" in done.stderr
    refused = json.loads(done.stdout)["refused"]
    assert [one["name"] for one in refused] == ["nowhere"]


def test_sarif_holds_what_code_scanning_asks_for(project: Path) -> None:
    done = review(project, "docs", "--json", "--sarif", "out.sarif")
    gaps = {c["id"]: c for c in json.loads(done.stdout)["criteria"] if c["verdict"] != "covered"}
    log = json.loads((project / "out.sarif").read_text(encoding="utf-8"))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"]
    assert len({rule["id"] for rule in rules}) == len(rules) >= 40
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    assert sorted(result["ruleId"] for result in run["results"]) == sorted(gaps)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == "docs/design%20notes%2C%20v1.md"
        evidence = gaps[result["ruleId"]]["evidence"]
        if evidence:
            lines = evidence[0]["locator"]
            region = location["physicalLocation"]["region"]
            assert region == {"startLine": lines["line_start"], "endLine": lines["line_end"]}


def test_annotations_are_one_escaped_command_a_line(project: Path) -> None:
    done = review(project, "docs", "--github", "--lang", "es")
    lines = done.stdout.splitlines()
    assert len(lines) > 20
    form = re.compile(r"::warning title=[^,:\n]+,file=[^,:]+,line=\d+,endLine=\d+::[^\r\n]+")
    assert all(form.fullmatch(line) for line in lines)
    assert all(",file=docs/design notes%2C v1.md," in line for line in lines)
    assert not re.search(r"%(?!25|0A|0D|2C|3A)", done.stdout)


def test_the_second_review_is_compared_with_the_first(project: Path) -> None:
    first = json.loads(review(project, "docs", "--json").stdout)
    rollback = "\n## Rollback\n\nIf errors exceed 2 %, run `kubectl rollout undo`.\n"
    (project / "docs" / "design notes, v1.md").write_text(DOCUMENT + rollback, encoding="utf-8")
    unkept = json.loads(review(project, "docs", "--json", "--no-keep").stdout)
    second = json.loads(review(project, "docs", "--json", "--markdown", "out.md").stdout)
    assert first["comparison"] is unkept["comparison"] is None
    assert "rollback-plan" in second["comparison"]["fixed"]
    assert "**Fixed:**" in (project / "out.md").read_text(encoding="utf-8")


def test_no_words_of_a_document_reach_the_log_as_a_command(project: Path) -> None:
    trap = "\n::error::The model is trained with MLflow and a rollback plan.\n"
    (project / "docs" / "trap.md").write_text("# ML model" + trap, encoding="utf-8")
    done = review(project, "docs", "--github")
    assert "::error" not in done.stdout
