"""The entries of the knowledge as a reader looks for them."""

from __future__ import annotations

import pytest

from app.web.area_words import AREA_WORDS, GROUP_WORDS, KIND_WORDS, SITUATION_WORDS, STATUS_WORDS
from app.web.catalogue import Catalogue, Filters, read_catalogue
from ingest.schema import Entry, Knowledge


@pytest.fixture(scope="module")
def catalogue(knowledge: Knowledge) -> Catalogue:
    return read_catalogue(knowledge)


def ids(entries: list[Entry]) -> list[str]:
    return [entry.meta.id for entry in entries]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Kubernetes", "kubernetes"),
        ("k8s", "kubernetes"),
        ("DETECCION de dri", "drift-detection"),
        ("psi", "drift-detection"),
    ],
)
def test_a_name_in_any_language_or_spelling_comes_first(
    catalogue: Catalogue, words: str, first: str
) -> None:
    assert ids(catalogue.find(words, Filters(), "es"))[0] == first


def test_what_a_search_by_meaning_found_follows_in_its_order_and_once(
    catalogue: Catalogue,
) -> None:
    found = ids(
        catalogue.find("kubernetes", Filters(), "en", ["feast", "kubernetes", "dvc", "feast", "no"])
    )
    assert found[0] == "kubernetes"
    assert found[-2:] == ["feast", "dvc"]
    assert len(set(found)) == len(found)


def test_filters_leave_only_what_they_admit(catalogue: Catalogue) -> None:
    for filters in (
        Filters(kind="playbook", situation="serving"),
        Filters(role="qa"),
        Filters(area="stack", kind="tool"),
        Filters(status="renamed"),
    ):
        found = catalogue.find("", filters, "en", ["kubernetes"])
        assert found
        for entry in found:
            meta = entry.meta
            assert filters.kind in (None, meta.kind)
            assert filters.situation in (None, meta.situation)
            assert filters.role is None or filters.role in meta.roles
            assert filters.area in (None, catalogue.area_of(meta.id))
            assert filters.status in (None, meta.status)
    assert catalogue.find("kubernetes", Filters(kind="standard"), "en", ["kubernetes"]) == []


def test_the_map_holds_every_entry_once(catalogue: Catalogue) -> None:
    on_map = [e.meta.id for area in catalogue.areas for g in area.groups for e in g.entries]
    assert sorted(on_map) == sorted(catalogue.knowledge.entries)
    assert sum(area.size for area in catalogue.areas) == len(on_map)


def test_everything_has_a_label_in_both_languages(catalogue: Catalogue) -> None:
    assert {area.id for area in catalogue.areas} <= set(AREA_WORDS)
    assert {group.id for area in catalogue.areas for group in area.groups} <= set(GROUP_WORDS)
    metas = [entry.meta for entry in catalogue.knowledge.entries.values()]
    assert {meta.kind for meta in metas} <= set(KIND_WORDS)
    assert {meta.status for meta in metas} <= set(STATUS_WORDS)
    assert {meta.situation for meta in metas if meta.situation} <= set(SITUATION_WORDS)


def test_the_retired_name_their_successors(catalogue: Catalogue) -> None:
    retired = catalogue.retired()
    assert retired
    assert all(entry.meta.status != "active" for entry in retired)
    assert any(entry.meta.successor in catalogue.knowledge.entries for entry in retired)


def test_entries_know_what_refers_to_them(catalogue: Catalogue) -> None:
    for other in catalogue.linked_from("drift-detection"):
        assert "drift-detection" in other.meta.related
    assert catalogue.linked_from("drift-detection")
