"""From the pieces of a file to a document: cleaned, joined and with its language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.clean_text import Damage, clean
from ingest.piece import Draft, Piece
from ingest.schema import Block, Language, Locator, ParsedDocument, Text

_SAMPLE = 20_000
_WORD = re.compile(r"[^\W\d_]+")
_NOT_PROSE = re.compile(r"```.*?```|`[^`\n]*`|https?://\S+|<[^<>]*>", re.DOTALL)
_MARKS = re.compile(r"[¿¡ñáéíóúü]", re.IGNORECASE)
_FUNCTION_WORDS: dict[Language, frozenset[str]] = {
    "en": frozenset(
        "the and of to is are was were be for with that this from by on as it we our you your not "
        "or which when has have will can each if at all before after into use".split()
    ),
    "es": frozenset(
        "el la los las y de del que en es son para con por se una un al no su sus lo como más cada "
        "si cuando está están este esta ha han sin sobre entre desde antes después o uso".split()
    ),
}


def build_document(name: str, kind: str, draft: Draft, text: str | None) -> ParsedDocument:
    """The document of a draft. `text` is its clean source, or None to join the pieces.

    Every block's text is an exact substring of the document's text. The draft may come from a
    process that read a hostile file: its pieces are cleaned here again.
    """
    blocks = [_block(piece, name) for piece in draft.pieces if piece.text.strip()]
    if text is None:
        text = _joined(blocks)
    else:
        blocks = list(_found_in(text, blocks))
    return ParsedDocument(
        name=name,
        kind=kind,
        language=language_of(blocks),
        pages=draft.pages,
        text=text,
        blocks=tuple(blocks),
        pages_without_text=draft.pages_without_text,
    )


def damage_warnings(name: str, damage: Damage) -> tuple[Text, ...]:
    """What the reader is told of a file whose bytes were not all understood."""
    if damage == "replaced":
        return (
            Text(
                en=f"Some bytes of '{name}' are not text and were replaced by '\ufffd'.",
                es=f"Algunos bytes de '{name}' no son texto y se han sustituido por '\ufffd'.",
            ),
        )
    if damage == "guessed":
        return (
            Text(
                en=f"'{name}' is not UTF-8 and was read as Windows-1252. Check its accents.",
                es=f"'{name}' no está en UTF-8 y se ha leído como Windows-1252. Revisa los "
                "acentos.",
            ),
        )
    return ()


def cut_warning(name: str) -> Text:
    """What the reader is told of a PDF whose end is missing."""
    return Text(
        en=f"The end of '{name}' is missing: it was cut, and pages may have been lost.",
        es=f"Falta el final de '{name}': está cortado y puede haber perdido páginas.",
    )


def language_of(blocks: Iterable[Block]) -> Language:
    """English or Spanish, by the prose of the blocks; English where there is none."""
    size = 0
    parts: list[str] = []
    for block in blocks:
        if block.kind not in ("code", "comment") and size < _SAMPLE:
            parts.append(block.text)
            size += len(block.text)
    text = _NOT_PROSE.sub(" ", "\n".join(parts)[:_SAMPLE])
    words = [word.lower() for word in _WORD.findall(text)]
    counts = {lang: sum(w in known for w in words) for lang, known in _FUNCTION_WORDS.items()}
    spanish, english = counts["es"] + len(_MARKS.findall(text)) / 2, counts["en"]
    if not words or max(spanish, english) == 0:
        return _ranked(text) if len(words) >= 3 else "en"
    if max(spanish, english) >= 2 * min(spanish, english):
        return "es" if spanish > english else "en"
    return _ranked(text)


def _ranked(text: str) -> Language:
    """What a general identifier says, asked only about these two languages."""
    import py3langid  # a second to load: only for texts that their small words do not tell

    scores = dict(py3langid.rank(text))
    return "es" if scores.get("es", 0.0) > scores.get("en", 0.0) else "en"


def _block(piece: Piece, name: str) -> Block:
    return Block(
        text=clean(piece.text),
        kind=piece.kind,
        locator=Locator(
            file=name,
            page=piece.page,
            line_start=piece.line_start,
            line_end=piece.line_end,
            heading=clean(piece.heading) if piece.heading else None,
        ),
    )


def _found_in(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks that are pieces of the text, which they all are unless the parser was hijacked."""
    at = 0
    for block in blocks:
        found = text.find(block.text, at)
        if found >= 0:
            at = found + len(block.text)
            yield block


def _joined(blocks: list[Block]) -> str:
    """One text of all blocks, an empty line between them except between list items."""
    text: list[str] = []
    for number, block in enumerate(blocks):
        if number:
            items = block.kind == blocks[number - 1].kind == "item"
            text.append("\n" if items else "\n\n")
        text.append(block.text)
    return "".join(text)
