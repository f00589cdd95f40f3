"""HTML into pieces: what a reader sees as text, what is hidden from the reader as comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.clean_text import clean
from ingest.piece import Piece, PieceKind, Unreadable, headed, split_long, table_text

_DROPPED = frozenset(("script", "style", "svg", "object", "embed", "iframe", "canvas", "select"))
_HIDDEN = frozenset(("nav", "template", "noscript", "title"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PARAGRAPHS = frozenset(
    "p blockquote dd dt figcaption caption summary address legend label button".split()
)
_CONTAINERS = frozenset(
    "html body head div section article main header footer aside figure details ul ol dl form "
    "fieldset center hgroup menu table thead tbody tfoot tr td th".split()
)
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[0-2](?:\.\d+)?(?:px|pt|em)?\s*(?:;|$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_WHITE = re.compile(r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b)", re.IGNORECASE)


def parse_html(text: str) -> Iterator[Piece]:
    """The pieces of a page with the lines of their tags in the source.

    Nothing is fetched. Raises Unreadable when the page is nested beyond the parser's limit.
    """
    # The text is decoded already: what the page says of its encoding no longer holds.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
    root = etree.fromstring(text.encode(), parser) if text.strip() else None
    if any("xcessive depth" in error.message for error in parser.error_log):
        raise Unreadable("deep")
    if root is None:
        return
    walk = _Walk()
    walk.into(root, "paragraph", hidden=False)
    walk.flush()
    yield from headed(split_long(walk.pieces))


class _Walk:
    """Goes through the tree once and collects text until a block begins or ends."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._words: list[str] = []
        self._kind: PieceKind = "paragraph"
        self._mark = ""
        self._line = 1

    def flush(self) -> None:
        """Ends the current block."""
        text = " ".join(clean("".join(self._words)).split())
        if text:
            self._add(self._mark + text, self._kind, self._line)
        self._words = []

    def into(self, node: Any, kind: PieceKind, *, hidden: bool) -> None:
        """The node with all below it; hidden text becomes a comment."""
        if not isinstance(node.tag, str):
            if isinstance(node, etree._Comment) and (node.text or "").strip():
                self._aside(f"<!--{node.text}-->", node)
            return
        tag = node.tag.lower()
        if tag in _DROPPED:
            return
        if not hidden and (tag in _HIDDEN or _is_hidden(node)):
            self._aside("".join(_texts(node)), node)
            return
        self._asides(tag, node)
        if tag == "table":
            self._table(node)
        elif tag == "pre":
            self.flush()
            self._add("".join(_texts(node)).strip("\n"), "code", node.sourceline)
        elif tag == "br":
            self._words.append("\n")
        elif tag in _HEADINGS:
            self._block(node, "heading", "#" * _HEADINGS[tag] + " ")
        elif tag == "li":
            self._block(node, "item", "- ")
        elif tag in _PARAGRAPHS:
            self._block(node, "item" if kind == "item" else "paragraph", "")
        elif tag in _CONTAINERS:
            self._block(node, kind if kind == "item" else "paragraph", "")
        else:
            self._content(node, kind)

    def _block(self, node: Any, kind: PieceKind, mark: str) -> None:
        outer = self._kind, self._mark
        if kind == "item" and not mark and not "".join(self._words).strip():
            # A paragraph that opens an item takes over its mark.
            mark, outer = self._mark, (self._kind, "")
        self.flush()
        self._kind, self._mark, self._line = kind, mark, node.sourceline or 1
        self._content(node, kind)
        self.flush()
        self._kind, self._mark = outer

    def _content(self, node: Any, kind: PieceKind) -> None:
        self._words.append(node.text or "")
        for child in node:
            self.into(child, kind, hidden=False)
            if child.tail and child.tail.strip() and not self._words:
                self._line = child.sourceline or self._line
            self._words.append(child.tail or "")

    def _table(self, node: Any) -> None:
        self.flush()
        rows = []
        for row in node.iter("tr"):
            if next(row.iterancestors("table")) is not node:
                continue
            rows.append([clean("".join(_texts(cell))) for cell in row.iterchildren("td", "th")])
        self._add(table_text(rows), "table", node.sourceline)
        for cell in node.iter(etree.Comment):
            self._aside(f"<!--{cell.text or ''}-->", cell)

    def _asides(self, tag: str, node: Any) -> None:
        """Words that only a machine reads: alternative texts and descriptions."""
        words = node.get("alt") if tag in ("img", "area", "input") else None
        if tag == "meta" and (node.get("name") or node.get("property")):
            words = node.get("content")
        if words:
            self._aside(words, node)

    def _aside(self, text: str, node: Any) -> None:
        words = " ".join(clean(text).split())
        if words:
            self._add(words, "comment", node.sourceline)

    def _add(self, text: str, kind: PieceKind, line: int | None) -> None:
        text = clean(text)
        if text.strip():
            first = line or 1
            last = first + text.count("\n") if kind == "code" else first
            self.pieces.append(Piece(text, kind, first, last))


def _is_hidden(node: Any) -> bool:
    style = node.get("style") or ""
    if node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return True
    return bool(_INVISIBLE.search(style)) or (
        _WHITE.search(style) is not None and "background" not in style.lower()
    )


def _texts(node: Any) -> Iterator[str]:
    """All text below a node except that of scripts and styles, hidden comments included."""
    if isinstance(node.tag, str) and node.tag.lower() in _DROPPED:
        return
    if not isinstance(node.tag, str):
        return
    yield node.text or ""
    for child in node:
        yield from _texts(child)
        yield child.tail or ""
        if isinstance(child.tag, str) and child.tag.lower() in ("p", "div", "li", "td", "br"):
            yield " "
