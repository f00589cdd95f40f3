"""The parent of `parse_worker`: starts the process, asks it and goes on when it dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, get_args

from ingest.piece import MAX_TEXT, Draft, Fault, Piece, PieceKind

DOCUMENT_SECONDS = 10.0
BATCH_SECONDS = 120.0
# Text in JSON: six characters for each that is not ASCII, and the places of the pieces.
_MAX_ANSWER = 8 * MAX_TEXT
_KEPT_SETTINGS = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TEMP", "TMP")


class ParserChild:
    """Parses in one process for a whole batch, started when it is first needed.

    A file that kills it or takes too long costs only that file: the next one gets a new process.
    """

    def __init__(
        self,
        seconds: float = DOCUMENT_SECONDS,
        batch_seconds: float = BATCH_SECONDS,
        command: Sequence[str] = (sys.executable, "-P", "-m", "ingest.parse_worker"),
    ) -> None:
        self._seconds = seconds
        self._left = batch_seconds
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def has_time(self) -> bool:
        """Whether the batch may still use the process."""
        return self._left > 0

    def parse(self, kind: str, data: bytes) -> Draft | Fault:
        """The draft of a file, or why there is none."""
        started = time.monotonic()
        process = self._process or self._start()
        late = threading.Event()

        def stop_it() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._seconds, stop_it)
        timer.daemon = True
        timer.start()
        try:
            reply = _ask(process, kind, data, self._seconds)
        finally:
            timer.cancel()
            self._left -= time.monotonic() - started
        if late.is_set() or reply is None or reply.get("spent"):
            code = self.stop()
            timed_out = late.is_set() or code in _OUT_OF_TIME
            return "slow" if timed_out else "inflates" if reply else "damaged"
        draft = _read_reply(reply)
        return "damaged" if draft is None else draft

    def stop(self) -> int | None:
        """Ends the process; its exit code if it had ended by itself."""
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            _close(pipe)
        try:
            code = process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None
        return code

    def _start(self) -> subprocess.Popen[bytes]:
        """A process that inherits no keys: only what Python needs to start."""
        settings = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
        settings["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)
        settings["PYTHONDONTWRITEBYTECODE"] = "1"
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env=settings,
        )
        return self._process


# SIGXCPU, where it exists, is 24; a shell in between adds 128.
_OUT_OF_TIME = (-24, 152)


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:
        pass


def _ask(
    process: subprocess.Popen[bytes], kind: str, data: bytes, seconds: float
) -> dict[str, Any] | None:
    """The answer of the process; None when it died or answers what it must not."""
    requests, answers = process.stdin, process.stdout
    if requests is None or answers is None:
        return None
    header = json.dumps({"kind": kind, "size": len(data), "seconds": seconds})
    try:
        requests.write(header.encode() + b"\n" + data)
        requests.flush()
        size = int(answers.readline(20) or b"-1")
        if not 0 <= size <= _MAX_ANSWER:
            return None
        reply = json.loads(answers.read(size))
    except (OSError, ValueError):
        return None
    return reply if isinstance(reply, dict) else None


def _read_reply(reply: dict[str, Any]) -> Draft | Fault | None:
    """The answer as records; None when it is not one. The process read hostile files."""
    fault: Fault
    for fault in get_args(Fault):
        if reply.get("fault") == fault:
            return fault
    try:
        pieces = tuple(Piece(*row) for row in reply["pieces"])
        pages, empty = reply["pages"], tuple(reply["empty"])
    except (KeyError, TypeError):
        return None
    sound = all(map(_is_sound, pieces)) and all(map(_is_number, (pages, *empty)))
    return Draft(pieces, pages, empty) if sound else None


def _is_sound(piece: Piece) -> bool:
    """Whether the values are of the types that the record names."""
    numbers = (piece.line_start, piece.line_end, piece.page)
    return (
        isinstance(piece.text, str)
        and piece.kind in get_args(PieceKind)
        and isinstance(piece.heading, str | None)
        and all(map(_is_number, numbers))
    )


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, int)
