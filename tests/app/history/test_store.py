"""Conversations survive a restart and are read back as they were."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.errors import BadInput, StoreError
from app.expert.answer import Answer
from app.history.store import ConversationStore


def answer(question: str) -> Answer:
    return Answer(question=question, language="es", mode="composed", answer_markdown="Sí, año [1].")


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'new' / 'conversations.sqlite'}"


def test_a_conversation_is_found_by_another_process(tmp_path: Path) -> None:
    store = ConversationStore(url(tmp_path))
    key = store.start("¿Drift?")
    assert [store.append(key, answer(f"p{n}")) for n in range(3)] == [0, 1, 2]
    store.tick(key, "monitoring-alerting/owner", True)
    store.tick(key, "monitoring-alerting/other", True)
    store.tick(key, "monitoring-alerting/other", False)
    again = ConversationStore(url(tmp_path)).load(key)
    assert [a.question for a in again.answers] == ["p0", "p1", "p2"]
    assert again.answers[0] == answer("p0")
    assert again.ticked == {"monitoring-alerting/owner"}


def test_the_latest_conversation_comes_first(tmp_path: Path) -> None:
    store = ConversationStore(url(tmp_path))
    first, second = store.start("first"), store.start("second")
    store.append(second, answer("a"))
    store.append(first, answer("b"))
    assert store.list()[0].id == first
    assert {s.id: s.turns for s in store.list()} == {first: 1, second: 1}
    store.delete(first)
    assert [s.id for s in store.list()] == [second]


def test_unknown_ids_are_said(tmp_path: Path) -> None:
    store = ConversationStore(url(tmp_path))
    for act in (store.load, lambda key: store.append(key, answer("x"))):
        with pytest.raises(BadInput, match="no conversation"):
            act("nothing")


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    store = ConversationStore(url(tmp_path))
    keys = [store.start(f"c{n}") for n in range(4)]

    def write(key: str) -> None:
        own = ConversationStore(url(tmp_path))
        for n in range(10):
            own.append(key, answer(str(n)))

    threads = [threading.Thread(target=write, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(store.load(key).answers) for key in keys] == [10] * 4


@pytest.mark.parametrize("bad", ["nonsense", "sqlite:////proc/no/such.sqlite", "nodb://x"])
def test_a_database_that_cannot_be_opened_is_one_clear_error(bad: str) -> None:
    with pytest.raises(StoreError, match="MLEXPERT_DATABASE_URL"):
        ConversationStore(bad)
