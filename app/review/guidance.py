"""What the knowledge says about a gap: what to read, and a template to start from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.schema import LANGUAGES, Criterion, Entry, Language, SectionId, Source, Text

LONGEST_TEMPLATE = 45
ITEMS = 4
_FENCE = re.compile(r"^```([a-z]*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"^[-*]\s+(?:\[ \]\s+)?(.+)$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]")
_NO_CODE = Text(en="", es="")


@dataclass(frozen=True)
class Reading:
    """An entry of the knowledge that explains a criterion, with its sources."""

    entry: str
    title: Text
    sources: tuple[Source, ...]

    def to_json(self, language: Language) -> dict[str, object]:
        return {
            "entry": self.entry,
            "title": self.title.in_language(language),
            "sources": [{"title": one.title, "url": one.url} for one in self.sources],
        }


@dataclass(frozen=True)
class Guidance:
    """What helps to close a gap.

    `code` is a template in the language `syntax` (both empty when no entry has a short one);
    `items` are points to tick off. `origin` is the entry that both come from.
    """

    readings: tuple[Reading, ...] = ()
    origin: Reading | None = None
    syntax: str = ""
    code: Text = _NO_CODE
    items: tuple[Text, ...] = ()

    def to_json(self, language: Language) -> dict[str, object]:
        return {
            "entry": self.origin.entry if self.origin else None,
            "syntax": self.syntax or None,
            "code": self.code.in_language(language) or None,
            "checklist": [item.in_language(language) for item in self.items],
        }


NO_GUIDANCE = Guidance()


def guidance_for(criterion: Criterion, entries: Mapping[str, Entry]) -> Guidance:
    """The guidance from the entries of a criterion that exist; the first short example wins."""
    known = [entries[name] for name in criterion.entries if name in entries]
    if not known:
        return NO_GUIDANCE
    readings = tuple(Reading(e.meta.id, e.meta.title, e.meta.sources) for e in known)
    for entry, reading in zip(known, readings, strict=True):
        example = _short_example(entry)
        if example is not None:
            return Guidance(readings, reading, *example, _items(entry))
    return Guidance(readings, readings[0], items=_items(known[0]))


def _short_example(entry: Entry) -> tuple[str, Text] | None:
    """The first example that is short in both languages, with its syntax."""
    blocks = [_FENCE.findall(_body(entry, language, "example")) for language in LANGUAGES]
    for (syntax, english), (_, spanish) in zip(*blocks, strict=False):
        if max(english.count("\n"), spanish.count("\n")) <= LONGEST_TEMPLATE:
            return syntax, Text(en=english.rstrip("\n"), es=spanish.rstrip("\n"))
    return None


def _items(entry: Entry) -> tuple[Text, ...]:
    lists: Sequence[list[str]] = [
        _ITEM.findall(_FOOTNOTE.sub("", _body(entry, language, "checklist")))
        for language in LANGUAGES
    ]
    return tuple(Text(en=en, es=es) for en, es in zip(*lists, strict=False))[:ITEMS]


def _body(entry: Entry, language: Language, wanted: SectionId) -> str:
    return next((s.body for s in entry.sections[language] if s.id == wanted), "")
