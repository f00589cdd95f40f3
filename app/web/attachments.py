"""Files that a visitor attaches to a conversation: evidence for it alone, in memory only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from app.expert.engine import Expert
from app.wiring import Parsed, Product, Upload

MOST_FILES = 10
MOST_BYTES = 50 * 10**6
MEMORY_BYTES = 300 * 10**6


@dataclass(frozen=True)
class Reading:
    """An expert that has read the files, and the receipt of what was read and what was not."""

    expert: Expert
    parsed: Parsed


class Attached:
    """The files of one conversation, being read in the background or read."""

    def __init__(self, product: Product, uploads: Sequence[Upload]) -> None:
        self.uploads = tuple(uploads)
        self._future: Future[Reading] = Future()
        threading.Thread(
            target=self._read, args=(product,), daemon=True, name="attachments"
        ).start()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(len(upload.data) for upload in self.uploads)

    @property
    def read(self) -> bool:
        return self._future.done()

    def reading(self) -> Reading:
        """Waits for the files to be read. Raises what went wrong for all of them."""
        return self._future.result()

    def _read(self, product: Product) -> None:
        try:
            self._future.set_result(Reading(*product.with_attachments(self.uploads)))
        except Exception as error:  # Raised to whoever asks for the reading.
            self._future.set_exception(error)


class Attachments:
    """All attachments of this server, by conversation; the longest unused are forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attached: OrderedDict[str, Attached] = OrderedDict()

    def add(
        self, conversation: str, product: Product, uploads: Sequence[Upload]
    ) -> tuple[Upload, ...]:
        """Adds files to those of a conversation; returns those that exceed its limits."""
        with self._lock:
            before = self._attached.get(conversation)
            kept = list(before.uploads) if before else []
            refused = []
            for upload in uploads:
                room = MOST_BYTES - sum(len(one.data) for one in kept)
                if len(kept) >= MOST_FILES or len(upload.data) > room:
                    refused.append(upload)
                else:
                    kept.append(upload)
            if len(kept) > len(before.uploads if before else ()):
                self._attached[conversation] = Attached(product, kept)
                self._attached.move_to_end(conversation)
                self._forget()
        return tuple(refused)

    def of(self, conversation: str) -> Attached | None:
        with self._lock:
            if conversation in self._attached:
                self._attached.move_to_end(conversation)
            return self._attached.get(conversation)

    def remove(self, conversation: str) -> None:
        """Forgets the files of a conversation."""
        with self._lock:
            self._attached.pop(conversation, None)

    def _forget(self) -> None:
        while len(self._attached) > 1 and (
            sum(attached.size for attached in self._attached.values()) > MEMORY_BYTES
        ):
            self._attached.popitem(last=False)
