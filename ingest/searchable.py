"""What the hybrid search can search: an index generation on disk, or documents in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ingest.chunk import embedding_text, lexical_text, passages_of_language
from ingest.embed import Embedder, Vectors
from ingest.index import Index
from ingest.lexical import LexicalIndex
from ingest.schema import LANGUAGES, Language, Passage


class Searchable(Protocol):
    """Something that finds passages in one language by meaning and by terms."""

    def by_meaning(
        self, vector: Vectors, language: Language, k: int
    ) -> list[tuple[str, float]]: ...

    def by_terms(
        self, wanted: Sequence[str], language: Language, k: int, also: Sequence[str] = ()
    ) -> list[tuple[str, float]]: ...

    def get(self, ids: Sequence[str]) -> dict[str, Passage]: ...


class StoredIndex:
    """An index generation as a Searchable."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.by_meaning = index.by_meaning
        self.by_terms = index.by_terms
        self.get = index.passages.get


class MemoryIndex:
    """Attached documents, searched in memory for one question; nothing is stored."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder) -> None:
        self._passages = {p.id: p for p in passages}
        self._own = {lang: passages_of_language(passages, lang) for lang in LANGUAGES}
        self._vectors = {
            language: embedder.embed_passages([embedding_text(p) for p in own])
            for language, own in self._own.items()
            if own
        }
        self._lexical = {
            language: LexicalIndex.build([lexical_text(p) for p in own], language)
            for language, own in self._own.items()
            if own
        }

    def by_meaning(self, vector: Vectors, language: Language, k: int) -> list[tuple[str, float]]:
        if language not in self._vectors:
            return []
        scores = self._vectors[language] @ vector
        best = np.argsort(-scores, kind="stable")[:k]
        return [(self._own[language][i].id, float(scores[i])) for i in best]

    def by_terms(
        self, wanted: Sequence[str], language: Language, k: int, also: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        if language not in self._lexical:
            return []
        found = self._lexical[language].search(wanted, k, also)
        return [(self._own[language][position].id, score) for position, score in found]

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        return {key: self._passages[key] for key in ids if key in self._passages}
