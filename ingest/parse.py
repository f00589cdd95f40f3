"""Turns files of any supported kind into documents; what cannot be used is refused by name.

Nothing raises: a batch always gives its documents and its refusals, and one hostile file costs the
others nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.archive import MALFORMED, Budget, Member, members
from ingest.clean_text import clean_name, decode
from ingest.document import build_document, cut_warning, damage_warnings
from ingest.file_kind import FileKind, agrees, content_of, kind_by_name
from ingest.folder import read_paths
from ingest.parse_child import ParserChild
from ingest.parse_text import parse_code, parse_text
from ingest.piece import MAX_TEXT, Draft
from ingest.refusals import left_out, refuse, refuse_disagreement
from ingest.schema import ParsedDocument, Refusal
from ingest.upload import MAX_BATCH, MAX_DEPTH, MAX_FILE, MAX_FILES, MAX_MEMBER, Upload

_PDF_END = 2_048

__all__ = ["Parsed", "Upload", "parse_uploads", "read_paths"]


@dataclass(frozen=True)
class Parsed:
    """The documents of a batch in its order, and the files that could not be used."""

    documents: tuple[ParsedDocument, ...]
    refused: tuple[Refusal, ...]


def parse_uploads(uploads: Sequence[Upload]) -> Parsed:
    """Reads a batch, archives unpacked; the same batch gives the same result."""
    documents: list[ParsedDocument] = []
    refused: list[Refusal] = []
    budget = Budget()
    names: set[str] = set()
    with ParserChild() as child:
        for upload in _within_limits(uploads, refused):
            for found in _parse_one(upload, child, budget, 0):
                if isinstance(found, Refusal):
                    refused.append(found)
                elif not any(found == known for known in documents):
                    name = _unique(found.name, names)
                    documents.append(found.model_copy(update={"name": name}))
    return Parsed(tuple(documents), tuple(refused))


def _within_limits(uploads: Sequence[Upload], refused: list[Refusal]) -> Iterator[Upload]:
    """The uploads that the limits of a batch leave, with names fit to be shown."""
    size = 0
    for number, upload in enumerate(uploads):
        name = clean_name(upload.name)
        if number >= MAX_FILES:
            refused.append(refuse(name, "too-many"))
        elif len(upload.data) > MAX_FILE:
            refused.append(refuse(name, "too-big"))
        elif size + len(upload.data) > MAX_BATCH:
            refused.append(refuse(name, "batch-big"))
        else:
            size += len(upload.data)
            yield replace(upload, name=name)


def _parse_one(
    upload: Upload, child: ParserChild, budget: Budget, depth: int
) -> Iterator[ParsedDocument | Refusal]:
    """What one file gives: a document, a refusal, or all that an archive holds."""
    name, data = upload.name, upload.data
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        yield refuse(name, "empty")
        return
    kind = kind_by_name(name)
    content = content_of(data)
    if content == "old-office" and kind in ("docx", "pptx", None):
        yield refuse(name, "old-office")
    elif kind is None and content in ("binary", "program"):
        yield refuse(name, "binary")
    elif content == "broken-zip" and kind in ("archive", "docx", "pptx", "xlsx"):
        yield refuse(name, "damaged")
    elif not agrees(kind, content):
        yield refuse_disagreement(name, kind or "text", content)
    elif kind == "xlsx":
        yield refuse(name, "spreadsheet")
    elif kind == "archive":
        yield from _unpack(upload, child, budget, depth)
    elif kind in ("pdf", "docx", "pptx"):
        yield _parse_apart(name, kind, data, child)
    else:
        yield _parse_words(name, kind or "text", data, child)


def _parse_apart(
    name: str, kind: FileKind, data: bytes, child: ParserChild, text: str | None = None
) -> ParsedDocument | Refusal:
    """Parses in the other process; `text` is the source where blocks are pieces of it."""
    if not child.has_time:
        return refuse(name, "batch-slow")
    draft = child.parse(kind, data)
    if isinstance(draft, str):
        return refuse(name, draft)
    found = _built(name, kind, draft, text)
    if isinstance(found, ParsedDocument) and kind == "pdf" and b"%%EOF" not in data[-_PDF_END:]:
        return found.model_copy(update={"warnings": (cut_warning(name),)})
    return found


def _parse_words(
    name: str, kind: FileKind, data: bytes, child: ParserChild
) -> ParsedDocument | Refusal:
    """Parses a file of text; only what has a structure goes to the other process."""
    decoded = decode(data)
    if decoded is None and kind_by_name(name) is not None:
        return refuse_disagreement(name, kind, "binary")
    if decoded is None:
        return refuse(name, "binary")
    # What a notebook prints is dropped, so its size says little.
    limit = MAX_MEMBER if kind == "notebook" else MAX_TEXT
    if len(decoded.text) > limit:
        return refuse(name, "long")
    if kind in ("html", "markdown", "notebook"):
        source = decoded.text if kind == "markdown" else None
        found = _parse_apart(name, kind, decoded.text.encode(), child, source)
    else:
        pieces = parse_code(decoded.text) if kind == "code" else parse_text(decoded.text)
        found = _built(name, kind, Draft(tuple(pieces)), decoded.text)
    if isinstance(found, Refusal):
        return found
    return found.model_copy(update={"warnings": damage_warnings(name, decoded.damage)})


def _built(name: str, kind: FileKind, draft: Draft, text: str | None) -> ParsedDocument | Refusal:
    document = build_document(name, kind, draft, text)
    if len(document.text) > MAX_TEXT:
        return refuse(name, "long")
    if all(block.kind == "comment" for block in document.blocks):
        return refuse(name, "no-text")
    return document


def _unpack(
    upload: Upload, child: ParserChild, budget: Budget, depth: int
) -> Iterator[ParsedDocument | Refusal]:
    """The documents of an archive; archives in it are unpacked too, down to MAX_DEPTH."""
    if depth >= MAX_DEPTH:
        yield refuse(upload.name, "nested")
        return
    inside = f"{upload.name}/" if depth else ""
    skipped: list[str] = []
    count = 0
    try:
        for member in members(upload.data, budget):
            name = clean_name(inside + member.name)
            if not member.data and member.fault is None:
                continue
            count += 1
            if member.fault is not None:
                yield refuse(name, member.fault)
            elif _is_no_document(member):
                skipped.append(name)
            else:
                yield from _parse_one(Upload(name, member.data), child, budget, depth + 1)
    except MALFORMED:
        yield refuse(upload.name, "damaged")
        return
    if skipped:
        yield left_out(upload.name, skipped)
    if not count:
        yield refuse(upload.name, "no-files")


def _is_no_document(member: Member) -> bool:
    """Images, models and programs of an archive are left out together, not one by one."""
    return kind_by_name(member.name) is None and content_of(member.data) in ("binary", "program")


def _unique(name: str, names: set[str]) -> str:
    """Names a second file of the same name by its number; collections know files by their name."""
    folder, slash, last = name.rpartition("/")
    stem, dot, extension = last.rpartition(".")
    number, unique = 1, name
    while unique in names:
        number += 1
        numbered = f"{stem} ({number}).{extension}" if dot and stem else f"{last} ({number})"
        unique = f"{folder}{slash}{numbered}"
    names.add(unique)
    return unique
