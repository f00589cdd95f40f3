"""The user's own collections: add, replace, list, remove."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.bundled_model import BundledModel
from ingest.collection import (
    add_documents,
    list_collections,
    open_collections,
    remove_collection,
)
from ingest.errors import DocumentError, IndexFault
from ingest.schema import Block, Locator, ParsedDocument


def document(name: str, text: str) -> ParsedDocument:
    block = Block(text=text, kind="paragraph", locator=Locator(line_start=1, line_end=1))
    blocks = (block,) if text else ()
    return ParsedDocument(
        name=name, kind="text", language="en", pages=None, text=text, blocks=blocks
    )


def add(root: Path, model: BundledModel, *documents: ParsedDocument) -> None:
    add_documents(root, "team", documents, model, lambda *_: None)


def test_a_second_version_replaces_the_first(tmp_path: Path, model: BundledModel) -> None:
    add(tmp_path, model, document("a.md", "Release on Mondays."), document("b.md", "Ask Ana."))
    add(tmp_path, model, document("a.md", "Release on Fridays."))
    (index,) = open_collections(tmp_path, model, lambda *_: None)
    assert sorted(p.text for p in index.passages.all()) == ["Ask Ana.", "Release on Fridays."]
    (info,) = list_collections(tmp_path)
    assert info.documents == ("a.md", "b.md")


def test_removing_forgets_everything(tmp_path: Path, model: BundledModel) -> None:
    add(tmp_path, model, document("a.md", "Some text."))
    remove_collection(tmp_path, "team")
    assert list_collections(tmp_path) == []
    with pytest.raises(DocumentError, match="no collection 'team'"):
        remove_collection(tmp_path, "team")


@pytest.mark.parametrize("name", ["curated", "../x", "A B", "", "x" * 60])
def test_bad_names_are_refused(tmp_path: Path, model: BundledModel, name: str) -> None:
    with pytest.raises(DocumentError, match="small letters"):
        add_documents(tmp_path, name, [document("a", "text")], model, lambda *_: None)


def test_no_text_is_an_error_and_not_an_empty_success(tmp_path: Path, model: BundledModel) -> None:
    with pytest.raises(IndexFault, match="no text"):
        add(tmp_path, model, document("a.md", ""))
