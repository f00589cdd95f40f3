"""Thumbs with their reasons: kept for an answer, read by an administrator."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import BadInput
from app.expert.answer import Answer
from app.history.feedback import REASON_CHARACTERS, FeedbackStore, FeedbackSummary
from app.history.store import ConversationStore

OWNER = "visitor"


def answer(question: str) -> Answer:
    return Answer(question=question, language="en", mode="composed", answer_markdown="Yes.")


@pytest.fixture
def stores(tmp_path: Path) -> tuple[ConversationStore, FeedbackStore, str]:
    url = f"sqlite:///{tmp_path / 'conversations.sqlite'}"
    store = ConversationStore(url)
    key = store.start("t", owner=OWNER)
    store.append(key, answer("first"))
    store.append(key, answer("second"))
    return store, FeedbackStore(url), key


Stores = tuple[ConversationStore, FeedbackStore, str]


def test_an_opinion_names_its_question_and_replaces_the_earlier_one(stores: Stores) -> None:
    _, feedback, key = stores
    feedback.add(key, 1, OWNER, True)
    feedback.add(key, 1, OWNER, False, "  wrong version " + "x" * REASON_CHARACTERS)
    feedback.add(key, 0, OWNER, True)
    assert feedback.summary() == FeedbackSummary(helpful=1, unhelpful=1)
    (bad,) = feedback.list(helpful=False)
    assert (bad.question, bad.position, bad.mode) == ("second", 1, "composed")
    assert bad.reason.startswith("wrong version")
    assert len(bad.reason) == REASON_CHARACTERS
    assert {p: one.helpful for p, one in feedback.of(key, OWNER).items()} == {0: True, 1: False}
    feedback.remove(key, 1, OWNER)
    assert feedback.summary() == FeedbackSummary(helpful=1, unhelpful=0)


def test_only_the_owner_of_an_answer_has_an_opinion_about_it(stores: Stores) -> None:
    _, feedback, key = stores
    for conversation, position, owner in ((key, 1, "other"), (key, 2, OWNER), ("no", 0, OWNER)):
        with pytest.raises(BadInput):
            feedback.add(conversation, position, owner, True)
    feedback.add(key, 0, OWNER, True)
    feedback.remove(key, 0, "other")
    assert feedback.of(key, "other") == {}
    assert feedback.summary().helpful == 1


def test_an_opinion_about_a_replaced_answer_marks_no_other(stores: Stores) -> None:
    store, feedback, key = stores
    feedback.add(key, 1, OWNER, False, "too long")
    store.replace_from(key, 1, answer("third"))
    assert feedback.of(key, OWNER) == {}
    assert [(f.question, f.position) for f in feedback.list()] == [("second", None)]


def test_it_goes_with_its_conversation(stores: Stores) -> None:
    store, feedback, key = stores
    feedback.add(key, 1, OWNER, False)
    store.delete(key)
    assert feedback.summary().unhelpful == 1
    store.purge(key)
    assert feedback.summary().unhelpful == 0
