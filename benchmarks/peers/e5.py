"""The product's own embedding model for the peers: the same weights, the same prepared files.

Vectors of texts seen before come from a cache in the folder PEERS_VECTORS; without it everything
is computed, as the measurement of ingest speed needs.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np

from ingest.bundled_model import BundledModel, open_bundled_model
from ingest.embed import VectorCache, embed_with_cache


@cache
def model() -> BundledModel:
    return open_bundled_model(Path(os.environ["PEERS_MODEL"]))


def embed_query(text: str) -> list[float]:
    vector: list[float] = model().embed_query(text).tolist()
    return vector


def embed_passages(texts: list[str]) -> list[list[float]]:
    return embed_array(texts).tolist()


def embed_array(texts: list[str]) -> np.ndarray:
    folder = os.environ.get("PEERS_VECTORS")
    if not folder:
        return model().embed_passages(texts)
    kept = VectorCache(Path(folder) / "e5.sqlite", model().fingerprint)
    try:
        return embed_with_cache(texts, model(), kept, {}, lambda _share, _what: None)
    finally:
        kept.close()


def transform(texts: list[str]) -> np.ndarray:
    """For txtai, which puts e5's prefixes in front itself."""
    queries = [text for text in texts if text.startswith("query: ")]
    if queries:
        return np.array([embed_query(text.removeprefix("query: ")) for text in texts])
    return embed_array([text.removeprefix("passage: ") for text in texts])
