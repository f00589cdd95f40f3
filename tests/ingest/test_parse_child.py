"""The process that parses: it may hang, die or lie, and it reaches nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ingest.parse_child import ParserChild
from ingest.piece import Draft


def test_a_parser_that_hangs_costs_one_file() -> None:
    hangs = (sys.executable, "-c", "import sys; sys.stdin.buffer.read()")
    with ParserChild(seconds=0.3, batch_seconds=0.5, command=hangs) as child:
        assert child.parse("markdown", b"x") == "slow"
        assert child.has_time
        assert child.parse("markdown", b"x") == "slow"
        assert not child.has_time


def test_a_parser_that_dies_costs_one_file(tmp_path: Path) -> None:
    code = (
        f"import os; ran = {str(tmp_path / 'ran')!r}\n"
        "if not os.path.exists(ran): open(ran, 'w'); os._exit(1)\n"
        "from ingest.parse_worker import main; main()"
    )
    with ParserChild(command=(sys.executable, "-c", code)) as child:
        assert child.parse("markdown", b"# x") == "damaged"
        draft = child.parse("markdown", b"# x")
        assert isinstance(draft, Draft)
        assert draft.pieces[0].text == "# x"


@pytest.mark.parametrize(
    "answer", ["[]", "nonsense", '{"pieces": [[1, "code"]], "pages": null, "empty": []}', "{}"]
)
def test_an_answer_that_is_none_is_damage(answer: str) -> None:
    code = f"import sys; sys.stdin.readline(); a={answer!r}; print(len(a)); print(a, end='')"
    with ParserChild(command=(sys.executable, "-c", code)) as child:
        assert child.parse("markdown", b"x") == "damaged"


def test_an_endless_answer_is_not_read() -> None:
    code = "import sys; sys.stdin.readline(); print(10**12)"
    with ParserChild(command=(sys.executable, "-c", code)) as child:
        assert child.parse("markdown", b"x") == "damaged"


def test_the_parser_inherits_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    code = (
        "import os, sys, json; sys.stdin.readline()\n"
        "a = json.dumps({'fault': 'deep' if 'OPENAI_API_KEY' in os.environ else 'long'})\n"
        "print(len(a)); print(a, end='')"
    )
    with ParserChild(command=(sys.executable, "-c", code)) as child:
        assert child.parse("markdown", b"x") == "long"


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('/tmp/parse-worker-was-here', 'w')",
    ],
)
def test_the_parser_reaches_nothing(attempt: str) -> None:
    code = (
        "import sys, json; from ingest import parse_worker; parse_worker._limit_itself()\n"
        f"try:\n  exec({attempt!r}); fault = 'long'\nexcept PermissionError: fault = 'deep'\n"
        "sys.stdin.readline(); a = json.dumps({'fault': fault}); print(len(a)); print(a, end='')"
    )
    with ParserChild(command=(sys.executable, "-c", code)) as child:
        assert child.parse("markdown", b"x") == "deep"


@pytest.mark.skipif(sys.platform != "linux", reason="limits of the platform")
def test_memory_is_limited() -> None:
    code = (
        "from ingest import parse_worker\n"
        "parse_worker.parse = lambda kind, data: bytearray(2_000_000_000)\n"
        "parse_worker.main()"
    )
    with ParserChild(command=(sys.executable, "-c", code)) as child:
        assert child.parse("markdown", b"x") == "inflates"
