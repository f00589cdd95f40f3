"""Ends a read that takes too long, whatever trickles in.

A read timeout of the HTTP library is one number for the whole body and starts again at every
byte, so that it can tell neither the first token from the next nor a token from a keep-alive.
"""

from __future__ import annotations

import math
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType


class Watchdog:
    """Shuts a socket down when a started wait is not stopped in time; the reader then wakes up."""

    def __init__(self, sock: socket.socket | None) -> None:
        self._sock = sock
        self._until = math.inf
        self._over = False
        self._changed = threading.Condition()
        self.expired = False

    def __enter__(self) -> Watchdog:
        threading.Thread(target=self._run, daemon=True, name="llm-watchdog").start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()

    def start(self, seconds: float) -> None:
        """A wait begins that may take so long."""
        with self._changed:
            self._until = time.monotonic() + seconds
            self._changed.notify()

    def stop(self) -> None:
        """The wait is over: the reader of the answer may take its time."""
        with self._changed:
            self._until = math.inf

    def _run(self) -> None:
        with self._changed:
            while not self._over:
                left = self._until - time.monotonic()
                if left <= 0:
                    self._shut()
                    return
                self._changed.wait(min(left, 3600.0))

    def _shut(self) -> None:
        self.expired = True
        if self._sock is not None:
            with suppress(OSError):
                # Not the SSL socket's own method, which pulls its state from under the reader.
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
