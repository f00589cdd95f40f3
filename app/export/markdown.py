"""Answers and conversations as GitHub-flavoured Markdown, with every citation and quote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from app.expert.answer import Answer, ChecklistTick, Reference
from app.expert.wording import REFERENCES
from app.export.review_words import DELIVERABLE_WORDS
from app.history.store import Conversation
from ingest.schema import Language, Locator, Text

_VERDICTS = Text(
    en="Support: {supported} of {total} statements supported by their citation.",
    es="Respaldo: {supported} de {total} afirmaciones respaldadas por su cita.",
)
_QUESTION = Text(en="Question", es="Pregunta")
_NOTE = Text(en="Note", es="Aviso")
_UNDERSTOOD = Text(en="Understood as", es="Entendido como")
_KNOWLEDGE = Text(en="Knowledge version", es="Versión del conocimiento")
_SOURCES = Text(en="Sources", es="Fuentes")
_FURTHER = Text(en="Further reading", es="Para saber más")
_PAGE = Text(en="page", es="página")
_LINES = Text(en="lines", es="líneas")
_FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
_BOLD_LINE = re.compile(r"^\*\*([^*\n]+)\*\*((?: ?\[\^[^\]]+\])*)$", re.MULTILINE)
_CHECKLIST = Text(en="Checklist", es="Lista de comprobación")


def answer_markdown(answer: Answer, *, ticked: Set[str] = frozenset()) -> str:
    """An answer with its references as footnotes and its checklist with the ticks."""
    return _answer(answer, _ticks_set(answer.answer_markdown, answer.checklist, ticked), 1, "")


def _answer(answer: Answer, text: str, level: int, prefix: str) -> str:
    """An answer whose text is `text`; `prefix` keeps the footnotes of turns apart."""
    language = answer.language
    marks = "#" * level
    parts = [f"{marks} {_one_line(answer.question)}"]
    if answer.understood:
        parts.append(f"{_UNDERSTOOD.in_language(language)}: {_one_line(answer.understood)}")
    parts += [f"> **{_NOTE.in_language(language)}:** {warning}" for warning in answer.warnings]
    if text:
        parts.append(_headed(_with_footnotes(answer, text, prefix), level + 1))
    if answer.statements:
        supported = sum(s.verdict == "supported" for s in answer.statements)
        parts.append(
            "_"
            + _VERDICTS.in_language(language).format(
                supported=supported, total=len(answer.statements)
            )
            + "_"
        )
    if answer.references:
        parts.append(f"{marks}# {REFERENCES.in_language(language)}")
        parts += [_footnote(reference, language, prefix) for reference in answer.references]
    return "\n\n".join(parts) + "\n"


def conversation_markdown(conversation: Conversation) -> str:
    """A whole conversation; ticks, citations and quotes are those that the page shows.

    The checklists of all answers make one at the end, as on the page.
    """
    parts = [f"# {_one_line(conversation.title)}\n"]
    for number, answer in enumerate(conversation.answers, start=1):
        parts.append(_answer(answer, without_checklist(answer), 2, f"t{number}-"))
    if conversation.answers:
        language = conversation.answers[-1].language
        items = checklist_items(conversation.answers)
        if items:
            parts.append(f"## {_CHECKLIST.in_language(language)}\n")
            parts.append(_checklist(items, conversation.ticked, language, "###"))
        version = conversation.answers[-1].knowledge_version
        parts.append(f"_{_KNOWLEDGE.in_language(language)}: {version}._\n")
    return "\n".join(parts)


def checklist_markdown(
    title: str, items: Sequence[ChecklistTick], ticked: Set[str], language: Language
) -> str:
    """A checklist of its own, by deliverable."""
    return f"# {_one_line(title)}\n\n" + _checklist(items, ticked, language, "##")


def checklist_items(answers: Iterable[Answer]) -> tuple[ChecklistTick, ...]:
    """The checklist items of several answers, each once, in the order of the answers."""
    return tuple({item.id: item for answer in answers for item in answer.checklist}.values())


def without_checklist(answer: Answer) -> str:
    """The answer's text without the checklist, which is drawn as boxes to tick."""
    text = answer.answer_markdown
    if answer.checklist:
        start = text.find(f"- [ ] {answer.checklist[0].text}")
        if start > 0:
            text = text[: text.rfind("**", 0, text.rfind("**", 0, start))].rstrip()
    return text


def _headed(text: str, level: int) -> str:
    """Lines that are bold as a whole, outside code, as headings: a document has an outline."""
    pieces = _FENCE.split(text)
    marks = "#" * level
    return "".join(
        piece if n % 2 else _BOLD_LINE.sub(rf"{marks} \1\2", piece)
        for n, piece in enumerate(pieces)
    )


def _checklist(
    items: Sequence[ChecklistTick], ticked: Set[str], language: Language, marks: str
) -> str:
    blocks = []
    for deliverable, words in DELIVERABLE_WORDS.items():
        lines = [
            f"- [{'x' if item.id in ticked else ' '}] {item.text}"
            for item in items
            if item.deliverable == deliverable
        ]
        if lines:
            blocks.append(f"{marks} {words.in_language(language)}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(blocks)


def place(locator: Locator, language: Language) -> str:
    """Where a passage of a user's document stands, in words; empty for curated passages."""
    words = [safe(locator.file)] if locator.file else []
    if locator.page is not None:
        words.append(f"{_PAGE.in_language(language)} {locator.page}")
    elif locator.line_start is not None:
        end = f"-{locator.line_end}" if locator.line_end else ""
        words.append(f"{_LINES.in_language(language)} {locator.line_start}{end}")
    return ", ".join(words)


def _ticks_set(text: str, checklist: Sequence[ChecklistTick], ticked: Set[str]) -> str:
    for item in checklist:
        if item.id in ticked:
            text = text.replace(f"- [ ] {item.text}", f"- [x] {item.text}")
    return text


def _with_footnotes(answer: Answer, text: str, prefix: str) -> str:
    """The text with footnote marks for the citations of known references."""
    known = {reference.n for reference in answer.references}
    pieces = re.split(r"(```.*?```)", text, flags=re.DOTALL)

    def mark(match: re.Match[str]) -> str:
        n = int(match.group(1))
        return f"[^{prefix}{n}]" if n in known else match.group(0)

    return "".join(
        piece if piece.startswith("```") else re.sub(r"\[(\d{1,3})\](?!\()", mark, piece)
        for piece in pieces
    )


def _footnote(reference: Reference, language: Language, prefix: str) -> str:
    where = place(reference.locator, language)
    head = f"**{safe(reference.title)}** · {safe(reference.heading)}"
    head += f" ({where})" if where else ""
    quote = "\n    >\n    ".join(_quoted(quote) for quote in reference.quotes)
    links = " · ".join(f"[{safe(s.title)}]({s.url})" for s in reference.sources)
    lines = [f"[^{prefix}{reference.n}]: {head} `{reference.id}`", "", f"    {quote}"]
    if links:
        lines += ["", f"    {_SOURCES.in_language(language)}: {links}"]
    elif reference.url:
        # The quoted words carry no footnote: the entry's main source is reading, not their proof.
        lines += ["", f"    {_FURTHER.in_language(language)}: <{reference.url}>"]
    return "\n".join(lines)


def _quoted(quote: str) -> str:
    return "\n    ".join(f"> {line}" if line else ">" for line in quote.splitlines())


def _one_line(text: str) -> str:
    return safe(" ".join(text.split()))[:200]


def safe(text: str) -> str:
    """Names and titles as plain words: no markup of theirs takes effect."""
    return re.sub(r"([\\`*_\[\]<>|#!])", r"\\\1", text)
