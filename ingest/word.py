"""The body of a Word document into pieces, read from its XML.

The library's own text leaves out tracked insertions and text boxes and keeps hidden runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.clean_text import clean
from ingest.piece import Piece, PieceKind, table_text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"(?:heading|título|titulo) (\d)", re.IGNORECASE)
_TINY_HALF_POINTS = 6
_ON = frozenset((None, "1", "true", "on"))
_MAX_TABLES = 8


class _Styles:
    """What the paragraph styles of a document mean, by their id."""

    def __init__(self, document: Any) -> None:
        self._kinds: dict[str, tuple[PieceKind, int]] = {}
        for style in document.styles.element.iter(f"{_W}style"):
            name = style.find(f"{_W}name")
            label = name.get(f"{_W}val", "") if name is not None else ""
            found = _kind_of_style(label.strip(), style)
            if found is not None:
                self._kinds[style.get(f"{_W}styleId", "")] = found

    def of(self, paragraph: Any) -> tuple[PieceKind, int]:
        """The kind of a paragraph and the level of a heading."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return "paragraph", 0
        own = _kind_of_properties(properties)
        if own is not None:
            return own
        style = properties.find(f"{_W}pStyle")
        return self._kinds.get(_value(style) or "", ("paragraph", 0))


def word_pieces(document: Any) -> Iterator[Piece]:
    """The body in order, then footnotes and reviewers' comments."""
    styles = _Styles(document)
    yield from _children(document.element.body, styles, 0)
    for relation in document.part.rels.values():
        if relation.is_external:
            continue
        name = relation.reltype.rsplit("/", 1)[-1]
        if name in ("footnotes", "endnotes", "comments"):
            yield from _notes(relation.target_part.blob, name == "comments")


def _children(parent: Any, styles: _Styles, depth: int) -> Iterator[Piece]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, styles)
        elif child.tag == f"{_W}tbl":
            yield from _table(child, styles, depth)
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None and depth < _MAX_TABLES:
                yield from _children(content, styles, depth + 1)


def _paragraph(paragraph: Any, styles: _Styles) -> Iterator[Piece]:
    kind, level = styles.of(paragraph)
    shown, hidden = _texts(paragraph)
    text = " ".join(shown.split()) if kind == "heading" else shown.strip()
    if text:
        mark = "#" * level + " " if kind == "heading" else "- " if kind == "item" else ""
        yield Piece(mark + text, kind)
    if hidden.strip():
        yield Piece(hidden.strip(), "comment")
    for box in paragraph.iter(f"{_W}txbxContent"):
        # A box is written twice, the second time for old programs.
        if next(box.iterancestors(_MC_FALLBACK), None) is None:
            for inner in box.iterchildren(f"{_W}p"):
                words = _texts(inner)[0].strip()
                if words:
                    yield Piece(words, "paragraph")


def _texts(paragraph: Any) -> tuple[str, str]:
    """The text that is seen and the hidden text; deleted text is in neither."""
    shown: list[str] = []
    hidden: list[str] = []
    for run in paragraph.iter(f"{_W}r"):
        if next(run.iterancestors(f"{_W}p"), None) is not paragraph:
            continue
        target = hidden if _is_hidden(run) else shown
        for node in run:
            if node.tag == f"{_W}t":
                target.append(node.text or "")
            elif node.tag == f"{_W}tab":
                target.append("\t")
            elif node.tag in (f"{_W}br", f"{_W}cr"):
                target.append("\n")
            elif node.tag == f"{_W}noBreakHyphen":
                target.append("-")
    return clean("".join(shown)), clean("".join(hidden))


def _is_hidden(run: Any) -> bool:
    """Hidden by its mark, white without shading, or too small to read."""
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return False
    vanish = properties.find(f"{_W}vanish")
    if vanish is not None and vanish.get(f"{_W}val") in _ON:
        return True
    size = _value(properties.find(f"{_W}sz"))
    if size is not None and size.isdecimal() and int(size) < _TINY_HALF_POINTS:
        return True
    white = (_value(properties.find(f"{_W}color")) or "").upper() == "FFFFFF"
    shaded = next(
        (a for a in run.iterancestors(f"{_W}tc", f"{_W}p") if a.find(f".//{_W}shd") is not None),
        None,
    )
    return white and shaded is None and properties.find(f"{_W}highlight") is None


def _table(table: Any, styles: _Styles, depth: int) -> Iterator[Piece]:
    """A table; one of a single cell is a frame around its content."""
    cells = [[*row.iterchildren(f"{_W}tc")] for row in table.iter(f"{_W}tr")
             if next(row.iterancestors(f"{_W}tbl")) is table]  # fmt: skip
    if [len(row) for row in cells] == [1] and depth < _MAX_TABLES:
        yield from _children(cells[0][0], styles, depth + 1)
        return
    rows = []
    hidden = []
    for row in cells:
        texts = [[_texts(p) for p in cell.iter(f"{_W}p")] for cell in row]
        rows.append([" ".join(shown for shown, _ in cell) for cell in texts])
        hidden += [secret.strip() for cell in texts for _, secret in cell if secret.strip()]
    text = table_text(rows)
    if text:
        yield Piece(text, "table")
    for words in hidden:
        yield Piece(words, "comment")


def _notes(blob: bytes, are_comments: bool) -> Iterator[Piece]:
    from docx.oxml import parse_xml

    for paragraph in parse_xml(blob).iter(f"{_W}p"):
        words = _texts(paragraph)[0].strip()
        if words:
            yield Piece(words, "comment" if are_comments else "paragraph")


def _kind_of_style(label: str, style: Any) -> tuple[PieceKind, int] | None:
    match = _HEADING.fullmatch(label)
    if match:
        return "heading", min(int(match.group(1)) or 1, 6)
    if label.lower() == "title":
        return "heading", 1
    if label.lower().startswith("list") and "paragraph" not in label.lower():
        return "item", 0
    properties = style.find(f"{_W}pPr")
    return None if properties is None else _kind_of_properties(properties)


def _kind_of_properties(properties: Any) -> tuple[PieceKind, int] | None:
    outline = _value(properties.find(f"{_W}outlineLvl"))
    if outline is not None and outline.isdecimal() and int(outline) < 6:
        return "heading", int(outline) + 1
    if properties.find(f"{_W}numPr") is not None and properties.find(f"{_W}pStyle") is None:
        return "item", 0
    numbered = properties.find(f"{_W}numPr")
    style = (_value(properties.find(f"{_W}pStyle")) or "").lower()
    if numbered is not None and not style.startswith(("heading", "ttulo", "title")):
        return "item", 0
    return None


def _value(node: Any) -> str | None:
    return None if node is None else node.get(f"{_W}val")
