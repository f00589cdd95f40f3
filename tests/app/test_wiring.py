"""The concrete parts: what is built where the embedded model has no package."""

from __future__ import annotations

import platform

import pytest

from app import wiring
from app.errors import ModelFileError
from app.settings import read_settings


def test_other_platforms_get_the_same_model_by_sentence_transformers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    class Loaded:
        def __init__(self, name: str) -> None:
            asked.append(name)

    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(wiring, "bundled_model_available", lambda: False)
    monkeypatch.setattr(wiring, "SentenceTransformersEmbedder", Loaded)
    wiring.open_embedder(read_settings())
    assert asked == ["intfloat/multilingual-e5-small"]
    assert "Linux x86-64 only" in caplog.text


def test_without_sentence_transformers_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(wiring, "bundled_model_available", lambda: False)
    monkeypatch.setitem(__import__("sys").modules, "sentence_transformers", None)
    with pytest.raises(ModelFileError) as caught:
        wiring.open_embedder(read_settings())
    assert "pip install" in caught.value.hint.en
