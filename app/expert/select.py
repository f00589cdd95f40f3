"""Chooses the evidence: which passages, which sentences, and whether there is any at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.expert.gate import THRESHOLD, answerable
from app.expert.names import unknown_names
from app.expert.ports import Searcher, Terms
from app.expert.question import Question, searchable
from app.expert.rank import Ranker
from ingest.schema import CURATED, Hit, Passage, Role, SearchResult, Span

SEARCH_K = 12
RETIRED_FACTOR = 0.5


@dataclass(frozen=True)
class Candidate:
    """A quotable span and how well it fits the question."""

    passage: Passage
    span: Span
    score: float

    @property
    def quote(self) -> str:
        return self.passage.text[self.span.start : self.span.end]


@dataclass(frozen=True)
class Evidence:
    """What an answer may use: hits, leading entries and spans, best first.

    `named` are the leading entries whose title stands in the question.
    """

    hits: tuple[Hit, ...]
    entries: tuple[str, ...]
    named: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    probability: float
    unknown_names: tuple[str, ...]
    result: SearchResult

    @property
    def enough(self) -> bool:
        return self.probability >= THRESHOLD


def gather(question: Question, searcher: Searcher) -> Evidence:
    """Searches and selects; pure but for the searcher."""
    result = search_for(question, searcher)
    names = unknown_names(searchable(question.text), searcher.knows)
    entries = leading_entries(result, searcher.terms)
    named = named_entries(result, entries, searcher.terms)
    ranker = Ranker(result, entries, searcher.terms)
    candidates = [
        Candidate(passage, span, ranker.score(passage, span))
        for passage in passages_of(question, result, (*entries[:1], *named), searcher)
        for span in passage.spans
    ]
    candidates.sort(key=lambda c: (-c.score, c.passage.id, c.span.start))
    return Evidence(
        hits=result.hits,
        entries=entries,
        named=named,
        candidates=tuple(candidates),
        probability=answerable(question.text, result, len(names)),
        unknown_names=names,
        result=result,
    )


def passages_of(
    question: Question, result: SearchResult, whole: Iterable[str], searcher: Searcher
) -> list[Passage]:
    """The passages found and, of the entries in `whole`, all: steps, limits and risks too."""
    passages = {hit.passage.id: hit.passage for hit in result.hits}
    for entry in dict.fromkeys(whole):
        for passage in searcher.section(entry, question.language):
            passages.setdefault(passage.id, passage)
    return list(passages.values())


def named_entries(result: SearchResult, entries: Sequence[str], terms: Terms) -> tuple[str, ...]:
    """Leading entries whose title stands in the question, at most three."""
    titles = {
        hit.passage.entry: terms(hit.passage.title, hit.passage.language) for hit in result.hits
    }
    return tuple(
        entry
        for entry in entries[:8]
        if titles.get(entry) and set(titles[entry]) <= set(result.idf)
    )[:3]


def search_for(question: Question, searcher: Searcher) -> SearchResult:
    """What is found for a question, with the one before it when it leans on that."""
    text = searchable(question.text)
    query = f"{question.previous}\n{text}" if question.previous else text

    def prefer(passage: Passage) -> float:
        return _role_factor(passage, question.role) * _status_factor(passage, query)

    return searcher.search(
        query, question.language, SEARCH_K, context=question.brief, prefer=prefer
    )


def leading_entries(result: SearchResult, terms: Terms) -> tuple[str, ...]:
    """Curated entries by the sum of their hits' scores, later ranks counting less.

    An entry whose title or other name stands whole in the question counts for more, by the share
    of the question that the name is.
    """
    totals: dict[str, float] = defaultdict(float)
    named: dict[str, float] = {}
    asked = frozenset(result.idf)
    for rank, hit in enumerate(result.hits):
        passage = hit.passage
        if passage.collection != CURATED:
            continue
        totals[passage.entry] += hit.score / (1 + 0.25 * rank)
        if passage.entry not in named:
            names = (frozenset(terms(n, passage.language)) for n in _names_of(passage))
            named[passage.entry] = max((result.share(n) for n in names if n <= asked), default=0.0)
    return tuple(sorted(totals, key=lambda e: (-totals[e] * (1 + 2 * named[e]), e)))


def _names_of(passage: Passage) -> tuple[str, ...]:
    return (passage.title, *passage.aliases)


def _status_factor(passage: Passage, query: str) -> float:
    """Retired tools stay behind unless the question names them."""
    if passage.status not in {"archived", "superseded"}:
        return 1.0
    name = passage.title.split(" (")[0].lower()
    return 1.0 if name in query.lower() else RETIRED_FACTOR


def _role_factor(passage: Passage, role: Role | None) -> float:
    if role is None:
        return 1.0
    return 1.1 if role in passage.roles else 1.0
