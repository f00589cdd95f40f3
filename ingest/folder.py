"""Reads files and folders of the user into memory, within the limits."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.clean_text import clean_name, decode
from ingest.file_kind import content_of, kind_by_name
from ingest.refusals import Reason, left_out, refuse
from ingest.schema import Refusal
from ingest.upload import (
    MAX_BATCH,
    MAX_FILE,
    MAX_FILES,
    SKIPPED_FOLDERS,
    Upload,
    holds_real_keys,
)

_SNIFFED = 8_192


def read_paths(paths: Sequence[Path]) -> tuple[tuple[Upload, ...], tuple[Refusal, ...]]:
    """The files, and those of the folders in the order of their names, and what was left out.

    A file of a folder is named by its path in it. Links, version control, environments and files
    that are not documents are left out of folders; a file named by itself is always read.
    """
    uploads: list[Upload] = []
    refused: list[Refusal] = []
    size = 0
    for path in paths:
        skipped: list[str] = []
        before = len(uploads)
        for name, file in _named_files(path, skipped, refused):
            if len(uploads) >= MAX_FILES:
                refused.append(refuse(name, "too-many"))
                break
            data = _read(file, MAX_BATCH - size, choosy=path.is_dir())
            if isinstance(data, bytes):
                size += len(data)
                uploads.append(Upload(name, data))
            elif data == "binary":
                skipped.append(name)
            elif data != "empty":
                refused.append(refuse(name, data))
        if skipped:
            refused.append(left_out(clean_name(path.resolve().name), skipped))
        elif path.is_dir() and len(uploads) == before:
            refused.append(refuse(clean_name(path.resolve().name), "no-files"))
    return tuple(uploads), tuple(refused)


def _named_files(
    path: Path, skipped: list[str], refused: list[Refusal]
) -> Iterator[tuple[str, Path]]:
    """Each file with the name that is shown; what cannot be one is put in the lists."""
    if path.is_dir():
        for file in _walk(path):
            name = clean_name(file.relative_to(path).as_posix())
            if holds_real_keys(name):
                refused.append(refuse(name, "keys"))
            elif not stat.S_ISREG(file.lstat().st_mode):
                skipped.append(name)
            else:
                yield name, file
    elif path.is_file():
        yield clean_name(path.name), path
    else:
        refused.append(refuse(clean_name(path.name), "special" if path.exists() else "missing"))


def _walk(folder: Path) -> Iterator[Path]:
    """Files below a folder, sorted; links to folders are not followed."""
    for parent, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(
            name
            for name in folders
            if name not in SKIPPED_FOLDERS and not (Path(parent) / name / "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            yield Path(parent) / name


def _read(file: Path, room: int, *, choosy: bool) -> bytes | Reason:
    """The bytes of a file, or why it was not read; `choosy` looks at its beginning first."""
    try:
        with file.open("rb") as stream:
            data = stream.read(_SNIFFED)
            if choosy and not data:
                return "empty"
            if choosy and not _is_document(file.name, data):
                return "binary"
            data += stream.read(MAX_FILE + 1 - len(data))
    except OSError:
        return "denied"
    if len(data) > MAX_FILE:
        return "too-big"
    return "batch-big" if len(data) > room else data


def _is_document(name: str, data: bytes) -> bool:
    """Whether a file of a folder is worth reading: images, models and programs are not."""
    kind = kind_by_name(name)
    if kind is not None:
        return True
    return content_of(data) == "text" and decode(data) is not None
