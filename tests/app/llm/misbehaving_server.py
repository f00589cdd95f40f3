"""A model server on loopback that does, request by request, what a test tells it to do."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Behaviour = Callable[["Exchange"], None]


class Exchange:
    """One request and the means to answer it badly."""

    def __init__(self, handler: BaseHTTPRequestHandler, server: MisbehavingServer) -> None:
        self._handler, self._server = handler, server
        self.path = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        length = int(handler.headers.get("content-length", 0))
        self.body: dict[str, Any] = json.loads(handler.rfile.read(length) or b"{}")

    def head(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Connection", "close")
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self._handler.wfile.flush()

    def send(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def event(self, event: object) -> None:
        self.send(b"data: " + json.dumps(event).encode() + b"\n\n")

    def say(self, text: str, finish: str | None = None) -> None:
        delta = {"content": text} if text else {}
        self.event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def finish(self, reason: str = "stop") -> None:
        self.say("", reason)
        self.send(b"data: [DONE]\n\n")

    def json(self, value: object, status: int = 200, **headers: str) -> None:
        self.head(status, "application/json", **headers)
        self.send(json.dumps(value).encode())

    def wait(self) -> None:
        """Says nothing until the test is over."""
        self._server.over.wait(30)

    def pause(self, seconds: float) -> None:
        self._server.over.wait(seconds)

    @property
    def over(self) -> bool:
        return self._server.over.is_set()

    def wait_for_hang_up(self) -> None:
        """Returns when the client has closed the connection."""
        self._handler.connection.settimeout(10)
        try:
            gone = self._handler.connection.recv(1) == b""
        except ConnectionError:
            gone = True
        except TimeoutError:
            gone = False
        if gone:
            self._server.hung_up.set()

    def gone(self) -> bool:
        """Whether the client has closed the connection, without waiting for it."""
        self._handler.connection.settimeout(0)
        try:
            return self._handler.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except ConnectionError:
            return True
        finally:
            self._handler.connection.settimeout(None)

    def reset(self) -> None:
        """Ends the connection the hard way."""
        option = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
        self._handler.connection.close()


class MisbehavingServer:
    """Answers the first requests by `script`, in order; the last behaviour repeats."""

    def __init__(self) -> None:
        self.script: list[Behaviour] = []
        self.seen: list[Exchange] = []
        self.over = threading.Event()
        self.hung_up = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                exchange = Exchange(self, outer)
                outer.seen.append(exchange)
                number = min(len(outer.seen), len(outer.script)) - 1
                try:
                    outer.script[number](exchange)
                except (ConnectionError, ValueError):
                    outer.hung_up.set()  # the client left while we wrote

            do_GET = do_POST  # noqa: N815

            def log_message(self, *arguments: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.01,), name="misbehaving-server"
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> MisbehavingServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def answers(*pieces: str, reason: str = "stop") -> Behaviour:
    """A behaviour: a good answer in these pieces."""

    def behave(exchange: Exchange) -> None:
        exchange.head()
        exchange.event({"choices": [{"index": 0, "delta": {"role": "assistant"}}]})
        for piece in pieces:
            exchange.say(piece)
        exchange.finish(reason)

    return behave


def fails(status: int, body: object = None, **headers: str) -> Behaviour:
    """A behaviour: an HTTP error whose body holds what must never be shown."""
    said = body or {"error": {"message": "UPSTREAM said sk-SECRET about PROMPT", "code": status}}

    def behave(exchange: Exchange) -> None:
        exchange.json(said, status, **headers)

    return behave
