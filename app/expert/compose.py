"""Writes the answer without a model: chosen sentences of the evidence, ordered for the question.

The shape of the question (define, choose, troubleshoot, ...) picks the sections and the length.
Sentences stand as the knowledge has them, so that every statement is an exact quote of its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.expert.answer import Answer, Calculation, ChecklistTick
from app.expert.draft import Draft, bare
from app.expert.lens import CUES, check_order
from app.expert.plan import SIZING, shape_of, words_for
from app.expert.question import Question
from app.expert.select import Candidate, Evidence
from app.expert.sentences import direct_sentences, example_code, sentences_by_section
from app.expert.wording import (
    CALCULATION,
    CHECKLIST,
    FOLLOW_UP,
    FOR_ROLE,
    HEADINGS,
    RETIRED,
    TABLE_ROWS,
    WHY,
)
from app.solve.apply import calculations_for
from app.solve.worked import Worked
from ingest.schema import Checklist, Entry, Language, Role, Text

# Tokens of the whole answer; checklist items and an example fill what the prose leaves.
TOTAL_WORDS = 600
CHECKLIST_WORDS = 70
MARKS = 75
CHECKLIST_LIMIT = 3
LONG_CHECKLIST = 12
# Words of prose in a short answer and above a checklist.
SHORT_WORDS = 110
CHECKLIST_PROSE = 220
REASONS = 5
ROLE_SENTENCES = 3
_REASON = re.compile(
    r"\b(?:because|since|so that|otherwise|therefore|the reason|in order to|porque|ya que|puesto "
    r"que|pues|de lo contrario|para que|la raz[oó]n|as[ií] que|por eso)\b",
    re.IGNORECASE,
)


def compose(
    question: Question,
    evidence: Evidence,
    entries: Mapping[str, Entry],
    checklists: Mapping[str, Checklist],
) -> Answer:
    """The composed answer; the caller has checked that the evidence is enough."""
    draft = Draft()
    calculations: tuple[Worked, ...] = ()
    ticks: tuple[ChecklistTick, ...] = ()
    blocks: list[str] = []
    if question.style == "short":
        blocks = _short(question, evidence, draft)
    elif question.style == "reasons":
        blocks = _reasons(question, evidence, draft)
    elif question.style == "checklist":
        blocks, ticks = _as_checklist(question, evidence, checklists, draft)
    elif question.style == "example":
        blocks = _with_example(question, evidence, draft)
    if not blocks:
        calculations = _calculations(question)
        blocks, ticks = _full(question, evidence, entries, checklists, draft, calculations)
    if ticks:
        title = CHECKLIST.in_language(question.language)
        blocks.append(f"**{title}**\n\n" + "\n".join(f"- [ ] {tick.text}" for tick in ticks))
    return Answer(
        question=question.shown,
        understood=question.understood,
        language=question.language,
        mode="composed",
        answer_markdown="\n\n".join(blocks),
        statements=tuple(draft.statements),
        references=draft.references(),
        checklist=ticks,
        calculations=as_calculations(calculations, question.language),
        follow_ups=_follow_ups(question, evidence, entries),
    )


def _full(
    question: Question,
    evidence: Evidence,
    entries: Mapping[str, Entry],
    checklists: Mapping[str, Checklist],
    draft: Draft,
    calculations: Sequence[Worked],
) -> tuple[list[str], tuple[ChecklistTick, ...]]:
    """The whole answer: direct sentences, figures, sections, an example where it is wanted."""
    rare_words = len(evidence.result.idf)
    shape = shape_of(question.whole, rare_words)
    blocks: list[str] = []
    if question.style == "long" and question.before is not None:
        evidence = _unsaid(evidence, question.before)
    direct = direct_sentences(evidence, shape)
    if direct:
        blocks.append(" ".join(draft.state(candidate) for candidate in direct))
    if calculations:
        # Who asks for a size wants the figure before anything else.
        place = 0 if SIZING.search(question.whole) else len(blocks)
        blocks.insert(place, calculation_block(calculations, question.language))
    if question.role is not None:
        blocks += _for_role(question, question.role, evidence, draft)
    if shape == "choose" and len(evidence.named) > 1:
        blocks += _table(question, evidence, draft)
    stated = [candidate for used in draft.used.values() for candidate in used]
    # Calculations and table rules are words of the answer too, as are bullets and marks to come.
    besides = sum(len(block.split()) for block in blocks) - draft.words
    budget = min(words_for(rare_words), TOTAL_WORDS - MARKS - besides)
    plan = sentences_by_section(evidence, shape, stated, budget)
    for section, chosen in plan.items():
        heading = HEADINGS[section].in_language(question.language)
        blocks.append(f"**{heading}**\n\n{draft.listed(chosen, ordered=section == 'how-to')}")
    blocks[1:1] = _notes_of_status(question, evidence, draft.numbers(), entries)
    left = TOTAL_WORDS - sum(len(block.split()) for block in blocks)
    ticks = _fitting(
        _ticks(question, evidence, checklists, draft.numbers())[:CHECKLIST_LIMIT],
        min(CHECKLIST_WORDS, left - 5),
    )
    left -= sum(len(tick.text.split()) + 3 for tick in ticks) + 5
    example = example_code(question.whole, evidence, shape)
    if example is not None and len(example.quote.split()) <= left:
        blocks.append(_example(question, example, draft))
    return blocks, ticks


def _short(question: Question, evidence: Evidence, draft: Draft) -> list[str]:
    """The direct sentences, and the few others that score best."""
    shape = shape_of(question.whole, len(evidence.result.idf))
    direct = direct_sentences(evidence, shape)
    lead = " ".join(draft.state(candidate) for candidate in direct)
    plan = sentences_by_section(evidence, shape, direct, SHORT_WORDS)
    chosen = [candidate for section in plan.values() for candidate in section]
    return [block for block in (lead, draft.listed(chosen)) if block]


def _reasons(question: Question, evidence: Evidence, draft: Draft) -> list[str]:
    """The sentences that give reasons, those of what was said before first; none: nothing."""
    said = {r.id for r in question.before.references} if question.before else set()
    reasons = [
        c
        for c in evidence.candidates
        if c.span.kind not in {"code", "table"} and _REASON.search(c.quote)
    ]
    reasons.sort(key=lambda c: (c.passage.id not in said, -c.score, c.passage.id, c.span.start))
    if len(reasons) < 2:
        return []
    heading = WHY.in_language(question.language)
    return [f"**{heading}**\n\n{draft.listed(reasons[:REASONS])}"]


def _as_checklist(
    question: Question, evidence: Evidence, checklists: Mapping[str, Checklist], draft: Draft
) -> tuple[list[str], tuple[ChecklistTick, ...]]:
    """Steps to do and to prevent, then the items of the deliverables' checklists."""
    plan = sentences_by_section(evidence, "checklist", [], CHECKLIST_PROSE)
    blocks = [
        f"**{HEADINGS[section].in_language(question.language)}**\n\n{draft.listed(chosen)}"
        for section, chosen in plan.items()
    ]
    items = _ticks(question, evidence, checklists, draft.numbers())
    return blocks, _fitting(items[:LONG_CHECKLIST], TOTAL_WORDS // 2)


def _with_example(question: Question, evidence: Evidence, draft: Draft) -> list[str]:
    """The code that fits best, after one sentence that says what it serves; none: nothing."""
    code = [c for c in evidence.candidates if c.span.kind == "code"]
    lead = [c for c in code if c.passage.entry in evidence.entries[:1]]
    if not code:
        return []
    best = (lead or code)[0]
    about = [
        c
        for c in evidence.candidates
        if c.passage.entry == best.passage.entry and c.span.kind not in {"code", "table"}
    ]
    return [*(draft.state(c) for c in about[:1]), _example(question, best, draft)]


def _example(question: Question, example: Candidate, draft: Draft) -> str:
    heading = HEADINGS["example"].in_language(question.language)
    return f"**{heading}** [{draft.cite(example)}]\n\n{example.quote}"


def _for_role(question: Question, role: Role, evidence: Evidence, draft: Draft) -> list[str]:
    """What the counterpart decides on, under its name."""
    taken = {(p.id, c.span.start) for p in draft.passages for c in draft.used[p.id]}
    own = [
        c
        for c in evidence.candidates
        if c.span.kind not in {"code", "table"}
        and CUES[role].search(c.quote)
        and (c.passage.id, c.span.start) not in taken
        and (c.passage.entry in evidence.entries[:4] or c.passage.kind == "handoff")
    ]
    if not own:
        return []
    heading = FOR_ROLE[role].in_language(question.language)
    return [f"**{heading}**\n\n{draft.listed(own[:ROLE_SENTENCES])}"]


def _unsaid(evidence: Evidence, before: Answer) -> Evidence:
    """The evidence without the sentences that the answer before already had."""
    said = {statement.text for statement in before.statements}
    left = tuple(c for c in evidence.candidates if bare(c.quote) not in said)
    return replace(evidence, candidates=left)


def _calculations(question: Question) -> tuple[Worked, ...]:
    """With the question's figures; the brief fills in what a question about size leaves out."""
    own = calculations_for(question.text, question.language)
    if own or not question.brief or not SIZING.search(question.whole):
        return own
    return calculations_for(f"{question.whole}\n{question.brief}", question.language)


def calculation_block(calculations: Sequence[Worked], language: Language) -> str:
    """The worked calculations as Markdown under their heading."""
    heading = CALCULATION.in_language(language)
    return f"**{heading}**\n\n" + "\n\n".join(worked.render(language) for worked in calculations)


def as_calculations(calculations: Sequence[Worked], language: Language) -> tuple[Calculation, ...]:
    """The worked calculations as fields of the answer."""
    return tuple(Calculation(**worked.to_calculation(language)) for worked in calculations)


def _table(question: Question, evidence: Evidence, draft: Draft) -> list[str]:
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


def _notes_of_status(
    question: Question, evidence: Evidence, cited: Iterable[str], entries: Mapping[str, Entry]
) -> list[str]:
    """A note for each cited entry that is retired; for a renamed one where it leads the answer."""
    notes = []
    for entry_id in cited:
        meta = entries[entry_id].meta if entry_id in entries else None
        if meta is None or meta.status == "active" or meta.status_note is None:
            continue
        if meta.status == "renamed" and entry_id not in {*evidence.entries[:2], *evidence.named}:
            continue
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
        (
            (evidence.entries.index(entry), severity[item.severity], name, item)
            if question.role is None
            else (check_order(name, question.role), evidence.entries.index(entry), name, item)
        )
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
        for _, _, name, item in ranked
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
