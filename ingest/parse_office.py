"""Word and PowerPoint into pieces; only what is checked first reaches their libraries."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml import DefusedXmlException

from ingest.archive import MALFORMED, inflates_too_much, open_zip
from ingest.clean_text import clean
from ingest.piece import Draft, Piece, Unreadable, headed, split_long, table_text
from ingest.word import word_pieces

_MAX_GROUPS = 8


class _Begun(Exception):
    """The root element was reached: no type definition can follow."""


class _Root(ContentHandler):
    def startElement(self, name: str, attrs: Any) -> None:  # noqa: ARG002, N802
        raise _Begun


def check_package(data: bytes) -> None:
    """Raises Unreadable for a package that unpacks too far or whose XML holds a DTD."""
    try:
        if inflates_too_much(data):
            raise Unreadable("inflates")
        with open_zip(data) as package:
            for name in package.namelist():
                _check_part(name, package.read(name))
    except MALFORMED:
        raise Unreadable("damaged") from None


def _check_part(name: str, part: bytes) -> None:
    try:
        defusedxml.sax.parseString(part, _Root(), forbid_dtd=True)
    except _Begun:
        return
    except DefusedXmlException:
        raise Unreadable("doctype") from None
    except (SAXParseException, ValueError, LookupError):
        # Images and fonts are not XML; parts that must be XML are.
        if name.lower().endswith((".xml", ".rels")):
            raise Unreadable("damaged") from None


def parse_docx(data: bytes) -> Draft:
    """The pieces of a Word document under its headings. Raises Unreadable."""
    check_package(data)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, TypeError, AttributeError, SyntaxError, *MALFORMED):
        raise Unreadable("damaged") from None
    return Draft(tuple(headed(split_long(word_pieces(document)))))


def parse_pptx(data: bytes) -> Draft:
    """The pieces of a presentation, the slide number as page. Raises Unreadable."""
    check_package(data)
    import pptx

    try:
        slides = list(pptx.Presentation(io.BytesIO(data)).slides)
    except (KeyError, ValueError, TypeError, AttributeError, SyntaxError, *MALFORMED):
        raise Unreadable("damaged") from None
    pieces: list[Piece] = []
    empty: list[int] = []
    for number, slide in enumerate(slides, start=1):
        found = list(headed(split_long(_slide_pieces(slide, number))))
        if all(piece.kind == "comment" for piece in found):
            empty.append(number)
        pieces += found
    return Draft(tuple(pieces), len(slides), tuple(empty))


def _slide_pieces(slide: Any, page: int) -> Iterator[Piece]:
    """The title first, then the shapes in their order, then the notes.

    On a slide that is not shown everything is a comment.
    """
    hidden = slide._element.get("show") == "0"
    title = slide.shapes.title
    shown = [*_title(title, page), *_shapes(slide.shapes, title, page, 0)]
    for piece in shown:
        yield Piece(piece.text, "comment", page=page) if hidden else piece
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        text = clean(slide.notes_slide.notes_text_frame.text).strip()
        if text:
            yield Piece(text, "comment" if hidden else "paragraph", page=page)


def _title(title: Any, page: int) -> Iterator[Piece]:
    words = " ".join(clean(title.text_frame.text).split()) if title is not None else ""
    if words:
        yield Piece(f"## {words}", "heading", page=page)


def _shapes(shapes: Any, title: Any, page: int, depth: int) -> Iterator[Piece]:
    for shape in shapes:
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if hasattr(shape, "shapes"):
            if depth < _MAX_GROUPS:
                yield from _shapes(shape.shapes, title, page, depth + 1)
            continue
        if getattr(shape, "has_table", False):
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            table = table_text(rows)
            if table:
                yield Piece(table, "table", page=page)
        elif shape.has_text_frame:
            yield from _frame(shape, page)
        words = clean(shape._element.xpath("string(.//p:cNvPr/@descr)")).strip()
        if words:
            yield Piece(words, "comment", page=page)


def _frame(shape: Any, page: int) -> Iterator[Piece]:
    """The paragraphs of a text frame; those of a slide's body are its list."""
    listed = shape.is_placeholder
    for paragraph in shape.text_frame.paragraphs:
        text = " ".join(clean(paragraph.text).split())
        if text:
            yield (
                Piece(f"- {text}", "item", page=page)
                if listed
                else Piece(text, "paragraph", page=page)
            )
