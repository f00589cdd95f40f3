"""Chooses the sentences of a composed answer: greedy by score, without repeating itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.expert.plan import PLANS, Shape
from app.expert.select import Candidate, Evidence
from ingest.schema import CURATED, SectionId

DIRECT_SENTENCES = 2
_DIRECT_SECTIONS = frozenset(
    {"in-short", "when", "how-to", "pitfalls", "causes", "fixes", "document"}
)
# Of a sentence's long words, the share that one earlier sentence may already hold.
_REPEATED = 0.7
# What a sentence is worth beside its new concepts, and words that each costs beside its own.
_OWN_WORTH = 2.0
_OVERHEAD = 10
_WANTS_CODE = re.compile(
    r"\b(example|code|snippet|yaml|manifest|script|dockerfile|query|command|"
    r"ejemplo|c[oó]digo|manifiesto|consulta|comando|show me|mu[eé]stra)",
    re.IGNORECASE,
)
# "Worker copies: one worker per pod": an item of a list by cause, no answer by itself.
_LABELLED = re.compile(r"(?:[^\s.:]+ ){0,5}[^\s.:]+: ")
_SHORT_LABEL = re.compile(r"(?:[^\s.:]+ ){0,2}[^\s.:]+: ")
_LONG_WORD = re.compile(r"\w{4,}")


def direct_sentences(evidence: Evidence, shape: Shape) -> list[Candidate]:
    """The first sentences: what fits best, then what the leading entry says in short."""
    lead = evidence.entries[0] if evidence.entries else None
    short = [
        c
        for c in evidence.candidates
        if c.passage.section == "in-short" and c.passage.entry == lead
    ]
    if short and short[0].passage.kind == "playbook":
        # A playbook's In short is the likely answer to its situation.
        return short[:DIRECT_SENTENCES]
    if shape == "define" and short:
        first = min(short, key=lambda c: (c.passage.id, c.span.start))
        return [first, *[c for c in short if c is not first][: DIRECT_SENTENCES - 1]]
    fitting = [
        c
        for c in evidence.candidates
        if c.passage.section in _DIRECT_SECTIONS
        and c.span.kind not in {"code", "table"}
        and not (_SHORT_LABEL if c.passage.section == "in-short" else _LABELLED).match(c.quote)
        and c.passage.entry in {*evidence.entries[:2], *_own_documents(evidence)}
    ]
    chosen = [*fitting[:1], *[c for c in short if c not in fitting[:1]], *fitting[1:]]
    return chosen[:DIRECT_SENTENCES]


def _own_documents(evidence: Evidence) -> set[str]:
    return {h.passage.entry for h in evidence.hits if h.passage.collection != CURATED}


def sentences_by_section(
    evidence: Evidence, shape: Shape, stated: Sequence[Candidate], budget: int
) -> dict[SectionId, list[Candidate]]:
    """Sentences within `budget` words, those already `stated` included; sections in plan order.

    Greedy: the best score, times what its terms add to the concepts already said, for its length.
    Coverage of weighted concepts under a budget is the summarisation objective of Gillick and Favre
    (2009).
    """
    limits = PLANS[shape]
    chosen: dict[SectionId, list[Candidate]] = {section: [] for section in limits}
    said = [_long_words(candidate.quote) for candidate in stated]
    held: set[str] = set().union(*(candidate.terms for candidate in stated))
    words = sum(len(candidate.quote.split()) for candidate in stated)
    taken = {(candidate.passage.id, candidate.span.start) for candidate in stated}
    worth = evidence.concepts
    pool = [
        (candidate, len(candidate.quote.split()))
        for candidate in evidence.candidates
        if candidate.passage.section in limits
        and candidate.span.kind not in {"code", "table"}
        and (candidate.passage.id, candidate.span.start) not in taken
    ]

    def value(n: int) -> tuple[float, int]:
        candidate, length = pool[n]
        gain = sum(worth.get(term, 0.0) for term in candidate.terms - held)
        return candidate.score * (_OWN_WORTH + gain) / (length + _OVERHEAD), -n

    while pool:
        candidate, length = pool.pop(max(range(len(pool)), key=value))
        section = candidate.passage.section
        if len(chosen[section]) >= limits[section] or words + length > budget:
            continue
        own = _long_words(candidate.quote)
        if any(len(own & other) > _REPEATED * max(1, min(len(own), len(other))) for other in said):
            continue
        chosen[section].append(candidate)
        said.append(own)
        held |= candidate.terms
        words += length
    return {
        section: sorted(candidates, key=lambda c: _reading_order(evidence, c))
        for section, candidates in chosen.items()
        if candidates
    }


def _reading_order(evidence: Evidence, candidate: Candidate) -> tuple[int, int, str, int]:
    """The leading entry first, in its own order; the user's documents by how well they fit."""
    passage = candidate.passage
    lead = {entry: rank for rank, entry in enumerate(evidence.entries)}
    ranks = {hit.passage.id: rank for rank, hit in enumerate(evidence.hits)}
    own = 0 if passage.collection == CURATED else ranks.get(passage.id, 99)
    return lead.get(passage.entry, 99), own, passage.id, candidate.span.start


def example_code(text: str, evidence: Evidence, shape: Shape) -> Candidate | None:
    """Code when the question asks for it, or when the best passages found are the code itself."""
    codes = [c for c in evidence.candidates if c.span.kind == "code"]
    if not codes or shape in {"choose", "define"}:
        return None
    lead = [c for c in codes if c.passage.entry in evidence.entries[:1]]
    if _WANTS_CODE.search(text):
        return (lead or codes)[0]
    found = {hit.passage.id for hit in evidence.hits[:3]}
    return lead[0] if lead and (shape == "how-to" or lead[0].passage.id in found) else None


def _long_words(text: str) -> set[str]:
    return set(_LONG_WORD.findall(text.lower()))
