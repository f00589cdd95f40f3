"""Loaded by the server under test: writes down every address that Python connects to."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        return
    if event == "socket.getaddrinfo":
        target = arguments[0]
    else:
        address = arguments[1]
        target = address[0] if isinstance(address, tuple) else "unix"
    with Path(os.environ["CONNECTIONS_LOG"]).open("a", encoding="utf-8") as log:
        log.write(f"{target}\n")


if "CONNECTIONS_LOG" in os.environ:
    sys.addaudithook(_watch)
