"""The same evidence in the other language: entries have the same sentences in the same order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from app.expert.ports import Searcher
from app.expert.select import Candidate, Evidence
from ingest.schema import CURATED, Hit, Language, Passage, SectionId, Span

_Place = tuple[Passage, Span]


def in_language(evidence: Evidence, language: Language, searcher: Searcher) -> Evidence:
    """The evidence with its curated passages in `language`; what has no counterpart stays out."""
    books = _Books(searcher)
    candidates = []
    for candidate in evidence.candidates:
        place = books.counterpart(candidate.passage, candidate.span, language)
        if place is not None:
            candidates.append(Candidate(*place, candidate.score, candidate.terms))
    hits: dict[str, Hit] = {}
    for hit in evidence.hits:
        place = books.counterpart(hit.passage, hit.passage.spans[0], language)
        if place is not None:
            hits.setdefault(place[0].id, hit.model_copy(update={"passage": place[0]}))
    return replace(evidence, candidates=tuple(candidates), hits=tuple(hits.values()))


class _Books:
    """Entries as their sentences in order, by section and language."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._read: dict[tuple[str, Language], dict[SectionId, list[_Place]]] = {}

    def counterpart(self, passage: Passage, span: Span, language: Language) -> _Place | None:
        """The same sentence in `language`; a user's own document is its own counterpart."""
        if passage.collection != CURATED or passage.language == language:
            return passage, span
        own = self._sections(passage.entry, passage.language)[passage.section]
        other = self._sections(passage.entry, language)[passage.section]
        at = [(p.id, s.start) for p, s in own].index((passage.id, span.start))
        return other[at] if len(own) == len(other) else None

    def _sections(self, entry: str, language: Language) -> dict[SectionId, list[_Place]]:
        key = (entry, language)
        if key not in self._read:
            sections: dict[SectionId, list[_Place]] = defaultdict(list)
            for passage in self._searcher.section(entry, language):
                sections[passage.section] += [(passage, span) for span in passage.spans]
            self._read[key] = sections
        return self._read[key]
