"""Chooses the evidence: which passages, which sentences, and whether there is any at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.expert.gate import THRESHOLD, answerable
from app.expert.lens import lens_factor
from app.expert.names import unknown_names
from app.expert.ports import Searcher, Terms
from app.expert.question import Question, searchable
from app.expert.rank import Ranker
from ingest.schema import CURATED, Hit, Passage, Role, SearchResult, Span

SEARCH_K = 12
RETIRED_FACTOR = 0.5
# Of the first hits, those of the reader's own documents, and how much of the question they hold.
OWN_HITS = 3
OWN_SHARE = 0.6
# A sentence of an entry that does not lead, with little of the question in it, counts for less.
LEADING = 3
WEAK_SHARE = 0.2
WEAK_FACTOR = 0.5
CONCEPT_HITS = 10
CONCEPT_POWER = 0.8
# Passages of a role's hand-over entries, and what other passages count beside them.
ROLE_K = 6
ROLE_OTHERS = 0.02


@dataclass(frozen=True)
class Candidate:
    """A quotable span, how well it fits the question, and its terms as they were searched."""

    passage: Passage
    span: Span
    score: float
    terms: frozenset[str] = frozenset()

    @property
    def quote(self) -> str:
        return self.passage.text[self.span.start : self.span.end]


@dataclass(frozen=True)
class Evidence:
    """What an answer may use: hits, leading entries and spans, best first.

    `named` are the leading entries whose title stands in the question. `concepts` are the terms of
    the best hits with what each is worth: how many of the hits speak of it, by rarity.
    """

    hits: tuple[Hit, ...]
    entries: tuple[str, ...]
    named: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    concepts: Mapping[str, float]
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
    passages = passages_of(question, result, (*entries[:1], *named), searcher)
    if question.role is not None:
        known = {passage.id for passage in passages}
        own = _for_counterpart(question, question.role, searcher)
        passages += [passage for passage in own if passage.id not in known]
    leading, asked = {*entries[:LEADING], *named}, frozenset(result.idf)

    def candidate_of(passage: Passage, span: Span) -> Candidate:
        quote = passage.text[span.start : span.end]
        held = frozenset(searcher.terms(quote, passage.language))
        score = ranker.score(passage, span) * lens_factor(quote, passage, question.role)
        aside = passage.collection == CURATED and passage.entry not in leading
        if aside and len(held & asked) < 2 and result.share(held & asked) < WEAK_SHARE:
            score *= WEAK_FACTOR
        return Candidate(passage, span, score, held)

    candidates = [candidate_of(passage, span) for passage in passages for span in passage.spans]
    candidates.sort(key=lambda c: (-c.score, c.passage.id, c.span.start))
    return Evidence(
        hits=result.hits,
        entries=entries,
        named=named,
        candidates=tuple(candidates),
        concepts=concepts_of(result, searcher),
        probability=max(answerable(question.text, result, len(names)), _own_share(result)),
        unknown_names=names,
        result=result,
    )


def concepts_of(result: SearchResult, searcher: Searcher) -> dict[str, float]:
    """What each term of the best hits is worth to an answer.

    Pseudo-relevance feedback after Lavrenko and Croft (SIGIR 2001): the share of the hits' score
    that speaks of a term, times its rarity.
    """
    worth: dict[str, float] = defaultdict(float)
    total = 0.0
    for rank, hit in enumerate(result.hits[:CONCEPT_HITS]):
        weight = hit.score / (1 + 0.1 * rank)
        total += weight
        for term in set(searcher.terms(hit.passage.text, hit.passage.language)):
            if not term.isdigit():
                worth[term] += weight
    language = result.hits[0].passage.language if result.hits else "en"
    rarity = searcher.rarity(worth, language)
    return {term: (w / total) ** CONCEPT_POWER * rarity[term] for term, w in worth.items()}


def _own_share(result: SearchResult) -> float:
    """The share of the question that the reader's best own passage holds, when it is most of it.

    The gate learned from curated entries; a reader's own document answers for itself.
    """
    own = (h.score for h in result.hits[:OWN_HITS] if h.passage.collection != CURATED)
    share = max(own, default=0.0)
    return share if share >= OWN_SHARE else 0.0


def passages_of(
    question: Question, result: SearchResult, whole: Iterable[str], searcher: Searcher
) -> list[Passage]:
    """The passages found and, of the entries in `whole`, all: steps, limits and risks too."""
    passages = {hit.passage.id: hit.passage for hit in result.hits}
    language = question.asked_in or question.language
    for entry in dict.fromkeys(whole):
        for passage in searcher.section(entry, language):
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
    query = f"{searchable(question.previous)}\n{text}" if question.previous else text

    def prefer(passage: Passage) -> float:
        return _role_factor(passage, question.role) * _status_factor(passage, query)

    return searcher.search(
        query,
        question.asked_in or question.language,
        SEARCH_K,
        context=question.brief,
        prefer=prefer,
    )


def _for_counterpart(question: Question, role: Role, searcher: Searcher) -> list[Passage]:
    """What the hand-over entries of a role hold on the question."""
    result = searcher.search(
        searchable(question.whole),
        question.asked_in or question.language,
        ROLE_K,
        prefer=lambda p: 1.0 if p.kind == "handoff" and role in p.roles else ROLE_OTHERS,
    )
    return [hit.passage for hit in result.hits if hit.passage.kind == "handoff"]


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
