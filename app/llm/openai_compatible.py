"""A writer over any endpoint that speaks the OpenAI protocol: OpenAI, vLLM, Ollama, llama.cpp."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Sequence

from app.errors import ModelError, ModelRefused
from app.expert.ports import Message
from app.llm import faults
from app.llm.breaker import Breaker
from app.llm.endpoint import Endpoint, Limits
from app.llm.faults import Transient
from app.llm.reading import Draft, Patience, read_answer, read_json

RETRIES = 2
FIRST_DELAY = 0.5
LONGEST_DELAY = 5.0


class OpenAICompatible:
    """A Writer shared by all visitors: safe between threads."""

    def __init__(
        self,
        base_url: str,
        key: str,
        model: str,
        *,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._endpoint = Endpoint(base_url, key, model, self._limits)
        self._breaker = breaker or Breaker()
        self._model, self._sleep = model, sleep

    @property
    def name(self) -> str:
        return self._model

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Generator[str, None, None]:
        """Pieces of the answer as they come; closing the generator ends the request.

        Raises ModelError. Before the first piece 429, 5xx and lost connections are tried again;
        what ends an answer after it is ModelCut.
        """
        left = self._breaker.seconds_left()
        if left > 0:
            raise faults.paused(left)
        try:
            draft = yield from self._tries(messages, max_tokens)
        except ModelRefused:
            raise  # the endpoint works; the request does not suit it
        except ModelError:
            self._breaker.failed()
            raise
        except GeneratorExit:
            self._breaker.succeeded()  # there was a piece, after which the reader left
            raise
        self._breaker.succeeded()
        if draft.finish == "length":
            raise faults.cut_by_length(draft.text)
        if draft.finish == "content_filter":
            raise faults.cut(draft.text)

    def check(self) -> float:
        """Seconds of a cheap request, which is not repeated. Raises ModelError."""
        try:
            self._endpoint.open()  # the SDK's import is no part of the latency
            started = time.perf_counter()
            with self._endpoint.models() as response:
                if response is not None:
                    found = read_json(response, self._limits.between_tokens).get("data")
            if response is None:
                found = self._smallest_answer()
        except Transient as fault:
            raise fault.error from None
        if not isinstance(found, list):
            raise faults.unexpected()
        self._breaker.succeeded()
        return time.perf_counter() - started

    def _smallest_answer(self) -> object:
        with self._endpoint.completion([Message("user", "Hi")], 1, stream=False) as response:
            return read_json(response, self._limits.first_token).get("choices")

    def _tries(self, messages: Sequence[Message], max_tokens: int) -> Generator[str, None, Draft]:
        for number in range(RETRIES + 1):
            try:
                return (yield from self._once(messages, max_tokens))
            except Transient as fault:
                if number == RETRIES or fault.wait > LONGEST_DELAY:
                    raise fault.error from None
                delay = max(fault.wait, FIRST_DELAY * 2**number)
            # Jitter only adds: a server that asks for a second gets at least a second.
            self._sleep(delay * random.uniform(1.0, 1.5))  # noqa: S311
        raise AssertionError("the last try returns or raises")

    def _once(self, messages: Sequence[Message], max_tokens: int) -> Generator[str, None, Draft]:
        draft = Draft()
        patience = Patience(
            self._limits.first_token, self._limits.between_tokens, self._endpoint.where
        )
        with self._endpoint.completion(messages, max_tokens, stream=True) as response:
            yield from read_answer(response, draft, patience)
        return draft
