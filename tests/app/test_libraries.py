"""A visitor's own documents: found for them, in nobody else's answers, gone when removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import BadInput
from app.libraries import Libraries, library_name
from app.settings import read_settings
from app.wiring import Product, Upload, collections_of, open_product
from ingest.bundled_model import BundledModel
from ingest.collection import open_collections
from ingest.search import HybridSearch

TEXT = "# Runbook\n\nWhen the zorblax exporter stalls, restart it with `zorblaxctl kick`.\n"
QUESTION = "How do I restart the zorblax exporter?"


@pytest.fixture
def product(search: HybridSearch, data_folder: Path) -> Product:
    return open_product(read_settings(data_dir=data_folder))


def added(libraries: Libraries, product: Product, owner: str, *uploads: Upload) -> None:
    adding = libraries.add(product, owner, "Team Docs", uploads)
    assert adding.over.wait(120)
    assert adding.error is None


def cited(product: Product) -> set[str]:
    return {hit.passage.title for hit in product.search.search(QUESTION, "en", 5).hits}


def test_documents_are_found_by_their_owner_alone_until_they_are_removed(
    product: Product, model: BundledModel, index_root: Path
) -> None:
    libraries = Libraries()
    added(libraries, product, "ana", Upload("runbook.md", TEXT.encode()))
    added(libraries, product, "ana", Upload("other.md", b"# Other\n\nNothing of note here.\n"))
    (library,) = libraries.of(product, "ana")
    assert (library.name, library.documents) == ("team-docs", ("other.md", "runbook.md"))
    assert "runbook.md" in cited(libraries.product_for(product, "ana"))
    # Neither another visitor, nor everybody, nor the command line.
    assert libraries.of(product, "eva") == []
    assert "runbook.md" not in cited(libraries.product_for(product, "eva"))
    assert "runbook.md" not in cited(product)
    assert collections_of(product.settings) == []
    assert open_collections(index_root, model, lambda *_: None) == []
    # Another's name removes nothing of hers.
    with pytest.raises(Exception, match="no collection"):
        libraries.remove(product, "eva", "team-docs", "runbook.md")
    libraries.remove(product, "ana", "team-docs", "runbook.md")
    assert libraries.of(product, "ana")[0].documents == ("other.md",)
    assert "runbook.md" not in cited(libraries.product_for(product, "ana"))
    libraries.remove(product, "ana", "team-docs", "other.md")
    assert libraries.of(product, "ana") == []
    assert libraries.product_for(product, "ana") is product


def test_files_that_cannot_be_read_are_named_and_add_nothing(product: Product) -> None:
    libraries = Libraries()
    adding = libraries.add(product, "ana", "bad", [Upload("bad.pdf", b"MZ\x90\x00 no pdf")])
    assert adding.over.wait(120)
    assert adding.passages is None
    assert adding.parsed is not None
    assert [refused.name for refused in adding.parsed.refused] == ["bad.pdf"]
    assert libraries.adding("ana") is adding
    assert libraries.adding("eva") is None
    libraries.seen("ana")
    assert libraries.adding("ana") is None
    assert libraries.of(product, "ana") == []


def test_names_become_what_a_collection_can_have() -> None:
    assert library_name(" Documentación del Equipo nº 2 ") == "documentacion-del-eq"
    assert library_name("../../etc") == "etc"
    with pytest.raises(BadInput, match="no letter or digit"):
        library_name("¿? ··")
