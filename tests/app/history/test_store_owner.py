"""Conversations belong to their owner, and can be found, arranged, deleted and brought back."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import BadInput
from app.expert.answer import Answer
from app.history.store import KEPT_DAYS, ConversationStore, Summary

MAY = "ana@example.com"
OTHER = "eva@example.com"


def answer(question: str, text: str = "Yes [1].") -> Answer:
    return Answer(question=question, language="es", mode="composed", answer_markdown=text)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.sqlite"


@pytest.fixture
def store(path: Path) -> ConversationStore:
    return ConversationStore(f"sqlite:///{path}")


def ids(summaries: list[Summary]) -> list[str]:
    return [summary.id for summary in summaries]


def test_another_owners_conversation_does_not_exist(store: ConversationStore) -> None:
    key = store.start("private", owner=MAY)
    store.append(key, answer("q"), owner=MAY)
    reached = [
        lambda: store.load(key, owner=OTHER),
        lambda: store.append(key, answer("x"), owner=OTHER),
        lambda: store.replace_from(key, 0, answer("x"), owner=OTHER),
        lambda: store.truncate(key, 0, owner=OTHER),
        lambda: store.tick(key, "item", True, owner=OTHER),
        lambda: store.rename(key, "mine", owner=OTHER),
        lambda: store.pin(key, True, owner=OTHER),
        lambda: store.delete(key, owner=OTHER),
    ]
    with pytest.raises(BadInput) as unknown:
        store.load("0" * 32, owner=OTHER)
    for reach in reached:
        with pytest.raises(BadInput) as caught:
            reach()
        assert caught.value.says.en.replace(key, "0" * 32) == unknown.value.says.en
    store.delete(key, owner=MAY)
    for reach in (lambda: store.restore(key, owner=OTHER), lambda: store.purge(key, owner=OTHER)):
        with pytest.raises(BadInput):
            reach()
    assert store.list(owner=OTHER) == []
    assert store.list(owner=OTHER, deleted=True) == []
    store.restore(key, owner=MAY)
    assert ids(store.list(owner=MAY)) == ids(store.list()) == [key]
    assert store.load(key).answers == (answer("q"),)


def test_the_search_reads_titles_questions_and_answers(store: ConversationStore) -> None:
    titled = store.start("Predicción de bajas", owner=MAY)
    asked = store.start("first", owner=MAY)
    store.append(asked, answer("¿Cómo detecto la DERIVA?"), owner=MAY)
    told = store.start("second", owner=MAY)
    store.append(told, answer("what", "Set `max_batch_size` to 50 % [1]."), owner=MAY)

    def found(words: str) -> list[str]:
        return ids(store.list(owner=MAY, search=words))

    assert found("prediccion") == found("BAJAS predicción") == [titled]
    assert found("deriva como") == [asked]
    assert found("max_batch") == found("50 %") == [told]
    # The search's own signs are letters here, not wildcards.
    assert found("max%batch") == found("first _____ x") == []
    assert set(found("  ")) == {titled, asked, told}
    assert store.list(owner=OTHER, search="deriva") == []


def test_words_of_a_dropped_turn_are_not_found(store: ConversationStore) -> None:
    key = store.start("t")
    store.append(key, answer("first"))
    store.append(key, answer("kubernetes"))
    assert ids(store.list(search="kubernetes")) == [key]
    store.truncate(key, 1)
    assert store.list(search="kubernetes") == []


def test_pinned_conversations_come_first(store: ConversationStore) -> None:
    old, new = store.start("old"), store.start("new")
    store.append(new, answer("a"))
    store.pin(old, True)
    assert [(s.id, s.pinned) for s in store.list()] == [(old, True), (new, False)]
    assert store.load(old).pinned
    store.pin(old, False)
    assert ids(store.list())[0] == new


def test_a_new_title(store: ConversationStore) -> None:
    key = store.start("old title")
    store.rename(key, "  Scoring\n de bajas ")
    assert store.load(key).title == "Scoring de bajas"
    assert ids(store.list(search="scoring")) == [key]
    assert store.list(search="old") == []
    with pytest.raises(BadInput, match="title is empty"):
        store.rename(key, " \n ")


def test_what_is_deleted_can_be_restored_or_purged(store: ConversationStore) -> None:
    key = store.start("t")
    store.append(key, answer("q"))
    store.tick(key, "item", True)
    store.delete(key)
    with pytest.raises(BadInput):
        store.load(key)
    with pytest.raises(BadInput):
        store.append(key, answer("late"))
    assert store.list() == []
    (binned,) = store.list(deleted=True)
    assert binned.id == key
    assert binned.deleted
    store.restore(key)
    assert store.load(key).ticked == {"item"}
    with pytest.raises(BadInput):
        store.purge(key)  # only what is in the bin
    store.delete(key)
    store.purge(key)
    assert store.list(deleted=True) == []


def test_the_bin_is_emptied_after_its_days(store: ConversationStore, path: Path) -> None:
    expired, kept = store.start("expired"), store.start("kept")
    store.append(expired, answer("q"))
    for key in (expired, kept):
        store.delete(key)
    old = (datetime.now(UTC) - timedelta(days=KEPT_DAYS, minutes=1)).isoformat()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE conversations SET deleted = ? WHERE id = ?", (old, expired))
    store.start("another")
    assert ids(store.list(deleted=True)) == [kept]
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM turns").fetchone() == (0,)


def test_an_edited_question_takes_the_place_of_what_followed(store: ConversationStore) -> None:
    key = store.start("t")
    for n in range(3):
        store.append(key, answer(f"q{n}"))
    assert store.replace_from(key, 1, answer("edited")) == 1
    assert [a.question for a in store.load(key).answers] == ["q0", "edited"]
    assert store.append(key, answer("next")) == 2


def test_conversations_without_an_owner_can_be_adopted(store: ConversationStore) -> None:
    nobodys, others = store.start("by the command"), store.start("hers", owner=OTHER)
    assert store.adopt(MAY) == 1
    assert ids(store.list(owner=MAY)) == [nobodys]
    assert ids(store.list(owner=OTHER)) == [others]
    assert store.adopt(MAY) == 0
