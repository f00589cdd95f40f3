"""A circuit breaker: an endpoint that keeps failing is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Counts failures in a row; safe between threads. `clock` gives seconds."""

    def __init__(
        self,
        failures: int = 3,
        pause: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures, self._pause, self._clock = failures, pause, clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._closed_until = 0.0

    def seconds_left(self) -> float:
        """Seconds until the endpoint may be tried; 0 admits this caller.

        After the pause a single caller is admitted: the others wait for what it finds.
        """
        with self._lock:
            if self._in_a_row < self._failures:
                return 0.0
            left = self._closed_until - self._clock()
            if left > 0:
                return left
            self._closed_until = self._clock() + self._pause
            return 0.0

    def succeeded(self) -> None:
        with self._lock:
            self._in_a_row = 0

    def failed(self) -> None:
        with self._lock:
            self._in_a_row += 1
            self._closed_until = self._clock() + self._pause
