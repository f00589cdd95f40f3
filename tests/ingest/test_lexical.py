"""Exact-term search: accents, stems and the tokens that engineers type."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.lexical import LexicalIndex, terms

SPANISH = [
    "Las garantías del servicio y sus máquinas.",
    "El error E-4042 aparece con max_batch_size alto.",
    "Usa --no-cache-dir y la versión v1.2.3 de la imagen.",
]


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("garantia", 0),
        ("máquina", 0),
        ("E-4042", 1),
        ("max_batch_size", 1),
        ("batch", 1),
        ("v1.2.3", 2),
        ("no-cache-dir", 2),
        ("IMAGEN", 2),
    ],
)
def test_spanish_terms_are_found(query: str, position: int) -> None:
    index = LexicalIndex.build(SPANISH, "es")
    assert index.search(terms(query, "es"), 3)[0][0] == position


def test_no_shared_term_finds_nothing() -> None:
    index = LexicalIndex.build(SPANISH, "es")
    assert index.search(terms("kubernetes", "es"), 3) == []
    assert index.search([], 3) == []
    assert index.search(terms("el la de", "es"), 3) == []


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    LexicalIndex.build([], "en").save(tmp_path / "bm25")
    assert LexicalIndex.load(tmp_path / "bm25", "en").search("drift", 5) == []


def test_a_loaded_index_answers_like_the_built_one(tmp_path: Path) -> None:
    built = LexicalIndex.build(SPANISH, "es")
    built.save(tmp_path / "bm25")
    loaded = LexicalIndex.load(tmp_path / "bm25", "es")
    for query in ("garantía", "error batch", "imagen versión"):
        ours, theirs = loaded.search(query, 3), built.search(query, 3)
        assert [p for p, _ in ours] == [p for p, _ in theirs]
        assert [s for _, s in ours] == pytest.approx([s for _, s in theirs])
    assert loaded.document_frequency(terms("garantías", "es")[0]) == 1
    assert loaded.document_frequency("zzz") == 0


def test_compounds_keep_their_whole_and_their_parts() -> None:
    assert {"max", "batch", "size"} < set(terms("max_batch_size", "en"))
    assert "p99" in terms("the p99 latency", "en")


def test_a_mistyped_term_is_read_as_the_one_that_the_index_holds() -> None:
    index = LexicalIndex.build(["kubernetes pods"] * 3 + ["drift"], "en")
    assert index.correct("kubernets") in [*terms("kubernetes", "en"), "kubernetes"]
    assert index.correct("zaffre") == "zaffre"


def test_other_names_count_less_and_find_nothing_alone() -> None:
    index = LexicalIndex.build(["deploy the model", "rollout the model", "rollout"], "en")
    found = index.search(terms("model", "en"), 3, terms("rollout", "en"))
    assert [position for position, _ in found] == [1, 0]
