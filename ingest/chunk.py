"""Cuts entries and documents into passages, the units of search and citation.

A passage is a run of whole blocks (paragraphs, list items, tables, code) of one section. Footnote
marks leave the text and stay as the sources of the sentence before them. Ids say where the text
lives and are the same on every build.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.schema import (
    LANGUAGES,
    Block,
    Entry,
    Language,
    Locator,
    ParsedDocument,
    Passage,
    Section,
    Source,
    Span,
)

# Part of the index manifest: raise it whenever the same content gives other passages.
CHUNKER_VERSION = 1
# About 150 words keep a passage under 512 tokens in Spanish and precise enough to cite.
MAX_WORDS = 150
_MARK = re.compile(r"\s*\[\^([^\]\s]+)\]")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”»)\]]*(?=\s+[\"'“«(\[¿¡`*]*[A-ZÁÉÍÓÚÑ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|p\. ?ej|etc|vs|approx|aprox|fig|no|núm|sec|Dr|Sr|Sra|EE|UU)\.)$",
    re.IGNORECASE,
)
SpanKind = Literal["sentence", "item", "code", "table"]


@dataclass(frozen=True)
class Unit:
    """A block of a section: its text without footnote marks and its quotable spans."""

    text: str
    spans: tuple[Span, ...]
    words: int


def entry_passages(entry: Entry) -> Iterator[Passage]:
    """All passages of an entry, English first, in reading order."""
    meta = entry.meta
    sources = {source.key: source for source in meta.sources}
    for language in LANGUAGES:
        for section in entry.sections[language]:
            for number, units in enumerate(_runs(section_units(section, sources)), start=1):
                text, spans = _joined(units)
                yield Passage(
                    id=f"{meta.id}.{language}#{section.id}-{number}",
                    entry=meta.id,
                    title=meta.title.in_language(language),
                    section=section.id,
                    heading=section.heading,
                    language=language,
                    text=text,
                    spans=spans,
                    topics=meta.topics,
                    aliases=meta.aliases,
                    roles=meta.roles,
                    deliverables=meta.deliverables,
                    kind=meta.kind,
                    status=meta.status,
                    url=meta.sources[0].url,
                )


def document_passages(document: ParsedDocument, collection: str) -> Iterator[Passage]:
    """The passages of a user's document; the id holds a hash of its name and text."""
    digest = hashlib.sha256(f"{document.name}\0{document.text}".encode()).hexdigest()[:12]
    entry = f"{collection}-{digest}"
    for number, blocks in enumerate(_block_runs(document.blocks), start=1):
        units = [_unit(block.text, "sentence", {}) for block in blocks]
        text, spans = _joined(units)
        first, last = blocks[0].locator, blocks[-1].locator
        yield Passage(
            id=f"{entry}.{document.language}#document-{number}",
            entry=entry,
            title=document.name,
            section="document",
            heading=first.heading or document.name,
            language=document.language,
            text=text,
            spans=spans,
            collection=collection,
            locator=Locator(
                file=document.name,
                page=first.page,
                line_start=first.line_start,
                line_end=last.line_end,
                heading=first.heading,
            ),
        )


def embedding_text(passage: Passage) -> str:
    """What is embedded: title and heading give a short passage its subject."""
    return f"{passage.title}. {passage.heading}.\n{passage.text}"


def lexical_text(passage: Passage) -> str:
    """What term search reads: the title counts twice, other names of the entry once."""
    names = " ".join((passage.title, passage.title, *passage.aliases, passage.heading))
    return f"{names} {passage.text}"


def section_units(section: Section, sources: dict[str, Source]) -> list[Unit]:
    """The blocks of a section, in order; list items become one unit each."""
    lines = section.body.splitlines()
    units: list[Unit] = []
    tokens = MarkdownIt().enable("table").parse(section.body)
    ordinal = 0
    ordered = False
    in_item = False
    for index, token in enumerate(tokens):
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            ordered, ordinal = token.type == "ordered_list_open", 0
        elif token.type == "list_item_open":
            ordinal, in_item = ordinal + 1, True
        elif token.type == "list_item_close":
            in_item = False
        elif token.type == "paragraph_open":
            prefix = (f"{ordinal}. " if ordered else "- ") if in_item else ""
            content = " ".join(tokens[index + 1].content.split())
            units.append(_unit(content, "item" if in_item else "sentence", sources, prefix))
        elif token.type == "fence":
            units.append(_verbatim(_fence(token), "code"))
        elif token.type == "table_open" and token.map:
            raw = "\n".join(lines[token.map[0] : token.map[1]])
            units.append(_unit(raw, "table", sources))
    return units


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of a paragraph; white space between them is left out."""
    bounds: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text[start : match.end()]):
            continue
        bounds.append((start, match.end()))
        start = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    if text[start:].strip():
        bounds.append((start, len(text.rstrip())))
    return bounds


def _fence(token: Token) -> str:
    language = token.info.split()[0] if token.info.split() else ""
    return f"```{language}\n{token.content}```"


def _verbatim(text: str, kind: SpanKind) -> Unit:
    return Unit(text, (Span(start=0, end=len(text), kind=kind),), len(text.split()))


def _unit(raw: str, kind: SpanKind, sources: dict[str, Source], prefix: str = "") -> Unit:
    """Takes the footnote marks out of `raw` and gives each span the sources marked behind it."""
    pieces: list[str] = []
    marks: list[tuple[int, str]] = []
    position = taken = 0
    for match in _MARK.finditer(raw):
        pieces.append(raw[taken : match.start()])
        position += match.start() - taken
        marks.append((position, match.group(1)))
        taken = match.end()
    pieces.append(raw[taken:])
    clean = "".join(pieces)
    bounds = sentence_bounds(clean) if kind == "sentence" else [(0, len(clean.rstrip()))]
    spans = []
    for start, end in bounds:
        keys = dict.fromkeys(key for at, key in marks if start < at <= end)
        cited = tuple(sources[key] for key in keys if key in sources)
        spans.append(
            Span(start=start + len(prefix), end=end + len(prefix), kind=kind, sources=cited)
        )
    return Unit(prefix + clean, tuple(spans), len(clean.split()))


def _runs(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Groups units up to MAX_WORDS; code stands alone, so that it is never cut or diluted."""
    run: list[Unit] = []
    words = 0
    for unit in units:
        is_code = any(span.kind == "code" for span in unit.spans)
        if run and (is_code or words + unit.words > MAX_WORDS):
            yield run
            run, words = [], 0
        if is_code:
            yield [unit]
            continue
        run.append(unit)
        words += unit.words
    if run:
        yield run


def _block_runs(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Groups a document's blocks by heading and page, up to MAX_WORDS; hidden comments stay out."""
    run: list[Block] = []
    words = 0
    for block in blocks:
        if block.kind == "comment" or not block.text.strip():
            continue
        length = len(block.text.split())
        moved = run and (
            block.kind == "heading"
            or block.locator.page != run[0].locator.page
            or words + length > MAX_WORDS
        )
        if moved and not all(b.kind == "heading" for b in run):
            yield run
            run, words = [], 0
        run.append(block)
        words += length
    if run:
        yield run


def _joined(units: Sequence[Unit]) -> tuple[str, tuple[Span, ...]]:
    """One text of all units, a line break between list items and an empty line elsewhere."""
    text = ""
    spans: list[Span] = []
    for unit in units:
        items = text and all(s.kind == "item" for s in (*spans[-1:], *unit.spans))
        text += "" if not text else "\n" if items else "\n\n"
        offset = len(text)
        spans += [
            span.model_copy(update={"start": span.start + offset, "end": span.end + offset})
            for span in unit.spans
        ]
        text += unit.text
    return text, tuple(spans)


def passages_of_language(passages: Iterable[Passage], language: Language) -> list[Passage]:
    """The passages written in `language`, order kept."""
    return [passage for passage in passages if passage.language == language]
