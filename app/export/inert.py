"""Makes Markdown from models, documents and passages inert: no image, no link, no HTML.

Code stays as it is (renderers never act on it). Links that readers may follow are drawn by us from
the source records.
"""

from __future__ import annotations

import re
import unicodedata

_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\s*(?:\([^)]*\)?|\[[^\]]*\])")
_LINK = re.compile(r"\[([^\]]*)\]\s*\([^)\n]*\)?")
_DEFINITION = re.compile(r"^\s{0,3}\[(?!\^)[^\]]+\]:.*$", re.MULTILINE)
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def inert(markdown: str) -> str:
    """The same words without anything that a renderer would fetch, follow or run."""
    pieces = _CODE.split(_HIDDEN.sub("", markdown))
    return "".join(piece if number % 2 else _plain(piece) for number, piece in enumerate(pieces))


def _plain(text: str) -> str:
    text = _IMAGE.sub(r"\1", text)
    text = _DEFINITION.sub("", text)
    text = _LINK.sub(r"\1", text)
    return _TAG.sub("&lt;", text)


def plain_name(name: str, limit: int = 120) -> str:
    """A file name as display text: no control or direction characters, bounded."""
    clean = _HIDDEN.sub("", unicodedata.normalize("NFC", name)).replace("\n", " ").strip()
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
