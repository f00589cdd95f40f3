"""The embedding seam: what the index needs of a model, and the ways to get one."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelFileError
from ingest.schema import Text

Vectors = NDArray[np.float32]
Progress = Callable[[float, str], None]


class Embedder(Protocol):
    """Turns text into L2-normalised vectors; whatever changes them is in the fingerprint."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_query(self, text: str) -> Vectors:
        """Shape (dimension,)."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), in the order given."""


class SentenceTransformersEmbedder:
    """Any Sentence Transformers model or folder, with its own prompts (or e5's prefixes)."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelFileError(
                Text(
                    en="Sentence Transformers is not installed.",
                    es="Sentence Transformers no está instalado.",
                ),
                Text(
                    en="Run `pip install 'ml-engineer-expert[sentence-transformers]'`.",
                    es="Ejecuta `pip install 'ml-engineer-expert[sentence-transformers]'`.",
                ),
            ) from error
        try:
            self._model: Any = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            raise ModelFileError(
                Text(
                    en=f"The embedding model '{name}' cannot be loaded.",
                    es=f"No se puede cargar el modelo de embeddings '{name}'.",
                ),
                Text(
                    en="Check the name or folder in MLEXPERT_EMBEDDING.",
                    es="Revisa el nombre o la carpeta en MLEXPERT_EMBEDDING.",
                ),
            ) from error
        self._prefixes = ("query: ", "passage: ") if "e5" in name.lower() else ("", "")
        self.fingerprint = "st-" + hashlib.sha256(name.encode()).hexdigest()[:12]
        self.dimension = int(self._model.get_sentence_embedding_dimension())

    def embed_query(self, text: str) -> Vectors:
        vector: Vectors = self._encode([self._prefixes[0] + text])[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._prefixes[1] + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def text_key(text: str) -> str:
    """The key of a text in the cache and in the shipped vectors."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def load_shipped_vectors(folder: Path, fingerprint: str) -> dict[str, Vectors]:
    """Vectors computed in advance for the curated knowledge, by text key; empty if not for us."""
    path = folder / f"{fingerprint}.npz"
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as data:
        keys, matrix = data["keys"].tolist(), data["vectors"].astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return dict(zip(keys, matrix, strict=True))


def write_shipped_vectors(folder: Path, fingerprint: str, vectors: dict[str, Vectors]) -> Path:
    """Writes the file that `load_shipped_vectors` reads: half precision, keys sorted."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = sorted(vectors)
    path = folder / f"{fingerprint}.npz"
    matrix = np.stack([vectors[key] for key in keys]).astype(np.float16)
    np.savez_compressed(path, keys=np.array(keys), vectors=matrix)
    return path


class VectorCache:
    """Vectors that were computed before, by (fingerprint, text key), in one SQLite file."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=30)
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors "
            "(fingerprint TEXT, key TEXT, vector BLOB, PRIMARY KEY (fingerprint, key))"
        )
        self._fingerprint = fingerprint

    def get(self, keys: Sequence[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT key, vector FROM vectors WHERE fingerprint = ? AND key IN ({marks})",
                (self._fingerprint, *part),
            )
            found.update({key: np.frombuffer(blob, dtype=np.float32) for key, blob in rows})
        return found

    def put(self, vectors: dict[str, Vectors]) -> None:
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [
                    (self._fingerprint, k, v.astype(np.float32).tobytes())
                    for k, v in vectors.items()
                ],
            )

    def close(self) -> None:
        self._connection.close()


def embed_with_cache(
    texts: Sequence[str],
    embedder: Embedder,
    cache: VectorCache,
    shipped: dict[str, Vectors],
    progress: Progress,
) -> Vectors:
    """Vectors of all texts, shape (n, dimension); only those never seen are computed."""
    keys = [text_key(text) for text in texts]
    known = {key: shipped[key] for key in keys if key in shipped}
    known |= cache.get([key for key in keys if key not in known])
    todo = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    batch = 64
    # Kept batch by batch: a build that is killed loses at most one batch of work.
    items = list(todo.items())
    for start in range(0, len(items), batch):
        part = items[start : start + batch]
        vectors = embedder.embed_passages([text for _, text in part])
        fresh = {key: vectors[row] for row, (key, _) in enumerate(part)}
        cache.put(fresh)
        known |= fresh
        progress(min(1.0, (start + batch) / len(items)), f"{start + len(part)}/{len(items)}")
    if not keys:
        return np.zeros((0, embedder.dimension), dtype=np.float32)
    return np.stack([known[key] for key in keys])
