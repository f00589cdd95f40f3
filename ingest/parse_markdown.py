"""Markdown into pieces that are exact substrings of it, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.piece import Piece, PieceKind, headed, split_long

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n){0,200}?(?:---|\.\.\.)[ \t]*(?:\n|$)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# In an HTML block a comment that is never closed hides the rest of the file.
_BLOCK_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DEFINITION = re.compile(r"\s{0,3}\[[^\]]+\]:")
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN_TAG = re.compile(
    r"<[^<>]*(?:\shidden(?=[\s>=])|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0)[^<>]*>",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")
_KINDS: dict[str, PieceKind] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "fence": "code",
    "code_block": "code",
    "table_open": "table",
    "html_block": "paragraph",
}


@lru_cache(maxsize=1)
def _blocks_only() -> MarkdownIt:
    """Block structure alone: the inline rules are slow on hostile text and not needed."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def parse_markdown(text: str) -> Iterator[Piece]:
    """The blocks of clean Markdown; comments, also the inline ones, are pieces of their own.

    What Markdown does not show (link definitions, hidden HTML) is of the kind `comment`.
    """
    yield from headed(split_long(_pieces(text)))


def _pieces(text: str) -> Iterator[Piece]:
    lines = text.split("\n")
    matter = _FRONT_MATTER.match(text)
    first = 0
    if matter:
        first = matter.group().rstrip("\n").count("\n") + 1
        yield Piece("\n".join(lines[:first]), "code", 1, first)
    body = "\n" * first + "\n".join(lines[first:])
    done = first
    for token, kind in _leaves(body):
        start, end = token.map or (done, done)
        yield from _uncovered(lines, done, start)
        done = max(done, end)
        piece = _raw(lines, start, end, kind)
        if piece is None:
            continue
        if token.type == "heading_open" and not token.markup.startswith("#"):
            title = "\n".join(piece.text.split("\n")[:-1])
            piece = replace(piece, text=title, line_end=end - 1)
        yield from _shown_and_hidden(piece, token.type == "html_block")
    yield from _uncovered(lines, done, len(lines))


def _leaves(body: str) -> Iterator[tuple[Token, PieceKind]]:
    """The tokens that hold text, outermost only, each with its kind."""
    lists = tables = 0
    for token in _blocks_only().parse(body):
        if token.type.endswith("_list_open"):
            lists += 1
        elif token.type.endswith("_list_close"):
            lists -= 1
        elif token.type == "table_close":
            tables -= 1
        if token.type in _KINDS and token.map and not tables:
            kind = _KINDS[token.type]
            yield token, "item" if lists and kind == "paragraph" else kind
        tables += token.type == "table_open"


def _raw(lines: list[str], start: int, end: int, kind: PieceKind) -> Piece | None:
    """The lines as they are, blank ones at the ends left out."""
    while end > start and not lines[end - 1].strip():
        end -= 1
    while start < end and not lines[start].strip():
        start += 1
    text = "\n".join(lines[start:end])
    text = text.rstrip() if kind == "code" else text.strip()
    return Piece(text, kind, start + 1, end) if text else None


def _uncovered(lines: list[str], start: int, end: int) -> Iterator[Piece]:
    """Lines that no token holds: definitions are not shown; the rest is too deep for the parser."""
    for at in range(start, end):
        if _WORD.search(lines[at]):
            kind: PieceKind = "comment" if _DEFINITION.match(lines[at]) else "paragraph"
            yield Piece(lines[at].strip(), kind, at + 1, at + 1)


def _shown_and_hidden(piece: Piece, is_html: bool) -> Iterator[Piece]:
    """Splits comments out of a piece; HTML that shows no words becomes a comment as a whole."""
    if piece.kind in ("code", "table") or "<" not in piece.text:
        yield piece
        return
    at = 0
    pattern = _BLOCK_COMMENT if is_html else _COMMENT
    for match in pattern.finditer(piece.text):
        yield from _part(piece, at, match.start(), piece.kind)
        yield from _part(piece, match.start(), match.end(), "comment")
        at = match.end()
    yield from _part(piece, at, len(piece.text), piece.kind)


def _part(piece: Piece, start: int, end: int, kind: PieceKind) -> Iterator[Piece]:
    raw = piece.text[start:end]
    text = raw.strip()
    if not text:
        return
    if kind != "comment" and "<" in text:
        shown = _TAG.sub("", text)
        if not _WORD.search(shown) or _HIDDEN_TAG.search(text):
            kind = "comment"
    before = piece.text.count("\n", 0, start + len(raw) - len(raw.lstrip()))
    line = (piece.line_start or 1) + before
    yield replace(piece, text=text, kind=kind, line_start=line, line_end=line + text.count("\n"))
