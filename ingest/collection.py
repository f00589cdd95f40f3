"""The user's own collections: documents added, listed and removed, each change a new generation."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.build import build_collection
from ingest.chunk import document_passages
from ingest.embed import Embedder, Progress
from ingest.errors import DocumentError, IndexFault
from ingest.index import (
    Index,
    PassageStore,
    current_generation,
    open_current,
    read_manifest,
)
from ingest.schema import CURATED, ParsedDocument, Passage, Text

# Collections of one reader alone; the shared search never opens them.
PRIVATE = "own-"
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{1,40}$")


@dataclass(frozen=True)
class CollectionInfo:
    """A collection in a list: its documents' names and how many passages it has."""

    name: str
    documents: tuple[str, ...]
    passages: int


def add_documents(
    root: Path,
    name: str,
    documents: Sequence[ParsedDocument],
    embedder: Embedder,
    progress: Progress,
) -> CollectionInfo:
    """Adds documents to a collection; one of the same name replaces the earlier version."""
    check_name(name)
    new = [p for document in documents for p in document_passages(document, name)]
    without = {p.title for p in new} | {document.name for document in documents}
    kept = [p for p in _stored(root, name) if p.title not in without]
    _rebuild(root, name, [*kept, *new], embedder, progress)
    return describe(root, name)


def remove_document(
    root: Path, name: str, document: str, embedder: Embedder, progress: Progress
) -> None:
    """Removes a document from a collection; with the last one the collection goes.

    DocumentError when the collection does not exist; a document that is not in it is no error.
    """
    kept = [p for p in _stored(root, name) if p.title != document]
    if kept:
        _rebuild(root, name, kept, embedder, progress)
    else:
        remove_collection(root, name)


def list_collections(root: Path) -> list[CollectionInfo]:
    """The collections that everybody shares, by name."""
    return [describe(root, name) for name in collection_names(root)]


def collection_names(root: Path, prefix: str | None = None) -> list[str]:
    """Names of the collections that serve, sorted: the shared ones, or those with a prefix.

    The curated one is not among them.
    """
    if not root.is_dir():
        return []
    folders = sorted(p.name for p in root.iterdir() if p.is_dir() and p.name != CURATED)
    wanted = [
        name
        for name in folders
        if (name.startswith(prefix) if prefix else not name.startswith(PRIVATE))
    ]
    return [name for name in wanted if current_generation(root, name) is not None]


def describe(root: Path, name: str) -> CollectionInfo:
    """What a collection holds."""
    folder = current_generation(root, name)
    manifest = read_manifest(folder) if folder else None
    if folder is None or manifest is None:
        return CollectionInfo(name, (), 0)
    titles = PassageStore(folder / "passages.sqlite").titles()
    documents = tuple(dict.fromkeys(title for _, title in titles))
    return CollectionInfo(name, documents, sum(manifest.passages.values()))


def remove_collection(root: Path, name: str) -> None:
    """Removes a collection with all its generations. DocumentError when there is none."""
    check_name(name)
    if current_generation(root, name) is None:
        raise DocumentError(
            Text(en=f"There is no collection '{name}'.", es=f"No existe la colección '{name}'."),
            Text(
                en="`mlexpert ingest --list` shows the names.",
                es="`mlexpert ingest --list` muestra los nombres.",
            ),
        )
    # The pointer goes first: a removal that is killed leaves no half collection serving.
    (root / name / "CURRENT").unlink()
    shutil.rmtree(root / name, ignore_errors=True)


def open_collections(root: Path, embedder: Embedder, progress: Progress) -> list[Index]:
    """The shared collections opened."""
    names = collection_names(root)
    opened = (open_collection(root, name, embedder, progress) for name in names)
    return [index for index in opened if index is not None]


def open_collection(root: Path, name: str, embedder: Embedder, progress: Progress) -> Index | None:
    """A collection opened; one made with another model is built again from its own texts."""
    index = open_current(root, name, embedder)
    if index is None:
        _rebuild(root, name, _stored(root, name), embedder, progress)
        index = open_current(root, name, embedder)
    return index


def check_name(name: str) -> None:
    """DocumentError unless the name is a plain slug."""
    if not _NAME.match(name) or name == CURATED:
        raise DocumentError(
            Text(
                en="A collection's name has 2 to 41 small letters, digits and hyphens.",
                es="El nombre de una colección lleva de 2 a 41 minúsculas, cifras y guiones.",
            ),
            Text(
                en="Choose another, for example: team-docs.",
                es="Elige otro, por ejemplo: docs-equipo.",
            ),
        )


def _stored(root: Path, name: str) -> list[Passage]:
    folder = current_generation(root, name)
    return PassageStore(folder / "passages.sqlite").all() if folder else []


def _rebuild(
    root: Path, name: str, passages: Iterable[Passage], embedder: Embedder, progress: Progress
) -> None:
    ordered = sorted({p.id: p for p in passages}.values(), key=lambda p: (p.title, _number(p.id)))
    if not ordered:
        raise IndexFault(
            Text(en="There is no text to add.", es="No hay texto que añadir."),
            Text(
                en="Give files with readable text (PDF, DOCX, Markdown and others).",
                es="Indica archivos con texto legible (PDF, DOCX, Markdown y otros).",
            ),
        )
    digest = hashlib.sha256()
    for passage in ordered:
        digest.update(f"{passage.id}\0{passage.text}\0".encode())
    build_collection(name, digest.hexdigest()[:12], ordered, root, embedder, {}, progress)


def _number(passage_id: str) -> tuple[str, int]:
    stem, _, number = passage_id.rpartition("-")
    return stem, int(number)
