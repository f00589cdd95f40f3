"""Opens zip files without trusting them: nothing is written, every byte is counted as it is read.

The sizes that an archive declares are only used to refuse early.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.upload import (
    MAX_FILES,
    MAX_INFLATED,
    MAX_MEMBER,
    MAX_RATIO,
    RATIO_FROM,
    SKIPPED_FOLDERS,
    holds_real_keys,
)

MALFORMED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, OSError, EOFError,
             NotImplementedError, RuntimeError)  # fmt: skip
MemberFault = Literal[
    "damaged", "encrypted", "inflates", "keys", "link", "outside", "too-big", "too-many"
]
_MAX_ENTRIES = 20_000
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_LINK = 0o120000
_STEP = 1 << 16


@dataclass
class Budget:
    """What a batch may still read out of its archives; counted down."""

    files: int = MAX_FILES
    inflated: int = MAX_INFLATED


@dataclass(frozen=True)
class Member:
    """A file in an archive, its bytes in memory, or why it was left out."""

    name: str
    data: bytes = b""
    fault: MemberFault | None = None


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive. Raises one of MALFORMED, also when its directory is beyond reason."""
    if data.count(_ENTRY) > _MAX_ENTRIES:
        raise zipfile.BadZipFile("too many entries")
    return zipfile.ZipFile(io.BytesIO(data))


def members(data: bytes, budget: Budget) -> Iterator[Member]:
    """The files of an archive in the order of their names; raises one of MALFORMED.

    Folders and the content of SKIPPED_FOLDERS are passed over; what else is left out is said.
    After the fault `too-many` nothing follows.
    """
    with open_zip(data) as archive:
        for info in sorted(archive.infolist(), key=lambda entry: entry.filename):
            name = info.filename.replace("\\", "/")
            if info.is_dir() or SKIPPED_FOLDERS.intersection(name.split("/")):
                continue
            fault = _fault(info, name)
            if fault is not None:
                yield Member(name, fault=fault)
                continue
            if budget.files <= 0 or budget.inflated <= 0:
                yield Member(name, fault="too-many")
                return
            budget.files -= 1
            yield _read(archive, info, name, budget)


def inflates_too_much(data: bytes) -> bool:
    """Whether an Office file breaks the limits of an archive. Raises one of MALFORMED."""
    budget = Budget()
    with open_zip(data) as archive:
        for info in archive.infolist():
            budget.files -= 1
            member = _read(archive, info, info.filename, budget)
            if member.fault == "damaged":
                raise zipfile.BadZipFile(info.filename)
            if member.fault is not None or budget.inflated <= 0 or budget.files < -_MAX_ENTRIES:
                return True
    return False


def _fault(info: zipfile.ZipInfo, name: str) -> MemberFault | None:
    """Why a member is not even opened."""
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        return "outside"
    if (info.external_attr >> 16) & 0o170000 == _LINK:
        return "link"
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    return "keys" if holds_real_keys(name) else None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Member:
    """One member, counted while it is read."""
    if info.file_size > MAX_MEMBER:
        return Member(name, fault="too-big")
    most = min(MAX_MEMBER, budget.inflated)
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as stream:
            while part := stream.read(_STEP):
                size += len(part)
                if size > most or (size > RATIO_FROM and size > MAX_RATIO * info.compress_size):
                    budget.inflated -= size
                    return Member(name, fault="too-big" if size > MAX_MEMBER else "inflates")
                parts.append(part)
    except MALFORMED:
        budget.inflated -= size
        return Member(name, fault="damaged")
    budget.inflated -= size
    return Member(name, b"".join(parts))
