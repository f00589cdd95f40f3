"""Generations: built beside, verified, swapped; a killed or failed build changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import build
from ingest.build import build_collection, build_curated, write_curated_vectors
from ingest.bundled_model import BundledModel
from ingest.embed import load_shipped_vectors
from ingest.errors import IndexFault
from ingest.index import POINTER, Index, current_generation, open_current
from ingest.schema import Knowledge, Passage, Span

TESTS = Path(__file__).resolve().parent.parent


def passages(texts: list[str]) -> list[Passage]:
    return [
        Passage(
            id=f"note-{n}.en#document-1",
            entry=f"note-{n}",
            title=f"Note {n}",
            section="document",
            heading="Note",
            language="en",
            text=text,
            collection="notes",
            spans=(Span(start=0, end=len(text), kind="sentence"),),
        )
        for n, text in enumerate(texts)
    ]


def make(root: Path, model: BundledModel, version: str, texts: list[str]) -> Index:
    return build_collection("notes", version, passages(texts), root, model, {}, lambda *_: None)


def test_a_new_version_replaces_text_and_serves_at_once(
    tmp_path: Path, model: BundledModel
) -> None:
    make(tmp_path, model, "v1", ["drift is watched daily", "canary releases"])
    index = make(tmp_path, model, "v2", ["drift is watched hourly", "canary releases"])
    (found, _), *_ = index.by_terms(["drift"], "en", 5)
    assert index.passages.get([found])[found].text == "drift is watched hourly"
    assert index.by_meaning(model.embed_query("how often is drift watched"), "en", 1)[0][0] == found
    serving = current_generation(tmp_path, "notes")
    assert serving is not None
    assert serving == index.folder


def test_the_same_content_is_not_built_again(tmp_path: Path, model: BundledModel) -> None:
    first = make(tmp_path, model, "v1", ["one text"])
    written = (first.folder / "manifest.json").stat().st_mtime_ns
    second = make(tmp_path, model, "v1", ["one text"])
    assert (second.folder / "manifest.json").stat().st_mtime_ns == written


def test_a_build_that_fails_leaves_the_old_index_serving(
    tmp_path: Path, model: BundledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(tmp_path, model, "v1", ["the old text"])

    def broken(*_: object) -> None:
        raise IndexFault(*(build.Text(en="probe", es="probe"),) * 2)

    monkeypatch.setattr(build, "_verify", broken)
    with pytest.raises(IndexFault):
        make(tmp_path, model, "v2", ["the new text"])
    assert current_generation(tmp_path, "notes") == first.folder
    assert not list((tmp_path / "notes").glob(".building-*"))


@pytest.mark.parametrize("stage", ["_write_vectors", "_verify", "_swap"])
def test_a_killed_build_leaves_the_old_index_serving(
    tmp_path: Path, model: BundledModel, model_cache: Path, stage: str
) -> None:
    make(tmp_path, model, "v1", ["the old text"])
    code = f"""
import sys, time
from pathlib import Path
sys.path.insert(0, {str(TESTS / "ingest")!r})
from ingest import build
from ingest.bundled_model import open_bundled_model
from test_build import make
def stop(*_):
    Path({str(tmp_path / "reached")!r}).touch()
    time.sleep(60)
build.{stage} = stop
model = open_bundled_model(Path({str(model_cache)!r}))
make(Path({str(tmp_path)!r}), model, "v2", ["the new text"])
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=TESTS.parent)
    deadline = time.monotonic() + 60
    while not (tmp_path / "reached").exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    index = open_current(tmp_path, "notes", model)
    assert index is not None
    assert [p.text for p in index.passages.all()] == ["the old text"]
    again = make(tmp_path, model, "v2", ["the new text"])
    assert [p.text for p in again.passages.all()] == ["the new text"]


def test_another_model_means_rebuild(tmp_path: Path, model: BundledModel) -> None:
    make(tmp_path, model, "v1", ["a text"])

    class Other:
        fingerprint, dimension = "other-model", 384
        embed_query = model.embed_query
        embed_passages = model.embed_passages

    assert open_current(tmp_path, "notes", Other()) is None


def test_a_damaged_index_is_one_clear_error(tmp_path: Path, model: BundledModel) -> None:
    index = make(tmp_path, model, "v1", ["a text"])
    (index.folder / "bm25_en" / "vocab.index.json").write_text("{")
    with pytest.raises(IndexFault, match="rebuild"):
        Index(index.folder)


def test_a_read_only_folder_is_one_clear_error(tmp_path: Path, model: BundledModel) -> None:
    (tmp_path / "notes").write_text("a file where a folder should be")
    with pytest.raises(IndexFault, match="MLEXPERT_DATA_DIR"):
        make(tmp_path, model, "v1", ["a text"])


def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, model: BundledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(tmp_path, model, "v1", ["a text"])
    usage = build.shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(build.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(IndexFault, match="nearly full"):
        make(tmp_path, model, "v2", ["another text"])
    assert current_generation(tmp_path, "notes") == first.folder


def test_the_pointer_names_a_generation(tmp_path: Path, model: BundledModel) -> None:
    index = make(tmp_path, model, "v1", ["a text"])
    assert (tmp_path / "notes" / POINTER).read_text() == index.folder.name


def test_shipped_vectors_serve_the_curated_build(
    tmp_path: Path, knowledge: Knowledge, model: BundledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = knowledge.model_copy(
        update={"entries": dict(list(knowledge.entries.items())[:1]), "version": "small"}
    )
    write_curated_vectors(small, model, tmp_path / "vectors")
    shipped = load_shipped_vectors(tmp_path / "vectors", model.fingerprint)
    calls: list[int] = []
    real = BundledModel.embed_passages

    def counted(self: BundledModel, texts: list[str]) -> object:
        calls.append(len(texts))
        return real(self, texts)

    monkeypatch.setattr(BundledModel, "embed_passages", counted)
    index = build_curated(small, tmp_path / "index", model, tmp_path / "vectors", lambda *_: None)
    assert sum(index.manifest.passages.values()) == len(shipped)
    # Only the probe queries of the verification are computed, one a language.
    assert sum(calls) == 2
