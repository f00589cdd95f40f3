"""Runs Python blocks, each in a forked child with a time limit; run by the examples' interpreter.

Reads a JSON list of {"name", "code"} from stdin, writes {"name": error} of those that failed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
import traceback
import types

LIMIT_S = 120


def main() -> None:
    blocks = json.load(sys.stdin)
    for module in ("numpy", "pandas"):  # imported once, shared by the children
        __import__(module)
    failed = {}
    for block in blocks:
        error = run(block["code"])
        if error:
            failed[block["name"]] = error
    json.dump(failed, sys.stdout)


def run(code: str) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(LIMIT_S)
        error = execute(code)
        os.write(writing, error.encode()[-4000:])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        error = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return error or ("" if status == 0 else f"ended with status {status} (time limit {LIMIT_S} s)")


def execute(code: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # Type hints are looked up in the module that holds them.
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        quiet = io.StringIO()
        try:
            with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
                exec(compile(code, "example", "exec"), module.__dict__)
        except BaseException:
            return traceback.format_exc()
    return ""


if __name__ == "__main__":
    main()
