"""Files and folders of the user, read within the limits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import ingest.folder
from ingest.parse import read_paths


def test_a_folder_is_read_in_order_without_what_is_no_document(tmp_path: Path) -> None:
    files = {
        "b.md": "# B",
        "a/c.py": "x = 1",
        ".git/config": "[core]",
        "node_modules/x.js": "x",
        "env/pyvenv.cfg": "home = /usr",
        "env/lib.py": "x",
        ".github/ci.yml": "on: push",
        "a/__init__.py": "",
        "deploy/.env": "KEY=1",
        ".env.example": "KEY=",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "model.bin").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "link.md").symlink_to(tmp_path / "b.md")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    uploads, refused = read_paths([tmp_path])
    assert [u.name for u in uploads] == [".env.example", "b.md", ".github/ci.yml", "a/c.py"]
    assert [r.name for r in refused] == ["deploy/.env", tmp_path.name]
    assert "3 files in it are not documents" in refused[1].reason.en


def test_paths_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "big.txt").write_bytes(b"x" * 25_000_001)
    uploads, refused = read_paths([tmp_path / "no.md", tmp_path / "empty", tmp_path / "big.txt"])
    assert uploads == ()
    assert [r.reason.en.split(".")[0] for r in refused] == [
        "There is no such file or folder",
        "The folder or archive holds no documents",
        "The file is over the size limit: 25 MB, or 50 MB unpacked inside a zip",
    ]


def test_a_folder_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.folder, "MAX_FILES", 2)
    for number in range(4):
        (tmp_path / f"{number}.md").write_text("# x")
    uploads, refused = read_paths([tmp_path])
    assert [u.name for u in uploads] == ["0.md", "1.md"]
    assert [r.name for r in refused] == ["2.md"]
