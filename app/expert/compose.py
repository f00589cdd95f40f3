"""Writes the answer without a model: chosen sentences of the evidence, in a fixed order.

A direct answer first, then what to do, numbers, pitfalls and an example. Sentences stand as the
knowledge has them, so that every statement is an exact quote of what it cites.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.expert.answer import Answer, ChecklistTick, Statement
from app.expert.question import Question
from app.expert.references import reference
from app.expert.select import Candidate, Evidence
from app.expert.wording import CHECKLIST, FOLLOW_UP, HEADINGS, RETIRED
from ingest.schema import CURATED, Checklist, Entry, Passage, SectionId, Text

# Words of prose at most; an example and checklist items fill up what TOTAL_WORDS leaves.
WORD_BUDGET = 400
CHECKLIST_WORDS = 120
TOTAL_WORDS = 590
DIRECT_SENTENCES = 2
SECTION_LIMITS: Mapping[SectionId, int] = {
    "document": 4,
    "in-short": 2,
    "when": 2,
    "how-to": 6,
    "numbers": 3,
    "pitfalls": 4,
    "avoid": 2,
}
CHECKLIST_LIMIT = 4
_WANTS_CODE = re.compile(
    r"\b(example|code|snippet|yaml|manifest|config|script|dockerfile|query|command|"
    r"ejemplo|c[oó]digo|manifiesto|configuraci[oó]n|consulta|comando|show me|mu[eé]stra)",
    re.IGNORECASE,
)
_HOW = re.compile(r"\b(how|c[oó]mo|set up|monto|implement)", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:-|\d+\.) ")


@dataclass
class _Draft:
    """Numbers references in order of first use and collects the statements."""

    passages: list[Passage] = field(default_factory=list)
    used: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    statements: list[Statement] = field(default_factory=list)
    words: int = 0

    def cite(self, candidate: Candidate) -> int:
        if candidate.passage.id not in self.used:
            self.passages.append(candidate.passage)
        self.used[candidate.passage.id].append(candidate)
        return [p.id for p in self.passages].index(candidate.passage.id) + 1

    def numbers(self) -> dict[str, tuple[int, ...]]:
        """The reference numbers of each entry used so far."""
        found: dict[str, tuple[int, ...]] = {}
        for n, passage in enumerate(self.passages, start=1):
            found[passage.entry] = (*found.get(passage.entry, ()), n)
        return found

    def state(self, candidate: Candidate) -> str:
        """The sentence with its citation, counted and kept as a statement."""
        n = self.cite(candidate)
        text = _PREFIX.sub("", candidate.quote)
        self.words += len(text.split())
        self.statements.append(
            Statement(text=text, citations=(n,), support=1.0, verdict="supported")
        )
        return f"{text} [{n}]"


def compose(
    question: Question,
    evidence: Evidence,
    entries: Mapping[str, Entry],
    checklists: Mapping[str, Checklist],
) -> Answer:
    """The composed answer; the caller has checked that the evidence is enough."""
    draft = _Draft()
    blocks: list[str] = []
    direct = _direct(evidence)
    if direct:
        blocks.append(" ".join(draft.state(candidate) for candidate in direct))
    blocks += _warnings_of_status(question, evidence, entries)
    taken = {(c.passage.id, c.span.start) for c in direct}
    plan = _plan(evidence, taken, draft.words)
    for section, chosen in plan.items():
        heading = HEADINGS[section].in_language(question.language)
        ordered = section == "how-to"
        lines = [
            f"{f'{number}.' if ordered else '-'} {draft.state(candidate)}"
            for number, candidate in enumerate(chosen, start=1)
        ]
        blocks.append(f"**{heading}**\n\n" + "\n".join(lines))
    ticks = _fitting(_ticks(question, evidence, checklists, draft.numbers()), CHECKLIST_WORDS)
    example = _example(question, evidence)
    used = draft.words + sum(len(tick.text.split()) for tick in ticks)
    if example is not None and used + len(example.quote.split()) <= TOTAL_WORDS:
        heading = HEADINGS["example"].in_language(question.language)
        blocks.append(f"**{heading}** [{draft.cite(example)}]\n\n{example.quote}")
    if ticks:
        title = CHECKLIST.in_language(question.language)
        blocks.append(f"**{title}**\n\n" + "\n".join(f"- [ ] {tick.text}" for tick in ticks))
    references = tuple(
        reference(n, passage, [c.span for c in draft.used[passage.id]])
        for n, passage in enumerate(draft.passages, start=1)
    )
    return Answer(
        question=question.text,
        language=question.language,
        mode="composed",
        answer_markdown="\n\n".join(blocks),
        statements=tuple(draft.statements),
        references=references,
        checklist=ticks,
        follow_ups=_follow_ups(question, evidence, entries),
    )


def _direct(evidence: Evidence) -> list[Candidate]:
    """The first sentences: what the leading entry says in short, best fit first, reading order."""
    lead = evidence.entries[0] if evidence.entries else None
    pool = [
        c
        for c in evidence.candidates
        if c.passage.section == "in-short" and c.passage.entry == lead
    ]
    best = pool[:DIRECT_SENTENCES]
    if not best:
        best = [c for c in evidence.candidates if c.span.kind != "code"][:1]
    return sorted(best, key=lambda c: (c.passage.id, c.span.start))


def _plan(
    evidence: Evidence, taken: set[tuple[str, int]], words: int
) -> dict[SectionId, list[Candidate]]:
    """Sentences by section within the budget, best first; each section in reading order."""
    chosen: dict[SectionId, list[Candidate]] = {section: [] for section in SECTION_LIMITS}
    seen: list[set[str]] = []
    for candidate in evidence.candidates:
        section = candidate.passage.section
        key = (candidate.passage.id, candidate.span.start)
        if section not in chosen or key in taken or candidate.span.kind == "code":
            continue
        length = len(candidate.quote.split())
        if len(chosen[section]) >= SECTION_LIMITS[section] or words + length > WORD_BUDGET:
            continue
        if candidate.span.kind == "table" or _repeats(candidate.quote, seen):
            continue
        chosen[section].append(candidate)
        words += length
    order = {hit.passage.id: rank for rank, hit in enumerate(evidence.hits)}
    lead = {entry: rank for rank, entry in enumerate(evidence.entries)}
    return {
        section: sorted(
            candidates,
            key=lambda c: (
                lead.get(c.passage.entry, 99),
                c.passage.id if c.passage.collection == CURATED else order.get(c.passage.id, 99),
                c.span.start,
            ),
        )
        for section, candidates in chosen.items()
        if candidates
    }


def _repeats(quote: str, seen: list[set[str]]) -> bool:
    """Whether most words of a sentence stand in one already chosen; remembers it if not."""
    words = set(re.findall(r"\w{4,}", quote.lower()))
    if any(len(words & other) > 0.7 * max(1, min(len(words), len(other))) for other in seen):
        return True
    seen.append(words)
    return False


def _example(question: Question, evidence: Evidence) -> Candidate | None:
    """The code of the best entry when the question asks for it or for how to do something."""
    codes = [c for c in evidence.candidates if c.span.kind == "code"]
    if not codes or not evidence.entries:
        return None
    if _WANTS_CODE.search(question.text):
        return codes[0]
    own = [c for c in codes if c.passage.entry == evidence.entries[0]]
    found = {hit.passage.id for hit in evidence.hits[:6]}
    if own and (_HOW.search(question.text) or own[0].passage.id in found):
        return own[0]
    return None


def _warnings_of_status(
    question: Question, evidence: Evidence, entries: Mapping[str, Entry]
) -> list[str]:
    """A note for each leading entry that is archived, renamed or superseded."""
    notes = []
    for entry_id in evidence.entries[:3]:
        meta = entries[entry_id].meta
        if meta.status != "active" and meta.status_note is not None:
            note = RETIRED.in_language(question.language).format(
                title=meta.title.in_language(question.language),
                note=meta.status_note.in_language(question.language),
            )
            notes.append(f"> {note}")
    return notes


def _ticks(
    question: Question,
    evidence: Evidence,
    checklists: Mapping[str, Checklist],
    numbers: Mapping[str, tuple[int, ...]],
) -> tuple[ChecklistTick, ...]:
    """Checklist items that rest on the answer's entries, the leading entry's first."""
    severity = {"high": 0, "medium": 1, "low": 2}
    ranked = [
        (evidence.entries.index(entry), severity[item.severity], name, item)
        for name, checklist in sorted(checklists.items())
        for item in checklist.items
        for entry in item.entries[:1]
        if entry in evidence.entries[:3] and entry in numbers
    ]
    ranked.sort(key=lambda row: (row[0], row[1], row[2], row[3].id))
    return tuple(
        ChecklistTick(
            id=f"{name}/{item.id}",
            deliverable=name,
            text=item.text.in_language(question.language),
            why=item.why.in_language(question.language),
            references=numbers[item.entries[0]],
        )
        for _, _, name, item in ranked[:CHECKLIST_LIMIT]
    )


def _fitting(ticks: Iterable[ChecklistTick], words: int) -> tuple[ChecklistTick, ...]:
    """The first items that together stay within `words`."""
    kept: list[ChecklistTick] = []
    for tick in ticks:
        words -= len(tick.text.split()) + 3
        if words < 0:
            break
        kept.append(tick)
    return tuple(kept)


def _follow_ups(
    question: Question, evidence: Evidence, entries: Mapping[str, Entry]
) -> tuple[str, ...]:
    """Questions that the leading entries can answer, the sections already asked left out."""

    def render(wording: Text, entry: str) -> str:
        title = entries[entry].meta.title.in_language(question.language)
        return wording.in_language(question.language).format(title=title)

    leads = evidence.entries[:2]
    if not leads:
        return ()
    asked = question.text.lower()
    avoid, pitfalls = FOLLOW_UP[0], FOLLOW_UP[1]
    options = [render(avoid, leads[0]), *(render(pitfalls, entry) for entry in leads)]
    return tuple(option for option in options if option.lower() != asked)[:3]
