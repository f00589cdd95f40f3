"""Hybrid search: meaning and terms, fused and reranked, over the curated index and the user's own.

Reciprocal rank fusion after Cormack, Clarke and Büttcher (SIGIR 2009) gives each passage the sum of
1 / (RANK_CONSTANT + rank) over the lists that hold it; `rerank` then orders the pool.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from ingest.chunk import lexical_text
from ingest.embed import Embedder, Vectors
from ingest.index import Index
from ingest.lexical import terms
from ingest.lexicon import read_names
from ingest.rerank import RANK_CONSTANT, Found, rerank
from ingest.schema import CURATED, LANGUAGES, Hit, Language, Passage, SearchResult
from ingest.searchable import MemoryIndex, Searchable, StoredIndex

CONTEXT_WEIGHT = 0.3
POOL = 60
# At most this many passages of one entry stand before the next entries get their turn.
ENTRY_LIMIT = 3
GATE_HITS = 8
# Entries ranked as wholes, and those of them of which all passages are considered.
ENTRY_POOL = 60
# Of a user's collection only the best by rank are read: reading costs more than finding.
OTHER_POOL = 40
TOP_ENTRIES = 6


@dataclass(frozen=True)
class Query:
    """A query made ready: its vector, the rarity of its terms, and its terms in each language.

    `also` are terms of other names for what it names; `context` are terms that only nudge.
    """

    vector: Vectors
    idf: dict[str, float]
    wanted: Mapping[Language, Sequence[str]]
    also: Mapping[Language, Sequence[str]]
    context: Mapping[Language, Sequence[str]]


@dataclass
class _Place:
    """Where the lists of one index have a passage."""

    meaning: tuple[int, float] | None = None
    terms: tuple[int, float] | None = None
    fused: float = 0.0


class HybridSearch:
    """The searcher of the product. Thread-safe; `others` are the user's collections."""

    def __init__(self, curated: Index, others: Sequence[Index], embedder: Embedder) -> None:
        self.curated = curated
        self._stored = StoredIndex(curated)
        self._others: tuple[Searchable, ...] = tuple(StoredIndex(index) for index in others)
        self._embedder = embedder

    def with_attachments(self, passages: Sequence[Passage]) -> HybridSearch:
        """The same search with these passages beside the stored ones."""
        search = HybridSearch(self.curated, (), self._embedder)
        search._others = (*self._others, MemoryIndex(passages, self._embedder))
        return search

    def with_collections(self, indexes: Sequence[Index]) -> HybridSearch:
        """The same search with these collections beside the others."""
        search = HybridSearch(self.curated, (), self._embedder)
        search._others = (*self._others, *(StoredIndex(index) for index in indexes))
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
        asked = self._query(query, vector, language, context)
        chosen = diverse(_hits(self.pool(asked, language), asked.idf, prefer), k)
        best = chosen[:GATE_HITS]
        held = _present(asked.idf, best, lexical_text)
        return SearchResult(
            hits=tuple(chosen),
            vector=tuple(vector.tolist()),
            fingerprint=self._embedder.fingerprint,
            idf=asked.idf,
            held_terms=held,
            name_terms=_present(asked.idf, best, _names),
            unknown_terms=frozenset(t for t in asked.idf if t not in held and not self._indexed(t)),
            embed_ms=(embedded - started) * 1000,
            retrieve_ms=(time.perf_counter() - embedded) * 1000,
        )

    def pool(self, query: Query, language: Language) -> list[Found]:
        """All passages that either list of any index holds."""
        found = _pool(self._stored, language, query, self.curated)
        for other in self._others:
            for own_language in LANGUAGES:
                found += _pool(other, own_language, query)
        return found

    def read_query(self, text: str, language: Language) -> Query:
        """A query without context."""
        return self._query(text, self._embedder.embed_query(text), language, "")

    def _query(self, text: str, vector: Vectors, language: Language, context: str) -> Query:
        named = read_names(text)
        wanted = {lang: terms(named.text, lang) for lang in LANGUAGES}
        wanted[language] = [self._corrected(term, language) for term in wanted[language]]
        also = {
            lang: sorted(set(terms(named.also, lang)) - set(wanted[lang])) for lang in LANGUAGES
        }
        return Query(
            vector=vector,
            idf=self.rarity(wanted[language], language),
            wanted=wanted,
            also=also,
            context={lang: terms(context, lang) for lang in LANGUAGES},
        )

    def _corrected(self, term: str, language: Language) -> str:
        """A mistyped term as the index has it; one that either language knows is none."""
        return term if self._indexed(term) else self.curated.lexical[language].correct(term)

    def section(self, entry: str, language: Language) -> Sequence[Passage]:
        return self.curated.passages.of_entry(entry, language)

    def terms(self, text: str, language: Language) -> list[str]:
        return list(_terms_in_order(text, language))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of sentences, comparable with each other; shape (len(texts), dimension)."""
        return self._embedder.embed_passages(texts)

    def knows(self, word: str) -> bool:
        """Whether any curated passage of either language holds a word, a part of it, or the word
        that it mistypes."""
        return any(
            self._indexed(self._corrected(term, language))
            for language in LANGUAGES
            for term in terms(word, language)
        )

    def _indexed(self, term: str) -> bool:
        return any(
            self.curated.lexical[language].document_frequency(term) > 0 for language in LANGUAGES
        )

    def rarity(self, wanted: Iterable[str], language: Language) -> dict[str, float]:
        """Rarity of each term among the curated passages, in nats."""
        total = max(1, self.curated.manifest.passages.get(language, 0))
        index = self.curated.lexical[language]
        return {
            term: math.log(1 + (total + 0.5) / (index.document_frequency(term) + 0.5))
            for term in dict.fromkeys(wanted)
        }


def _pool(
    index: Searchable, language: Language, query: Query, wholes: Index | None = None
) -> list[Found]:
    """What the lists of one index hold; of the entries that fit best as `wholes`, all passages."""
    places: dict[str, _Place] = defaultdict(_Place)
    near = index.by_meaning(query.vector, language, POOL)
    for rank, (key, similarity) in enumerate(near):
        places[key].meaning = (rank, similarity)
        places[key].fused += 1 / (RANK_CONSTANT + rank + 1)
    wanted, also = query.wanted[language], query.also[language]
    matching = index.by_terms(wanted, language, POOL, also)
    for rank, (key, score) in enumerate(matching):
        places[key].terms = (rank, score)
        places[key].fused += 1 / (RANK_CONSTANT + rank + 1)
    if query.context[language]:
        context = index.by_terms(query.context[language], language, POOL)
        for rank, (key, _) in enumerate(context):
            # Context never brings a passage in by itself: it only lifts what the query found.
            if key in places:
                places[key].fused += CONTEXT_WEIGHT / (RANK_CONSTANT + rank + 1)
    keys = list(places)
    if wholes is None and len(keys) > OTHER_POOL:
        keys = sorted(keys, key=lambda key: (-places[key].fused, key))[:OTHER_POOL]
    passages = index.get(keys)
    entries = wholes.entries_by_terms(wanted, language, ENTRY_POOL, also) if wholes else []
    for entry, _ in entries[:TOP_ENTRIES]:
        found = wholes.passages.of_entry(entry, language) if wholes else []
        passages.update((passage.id, passage) for passage in found)
    best = entries[0][1] if entries else 1.0
    as_wholes = {entry: (rank, score / best) for rank, (entry, score) in enumerate(entries)}
    last = near[-1][1] if near else 0.0
    most = matching[0][1] if matching else 1.0
    nowhere = _Place()
    return [
        _found(passage, places.get(key, nowhere), last, most, as_wholes.get(passage.entry))
        for key, passage in passages.items()
    ]


def _found(
    passage: Passage,
    place: _Place,
    last: float,
    most: float,
    as_whole: tuple[int, float] | None,
) -> Found:
    return Found(
        passage=passage,
        text_terms=_terms_of(passage.text, passage.language),
        name_terms=_terms_of(_names(passage), passage.language),
        title_terms=_terms_of(passage.title, passage.language),
        meaning_rank=place.meaning[0] if place.meaning else None,
        terms_rank=place.terms[0] if place.terms else None,
        similarity=place.meaning[1] if place.meaning else None,
        above_last=place.meaning[1] - last if place.meaning else 0.0,
        term_score=place.terms[1] if place.terms else 0.0,
        term_share=place.terms[1] / most if place.terms else 0.0,
        fused=place.fused,
        entry_rank=as_whole[0] if as_whole else None,
        entry_share=as_whole[1] if as_whole else 0.0,
    )


@lru_cache(maxsize=16_384)
def _terms_of(text: str, language: Language) -> frozenset[str]:
    return frozenset(terms(text, language))


@lru_cache(maxsize=32_768)
def _terms_in_order(text: str, language: Language) -> tuple[str, ...]:
    return tuple(terms(text, language))


def _hits(
    pool: Sequence[Found],
    idf: dict[str, float],
    prefer: Callable[[Passage], float] | None,
) -> list[Hit]:
    hits = [
        Hit(
            passage=found.passage,
            score=round(min(1.0, score * (prefer(found.passage) if prefer else 1.0)), 6),
            similarity=found.similarity,
            term_score=found.term_score,
        )
        for found, score in zip(pool, map(_fair, pool, rerank(pool, idf), repeat(idf)), strict=True)
    ]
    # Ids break ties, so that the same query gives the same hits.
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))


def _fair(found: Found, score: float, idf: dict[str, float]) -> float:
    """The score of a user's own passage is at least the share of the query that it holds.

    The model learned from curated entries, of which a short document has few of the signs.
    """
    total = sum(idf.values())
    if found.passage.collection == CURATED or not total:
        return score
    return max(score, sum(idf[term] for term in found.text_terms & idf.keys()) / total)


def diverse(hits: Iterable[Hit], k: int) -> list[Hit]:
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
