"""With no network at all the command answers: nothing in it needs one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests_paths import ROOT

from ingest.search import HybridSearch


@pytest.fixture(scope="module")
def isolated() -> list[str]:
    """Runs what follows in a network namespace that has not even a loopback."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare (util-linux) is not here")
    prefix = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no network namespaces")
    return prefix


def test_the_first_answer_needs_no_network(isolated: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [*isolated, sys.executable, "-m", "app.cli", "ask", "¿Cómo detecto drift?", "--json"],
        cwd=ROOT,
        env={"MLEXPERT_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["language"] == "es"
    assert answer["references"]


def test_a_dead_endpoint_gives_the_composed_answer_with_a_note(
    isolated: list[str], data_folder: Path, search: HybridSearch
) -> None:
    done = subprocess.run(
        [*isolated, sys.executable, "-m", "app.cli", "ask", "How do I detect drift?", "--json"],
        cwd=ROOT,
        env={
            "MLEXPERT_DATA_DIR": str(data_folder),
            "MLEXPERT_LLM_BASE_URL": "http://127.0.0.1:9/v1",
            "MLEXPERT_LLM_MODEL": "none",
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["mode"] == "composed"
    assert any("language model" in warning for warning in answer["warnings"])
