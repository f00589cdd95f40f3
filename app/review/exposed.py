"""Keeps secrets and personal data out of quotes: a quote ends before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.review.finding import Quote
from app.review.personal_data import personal_values
from app.review.report import SecretFound
from ingest.schema import ParsedDocument

_VALUE = re.compile(r"[:=]")
_SHORTEST = 8


class Exposed:
    """The lines of documents that hold secrets."""

    def __init__(self, documents: Sequence[ParsedDocument], secrets: Iterable[SecretFound]) -> None:
        lines = {document.name: _lines(document) for document in documents}
        self._lines: dict[str, set[str]] = {}
        for secret in secrets:
            found = lines.get(secret.document, {}).get(secret.line, [])
            self._lines.setdefault(secret.document, set()).update(line.strip() for line in found)

    def shorten(self, quote: Quote) -> Quote | None:
        """The quote, or what of it stands before a secret or personal data; None if nothing."""
        end = min(self._secret_at(quote), _personal_at(quote.text))
        if end >= len(quote.text):
            return quote
        text = quote.text[:end].rstrip()
        return replace(quote, text=text) if text else None

    def holds(self, quote: Quote) -> bool:
        """Whether the quote would have to be shortened."""
        return self.shorten(quote) != quote

    def _secret_at(self, quote: Quote) -> int:
        """Where the value of the first secret may begin."""
        ends = [len(quote.text)]
        for line in self._lines.get(quote.document, ()):
            if len(line) >= _SHORTEST and line in quote.text:
                start = quote.text.index(line)
                name = _VALUE.search(line)
                ends.append(start + (name.start() if name else 0))
            elif len(quote.text) >= _SHORTEST and quote.text.strip() in line:
                name = _VALUE.search(quote.text)
                ends.append(name.start() if name else 0)
        return min(ends)


def _personal_at(text: str) -> int:
    starts = (text.find(value) for line in text.split("\n") for _, value in personal_values(line))
    return min((start for start in starts if start >= 0), default=len(text))


def _lines(document: ParsedDocument) -> dict[int, list[str]]:
    """The lines by their number; those of HTML are numbered as in its source."""
    if document.kind != "html":
        return {n: [line] for n, line in enumerate(document.text.split("\n"), start=1)}
    found: dict[int, list[str]] = {}
    for block in document.blocks:
        first, last = block.locator.line_start or 1, block.locator.line_end or 1
        for offset, line in enumerate(block.text.split("\n")):
            found.setdefault(min(first + offset, last), []).append(line)
    return found
