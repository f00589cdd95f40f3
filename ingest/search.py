"""Hybrid search: meaning and terms, fused by rank, over the curated index and the user's own.

Reciprocal rank fusion after Cormack, Clarke and Büttcher (SIGIR 2009): a passage scores the sum of
weight / (RANK_CONSTANT + rank) over the lists that hold it.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from ingest.chunk import embedding_text, lexical_text, passages_of_language
from ingest.embed import Embedder, Vectors
from ingest.index import Index
from ingest.lexical import LexicalIndex, terms
from ingest.schema import CURATED, LANGUAGES, Hit, Language, Passage, SearchResult

RANK_CONSTANT = 60
MEANING_WEIGHT = 1.0
TERMS_WEIGHT = 1.0
CONTEXT_WEIGHT = 0.3
POOL = 40
# At most this many passages of one entry stand before the next entries get their turn.
ENTRY_LIMIT = 3
GATE_HITS = 8


class Searchable(Protocol):
    """Something that finds passages in one language by meaning and by terms."""

    def by_meaning(
        self, vector: Vectors, language: Language, k: int
    ) -> list[tuple[str, float]]: ...

    def by_terms(self, query: str, language: Language, k: int) -> list[tuple[str, float]]: ...

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

    def by_terms(self, query: str, language: Language, k: int) -> list[tuple[str, float]]:
        if language not in self._lexical:
            return []
        found = self._lexical[language].search(query, k)
        return [(self._own[language][position].id, score) for position, score in found]

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        return {key: self._passages[key] for key in ids if key in self._passages}


@dataclass
class _Found:
    fused: float = 0.0
    similarity: float | None = None
    term_score: float = 0.0
    source: list[Searchable] = field(default_factory=list)


class HybridSearch:
    """The searcher of the product. Thread-safe; `others` are the user's collections."""

    def __init__(self, curated: Index, others: Sequence[Index], embedder: Embedder) -> None:
        self.curated = curated
        self._others: tuple[Searchable, ...] = tuple(StoredIndex(index) for index in others)
        self._embedder = embedder

    def with_attachments(self, passages: Sequence[Passage]) -> HybridSearch:
        """The same search with these passages beside the stored ones."""
        search = HybridSearch(self.curated, (), self._embedder)
        search._others = (*self._others, MemoryIndex(passages, self._embedder))
        return search

    def search(
        self,
        query: str,
        language: Language,
        k: int,
        *,
        context: str = "",
        prefer: Callable[[Passage], float] | None = None,
    ) -> SearchResult:
        """The k best passages in the reader's language; the user's own documents in both.

        `context` (for example a brief) nudges by its terms; `prefer` gives a factor for each
        passage (1.0 changes nothing).
        """
        started = time.perf_counter()
        vector = self._embedder.embed_query(query)
        embedded = time.perf_counter()
        found: dict[str, _Found] = defaultdict(_Found)
        self._collect(StoredIndex(self.curated), language, query, vector, context, found)
        for other in self._others:
            for own_language in LANGUAGES:
                self._collect(other, own_language, query, vector, context, found)
        hits = _ranked(found, prefer)
        chosen = _diverse(hits, k)
        idf = self._idf(query, language)
        best = chosen[:GATE_HITS]
        held = _present(idf, best, lexical_text)
        return SearchResult(
            hits=tuple(chosen),
            vector=tuple(vector.tolist()),
            fingerprint=self._embedder.fingerprint,
            idf=idf,
            held_terms=held,
            name_terms=_present(idf, best, _names),
            unknown_terms=frozenset(t for t in idf if t not in held and not self._indexed(t)),
            embed_ms=(embedded - started) * 1000,
            retrieve_ms=(time.perf_counter() - embedded) * 1000,
        )

    def section(self, entry: str, language: Language) -> Sequence[Passage]:
        return self.curated.passages.of_entry(entry, language)

    def terms(self, text: str, language: Language) -> list[str]:
        return terms(text, language)

    def _collect(
        self,
        index: Searchable,
        language: Language,
        query: str,
        vector: Vectors,
        context: str,
        found: dict[str, _Found],
    ) -> None:
        for rank, (key, similarity) in enumerate(index.by_meaning(vector, language, POOL), start=1):
            found[key].fused += MEANING_WEIGHT / (RANK_CONSTANT + rank)
            found[key].similarity = similarity
            found[key].source = [index]
        for rank, (key, score) in enumerate(index.by_terms(query, language, POOL), start=1):
            found[key].fused += TERMS_WEIGHT / (RANK_CONSTANT + rank)
            found[key].term_score = score
            found[key].source = [index]
        if context:
            for rank, (key, _) in enumerate(index.by_terms(context, language, POOL), start=1):
                # Context never brings a passage in by itself: it only lifts what the query found.
                if key in found:
                    found[key].fused += CONTEXT_WEIGHT / (RANK_CONSTANT + rank)

    def knows(self, word: str) -> bool:
        """Whether any curated passage of either language holds a word (or a part of it)."""
        return any(self._indexed(t) for language in LANGUAGES for t in terms(word, language))

    def _indexed(self, term: str) -> bool:
        return any(
            self.curated.lexical[language].document_frequency(term) > 0 for language in LANGUAGES
        )

    def _idf(self, query: str, language: Language) -> dict[str, float]:
        """Rarity of each term of the query among the curated passages, in nats."""
        total = max(1, self.curated.manifest.passages.get(language, 0))
        index = self.curated.lexical[language]
        return {
            term: math.log(1 + (total + 0.5) / (index.document_frequency(term) + 0.5))
            for term in dict.fromkeys(terms(query, language))
        }


def _ranked(found: dict[str, _Found], prefer: Callable[[Passage], float] | None) -> list[Hit]:
    passages: dict[str, Passage] = {}
    by_source: dict[int, tuple[Searchable, list[str]]] = {}
    for key, entry in found.items():
        by_source.setdefault(id(entry.source[0]), (entry.source[0], []))[1].append(key)
    for source, keys in by_source.values():
        passages |= source.get(keys)
    best = (MEANING_WEIGHT + TERMS_WEIGHT) / (RANK_CONSTANT + 1)
    hits = []
    for key, entry in found.items():
        if key not in passages:
            continue
        factor = prefer(passages[key]) if prefer else 1.0
        hits.append(
            Hit(
                passage=passages[key],
                score=round(min(1.0, entry.fused / best * factor), 6),
                similarity=entry.similarity,
                term_score=entry.term_score,
            )
        )
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))


def _diverse(hits: Iterable[Hit], k: int) -> list[Hit]:
    """The k best with at most ENTRY_LIMIT of one entry, filled up with the rest."""
    counts: dict[str, int] = defaultdict(int)
    first: list[Hit] = []
    rest: list[Hit] = []
    for hit in hits:
        limited = hit.passage.collection == CURATED and counts[hit.passage.entry] >= ENTRY_LIMIT
        (rest if limited else first).append(hit)
        counts[hit.passage.entry] += 1
    return (first + rest)[:k]


def _names(passage: Passage) -> str:
    return " ".join((passage.title, *passage.aliases))


def _present(
    idf: dict[str, float], hits: Sequence[Hit], text_of: Callable[[Passage], str]
) -> frozenset[str]:
    """The terms of `idf` that stand in a text of the hits' passages."""
    present: set[str] = set()
    for hit in hits:
        present.update(terms(text_of(hit.passage), hit.passage.language))
    return frozenset(term for term in idf if term in present)
