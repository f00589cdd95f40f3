"""One endpoint through the `openai` SDK: opens requests and translates the SDK's errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.expert.ports import Message
from app.llm import faults

if TYPE_CHECKING:
    from openai import APIResponse, OpenAI


@dataclass(frozen=True)
class Limits:
    """Seconds to wait: for the connection, the first token, and each token after it."""

    connect: float = 5.0
    first_token: float = 60.0
    between_tokens: float = 30.0


@dataclass(frozen=True)
class Dialect:
    """The parameters that an endpoint takes; learned from its refusals."""

    length: str = "max_tokens"
    temperature: bool = True

    def parameters(self, max_tokens: int) -> dict[str, Any]:
        chosen: dict[str, Any] = {self.length: max_tokens}
        return chosen | ({"temperature": 0} if self.temperature else {})

    def after(self, refusal: str) -> Dialect | None:
        """The dialect that avoids what was refused; None when there is no other."""
        if self.temperature and "temperature" in refusal:
            return replace(self, temperature=False)
        if self.length == "max_tokens" and "max_completion_tokens" in refusal:
            return replace(self, length="max_completion_tokens")
        return None


class Endpoint:
    """Requests to one base URL. The SDK is imported with the first one: it costs a second."""

    def __init__(self, base_url: str, key: str, model: str, limits: Limits) -> None:
        self._base_url, self._key, self._model = base_url, key.strip(), model
        self._limits = limits
        self._dialect = Dialect()
        self._lock = threading.Lock()
        self._client: OpenAI | None = None
        # Host and port only: an address may hold a password.
        self.where = base_url.partition("://")[2].partition("/")[0].rpartition("@")[2]

    @contextmanager
    def completion(
        self, messages: Sequence[Message], max_tokens: int, *, stream: bool
    ) -> Iterator[APIResponse[Any]]:
        """An open response. Raises ModelError, or Transient where a second try may help."""
        with self._translated(), closing(self._accepted(messages, max_tokens, stream)) as response:
            yield response

    @contextmanager
    def models(self) -> Iterator[APIResponse[Any] | None]:
        """The open list of models; None where the endpoint offers none."""
        from openai import APIStatusError

        with self._translated():
            try:
                response = self.open().models.with_streaming_response.list().__enter__()
            except APIStatusError as error:
                if error.status_code not in {404, 405, 501}:
                    raise
                yield None
                return
            with closing(response):
                yield response

    def _accepted(
        self, messages: Sequence[Message], max_tokens: int, stream: bool
    ) -> APIResponse[Any]:
        """The response to the request in the dialect that the endpoint takes."""
        from openai import BadRequestError, UnprocessableEntityError

        create: Any = self.open().chat.completions.with_streaming_response.create
        turns = [{"role": m.role, "content": m.content} for m in messages]
        dialect = self._dialect
        while True:
            try:
                response: APIResponse[Any] = create(
                    model=self._model,
                    messages=turns,
                    stream=stream,
                    **dialect.parameters(max_tokens),
                ).__enter__()
            except (BadRequestError, UnprocessableEntityError) as error:
                other = dialect.after(faults.said(error))
                if other is None:
                    raise
                dialect = other
            else:
                self._dialect = dialect
                return response

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import httpx2  # the HTTP library of the SDK
        from openai import APIConnectionError, APIStatusError

        try:
            yield
        except APIStatusError as error:
            raise faults.from_status(error) from None
        except APIConnectionError as error:
            if isinstance(error.__cause__, httpx2.ReadTimeout):
                raise faults.silent(self.where, self._limits.first_token) from None
            raise faults.Transient(faults.unreachable(self.where)) from None
        except httpx2.RequestError:
            raise faults.Transient(faults.unreachable(self.where)) from None

    def open(self) -> OpenAI:
        """The SDK's client, made once; without its retries, which would hide what happens."""
        import httpx2
        from openai import OpenAI, Timeout

        if not (self._key.isascii() and self._key.isprintable()):
            raise faults.bad_key()
        limits = self._limits
        with self._lock:
            if self._client is None:
                try:
                    self._client = OpenAI(
                        base_url=self._base_url,
                        api_key=self._key or "none",
                        timeout=Timeout(limits.first_token, connect=limits.connect),
                        max_retries=0,
                    )
                except httpx2.InvalidURL:
                    raise faults.bad_address() from None
            return self._client
