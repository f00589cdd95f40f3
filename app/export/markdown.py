"""Answers and conversations as GitHub-flavoured Markdown, with every citation and quote."""

from __future__ import annotations

import re
from collections.abc import Set

from app.expert.answer import Answer, Reference
from app.expert.wording import REFERENCES
from app.history.store import Conversation
from ingest.schema import Language, Locator, Text

_VERDICTS = Text(
    en="Support: {supported} of {total} statements supported by their citation.",
    es="Respaldo: {supported} de {total} afirmaciones respaldadas por su cita.",
)
_QUESTION = Text(en="Question", es="Pregunta")
_NOTE = Text(en="Note", es="Aviso")
_KNOWLEDGE = Text(en="Knowledge version", es="Versión del conocimiento")
_SOURCES = Text(en="Sources", es="Fuentes")
_FURTHER = Text(en="Further reading", es="Para saber más")
_PAGE = Text(en="page", es="página")
_LINES = Text(en="lines", es="líneas")


def answer_markdown(
    answer: Answer, *, level: int = 1, ticked: Set[str] = frozenset(), prefix: str = ""
) -> str:
    """An answer with its references as footnotes; `prefix` keeps footnotes of turns apart."""
    language = answer.language
    marks = "#" * level
    parts = [f"{marks} {_one_line(answer.question)}"]
    parts += [f"> **{_NOTE.in_language(language)}:** {warning}" for warning in answer.warnings]
    parts.append(_body(answer, ticked, prefix))
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
    """A whole conversation; ticks, citations and quotes are those that the page shows."""
    parts = [f"# {_one_line(conversation.title)}\n"]
    for number, answer in enumerate(conversation.answers, start=1):
        parts.append(
            answer_markdown(answer, level=2, ticked=conversation.ticked, prefix=f"t{number}-")
        )
    if conversation.answers:
        last = conversation.answers[-1]
        parts.append(f"_{_KNOWLEDGE.in_language(last.language)}: {last.knowledge_version}_\n")
    return "\n".join(parts)


def place(locator: Locator, language: Language) -> str:
    """Where a passage of a user's document stands, in words; empty for curated passages."""
    words = [safe(locator.file)] if locator.file else []
    if locator.page is not None:
        words.append(f"{_PAGE.in_language(language)} {locator.page}")
    elif locator.line_start is not None:
        end = f"-{locator.line_end}" if locator.line_end else ""
        words.append(f"{_LINES.in_language(language)} {locator.line_start}{end}")
    return ", ".join(words)


def _body(answer: Answer, ticked: Set[str], prefix: str) -> str:
    """The answer's text with footnote marks for citations and ticks as they were set."""
    known = {reference.n for reference in answer.references}
    pieces = re.split(r"(```.*?```)", answer.answer_markdown, flags=re.DOTALL)

    def mark(match: re.Match[str]) -> str:
        n = int(match.group(1))
        return f"[^{prefix}{n}]" if n in known else match.group(0)

    text = "".join(
        piece if piece.startswith("```") else re.sub(r"\[(\d{1,3})\](?!\()", mark, piece)
        for piece in pieces
    )
    for tick in answer.checklist:
        if tick.id in ticked:
            text = text.replace(f"- [ ] {tick.text}", f"- [x] {tick.text}")
    return text


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
