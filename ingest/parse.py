"""Placeholder: the parsing helper overwrites this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.schema import ParsedDocument, Refusal


@dataclass(frozen=True)
class Upload:
    """A file in memory."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Parsed:
    """What could be read and what not."""

    documents: tuple[ParsedDocument, ...]
    refused: tuple[Refusal, ...]


def parse_uploads(uploads: Sequence[Upload]) -> Parsed:
    raise NotImplementedError


def read_paths(paths: Sequence[Path]) -> tuple[tuple[Upload, ...], tuple[Refusal, ...]]:
    raise NotImplementedError
