"""PDF into pieces, page by page; size, place and colour of the letters tell headings and tricks.

PDFium is not safe between threads: this runs in a process of its own, with one thread.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.clean_text import clean
from ingest.piece import MAX_TEXT, Draft, Piece, PieceKind, Unreadable, headed, split_long

_ITEM = re.compile(r"\s*(?:[-*•‣▪●○·–]|\d{1,2}[.)]|[a-z]\))\s+\S")
_TINY = 3.0
_LARGER = 1.15
_LONGEST_HEADING = 120
# Above this share of white lines the page is dark and they are seen.
_DARK_PAGE = 0.4


@dataclass(frozen=True)
class _Line:
    """A line of a page: size of its letters in points, height of its base, whether it is hidden."""

    text: str
    size: float
    base: float
    white: bool
    hidden: bool


def parse_pdf(data: bytes) -> Draft:
    """The pieces of a PDF with their page. Raises Unreadable."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        raise Unreadable("password" if code == pdfium.FPDF_ERR_PASSWORD else "damaged") from None
    with document:
        pages = [_page_lines(document, index) for index in range(len(document))]
    if not pages:
        raise Unreadable("damaged")
    without = tuple(number for number, lines in enumerate(pages, start=1) if not lines)
    if len(without) == len(pages):
        raise Unreadable("scanned")
    sizes = _heading_sizes(pages)
    pieces = (
        piece
        for number, lines in enumerate(pages, start=1)
        for piece in _page_pieces(lines, number, sizes)
    )
    return Draft(tuple(headed(split_long(pieces))), len(pages), without)


def _page_lines(document: pypdfium2.PdfDocument, index: int) -> list[_Line]:
    """The lines with text on a page; a page that cannot be opened has none."""
    try:
        page = document[index]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return []
    lines: list[_Line] = []
    text = text_page.get_text_range()
    if len(text) > MAX_TEXT:
        raise Unreadable("long")
    width, height = page.get_size()
    at = 0
    for raw in text.split("\n"):
        shown = clean(raw).strip()
        if shown:
            lead = len(raw) - len(raw.lstrip())
            lines.append(_line(text_page, at + lead, shown, width, height))
        at += len(raw) + 1
    text_page.close()
    page.close()
    share = sum(line.white for line in lines) / max(1, len(lines))
    if share > _DARK_PAGE:
        return lines
    return [
        _Line(line.text, line.size, line.base, line.white, line.hidden or line.white)
        for line in lines
    ]


def _line(
    text_page: pypdfium2.PdfTextPage, at: int, text: str, width: float, height: float
) -> _Line:
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page.raw, at)
    size = float(pdfium.FPDFText_GetFontSize(text_page.raw, index))
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page.raw, index, left, right, bottom, top)
    tall = top.value - bottom.value
    # A font of one point can be drawn large, and the reverse: the box is what is seen.
    seen = size if size > _TINY or tall <= 0 else max(size, tall)
    red, green, blue, opaque = (ctypes.c_uint() for _ in range(4))
    coloured = pdfium.FPDFText_GetFillColor(text_page.raw, index, red, green, blue, opaque)
    white = bool(coloured) and min(red.value, green.value, blue.value) >= 250
    outside = right.value < 0 or top.value < 0 or left.value > width or bottom.value > height
    clear = bool(coloured) and opaque.value == 0
    return _Line(text, seen, bottom.value, white, seen < _TINY or outside or clear)


def _heading_sizes(pages: list[list[_Line]]) -> list[float]:
    """Sizes clearly above that of most letters, largest first; three at most."""
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            if not line.hidden:
                letters[round(line.size, 1)] += len(line.text)
    if not letters:
        return []
    body = letters.most_common(1)[0][0]
    return sorted((size for size in letters if size >= body * _LARGER), reverse=True)


def _page_pieces(lines: list[_Line], page: int, sizes: list[float]) -> Iterator[Piece]:
    """Lines joined to paragraphs: a gap, another size or an item's mark begins a new one."""
    run: list[str] = []
    kind: PieceKind = "paragraph"
    previous: _Line | None = None
    wide = 1.35 * _usual_gap(lines)
    for line in lines:
        now = _kind(line, sizes)
        if run and previous and _breaks(previous, line, now, kind, wide):
            yield _joined(run, kind, page, previous, sizes)
            run = []
        if not run:
            kind = now
        run.append(line.text)
        previous = line
    if run:
        yield _joined(run, kind, page, previous, sizes)


def _kind(line: _Line, sizes: list[float]) -> PieceKind:
    if line.hidden:
        return "comment"
    if round(line.size, 1) in sizes and len(line.text) <= _LONGEST_HEADING:
        return "heading"
    return "item" if _ITEM.match(line.text) else "paragraph"


def _breaks(previous: _Line, line: _Line, now: PieceKind, kind: PieceKind, wide: float) -> bool:
    """Whether a line begins a new piece; an item goes on with plain lines."""
    if now == "item":
        return True
    if now != kind and not (kind == "item" and now == "paragraph"):
        return True
    if now == "heading":
        return round(previous.size, 1) != round(line.size, 1) or _gap(previous, line) > 1.8
    return _gap(previous, line) > wide or _gap(previous, line) < -1


def _usual_gap(lines: list[_Line]) -> float:
    """The distance between lines of the same paragraph: the lower quarter of those of the page."""
    gaps = sorted(g for g in map(_gap, lines, lines[1:]) if 0.8 < g < 3)
    return gaps[len(gaps) // 4] if gaps else 1.3


def _gap(previous: _Line, line: _Line) -> float:
    """The distance between two lines in heights of a letter."""
    return (previous.base - line.base) / max(line.size, 1.0)


def _joined(
    run: list[str], kind: PieceKind, page: int, last: _Line | None, sizes: list[float]
) -> Piece:
    if kind != "heading" or last is None:
        return Piece("\n".join(run), kind, page=page)
    level = min(sizes.index(round(last.size, 1)) + 1, 3)
    return Piece(f"{'#' * level} {' '.join(run)}", kind, page=page)
