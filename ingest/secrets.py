"""Finds what looks like a secret in documents: where and of which kind, never its value."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from ingest.schema import ParsedDocument

_WINDOW = 2_000
_OVERLAP = 200
_SHORTEST = 6
_LONGEST = 300
_RANDOM_ENOUGH = 4.5
_LOCK_FILES = ("lock", "lock.json", "lock.yaml", "go.sum")
_PLACEHOLDER = re.compile(
    r"^[\W_]*$|^generate|x{3,}|\*{3,}|\.{3}|your|change.?me|replace|example|ejemplo|placeholder|dummy|sample"
    r"|<[^>]*>|\$|\{\{|%\(|secretkeyref|secrets?[._/]|vault|env[.\[(]|getenv|^none|^null|^true"
    r"|^false|todo|tu[-_ ](?:clave|token|contrase)|cambi[ae]|required|optional|redacted|^sha\d",
    re.IGNORECASE,
)
# A public address is no secret; the keyword and entropy detectors are asked apart.
_LEFT_OUT = ("base", "high_entropy_strings", "ip_public", "keyword")
_KEYWORD = re.compile(r"key|pass|pwd|secret|contrase", re.IGNORECASE)
_LONG_STRING = re.compile(r"""["'][\w+/=-]{20,}["']""")
_PASSWORD = re.compile(r"(?:password|passwd|pwd|pass|contrase[nñ]a)\W*[:=]", re.IGNORECASE)


class SecretLine(NamedTuple):
    """A line that holds a secret; it counts from 1 in the file, else in the parsed text."""

    document: str
    kind: str
    line: int


def find_secrets(documents: Sequence[ParsedDocument]) -> tuple[SecretLine, ...]:
    """One row for each kind and line, in reading order. Nothing is fetched or verified."""
    found: dict[SecretLine, None] = {}
    for document in documents:
        for number, line in _lines(document):
            for kind in _kinds(line, document.name):
                found[SecretLine(document.name, kind, number)] = None
    return tuple(found)


def _lines(document: ParsedDocument) -> Iterator[tuple[int, str]]:
    """The lines of a document; those of HTML are numbered as in its source."""
    if document.kind != "html":
        yield from enumerate(document.text.split("\n"), start=1)
        return
    for block in document.blocks:
        first, last = block.locator.line_start or 1, block.locator.line_end or 1
        for offset, line in enumerate(block.text.split("\n")):
            yield min(first + offset, last), line


def _kinds(line: str, name: str) -> Iterator[str]:
    """The kinds of secret in a line; long lines are looked at in overlapping parts."""
    if len(line) < 8 or name.lower().endswith(_LOCK_FILES):
        return
    for start in range(0, len(line), _WINDOW - _OVERLAP):
        part = line[start : start + _WINDOW]
        for detector in _detectors():
            if _holds(detector, part):
                yield str(detector.secret_type)
        if _assigns_secret(part):
            yield "Secret Keyword"
        if _has_random_string(part):
            yield "High Entropy String"
        if start + _WINDOW >= len(line):
            return


@lru_cache(maxsize=1)
def _detectors() -> tuple[Any, ...]:
    """The detectors of a fixed format. Only their search is used: verifying would call out."""
    from detect_secrets import plugins
    from detect_secrets.plugins.base import RegexBasedDetector

    found: dict[str, Any] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(plugins.__path__)):
        if module in _LEFT_OUT:
            continue
        for member in vars(import_module(f"{plugins.__name__}.{module}")).values():
            is_detector = isinstance(member, type) and issubclass(member, RegexBasedDetector)
            if is_detector and member is not RegexBasedDetector:
                found[member.__name__] = member()
    return tuple(found.values())


@lru_cache(maxsize=1)
def _keywords() -> tuple[Any, Any, Any]:
    """The detector of names such as `password`, and its patterns for files of settings."""
    from detect_secrets.filters.heuristic import is_indirect_reference
    from detect_secrets.plugins import keyword

    return keyword.KeywordDetector(), keyword.CONFIG_DENYLIST_REGEX_TO_GROUP, is_indirect_reference


@lru_cache(maxsize=1)
def _entropy() -> Any:
    from detect_secrets.plugins.high_entropy_strings import Base64HighEntropyString

    return Base64HighEntropyString(limit=_RANDOM_ENOUGH)


def _holds(detector: Any, line: str) -> bool:
    """Whether a detector finds more than a placeholder; some give only the prefix of a value."""
    if not any(detector.analyze_string(line)):
        return False
    matches = (match for pattern in detector.denylist for match in pattern.finditer(line))
    return any(_PLACEHOLDER.search(match.group()) is None for match in matches)


def _assigns_secret(line: str) -> bool:
    """Whether a name that promises a secret gets a value of its own, quoted or not."""
    if not _KEYWORD.search(line):
        return False
    detector, of_settings, is_indirect = _keywords()
    if is_indirect(line):
        return False
    if any(not _is_placeholder(value) for value in detector.analyze_string(line)):
        return True
    return any(
        not _is_placeholder(value)
        and (any(c.isdigit() for c in value) or _PASSWORD.search(line) is not None)
        for value in detector.analyze_string(line, denylist_regex_to_group=of_settings)
    )


def _has_random_string(line: str) -> bool:
    """Whether a quoted string looks drawn by chance."""
    if not _LONG_STRING.search(line):
        return False
    entropy = _entropy()
    return any(
        any(c.isdigit() for c in value)
        and not _is_placeholder(value)
        and entropy.calculate_shannon_entropy(value) > _RANDOM_ENOUGH
        for value in entropy.analyze_string(line)
    )


def _is_placeholder(value: str) -> bool:
    """Whether a value stands for one, names where it is kept, or is plain words."""
    if "PRIVATE KEY" in value:
        return False
    if not _SHORTEST <= len(value) <= _LONGEST or len(value.split()) > 1:
        return True
    return _PLACEHOLDER.search(value) is not None
