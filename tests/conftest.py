"""Shared, expensive things: the prepared model, the curated knowledge and its index."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ingest.build import build_curated
from ingest.bundled_model import BundledModel, open_bundled_model
from ingest.load import load_knowledge
from ingest.schema import Knowledge
from ingest.search import HybridSearch

ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE = ROOT / "knowledge"


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith(("MLEXPERT_", "OPENAI_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder like that of an installation; model and index are prepared once for all."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def model_cache(data_folder: Path) -> Path:
    return data_folder / "models"


@pytest.fixture(scope="session")
def model(model_cache: Path) -> BundledModel:
    return open_bundled_model(model_cache)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge(KNOWLEDGE)


@pytest.fixture(scope="session")
def index_root(data_folder: Path) -> Path:
    return data_folder / "index"


@pytest.fixture(scope="session")
def search(knowledge: Knowledge, model: BundledModel, index_root: Path) -> HybridSearch:
    index = build_curated(knowledge, index_root, model, KNOWLEDGE / "vectors", lambda *_: None)
    return HybridSearch(index, (), model)
