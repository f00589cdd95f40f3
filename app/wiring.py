"""The only place that builds concrete parts and joins them to a product."""

from __future__ import annotations

import logging
import platform
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.errors import SettingError
from app.expert.engine import Expert
from app.expert.ports import Writer
from app.history.feedback import FeedbackStore
from app.history.projects import ProjectStore
from app.history.reviews import remember
from app.history.store import ConversationStore
from app.review.assess import assess
from app.review.report import Review
from app.review.second_judge import second_opinion
from app.settings import Settings
from ingest.build import build_curated, stale_vectors, write_curated_vectors
from ingest.bundled_model import bundled_model_available, open_bundled_model
from ingest.check import check_knowledge
from ingest.chunk import document_passages
from ingest.collection import PRIVATE as PRIVATE  # noqa: PLC0414
from ingest.collection import CollectionInfo as CollectionInfo  # noqa: PLC0414
from ingest.collection import (
    add_documents,
    collection_names,
    describe,
    list_collections,
    open_collection,
    open_collections,
    remove_collection,
    remove_document,
)
from ingest.embed import Embedder, SentenceTransformersEmbedder
from ingest.index import Index as Index  # noqa: PLC0414
from ingest.index import current_generation
from ingest.load import Problem, load_cached
from ingest.parse import Parsed as Parsed  # noqa: PLC0414
from ingest.parse import Upload as Upload  # noqa: PLC0414
from ingest.parse import parse_uploads, read_paths
from ingest.schema import Knowledge, Language, Refusal, Text
from ingest.search import HybridSearch

Progress = Callable[[float, str], None]
ATTACHED = "attached"
SAME_MODEL = "intfloat/multilingual-e5-small"
_PACKAGED = ("Linux", "x86_64")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReviewOptions:
    """How to review. `language` None is that of the first document; `project` names what it is
    compared with, else the names of the documents do, among the reviews of the same `owner`;
    without `keep` nothing is kept or compared.
    """

    language: Language | None = None
    project: str | None = None
    keep: bool = True
    owner: str = ""


def no_progress(_share: float, _what: str) -> None:
    """For callers without a place to show progress."""


@dataclass(frozen=True)
class Product:
    """Everything a surface needs; immutable and shared by all visitors."""

    settings: Settings
    knowledge: Knowledge
    embedder: Embedder
    search: HybridSearch
    expert: Expert
    writer: Writer | None

    def with_attachments(self, uploads: Sequence[Upload]) -> tuple[Expert, Parsed]:
        """An expert that also reads these files, for one question."""
        parsed = parse_uploads(uploads)
        passages = [p for d in parsed.documents for p in document_passages(d, ATTACHED)]
        if not passages:
            return self.expert, parsed
        search = self.search.with_attachments(passages)
        expert = Expert(
            self.knowledge, search, self.writer, max_tokens=self.settings.llm_max_tokens
        )
        return expert, parsed

    def with_collections(self, indexes: Sequence[Index]) -> Product:
        """The same product that also searches these collections."""
        search = self.search.with_collections(indexes)
        expert = Expert(
            self.knowledge, search, self.writer, max_tokens=self.settings.llm_max_tokens
        )
        return replace(self, search=search, expert=expert)


def load_knowledge(settings: Settings) -> Knowledge:
    """The curated knowledge, from its parsed copy when nothing changed."""
    return load_cached(settings.knowledge_folder, index_folder(settings))


def index_folder(settings: Settings) -> Path:
    return settings.data_folder / "index"


def open_embedder(settings: Settings, progress: Progress = no_progress) -> Embedder:
    """The embedding model that the settings name."""
    kind, _, name = settings.embedding.partition(":")
    if kind == "st":
        return SentenceTransformersEmbedder(name)
    if kind == "openai":
        raise _later("MLEXPERT_EMBEDDING=openai:", "bundled", "st:<model>")
    if not bundled_model_available() and (platform.system(), platform.machine()) != _PACKAGED:
        _log.warning(
            "The embedded model has a package for Linux x86-64 only: here the same model (%s) is "
            "loaded by Sentence Transformers.",
            SAME_MODEL,
        )
        return SentenceTransformersEmbedder(SAME_MODEL)
    return open_bundled_model(settings.model_folder, progress=progress)


def open_product(settings: Settings, progress: Progress = no_progress) -> Product:
    """Prepares whatever is missing (model, index) and opens everything."""
    for name in ("reranker", "chroma_url"):
        if getattr(settings, name) is not None:
            raise _later(f"MLEXPERT_{name.upper()}", "unset", "unset")
    knowledge = load_knowledge(settings)
    embedder = open_embedder(settings, lambda share, what: progress(0.5 * share, what))
    root = index_folder(settings)
    curated: Index = build_curated(
        knowledge,
        root,
        embedder,
        settings.knowledge_folder / "vectors",
        lambda share, what: progress(0.5 + 0.5 * share, what),
    )
    others = open_collections(root, embedder, no_progress)
    search = HybridSearch(curated, others, embedder)
    writer = open_writer(settings)
    expert = Expert(knowledge, search, writer, max_tokens=settings.llm_max_tokens)
    progress(1.0, "")
    return Product(settings, knowledge, embedder, search, expert, writer)


def open_writer(settings: Settings) -> Writer | None:
    """The language model, or None when no endpoint is set."""
    if not settings.llm_configured or settings.llm_model is None:
        return None
    from app.llm.openai_compatible import OpenAICompatible

    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    base_url = settings.llm_base_url or "https://api.openai.com/v1"
    return OpenAICompatible(base_url, key, settings.llm_model)


def open_store(settings: Settings) -> ConversationStore:
    """The conversations of this installation."""
    return ConversationStore(settings.database)


def open_feedback(settings: Settings) -> FeedbackStore:
    """What readers thought of answers."""
    return FeedbackStore(settings.database)


def open_projects(settings: Settings) -> ProjectStore:
    """The projects' briefs and deliverables."""
    return ProjectStore(settings.database)


def review_files(
    settings: Settings,
    uploads: Sequence[Upload],
    options: ReviewOptions,
    refused: Sequence[Refusal] = (),
    progress: Progress = no_progress,
) -> Review:
    """Parses and reviews documents, and says what changed since their last review.

    `refused` are files that could not even be read; they join those that could not be parsed.
    """
    from ingest.secrets import find_secrets

    started = time.perf_counter()
    progress(0.0, "parse")
    parsed = parse_uploads(uploads)
    progress(0.5, "judge")
    parse_ms = round((time.perf_counter() - started) * 1000, 1)
    first = parsed.documents[0].language if parsed.documents else "en"
    knowledge = load_knowledge(settings)
    review = assess(
        parsed.documents,
        knowledge.criteria,
        language=options.language or first,
        secrets=find_secrets,
        entries=knowledge.entries,
        refused=(*refused, *parsed.refused),
    )
    writer = open_writer(settings)
    if writer is not None and parsed.documents:
        progress(0.8, "model")
        review = second_opinion(review, writer)
    if options.keep and parsed.documents:
        texts = [document.text for document in parsed.documents]
        review = remember(settings.database, review, options.project, texts, options.owner)
    progress(1.0, "")
    total = round((time.perf_counter() - started) * 1000, 1)
    return replace(review, timings_ms={"parse": parse_ms, **review.timings_ms, "total": total})


def ingest_paths(
    settings: Settings, paths: Sequence[Path], collection: str, progress: Progress
) -> tuple[CollectionInfo, Parsed]:
    """Adds the user's files to a collection."""
    uploads, refused = read_paths(paths)
    parsed = parse_uploads(uploads)
    parsed = Parsed(documents=parsed.documents, refused=(*refused, *parsed.refused))
    info = add_documents(
        index_folder(settings), collection, parsed.documents, open_embedder(settings), progress
    )
    return info, parsed


def add_uploads(
    product: Product, uploads: Sequence[Upload], collection: str, progress: Progress
) -> tuple[CollectionInfo | None, Parsed]:
    """Adds uploaded files to a collection; None when none of them could be read."""
    parsed = parse_uploads(uploads)
    if not parsed.documents:
        return None, parsed
    root = index_folder(product.settings)
    info = add_documents(root, collection, parsed.documents, product.embedder, progress)
    return info, parsed


def take_out(product: Product, collection: str, document: str, progress: Progress) -> None:
    """Removes a document from a collection, and the collection with its last document."""
    remove_document(
        index_folder(product.settings), collection, document, product.embedder, progress
    )


def private_collections(settings: Settings, prefix: str) -> list[CollectionInfo]:
    """The collections whose names begin with PRIVATE and a prefix."""
    root = index_folder(settings)
    return [describe(root, name) for name in collection_names(root, PRIVATE + prefix)]


def private_generations(settings: Settings, prefix: str) -> dict[str, str]:
    """The same, as names with the generation that serves."""
    root = index_folder(settings)
    folders = {
        name: current_generation(root, name) for name in collection_names(root, PRIVATE + prefix)
    }
    return {name: folder.name for name, folder in folders.items() if folder is not None}


def open_private(product: Product, name: str) -> Index | None:
    """A private collection opened for reading."""
    return open_collection(index_folder(product.settings), name, product.embedder, no_progress)


def collections_of(settings: Settings) -> list[CollectionInfo]:
    return list_collections(index_folder(settings))


def forget_collection(settings: Settings, name: str) -> None:
    remove_collection(index_folder(settings), name)


def read_files(paths: Sequence[Path]) -> tuple[tuple[Upload, ...], tuple[Refusal, ...]]:
    """Files and folders in memory, and those that cannot be used."""
    return read_paths(paths)


def refused_lines(refused: Sequence[Refusal], language: Language) -> list[str]:
    """One line for each file that was not used."""
    return [f"{r.name}: {r.reason.in_language(language)}" for r in refused]


def validate_knowledge(settings: Settings) -> list[Problem]:
    """All findings of the knowledge check, stale vectors included."""
    problems = check_knowledge(settings.knowledge_folder)
    if any(problem.level == "error" for problem in problems):
        return problems
    missing = stale_vectors(load_knowledge(settings), settings.knowledge_folder / "vectors")
    if missing:
        line = f"{missing} passages have no shipped vector"
        problems.append(Problem("vectors", 1, line, "run `make vectors`", "error"))
    return problems


def shipped_vectors(settings: Settings) -> Path:
    """Computes the vectors of all curated passages and writes the file that ships."""
    return write_curated_vectors(
        load_knowledge(settings), open_embedder(settings), settings.knowledge_folder / "vectors"
    )


class SharedProduct:
    """Opens the product once for all visitors, in the background; safe between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._product: Product | None = None
        self._error: Exception | None = None
        self.progress = 0.0
        self.done = threading.Event()
        threading.Thread(target=self._open, daemon=True, name="warm-up").start()

    def get(self, timeout: float | None = None) -> Product | None:
        """The product, or None when it is not ready within `timeout` seconds."""
        self.done.wait(timeout)
        if self._error is not None:
            raise self._error
        return self._product

    def _open(self) -> None:
        try:
            self._product = open_product(self.settings, self._show)
            self._product.embedder.embed_query("warm-up")
        except Exception as error:  # Shown to the visitor by the page that asks for the product.
            self._error = error
        finally:
            self.done.set()

    def _show(self, share: float, _what: str) -> None:
        self.progress = share


def _later(name: str, *instead: Any) -> SettingError:
    return SettingError(
        Text(
            en=f"{name} is not supported by this version.",
            es=f"Esta versión no admite {name}.",
        ),
        Text(en=f"Use: {instead[0]}.", es=f"Usa: {instead[0]}."),
    )
