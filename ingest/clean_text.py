"""The one place where bytes become text and text becomes safe to store, embed and send."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Damage = Literal["none", "replaced", "guessed"]
_MAX_NAME = 120
# Control characters, direction overrides, lone surrogates, non-characters and the plane of tag
# characters, in which text can be hidden from people and not from models.
_UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_LINE_END = re.compile("\r\n?|\x85|\u2028|\u2029")
_FEED = re.compile("[\x0b\x0c]")
# Only pairs: composing a long run of accents takes quadratic time.
_ACCENT = re.compile("[A-Za-z][\u0300-\u0304\u0306-\u0308\u030a-\u030c\u0327\u0328]")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4_000


@dataclass(frozen=True)
class Decoded:
    """Clean text; `damage` says whether bytes were replaced or the encoding was a guess."""

    text: str
    damage: Damage = "none"


def clean(text: str) -> str:
    """Text without characters that hide, reorder or corrupt; lines end with a line feed.

    Cleaning it, or any part of it, again changes nothing.
    """
    text = _FEED.sub(" ", _LINE_END.sub("\n", text))
    text = _UNSAFE.sub("", text)
    return _ACCENT.sub(lambda pair: unicodedata.normalize("NFC", pair.group()), text)


def clean_name(name: str) -> str:
    """A file's name fit to be shown: relative, one line, at most 120 characters."""
    shown = " ".join(clean(name).replace("\\", "/").split())
    parts = [part for part in shown.split("/") if part not in ("", ".", "..")]
    if parts and re.fullmatch("[A-Za-z]:", parts[0]):
        del parts[0]
    shown = "/".join(parts) or "unnamed"
    if len(shown) > _MAX_NAME:
        shown = f"{shown[: _MAX_NAME - 41]}…{shown[-40:]}"
    return shown


def decode(data: bytes) -> Decoded | None:
    """The text of a file, or None when it is not text.

    A byte order mark decides; then UTF-16 by its zero bytes, UTF-8, and Windows-1252, which holds
    Latin-1 with its accents.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, errors="replace"))
    wide = _wide_encoding(data)
    if wide is not None:
        return _checked(data.decode(wide, errors="replace"))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    lossy = data.decode("utf-8", errors="replace")
    lost = lossy.count("\ufffd")
    if sum(ord(c) > 0x7F for c in lossy) - lost > lost:
        return _checked(lossy)
    return _checked(data.decode("cp1252", errors="replace"), "guessed")


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: mostly Latin letters, so that every other byte is zero."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _checked(text: str, damage: Damage = "none") -> Decoded | None:
    """None when too many characters cannot be printed for this to be text."""
    controls = sum(map(text.count, map(chr, (*range(9), *range(14, 27), *range(28, 32), 127))))
    if controls > max(2, len(text) // 100):
        return None
    replaced = text.count("\ufffd")
    if replaced > max(2, len(text) // 10):
        return None
    return Decoded(clean(text), "replaced" if replaced else damage)
