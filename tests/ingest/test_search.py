"""Hybrid search over the curated knowledge."""

from __future__ import annotations

import pytest

from ingest.chunk import document_passages
from ingest.schema import Block, Locator, ParsedDocument
from ingest.search import ENTRY_LIMIT, HybridSearch


@pytest.mark.parametrize(
    ("query", "language", "entry"),
    [
        ("How do I detect data drift without labels?", "en", "drift-detection"),
        ("¿Cómo detecto deriva de datos sin etiquetas?", "es", "drift-detection"),
        ("PSI", "es", "drift-detection"),
        ("uvicorn workers FastAPI lifespan", "en", "fastapi"),
        ("¿def o async def para predecir?", "es", "fastapi"),
    ],
)
def test_the_right_entry_leads(search: HybridSearch, query: str, language: str, entry: str) -> None:
    result = search.search(query, language, 5)
    assert entry in [hit.passage.entry for hit in result.hits[:2]]
    assert {hit.passage.language for hit in result.hits} == {language}


def test_the_same_query_gives_the_same_hits(search: HybridSearch) -> None:
    first, second = (search.search("canary rollback", "en", 10) for _ in range(2))
    assert first.hits == second.hits
    scores = [hit.score for hit in first.hits]
    assert all(0 <= score <= 1 for score in scores)


def test_one_entry_does_not_fill_the_top(search: HybridSearch) -> None:
    hits = search.search("drift", "en", 8).hits
    entries = [hit.passage.entry for hit in hits[: ENTRY_LIMIT + 1]]
    assert len(set(entries)) > 1


def test_coverage_tells_known_from_unknown_words(search: HybridSearch) -> None:
    known = search.search("drift threshold PSI", "en", 8)
    unknown = search.search("zebra xylophone marmalade", "en", 8)
    assert known.share(known.held_terms) > 0.9
    assert "psi" in known.name_terms
    assert not unknown.held_terms
    assert len(unknown.unknown_terms) == 3


def test_an_attached_document_is_consulted_in_either_language(search: HybridSearch) -> None:
    text = "El servicio Quetzal rechaza lotes de más de 37 filas con el código QZ-19."
    document = ParsedDocument(
        name="notas.md",
        kind="markdown",
        language="es",
        pages=None,
        text=text,
        blocks=(Block(text=text, kind="paragraph", locator=Locator(line_start=1, line_end=1)),),
    )
    attached = search.with_attachments(list(document_passages(document, "attached")))
    best = attached.search("What does error QZ-19 mean?", "en", 3).hits[0]
    assert best.passage.title == "notas.md"
    assert best.passage.locator.line_start == 1
    # The shared search stays as it was: attachments are for one question.
    assert all(hit.passage.collection == "curated" for hit in search.search("QZ-19", "en", 10).hits)
