"""What a parser gives: pieces of a file in reading order, or why the file cannot be used.

Plain records without a validator, so that the child process that parses starts quickly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

PieceKind = Literal["heading", "paragraph", "item", "code", "table", "comment"]
# Why a file is refused; `refusals.py` has the sentence of each.
Fault = Literal[
    "damaged", "deep", "doctype", "inflates", "long", "password", "no-text", "scanned", "slow"
]
MAX_TEXT = 5_000_000
# Blocks longer than this are split; a table keeps its header row as long as it can.
LONGEST = 2_000
LONGEST_TABLE = 8_000


class Unreadable(Exception):
    """A file that a parser gives up on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


@dataclass(frozen=True)
class Piece:
    """A block before it is checked: lines and pages count from 1, `heading` is without marks."""

    text: str
    kind: PieceKind
    line_start: int | None = None
    line_end: int | None = None
    page: int | None = None
    heading: str | None = None


@dataclass(frozen=True)
class Draft:
    """A parsed file: its pieces, and its pages where it has pages."""

    pieces: tuple[Piece, ...]
    pages: int | None = None
    pages_without_text: tuple[int, ...] = ()


def split_long(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Cuts pieces that are too long, at a line, a sentence or a word if there is one near."""
    for piece in pieces:
        longest = LONGEST_TABLE if piece.kind == "table" else LONGEST
        if len(piece.text) <= longest:
            yield piece
            continue
        start, line = 0, piece.line_start
        while start < len(piece.text):
            end = _cut(piece.text, start, longest)
            text = piece.text[start:end]
            shown = text.rstrip("\n")
            if line is None:
                yield replace(piece, text=shown)
            else:
                most = piece.line_end or line
                last = min(line + shown.count("\n"), most)
                yield replace(piece, text=shown, line_start=line, line_end=last)
                line = min(line + text.count("\n"), most)
            start = end


def _cut(text: str, start: int, longest: int) -> int:
    """Where the part that begins at `start` ends."""
    limit = start + longest
    if limit >= len(text):
        return len(text)
    for mark in ("\n", ". ", " "):
        at = text.rfind(mark, start + longest // 2, limit)
        if at >= 0:
            return at + len(mark)
    return limit


def headed(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Gives each piece the nearest heading above it, marks removed."""
    nearest: str | None = None
    for piece in pieces:
        if piece.kind == "heading":
            nearest = piece.text.strip(" #*_=\t\n")[:200] or nearest
        yield piece if piece.heading else replace(piece, heading=nearest)


def table_text(rows: list[list[str]]) -> str:
    """Markdown rows with a rule under the first; a bar in a cell is escaped."""
    lines = []
    for row in rows:
        cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
        if any(cells):
            lines.append("| " + " | ".join(cells) + " |")
            if len(lines) == 1:
                lines.append("|" + " --- |" * len(cells))
    return "\n".join(lines)
