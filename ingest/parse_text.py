"""Plain text, code and notebooks into pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.clean_text import clean
from ingest.parse_markdown import parse_markdown
from ingest.piece import Piece, PieceKind, Unreadable, headed, split_long

_ITEM = re.compile(r"\s*(?:[-*+•‣▪]|\d{1,3}[.)]|[a-z][.)])\s+\S")
_UNDERLINE = re.compile(r"([=\-~^*#\"'`+])\1{2,}\s*$")
_MARKED = re.compile(r"(?:#{1,6}|={1,6})\s+\S")
_CODE_LINES = 40
_CODE_CHARACTERS = 1_500
_MAX_NESTING = 60
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{\]}]', re.DOTALL)


def parse_text(text: str) -> Iterator[Piece]:
    """Paragraphs, list items and underlined or marked headings of clean text."""
    yield from headed(split_long(_text_pieces(text)))


def parse_code(text: str) -> Iterator[Piece]:
    """Code in runs of whole lines, cut at empty lines before lines that start a new thing."""
    yield from split_long(_code_pieces(text))


def parse_notebook(text: str) -> Iterator[Piece]:
    """Cells in order, outputs dropped; the heading of a piece begins with `cell n`.

    Raises Unreadable when it is not a notebook.
    """
    _check_nesting(text)
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise Unreadable("deep") from None
    except ValueError:
        raise Unreadable("damaged") from None
    nearest = ""
    for number, cell in enumerate(_cells(notebook), start=1):
        source = cell.get("source", "")
        words = clean("".join(map(str, source)) if isinstance(source, list) else str(source))
        prose = cell.get("cell_type") in ("markdown", "heading")
        for piece in parse_markdown(words) if prose else parse_code(words):
            nearest = piece.heading or nearest
            heading = f"cell {number} · {nearest}" if nearest else f"cell {number}"
            yield replace(piece, heading=heading, line_start=None, line_end=None)


def _check_nesting(text: str) -> None:
    """Raises Unreadable before a parser is sent down a thousand levels."""
    depth = 0
    for match in _STRUCTURE.finditer(text):
        mark = match.group()
        if mark in "[{":
            depth += 1
            if depth > _MAX_NESTING:
                raise Unreadable("deep")
        elif mark in "]}":
            depth -= 1


def _cells(notebook: Any) -> Iterator[dict[str, Any]]:
    """The cells of a notebook of format 4, or of format 3 with its worksheets."""
    if not isinstance(notebook, dict):
        raise Unreadable("damaged")
    sheets = notebook.get("worksheets") if "cells" not in notebook else [notebook]
    if not isinstance(sheets, list):
        raise Unreadable("damaged")
    for sheet in sheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        if not isinstance(cells, list):
            raise Unreadable("damaged")
        for cell in cells:
            if isinstance(cell, dict):
                yield {"source": cell.get("input", ""), **cell}


def _text_pieces(text: str) -> Iterator[Piece]:
    lines = text.split("\n")
    start = 0
    kind: PieceKind = "paragraph"
    for at, line in enumerate([*lines, ""]):
        blank = not line.strip()
        starts_item = not blank and _ITEM.match(line) is not None
        marked = _MARKED.match(line) is not None
        title = _is_title(lines, at)
        if at > start and (blank or starts_item or marked or title):
            yield from _run(lines, start, at, kind)
            start = at
        if blank:
            start, kind = at + 1, "paragraph"
        elif marked or title:
            yield Piece(line.strip(), "heading", at + 1, at + 1)
            # The line that underlines a title is no text.
            start, kind = at + 1 + title, "paragraph"
        elif starts_item:
            kind = "item"


def _is_title(lines: list[str], at: int) -> bool:
    """Whether the next line underlines this one."""
    if at + 1 >= len(lines) or not lines[at].strip() or len(lines[at]) > 200:
        return False
    line, below = lines[at].rstrip(), lines[at + 1].rstrip()
    if _UNDERLINE.match(line) or not _UNDERLINE.match(below):
        return False
    return len(below) >= len(line.strip()) - 2


def _run(lines: list[str], start: int, end: int, kind: PieceKind) -> Iterator[Piece]:
    text = "\n".join(lines[start:end]).strip()
    if re.search(r"\w", text):
        yield Piece(text, kind, start + 1, end)


def _code_pieces(text: str) -> Iterator[Piece]:
    lines = text.split("\n")
    start = size = 0
    for at, line in enumerate(lines):
        new_thing = at > 0 and not lines[at - 1].strip() and line[:1] not in ("", " ", "\t")
        full = at - start >= _CODE_LINES or size + len(line) > _CODE_CHARACTERS
        if at > start and (full or (new_thing and size > _CODE_CHARACTERS // 5)):
            yield from _code(lines, start, at)
            start, size = at, 0
        size += len(line) + 1
    yield from _code(lines, start, len(lines))


def _code(lines: list[str], start: int, end: int) -> Iterator[Piece]:
    """Lines as they are, empty ones at the ends left out."""
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    if start < end:
        yield Piece("\n".join(lines[start:end]), "code", start + 1, end)
