"""Named briefs of an owner, and how far their deliverables are."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.errors import BadInput
from app.history.projects import DELIVERABLES, DeliverableState, ProjectStore
from app.solve.brief import BRIEF_LABELS, Brief, brief_text

BRIEF = Brief(problem=" clasificación ", volume="2 M filas", compliance="RGPD\ny SOC 2")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.sqlite"


@pytest.fixture
def store(path: Path) -> ProjectStore:
    return ProjectStore(f"sqlite:///{path}")


def test_a_project_is_read_back_as_it_was(store: ProjectStore, path: Path) -> None:
    key = store.create(" Bajas  de clientes ", BRIEF, owner="ana")
    store.track(key, "architecture", DeliverableState("done", " docs/arch.md "), owner="ana")
    again = ProjectStore(f"sqlite:///{path}").load(key, owner="ana")
    assert (again.name, again.brief) == ("Bajas de clientes", BRIEF)
    assert tuple(again.deliverables) == DELIVERABLES
    assert again.deliverables["architecture"] == DeliverableState("done", "docs/arch.md")
    assert again.deliverables["cicd-pipeline"] == DeliverableState("not-started", "")


def test_the_latest_changed_comes_first(store: ProjectStore) -> None:
    first, second = (store.create(name, Brief(), owner="ana") for name in ("one", "two"))
    store.update(first, "renamed", BRIEF, owner="ana")
    assert [(p.id, p.name) for p in store.list(owner="ana")] == [
        (first, "renamed"),
        (second, "two"),
    ]
    store.delete(first, owner="ana")
    assert [p.id for p in store.list(owner="ana")] == [second]


def test_the_chosen_project_is_remembered_until_it_is_gone(store: ProjectStore, path: Path) -> None:
    first, second = (store.create(name, BRIEF, owner="ana") for name in ("one", "two"))
    assert store.chosen("ana") is None
    store.choose(first, "ana")
    store.choose(second, "ana")
    chosen = ProjectStore(f"sqlite:///{path}").chosen("ana")
    assert chosen is not None
    assert chosen.id == second
    assert store.chosen("eva") is None
    store.choose(None, "ana")
    assert store.chosen("ana") is None
    store.choose(first, "ana")
    store.delete(first, "ana")
    assert store.chosen("ana") is None


def test_another_owners_project_does_not_exist(store: ProjectStore) -> None:
    key = store.create("secret", BRIEF, owner="ana")
    for reach in (
        lambda: store.load(key, owner="eva"),
        lambda: store.update(key, "x", Brief(), owner="eva"),
        lambda: store.track(key, "architecture", DeliverableState("done"), owner="eva"),
        lambda: store.delete(key, owner="eva"),
        lambda: store.choose(key, "eva"),
    ):
        with pytest.raises(BadInput, match="no project"):
            reach()
    assert store.list(owner="eva") == []
    # Names are an owner's own.
    store.create("secret", Brief(), owner="eva")


def test_a_name_is_needed_and_taken_once(store: ProjectStore) -> None:
    key = store.create("one", Brief(), owner="ana")
    store.update(key, "one", BRIEF, owner="ana")
    with pytest.raises(BadInput, match="already"):
        store.create(" one ", Brief(), owner="ana")
    with pytest.raises(BadInput, match="no name"):
        store.create(" ", Brief(), owner="ana")


def test_a_brief_of_a_later_version_is_read(store: ProjectStore, path: Path) -> None:
    key = store.create("one", BRIEF)
    with sqlite3.connect(path) as database:
        database.execute("""UPDATE projects SET brief = '{"latency": "50 ms", "budget": "9 k"}'""")
    assert store.load(key).brief == Brief(latency="50 ms")


def test_a_brief_as_text_has_the_filled_fields_only() -> None:
    assert brief_text(BRIEF, "es").splitlines() == [
        "Tipo de problema de ML: clasificación",
        "Volumen de datos: 2 M filas",
        "Cumplimiento normativo: RGPD y SOC 2",
    ]
    assert brief_text(Brief(), "en") == ""
    assert Brief().empty
    assert set(BRIEF_LABELS) == set(Brief.model_fields)
