"""Names in a question that the knowledge does not know: invented tools, flags and versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ingest.schema import Entry

_TOKEN = re.compile(r"(?<![\w@/.])--[a-z][\w-]+|[A-Za-z]\w*(?:[-_.]\w+)*")
_SENTENCE_START = re.compile(r"(?:^|[.?!:;\n¿¡«»\"“”(])\s*$")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
# Classes of exceptions are no tools, and places and days are no names of this subject.
_EXCEPTION = re.compile(r"\w+(?:Error|Exception|Warning|Killed)$")
_PLACES_AND_DAYS = frozenset(
    "africa alemania alemán amsterdam america américa amazonas amazon argentina asia australia "
    "austria barcelona bavaria belgium bélgica berlin berlín bilbao bogotá boston brasil brazil "
    "bruselas brussels california canada canadá canarias caribe catalonia cataluña chicago chile "
    "china colombia copenhagen dallas denmark dinamarca dubai dublin dublín ecuador escocia "
    "espana españa europa europe european finland finlandia france francia frankfurt fráncfort "
    "german germany glasgow hamburg hungary hungría iberia india inglaterra ireland irlanda israel "
    "italia italy japan japón latam latinoamérica lisboa lisbon london londres luxembourg "
    "luxemburgo lyon madrid malaga málaga melbourne mexico méxico miami milan milán montevideo "
    "múnich munich netherlands norway noruega oregon países bajos panama panamá paris parís perú "
    "poland polonia portugal praga prague reino roma rome rusia russia scotland seattle seoul "
    "sevilla shanghai singapore singapur spain stockholm suecia suiza sweden switzerland sydney "
    "texas tokio tokyo toronto uruguay valencia varsovia venezuela viena virginia warsaw zaragoza "
    "zurich zúrich monday tuesday wednesday thursday friday saturday sunday january february march "
    "april june july august september october november december lunes martes miércoles jueves "
    "viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre christmas navidad navidades nochevieja nochebuena easter pascua halloween "
    "ramadan ramadán thanksgiving reyes".split()
)
_PLURAL_UNIT = re.compile(r"^[A-Z]{1,3}\d*s?$|^[A-Z]+\d+\w*$")
# Words that may follow "Kafka 12" and make the number a count, not a version.
_AFTER_VERSION = (
    r"(?=\s*(?:[,.;:?!)]|$|(?:and|with|has|have|that|lets?|adds?|now|ships?|shipped|brings?|when|in|"
    r"on|for|to|vs|or|is|does|can|con|y|tiene|trae|que|permite|en|para|a|me|da|de|del|o|e|es|ya|"
    r"la|el|the|reparte|mode|modo|GPU)\b))"
)
_VERSION = r"\s+v?(\d{1,3}(?:\.\d+)*)"


@dataclass(frozen=True)
class VersionClaim:
    """A version that a question names, newer than any that the knowledge has seen."""

    tool: str
    version: str


def unknown_names(text: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """Words that look like names (capital in mid-sentence, CamelCase, flag) and are not known."""
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(text):
        word = match.group()
        if len(word) < 4 or _PLURAL_UNIT.match(word) or known(word):
            continue
        if _EXCEPTION.match(word) or word.lower() in _PLACES_AND_DAYS:
            continue
        starts = _SENTENCE_START.search(text[: match.start()]) is not None
        capital = word[0].isupper() and not starts and not word.isupper()
        if capital or word.startswith("--") or _INNER_CAPITAL.search(word):
            found[word] = None
    return tuple(found)


class Versions:
    """The newest major version of each tool that its entry mentions."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        every = list(entries)
        names = {
            name.lower(): entry.meta.id
            for entry in every
            if entry.meta.kind == "tool"
            for name in _short_names(entry)
        }
        self._newest: dict[str, int] = {}
        if not names:
            return
        either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        mention = re.compile(rf"\b({either}){_VERSION}", re.IGNORECASE)
        newest: dict[str, int] = {}
        for entry in every:
            for section in entry.sections["en"]:
                for name, number in mention.findall(section.body):
                    major = int(number.split(".")[0])
                    tool = names[name.lower()]
                    if major < 100:  # a year or a count is no version
                        newest[tool] = max(major, newest.get(tool, 0))
        self._newest = {name: newest[tool] for name, tool in names.items() if tool in newest}
        self._claim = re.compile(rf"\b({either}){_VERSION}{_AFTER_VERSION}", re.IGNORECASE)

    def claims(self, text: str) -> tuple[VersionClaim, ...]:
        """Versions in the text whose major number is beyond the newest known one."""
        if not self._newest:
            return ()
        return tuple(
            VersionClaim(name, number)
            for name, number in self._claim.findall(text)
            # Three digits are a status code or a count.
            if self._newest.get(name.lower(), 100) < int(number.split(".")[0]) < 100
        )


def tool_names(entries: Iterable[Entry]) -> frozenset[str]:
    """The names of all tools that the knowledge has an entry for, in lower case."""
    tools = (entry for entry in entries if entry.meta.kind == "tool")
    return frozenset(name.lower() for entry in tools for name in _short_names(entry))


def _short_names(entry: Entry) -> tuple[str, ...]:
    """The title and its last word ("Apache Kafka": also "Kafka")."""
    title = entry.meta.title.en
    words = title.split()
    short = words[-1] if len(words) == 2 and words[0] in {"Apache", "Amazon", "Google"} else title
    return tuple(dict.fromkeys((title, short)))


def say_names(names: Iterable[str]) -> str:
    """Names as a list for a sentence."""
    return ", ".join(f"«{name}»" for name in names)
