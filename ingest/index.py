"""An index generation on disk: opened read-only, searched by meaning and by terms.

Layout of `<root>/<collection>/`: `CURRENT` names the generation that serves; each generation is a
folder with `manifest.json`, `passages.sqlite` (the truth), `chroma/` (vectors, one Chroma
collection a language), `bm25_<language>/` (passages) and `entries_<language>/` (whole entries).
A generation never changes after its swap.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.chunk import CHUNKER_VERSION
from ingest.embed import Embedder, Vectors
from ingest.errors import IndexFault
from ingest.lexical import LexicalIndex
from ingest.schema import LANGUAGES, Language, Passage, Text

SCHEMA_VERSION = 2
ENTRY_IDS = "ids.json"
POINTER = "CURRENT"
KEPT_PASSAGES = 10_000


@dataclass(frozen=True)
class Manifest:
    """What an index was made with; anything that differs from now means: rebuild."""

    collection: str
    content_version: str
    fingerprint: str
    dimension: int
    passages: dict[str, int]
    chunker: int = CHUNKER_VERSION
    schema: int = SCHEMA_VERSION

    def fits(self, fingerprint: str) -> bool:
        """Whether an embedder with this fingerprint may search it."""
        return (
            self.fingerprint == fingerprint
            and self.chunker == CHUNKER_VERSION
            and self.schema == SCHEMA_VERSION
        )

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1, sort_keys=True), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Manifest:
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def current_generation(root: Path, collection: str) -> Path | None:
    """The folder that serves `collection` now, or None when nothing was built."""
    try:
        name = (root / collection / POINTER).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    folder = root / collection / name
    return folder if name and (folder / "manifest.json").is_file() else None


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a generation, or None when it is damaged."""
    try:
        return Manifest.read(folder / "manifest.json")
    except (OSError, ValueError, TypeError):
        return None


def index_missing(collection: str) -> IndexFault:
    """The error for an index that is not there or cannot be opened."""
    return IndexFault(
        Text(
            en=f"The index '{collection}' is missing or damaged.",
            es=f"El índice '{collection}' falta o está dañado.",
        ),
        Text(
            en="Run `mlexpert ingest --rebuild` to build it again from its sources.",
            es="Ejecuta `mlexpert ingest --rebuild` para reconstruirlo desde sus fuentes.",
        ),
    )


class PassageStore:
    """The passages of a generation by position and by id, read on demand. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._parsed_before: dict[str, Passage] = {}

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.connection = connection
        return connection

    def at(self, language: Language, positions: Sequence[int]) -> dict[int, str]:
        """Ids by position in the lexical index of a language."""
        marks = ",".join("?" * len(positions))
        rows = self._connection().execute(
            f"SELECT position, id FROM passages WHERE language = ? AND position IN ({marks})",
            (language, *positions),
        )
        return dict(rows.fetchall())

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id; unknown ids are left out."""
        marks = ",".join("?" * len(ids))
        rows = self._connection().execute(
            f"SELECT id, record FROM passages WHERE id IN ({marks})", tuple(ids)
        )
        return {key: self._parsed(key, record) for key, record in rows}

    def _parsed(self, key: str, record: str) -> Passage:
        """The passage of a row; parsing costs more than reading, so that the latest are kept."""
        passage = self._parsed_before.get(key)
        if passage is None:
            if len(self._parsed_before) >= KEPT_PASSAGES:
                self._parsed_before.clear()
            passage = self._parsed_before[key] = Passage.model_validate_json(record)
        return passage

    def of_entry(self, entry: str, language: Language) -> list[Passage]:
        """All passages of an entry in a language, in reading order."""
        rows = self._connection().execute(
            "SELECT id, record FROM passages WHERE entry = ? AND language = ? ORDER BY position",
            (entry, language),
        )
        return [self._parsed(key, record) for key, record in rows]

    def titles(self) -> list[tuple[str, str]]:
        """(entry, title) of every document, sorted by title."""
        rows = self._connection().execute(
            "SELECT DISTINCT entry, json_extract(record, '$.title') AS title "
            "FROM passages ORDER BY title, entry"
        )
        return rows.fetchall()

    def all(self) -> list[Passage]:
        """Every passage, by language and position."""
        rows = self._connection().execute("SELECT record FROM passages ORDER BY language, position")
        return [Passage.model_validate_json(record) for (record,) in rows]


class Index:
    """A generation opened for reading. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        manifest = read_manifest(folder)
        if manifest is None:
            raise index_missing(folder.parent.name)
        self.manifest = manifest
        self.folder = folder
        self.passages = PassageStore(folder / "passages.sqlite")
        try:
            client = chromadb.PersistentClient(
                str(folder / "chroma"), settings=Settings(anonymized_telemetry=False)
            )
            self._vectors: dict[Language, Any] = {
                language: client.get_collection(f"passages_{language}", embedding_function=None)
                for language in LANGUAGES
            }
            self.lexical: dict[Language, LexicalIndex] = {
                language: LexicalIndex.load(folder / f"bm25_{language}", language)
                for language in LANGUAGES
            }
            self._entries: dict[Language, tuple[LexicalIndex, list[str]]] = {
                language: _load_entries(folder / f"entries_{language}", language)
                for language in LANGUAGES
            }
        except Exception as error:  # Chroma raises bare and Rust errors for a damaged folder.
            raise index_missing(manifest.collection) from error

    def by_meaning(self, vector: Vectors, language: Language, k: int) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the k nearest, best first."""
        count = self.manifest.passages.get(language, 0)
        if count == 0:
            return []
        found = self._vectors[language].query(
            query_embeddings=[vector.tolist()], n_results=min(k, count), include=["distances"]
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        # Ids break ties: Chroma gives no order to equal distances.
        return sorted(((i, 1.0 - float(d)) for i, d in pairs), key=lambda p: (-p[1], p[0]))

    def by_terms(
        self, wanted: Sequence[str], language: Language, k: int, also: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Ids and BM25 scores of the k best, best first; only passages that share a term."""
        found = self.lexical[language].search(wanted, k, also)
        ids = self.passages.at(language, [position for position, _ in found])
        return [(ids[position], score) for position, score in found if position in ids]

    def entries_by_terms(
        self, wanted: Sequence[str], language: Language, k: int, also: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Entries (documents) and BM25 scores of the k best as wholes, best first."""
        lexical, ids = self._entries[language]
        return [(ids[position], score) for position, score in lexical.search(wanted, k, also)]


def _load_entries(folder: Path, language: Language) -> tuple[LexicalIndex, list[str]]:
    ids = json.loads((folder / ENTRY_IDS).read_text(encoding="utf-8"))
    return LexicalIndex.load(folder, language), ids


def open_current(root: Path, collection: str, embedder: Embedder) -> Index | None:
    """The serving index if it fits the embedder, else None (build it)."""
    folder = current_generation(root, collection)
    if folder is None:
        return None
    manifest = read_manifest(folder)
    if manifest is None or not manifest.fits(embedder.fingerprint):
        return None
    return Index(folder)
