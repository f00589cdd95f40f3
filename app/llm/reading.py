"""Reads an open response, bounded in time and size: a stream of text, or a JSON object."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.errors import ModelBusy
from app.llm import faults
from app.llm.sse import Delta, NotAnEvent, read_deltas
from app.llm.watchdog import Watchdog

if TYPE_CHECKING:
    from openai import APIResponse

MAX_ANSWER_BYTES = 200_000
MAX_JSON_BYTES = 4_000_000
# How long a server may take to close after it said that the answer is complete.
LINGER_SECONDS = 1.0


@dataclass
class Draft:
    """What came so far. `size` counts bytes, those of thoughts that are not shown too."""

    text: str = ""
    size: int = 0
    finish: str | None = None


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for the first token, from now, and between tokens; `where`: for whom."""

    first: float
    between: float
    where: str
    since: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return self.first - (time.monotonic() - self.since)


def read_answer(
    response: APIResponse[Any], draft: Draft, patience: Patience
) -> Generator[str, None, None]:
    """Yields the pieces of the answer and fills the draft.

    Raises ModelCut when the answer ends early, ModelUnexpected for what is no answer, and before
    the first piece Transient for what a second try may mend.
    """
    if "text/event-stream" not in response.headers.get("content-type", ""):
        raise faults.unexpected()
    with Watchdog(_socket(response)) as watchdog:
        watchdog.start(patience.left)
        expired = yield from _pieces(response, draft, patience, watchdog)
    if draft.finish is None:
        raise _early(draft, patience, expired=expired)
    if not draft.text:
        raise faults.unexpected()


def _pieces(
    response: APIResponse[Any], draft: Draft, patience: Patience, watchdog: Watchdog
) -> Generator[str, None, bool]:
    """Yields until the body ends, however it ends; returns whether it was out of patience."""
    import httpx2  # the HTTP library of the SDK

    try:
        for delta in read_deltas(response.iter_bytes()):
            text = _added(delta, draft)
            if text:
                watchdog.stop()
                yield text
            if draft.finish is not None:
                watchdog.start(LINGER_SECONDS)
            elif text or delta.silent:
                watchdog.start(patience.between)
    except httpx2.TimeoutException:
        return True
    except httpx2.RequestError:
        pass
    except NotAnEvent:
        if draft.finish is None:
            raise faults.unexpected() from None
    return watchdog.expired


def _added(delta: Delta, draft: Draft) -> str:
    """The text of this event, put to the draft; nothing counts after the end of the answer."""
    if draft.finish is not None:
        return ""
    if delta.error is not None:
        raise _upstream(delta.error, draft)
    draft.size += len(delta.text.encode("utf-8", "replace")) + delta.silent
    if draft.size > MAX_ANSWER_BYTES:
        raise faults.endless()
    draft.text += delta.text
    draft.finish = "stop" if delta.done else delta.finish
    return delta.text


def _upstream(code: int, draft: Draft) -> Exception:
    """An error that the server put into a stream that had begun well."""
    if draft.text:
        return faults.cut(draft.text)
    error = faults.from_code(code)
    return faults.Transient(error) if isinstance(error, ModelBusy) else error


def _early(draft: Draft, patience: Patience, *, expired: bool) -> Exception:
    """The error of a body that ended without saying that the answer was complete."""
    if draft.text:
        return faults.cut(draft.text)
    if expired:
        # Not tried again: the reader has waited long enough.
        return faults.silent(patience.where, patience.first)
    return faults.Transient(faults.unreachable(patience.where))


def read_json(response: APIResponse[Any], seconds: float) -> dict[str, Any]:
    """The object in the body. Raises ModelUnexpected for anything else."""
    body = bytearray()
    with Watchdog(_socket(response)) as watchdog:
        watchdog.start(seconds)
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_JSON_BYTES:
                raise faults.unexpected()
    try:
        found = json.loads(bytes(body))
    except (ValueError, RecursionError):
        raise faults.unexpected() from None
    if not isinstance(found, dict):
        raise faults.unexpected()
    return found


def _socket(response: APIResponse[Any]) -> socket.socket | None:
    stream = response.http_response.extensions.get("network_stream")
    found = stream.get_extra_info("socket") if stream is not None else None
    return found if isinstance(found, socket.socket) else None
