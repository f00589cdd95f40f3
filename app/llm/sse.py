"""Server-sent events of a streamed completion, with what the SDK's own reader hides.

The SDK does not tell a finished stream from a broken one, and buffers a line without end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

MAX_EVENT_BYTES = 1_000_000


class NotAnEvent(Exception):
    """The bytes are not the events of a completion."""


@dataclass(frozen=True)
class Delta:
    """What one event adds. `text` is the answer; `silent` is progress that is not shown."""

    text: str = ""
    silent: int = 0
    finish: str | None = None
    done: bool = False
    error: int | None = None


def read_deltas(chunks: Iterable[bytes]) -> Iterator[Delta]:
    """One Delta an event, to the end of the bytes, so that the connection can be used again.

    Raises NotAnEvent.
    """
    for data in _events(chunks):
        if data.startswith(b"[DONE]"):
            yield Delta(done=True)
            continue
        try:
            event = json.loads(data)
        except (ValueError, RecursionError):
            raise NotAnEvent from None
        yield _delta(event)


def _events(chunks: Iterable[bytes]) -> Iterator[bytes]:
    data: list[bytes] = []
    size = 0
    for line in _lines(chunks):
        if not line:
            if data:
                yield b"\n".join(data)
            data, size = [], 0
            continue
        name, _, value = line.partition(b":")
        if name == b"data":
            data.append(value.removeprefix(b" "))
            size += len(value)
        elif name == b"error":  # llama.cpp's older servers
            yield b'{"error": {}}'
        elif name not in {b"", b"event", b"id", b"retry"}:
            raise NotAnEvent
        if size > MAX_EVENT_BYTES:
            raise NotAnEvent
    # An event without the blank line after it is cut: the standard drops it, and so do we.


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > MAX_EVENT_BYTES:
            raise NotAnEvent
        for line in lines:
            yield line.removesuffix(b"\r")


def _delta(event: Any) -> Delta:
    if not isinstance(event, dict):
        raise NotAnEvent
    if event.get("error") is not None:
        error = event["error"]
        code = error.get("code") if isinstance(error, dict) else None
        return Delta(error=code if isinstance(code, int) else 500)
    choices = event.get("choices")
    if not isinstance(choices, list) or not all(isinstance(c, dict) for c in choices):
        raise NotAnEvent
    if not choices:  # the usage report
        return Delta()
    delta = choices[0].get("delta") or {}
    if not isinstance(delta, dict):
        raise NotAnEvent
    thought = delta.get("reasoning_content") or delta.get("reasoning") or ""
    finish = choices[0].get("finish_reason")
    return Delta(
        text=_text(delta.get("content")),
        silent=len(_text(thought)),
        finish=finish if isinstance(finish, str) else None,
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotAnEvent
    return value
