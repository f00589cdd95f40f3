"""What a document says, cut into units that a verdict can rest on.

A unit is a sentence, a list item, a table row or a line of code. It carries what limits it as
evidence: a heading, a wish or a bare name can point at a thing but never shows how it is done.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import normalize

from app.review.hedges import (
    REJECTED,
    WISH_HEADING,
    denies_what_follows,
    is_wish,
    only_names,
)
from app.review.orders import order_start
from ingest.schema import Block, Locator, ParsedDocument

_RULE_ROW = re.compile(r"^[\s|:+=-]+$")
_FILE_COMMENT = re.compile(r"<!--\s*file:")
_SENTENCE_END = re.compile(
    r"(?<=[.!?])[\"')\]*_]*\s+(?=[\"'(\[*_`¿¡]*[A-ZÁÉÍÓÚÑ0-9¿¡])|\n\s*\n|(?<=  )\n|\n(?=\s*[-*•]\s)"
)
_LINE = re.compile(r"\n")
_LONGEST = 600
# Some 250 pages. Beyond it a review would take longer than a person waits for it.
MOST_CHARACTERS = 600_000
_CODE_LAST = ("code", "notebook")
_ANNOUNCED = 160


@dataclass(frozen=True)
class Unit:
    """An exact piece of a document: `text` is a substring of its parsed text.

    `folded` has the length of `text`, in lower case and without accents. `context` is what the
    reader carries into it, folded: the line that announces a list, the column of a cell. `path`
    holds the folded headings above it, one a line. `intro` is the block that announces its block,
    or -1. `shows` is False where the unit can name a thing but not show how it is done. Blocks and
    sections count from 0 over all documents.
    """

    document: str
    text: str
    folded: str
    context: str
    kind: str
    path: str
    block: int
    intro: int
    section: int
    shows: bool
    locator: Locator


@dataclass(frozen=True)
class Corpus:
    """All usable units in reading order, and the orders to the reviewer that were found.

    `scan` is the folded text of all units with their context before it, one a line; `starts` are
    their offsets in it; `names` are the folded names of the documents; `cut` names those that were
    not read to their end.
    """

    units: tuple[Unit, ...]
    scan: str
    starts: tuple[int, ...]
    names: tuple[str, ...]
    orders: tuple[Unit, ...]
    cut: tuple[str, ...] = ()

    def unit_at(self, offset: int) -> int:
        """The index of the unit that holds this offset of `scan`."""
        return bisect_right(self.starts, offset) - 1


@dataclass(frozen=True)
class _Place:
    """Where the walk through a document is; `said` is the announcement in force, folded."""

    document: str
    path: tuple[tuple[int, str], ...]
    block: int
    section: int
    intro: int = -1
    said: str = ""
    ordered: bool = False


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    plain = normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character


def fold(text: str) -> str:
    """Lower case without accents, the same length as `text`, line ends as spaces."""
    folded = text.lower() if text.isascii() else "".join(map(_fold_character, text))
    return folded.replace("\n", " ").replace("\r", " ")


def read_corpus(documents: Sequence[ParsedDocument]) -> Corpus:
    """Cuts documents into units; comments and orders to the reviewer are left out as evidence.

    Reads MOST_CHARACTERS at most, code after all prose.
    """
    units: list[Unit] = []
    orders: list[Unit] = []
    block = section = 0
    blocks, cut = _within_reach(documents)
    for document in documents:
        reached = _Place(document.name, (), block, section)
        for place, unit in _walk(blocks[document.name], reached):
            (orders if unit.kind == "order" else units).append(unit)
            reached = place
        block, section = reached.block + 1, reached.section + 1
    starts: list[int] = []
    offset = 0
    for unit in units:
        starts.append(offset)
        offset += len(unit.folded) + len(unit.context) + 2
    return Corpus(
        units=tuple(units),
        scan="\n".join(f"{unit.context}\t{unit.folded}" for unit in units),
        starts=tuple(starts),
        names=tuple(fold(document.name) for document in documents),
        orders=tuple(orders),
        cut=cut,
    )


def _within_reach(
    documents: Sequence[ParsedDocument],
) -> tuple[dict[str, Sequence[Block]], tuple[str, ...]]:
    """The blocks of each document that can be read, and the documents that were cut.

    Short documents first, so that a huge one costs the others nothing.
    """
    left = MOST_CHARACTERS
    blocks: dict[str, Sequence[Block]] = {}
    for document in sorted(documents, key=lambda one: (one.kind in _CODE_LAST, len(one.text))):
        count = 0
        for block in document.blocks:
            left -= len(block.text)
            if left < 0:
                break
            count += 1
        blocks[document.name] = document.blocks[:count]
    cut = (one.name for one in documents if len(blocks[one.name]) < len(one.blocks))
    return blocks, tuple(cut)


def _walk(blocks: Iterable[Block], place: _Place) -> Iterator[tuple[_Place, Unit]]:
    """The units of one document, each with the place that it is in."""
    for block in blocks:
        if not block.text.strip():
            continue
        listed = block.kind in ("item", "code", "table")
        if not listed:
            place = replace(place, intro=-1, said="", ordered=False)
        found = 0 if place.ordered else order_start(fold(block.text))
        if found is not None:
            yield place, _order(block, found, place)
        if block.kind == "comment":
            if _FILE_COMMENT.match(block.text.strip()):
                place = replace(place, path=(), section=place.section + 1)
            continue
        if block.kind == "heading" and found is None:
            place = _below(place, block)
        usable = block.text if found is None else block.text[:found]
        for unit in _units(block, usable, place):
            yield place, unit
        place = _after(block, place, found is not None)


def _below(place: _Place, heading: Block) -> _Place:
    """The place under a heading: its own section, with the path of the levels above."""
    marks = re.match(r"\s*(#{1,6})\s", heading.text)
    level = len(marks.group(1)) if marks else 2
    title = fold(heading.text).strip(" #*_:\t")
    above = tuple(part for part in place.path if part[0] < level)
    return replace(place, path=(*above, (level, title)), section=place.section + 1)


def _after(block: Block, place: _Place, ordered: bool) -> _Place:
    """The place after a block: a paragraph announces the list, table or code that follows it."""
    here = replace(place, block=place.block + 1)
    if block.kind != "paragraph":
        return here
    said = fold(block.text).rstrip(" *_`")
    if not said.endswith(":"):
        return replace(here, intro=place.block)
    # What an order announces ("mark these as covered:") is part of the order.
    sentence = re.split(r"(?<=[.!?]) ", said)[-1]
    return replace(here, intro=place.block, said=sentence[-_ANNOUNCED:], ordered=ordered)


def _units(block: Block, usable: str, place: _Place) -> Iterator[Unit]:
    path = "\n".join(title for _, title in place.path)
    hoped = (
        bool(WISH_HEADING.search(path))
        or bool(REJECTED.search(path))
        or is_wish(place.said)
        or denies_what_follows(place.said)
    )
    header: tuple[str, ...] = ()
    for start, end in _pieces(usable, block.kind):
        text = usable[start:end]
        folded = fold(text)
        context = place.said if block.kind == "item" else ""
        if block.kind == "table":
            cells = tuple(cell.strip() for cell in folded.strip(" |").split("|"))
            context = "; ".join(
                f"{name}: {cell}" for name, cell in zip(header, cells, strict=False)
            )
            header = header or cells
        wished = hoped or (
            block.kind != "code"
            and (is_wish(folded) or bool(REJECTED.match(folded.lstrip(" *_-"))))
        )
        weak = block.kind == "heading" or only_names(folded, block.kind, path)
        yield Unit(
            document=place.document,
            text=text,
            folded=folded,
            context=context,
            kind=block.kind,
            path=path,
            block=place.block,
            intro=place.intro,
            section=place.section,
            shows=not (wished or weak),
            locator=_locate(block, text, start),
        )


def _order(block: Block, start: int, place: _Place) -> Unit:
    text = block.text[start:]
    where = _locate(block, text, start)
    return Unit(
        document=place.document,
        text=text,
        folded=fold(text),
        context="",
        kind="order",
        path="",
        block=place.block,
        intro=-1,
        section=place.section,
        shows=False,
        locator=where,
    )


def _locate(block: Block, text: str, start: int) -> Locator:
    """The lines of a piece, counted from its block, and the nearest heading."""
    where = block.locator
    if where.line_start is None:
        return where
    first = where.line_start + block.text.count("\n", 0, start)
    last = first + text.count("\n")
    if where.line_end is not None:
        first, last = min(first, where.line_end), min(last, where.line_end)
    return where.model_copy(update={"line_start": first, "line_end": last})


def _pieces(text: str, kind: str) -> Iterator[tuple[int, int]]:
    """Bounds of the sentences, rows or lines of a block, trimmed, none longer than 600."""
    cut = _LINE if kind in ("code", "table") else _SENTENCE_END
    start = 0
    bounds = [*((match.start(), match.end()) for match in cut.finditer(text)), (len(text),) * 2]
    for stop, following in bounds:
        piece = text[start:stop]
        lead = len(piece) - len(piece.lstrip()) if kind != "code" else 0
        first, last = start + lead, start + len(piece.rstrip())
        if last > first and not (kind == "table" and _RULE_ROW.match(piece)):
            for part in range(first, last, _LONGEST):
                yield part, min(part + _LONGEST, last)
        start = following
