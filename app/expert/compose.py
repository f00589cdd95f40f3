"""Writes the answer without a model: chosen sentences of the evidence, ordered for the question.

The shape of the question (define, choose, troubleshoot, ...) picks the sections and the length.
Sentences stand as the knowledge has them, so that every statement is an exact quote of its source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.expert.answer import Answer, Calculation, ChecklistTick, Statement
from app.expert.plan import shape_of, words_for
from app.expert.question import Question
from app.expert.references import reference
from app.expert.select import Candidate, Evidence
from app.expert.sentences import direct_sentences, example_code, sentences_by_section
from app.expert.wording import CALCULATION, CHECKLIST, FOLLOW_UP, HEADINGS, RETIRED, TABLE_ROWS
from app.solve.apply import calculations_for
from app.solve.worked import Worked
from ingest.schema import Checklist, Entry, Language, Passage, Text

# Tokens of the whole answer; checklist items and an example fill what the prose leaves.
TOTAL_WORDS = 600
CHECKLIST_WORDS = 70
MARKS = 75
CHECKLIST_LIMIT = 3
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
    rare_words = len(evidence.result.idf)
    shape = shape_of(question.text, rare_words)
    draft = _Draft()
    blocks: list[str] = []
    direct = direct_sentences(evidence, shape)
    if direct:
        blocks.append(" ".join(draft.state(candidate) for candidate in direct))
    calculations = calculations_for(question.text, question.language)
    if calculations:
        blocks.append(calculation_block(calculations, question.language))
    if shape == "choose" and len(evidence.named) > 1:
        blocks += _table(question, evidence, draft)
    stated = [candidate for used in draft.used.values() for candidate in used]
    # Calculations and table rules are words of the answer too, as are bullets and marks to come.
    besides = sum(len(block.split()) for block in blocks) - draft.words
    budget = min(words_for(rare_words), TOTAL_WORDS - MARKS - besides)
    plan = sentences_by_section(evidence, shape, stated, budget)
    for section, chosen in plan.items():
        heading = HEADINGS[section].in_language(question.language)
        ordered = section == "how-to"
        lines = [
            f"{f'{number}.' if ordered else '-'} {draft.state(candidate)}"
            for number, candidate in enumerate(chosen, start=1)
        ]
        blocks.append(f"**{heading}**\n\n" + "\n".join(lines))
    blocks[1:1] = _warnings_of_status(question, draft.numbers(), entries)
    left = TOTAL_WORDS - sum(len(block.split()) for block in blocks)
    ticks = _fitting(
        _ticks(question, evidence, checklists, draft.numbers()), min(CHECKLIST_WORDS, left - 5)
    )
    left -= sum(len(tick.text.split()) + 3 for tick in ticks) + 5
    example = example_code(question.text, evidence, shape)
    if example is not None and len(example.quote.split()) <= left:
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
        calculations=as_calculations(calculations, question.language),
        follow_ups=_follow_ups(question, evidence, entries),
    )


def calculation_block(calculations: Sequence[Worked], language: Language) -> str:
    """The worked calculations as Markdown under their heading."""
    heading = CALCULATION.in_language(language)
    return f"**{heading}**\n\n" + "\n\n".join(worked.render(language) for worked in calculations)


def as_calculations(calculations: Sequence[Worked], language: Language) -> tuple[Calculation, ...]:
    """The worked calculations as fields of the answer."""
    return tuple(Calculation(**worked.to_calculation(language)) for worked in calculations)


def _table(question: Question, evidence: Evidence, draft: _Draft) -> list[str]:
    """The named entries side by side: when each pays off, when not, its first figure."""
    columns = evidence.named
    titles = {c.passage.entry: c.passage.title for c in evidence.candidates}
    rows = []
    for section, heading in TABLE_ROWS.items():
        cells = []
        for entry in columns:
            best = [
                c
                for c in evidence.candidates
                if c.passage.entry == entry
                and c.passage.section == section
                and c.span.kind not in {"code", "table"}
            ][: 2 if section != "numbers" else 1]
            cells.append(" ".join(_cell(draft.state(c)) for c in best) or "–")
        if any(cell != "–" for cell in cells):
            rows.append(f"| {heading.in_language(question.language)} | {' | '.join(cells)} |")
    if not rows:
        return []
    head = "| | " + " | ".join(_cell(titles[entry]) for entry in columns) + " |"
    return ["\n".join([head, "| --- |" + " --- |" * len(columns), *rows])]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _warnings_of_status(
    question: Question, cited: Iterable[str], entries: Mapping[str, Entry]
) -> list[str]:
    """A note for each cited entry that is archived, renamed or superseded."""
    notes = []
    for entry_id in cited:
        meta = entries[entry_id].meta if entry_id in entries else None
        if meta is not None and meta.status != "active" and meta.status_note is not None:
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
        if entry in evidence.entries[:6] and entry in numbers
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
