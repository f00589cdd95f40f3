"""The Dockerfile without an engine: what its text promises, and its own commands run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests_paths import ROOT

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LAST_STAGE = TEXT[TEXT.rindex("\nFROM ") :]


def test_two_stages_and_a_user_without_rights() -> None:
    assert len(re.findall(r"^FROM ", TEXT, flags=re.M)) == 2
    assert re.search(r"^USER \d{4,}$", LAST_STAGE, flags=re.M)
    assert "HEALTHCHECK" in LAST_STAGE
    assert "torch" not in TEXT


def test_no_secret_is_built_in() -> None:
    assert not re.search(r"(API_KEY|TOKEN|PASSWORD|SECRET)", TEXT)


def test_what_is_copied_exists() -> None:
    for line in re.findall(r"^COPY (?!--from)(.*)$", TEXT, flags=re.M):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists(), name


def test_the_command_and_the_health_check_are_valid(tmp_path: Path) -> None:
    command = re.search(r"^CMD (\[.*\])$", LAST_STAGE, flags=re.M)
    assert command is not None
    arguments = [a for a in re.findall(r'"([^"]*)"', command.group(1)) if a != "mlexpert"]
    shown = subprocess.run(
        [sys.executable, "-m", "app.cli", arguments[0], "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert all(a in shown for a in arguments if a.startswith("--"))
    probe = re.search(r'"-c", "(.*?)"\]', LAST_STAGE)
    assert probe is not None
    compile(probe.group(1), "health", "exec")


def test_the_build_step_prepares_model_and_index(tmp_path: Path) -> None:
    step = re.search(r"^RUN /opt/mlexpert/bin/mlexpert (.*)$", TEXT, flags=re.M)
    assert step is not None
    subprocess.run(
        [sys.executable, "-m", "app.cli", *shlex.split(step.group(1))],
        cwd=ROOT,
        env={"MLEXPERT_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    assert list(tmp_path.glob("models/e5-small-*"))
    assert (tmp_path / "index/curated/CURRENT").exists()
