"""A database that the first version wrote goes on working, whoever opens it first."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from app.expert.answer import Answer
from app.history.feedback import FeedbackStore
from app.history.projects import ProjectStore
from app.history.reviews import ReviewStore
from app.history.store import ConversationStore

# What the first version created, word for word.
FIRST_VERSION = """
CREATE TABLE conversations (
    id VARCHAR(32) NOT NULL, title VARCHAR(200) NOT NULL, created VARCHAR(32) NOT NULL,
    updated VARCHAR(32) NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_conversations_updated ON conversations (updated);
CREATE TABLE turns (
    conversation_id VARCHAR(32) NOT NULL, position INTEGER NOT NULL, created VARCHAR(32) NOT NULL,
    answer TEXT NOT NULL, PRIMARY KEY (conversation_id, position),
    FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);
CREATE TABLE ticks (
    conversation_id VARCHAR(32) NOT NULL, item VARCHAR(160) NOT NULL, done BOOLEAN NOT NULL,
    PRIMARY KEY (conversation_id, item),
    FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);
CREATE TABLE reviews (
    id INTEGER NOT NULL, project VARCHAR(64) NOT NULL, created VARCHAR(32) NOT NULL,
    score FLOAT NOT NULL, findings TEXT NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX ix_reviews_project ON reviews (project);
"""
KEY = "a" * 32
TIME = "2026-11-20T10:00:00.000+00:00"


@pytest.fixture
def url(tmp_path: Path) -> str:
    answer = Answer(
        question="¿Cómo va la predicción?", language="es", mode="composed", answer_markdown="Bien."
    )
    path = tmp_path / "conversations.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(FIRST_VERSION)
        database.execute(
            "INSERT INTO conversations VALUES (?, ?, ?, ?)", (KEY, "Título viejo", TIME, TIME)
        )
        # More than one round of filling in.
        for position in range(250):
            database.execute(
                "INSERT INTO turns VALUES (?, ?, ?, ?)",
                (KEY, position, TIME, answer.model_dump_json()),
            )
        database.execute("INSERT INTO ticks VALUES (?, 'item', 1)", (KEY,))
    return f"sqlite:///{path}"


@pytest.mark.parametrize("first", [ReviewStore, FeedbackStore, ProjectStore, ConversationStore])
def test_what_was_written_is_read_found_and_changed(url: str, first: type[ReviewStore]) -> None:
    first(url).close()
    store = ConversationStore(url)
    loaded = store.load(KEY)
    assert (loaded.title, len(loaded.answers), loaded.ticked) == ("Título viejo", 250, {"item"})
    assert not loaded.pinned
    assert [s.id for s in store.list(search="titulo prediccion")] == [KEY]
    store.pin(KEY, True)
    store.delete(KEY)
    store.restore(KEY)
    FeedbackStore(url).add(KEY, 249, "", True)
    # Written before there were owners: the operator's, and no visitor's.
    assert store.list(owner="visitor") == []


def test_two_may_open_it_at_the_same_moment(url: str) -> None:
    failures: list[Exception] = []
    together = threading.Barrier(4)

    def open_it() -> None:
        together.wait()
        try:
            ConversationStore(url).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ConversationStore(url).list(search="titulo")
