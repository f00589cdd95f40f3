"""Builds an index generation beside the one that serves, verifies it and swaps the pointer.

One writer at a time (a lock file names its holder); killed at any point, the previous generation
goes on serving.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.chunk import (
    CHUNKER_VERSION,
    embedding_text,
    entry_passages,
    lexical_text,
    passages_of_language,
)
from ingest.embed import (
    Embedder,
    Progress,
    VectorCache,
    Vectors,
    embed_with_cache,
    load_shipped_vectors,
    text_key,
    write_shipped_vectors,
)
from ingest.errors import IndexFault
from ingest.index import ENTRY_IDS, POINTER, SCHEMA_VERSION, Index, Manifest, current_generation
from ingest.lexical import LexicalIndex
from ingest.schema import CURATED, LANGUAGES, Knowledge, Language, Passage, Text

# Chroma refuses larger batches (5461 in this version); a smaller one keeps memory flat.
CHROMA_BATCH = 2000
LOCK_WAIT_S = 120
STALE_S = 24 * 3600


def build_curated(
    knowledge: Knowledge, root: Path, embedder: Embedder, vectors: Path, progress: Progress
) -> Index:
    """The index of the curated knowledge: the serving one if it is up to date, else a new one."""
    serving = current_generation(root, CURATED)
    if serving and serving.name == generation_name(knowledge.version, embedder.fingerprint):
        return Index(serving)
    passages = curated_passages(knowledge)
    shipped = load_shipped_vectors(vectors, embedder.fingerprint)
    return build_collection(CURATED, knowledge.version, passages, root, embedder, shipped, progress)


def curated_passages(knowledge: Knowledge) -> list[Passage]:
    """The passages of all entries, by entry id."""
    return [p for key in sorted(knowledge.entries) for p in entry_passages(knowledge.entries[key])]


def write_curated_vectors(knowledge: Knowledge, embedder: Embedder, folder: Path) -> Path:
    """Computes the vectors that ship with the knowledge; those already there are kept."""
    known = load_shipped_vectors(folder, embedder.fingerprint)
    texts = {text_key(t): t for t in map(embedding_text, curated_passages(knowledge))}
    todo = sorted(key for key in texts if key not in known)
    fresh = embedder.embed_passages([texts[key] for key in todo])
    vectors = {key: known[key] for key in texts if key in known}
    vectors |= {key: fresh[row] for row, key in enumerate(todo)}
    for old in folder.glob("*.npz"):
        old.unlink()
    return write_shipped_vectors(folder, embedder.fingerprint, vectors)


def stale_vectors(knowledge: Knowledge, folder: Path) -> int:
    """How many passages have no shipped vector (all, when the file is missing)."""
    paths = sorted(folder.glob("*.npz"))
    known = load_shipped_vectors(folder, paths[0].stem) if paths else {}
    texts = map(embedding_text, curated_passages(knowledge))
    return sum(text_key(text) not in known for text in texts)


def build_collection(
    collection: str,
    content_version: str,
    passages: Sequence[Passage],
    root: Path,
    embedder: Embedder,
    shipped: dict[str, Vectors],
    progress: Progress,
) -> Index:
    """Builds, verifies and swaps in a generation of `collection`; returns it opened.

    Raises IndexFault when the disk is full or read-only, or another writer holds the lock.
    """
    name = generation_name(content_version, embedder.fingerprint)
    folder = root / collection
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_writer(folder):
            serving = current_generation(root, collection)
            if serving is not None and serving.name == name:
                return Index(serving)
            _check_space(folder, len(passages))
            work = folder / f".building-{name}-{os.getpid()}"
            shutil.rmtree(work, ignore_errors=True)
            try:
                manifest = _write(
                    work, collection, content_version, passages, embedder, shipped, progress
                )
                _verify(work, manifest, passages, embedder)
                target = folder / name
                shutil.rmtree(target, ignore_errors=True)
                work.replace(target)
            finally:
                shutil.rmtree(work, ignore_errors=True)
            _swap(folder, name)
            _drop_old(folder, keep=name)
        return Index(folder / name)
    except (OSError, sqlite3.Error) as error:
        raise _cannot_write(error) from error


def generation_name(content_version: str, fingerprint: str) -> str:
    """The folder name of a generation: the same inputs give the same name."""
    parts = f"{content_version}|{fingerprint}|{CHUNKER_VERSION}|{SCHEMA_VERSION}"
    return "gen-" + hashlib.sha256(parts.encode()).hexdigest()[:16]


def _write(
    work: Path,
    collection: str,
    content_version: str,
    passages: Sequence[Passage],
    embedder: Embedder,
    shipped: dict[str, Vectors],
    progress: Progress,
) -> Manifest:
    work.mkdir(parents=True)
    cache = VectorCache(work.parent.parent / "embeddings.sqlite", embedder.fingerprint)
    try:
        texts = [embedding_text(passage) for passage in passages]
        vectors = embed_with_cache(texts, embedder, cache, shipped, progress)
    finally:
        cache.close()
    rows = {passage.id: row for row, passage in enumerate(passages)}
    counts: dict[str, int] = {}
    store = sqlite3.connect(work / "passages.sqlite")
    store.execute(
        "CREATE TABLE passages (id TEXT PRIMARY KEY, entry TEXT, language TEXT, "
        "position INTEGER, record TEXT)"
    )
    for language in LANGUAGES:
        own = passages_of_language(passages, language)
        counts[language] = len(own)
        store.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
            [(p.id, p.entry, language, n, p.model_dump_json()) for n, p in enumerate(own)],
        )
        LexicalIndex.build([lexical_text(p) for p in own], language).save(work / f"bm25_{language}")
        _write_entries(work, own, language)
        _write_vectors(work / "chroma", language, own, vectors[[rows[p.id] for p in own]])
    store.execute("CREATE INDEX by_entry ON passages (entry, language, position)")
    store.execute("CREATE INDEX by_position ON passages (language, position)")
    store.commit()
    store.close()
    manifest = Manifest(
        collection=collection,
        content_version=content_version,
        fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        passages=counts,
    )
    manifest.write(work / "manifest.json")
    return manifest


def _write_entries(work: Path, passages: Sequence[Passage], language: Language) -> None:
    """The whole entries as term search sees them: many questions name one in no single passage."""
    texts: dict[str, list[str]] = {}
    for passage in passages:
        texts.setdefault(passage.entry, [lexical_text(passage)]).append(passage.text)
    folder = work / f"entries_{language}"
    LexicalIndex.build([" ".join(parts) for parts in texts.values()], language).save(folder)
    (folder / ENTRY_IDS).write_text(json.dumps(list(texts)), encoding="utf-8")


def _write_vectors(
    folder: Path, language: str, passages: Sequence[Passage], vectors: Vectors
) -> None:
    """Writes through LlamaIndex's Chroma store, so that its users can open the same collection."""
    import chromadb
    from chromadb.config import Settings
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        f"passages_{language}",
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_construction": 128, "max_neighbors": 32}},
    )
    store = ChromaVectorStore(chroma_collection=collection)
    for start in range(0, len(passages), CHROMA_BATCH):
        part = passages[start : start + CHROMA_BATCH]
        store.add(
            [
                TextNode(
                    id_=passage.id,
                    text=passage.text,
                    metadata={
                        "entry": passage.entry,
                        "section": passage.section,
                        "language": passage.language,
                        "title": passage.title,
                    },
                    embedding=vectors[start + row].tolist(),
                )
                for row, passage in enumerate(part)
            ]
        )


def _verify(
    work: Path, manifest: Manifest, passages: Sequence[Passage], embedder: Embedder
) -> None:
    """Opens the new generation and asks for a text that it must find."""
    index = Index(work)
    for language in LANGUAGES:
        own = passages_of_language(passages, language)
        if not own:
            continue
        probe = own[len(own) // 2]
        vector = embedder.embed_passages([embedding_text(probe)])[0]
        found = [key for key, _ in index.by_meaning(vector, language, 5)]
        stored = index.passages.get([probe.id])
        if probe.id not in found or stored.get(probe.id) != probe:
            raise IndexFault(
                Text(
                    en=f"The new index '{manifest.collection}' failed its probe query.",
                    es=f"El índice nuevo '{manifest.collection}' no superó la consulta de prueba.",
                ),
                Text(
                    en="The previous index goes on serving; run `mlexpert ingest --rebuild`.",
                    es="El índice anterior sigue en servicio; ejecuta `mlexpert ingest --rebuild`.",
                ),
            )


def _swap(folder: Path, name: str) -> None:
    pointer = folder / f".{POINTER}-{os.getpid()}"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / POINTER)


def _drop_old(folder: Path, keep: str) -> None:
    """Removes unfinished builds and older generations, but the newest one: readers may hold it."""
    old = sorted(
        (p for p in folder.iterdir() if p.is_dir() and p.name != keep),
        key=lambda p: p.stat().st_mtime,
        reverse=True,
    )
    generations = [p for p in old if p.name.startswith("gen-")]
    unfinished = [
        p
        for p in old
        if p.name.startswith(".building-") and time.time() - p.stat().st_mtime > STALE_S
    ]
    for path in (*generations[1:], *unfinished):
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / ".lock", timeout=LOCK_WAIT_S)
    holder = folder / ".lock-holder"
    try:
        lock.acquire()
    except Timeout as error:
        who = holder.read_text(encoding="utf-8") if holder.exists() else "?"
        raise IndexFault(
            Text(
                en=f"Another process ({who}) is building this index.",
                es=f"Otro proceso ({who}) está construyendo este índice.",
            ),
            Text(
                en="Wait until it ends, then try again.",
                es="Espera a que termine y vuelve a intentarlo.",
            ),
        ) from error
    try:
        holder.write_text(f"pid {os.getpid()}", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _check_space(folder: Path, passages: int) -> None:
    """About 20 kB a passage are written; three times that must be free (Chroma breaks on less)."""
    needed = max(50_000_000, 3 * 20_000 * passages)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise IndexFault(
            Text(
                en=f"The disk is nearly full: {free // 10**6} MB free of {needed // 10**6} MB.",
                es=f"El disco está casi lleno: {free // 10**6} MB libres, {needed // 10**6} MB "
                "necesarios.",
            ),
            Text(
                en="Free some space or set MLEXPERT_DATA_DIR to another disk.",
                es="Libera espacio o pon MLEXPERT_DATA_DIR en otro disco.",
            ),
        )


def _cannot_write(error: Exception) -> IndexFault:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "disk error"
    return IndexFault(
        Text(
            en=f"The index cannot be written to the data folder: {reason}.",
            es=f"No se puede escribir el índice en la carpeta de datos: {reason}.",
        ),
        Text(
            en="Check permissions and free space, or set MLEXPERT_DATA_DIR to another folder.",
            es="Revisa permisos y espacio libre, o pon MLEXPERT_DATA_DIR en otra carpeta.",
        ),
    )
