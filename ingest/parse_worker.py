"""The process that parses: `python -m ingest.parse_worker`, limited in every way it can be.

It reads requests (a line of JSON, then that many bytes) and answers each with a line that holds a
length, then JSON of that length. It opens no connection, starts no program and writes no file.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import astuple
from typing import Any, BinaryIO

from ingest.piece import MAX_TEXT, Draft, Unreadable

MEMORY = 700_000_000
_OPEN_FILES = 64
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.startfile",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "shutil.",
    "urllib.",
    "ftplib.",
    "smtplib.",
    "webbrowser.",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND


def parse(kind: str, data: bytes) -> Draft:
    """The draft of one file. Raises Unreadable; what else a library raises means damage."""
    if kind == "pdf":
        from ingest.parse_pdf import parse_pdf

        return parse_pdf(data)
    if kind == "docx":
        from ingest.parse_office import parse_docx

        return parse_docx(data)
    if kind == "pptx":
        from ingest.parse_office import parse_pptx

        return parse_pptx(data)
    text = data.decode()
    if kind == "html":
        from ingest.parse_html import parse_html

        return Draft(tuple(parse_html(text)))
    if kind == "notebook":
        from ingest.parse_text import parse_notebook

        return Draft(tuple(parse_notebook(text)))
    from ingest.parse_markdown import parse_markdown

    return Draft(tuple(parse_markdown(text)))


def answer(kind: str, data: bytes) -> dict[str, Any]:
    """What is sent back: the draft as plain values, or the fault."""
    try:
        draft = parse(kind, data)
        if sum(len(piece.text) for piece in draft.pieces) > MAX_TEXT:
            raise Unreadable("long")
    except Unreadable as fault:
        return {"fault": fault.fault}
    except RecursionError:
        return {"fault": "deep"}
    except MemoryError:
        return {"fault": "inflates", "spent": True}
    except Exception:
        # Libraries raise anything on a broken file. Their words could hold its content.
        return {"fault": "damaged"}
    return {
        "pieces": [astuple(piece) for piece in draft.pieces],
        "pages": draft.pages,
        "empty": draft.pages_without_text,
    }


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until there are no more."""
    while line := requests.readline(1_000):
        request = json.loads(line)
        data = requests.read(request["size"])
        _limit_time(request["seconds"])
        reply = json.dumps(answer(request["kind"], data)).encode()
        answers.write(b"%d\n" % len(reply) + reply)
        answers.flush()


def _limit_itself() -> None:
    """Memory, files and what may be called; where the platform has no limits, only the latter."""
    try:
        import resource
    except ImportError:  # Windows
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_forbid)


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError(event)


def _limit_time(seconds: float) -> None:
    """Processor time for the next file; the parent watches the clock."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def main() -> None:
    """Keeps the answers' channel to itself: whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    _limit_itself()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
