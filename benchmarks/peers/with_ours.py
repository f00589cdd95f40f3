"""The product itself, through the call that `mlexpert search` makes.

Its corpus is the curated knowledge that the Markdown of the others was written from.
"""

from __future__ import annotations

import os
from pathlib import Path

import e5
import peer

from app.settings import read_settings
from app.wiring import Product, load_knowledge, open_product
from ingest.build import build_collection, curated_passages
from ingest.schema import CURATED


class Ours:
    """One index with both languages inside; a search looks at its own language's passages."""

    def __init__(self) -> None:
        self._product: Product | None = None

    def warm(self) -> None:
        e5.embed_query("warm-up")

    def ingest(self, documents: list[peer.Document], folder: Path) -> int:
        """Without the shipped vectors: everything is embedded, as the peers do."""
        language = folder.name
        wanted = {document.entry for document in documents}
        knowledge = load_knowledge(read_settings(data_dir=folder.parent))
        sample = f"sample-{language}" if os.environ.get("PEERS_SAMPLE") else CURATED
        if sample == CURATED and language != peer.LANGUAGES[0]:
            return 0
        passages = [
            passage
            for passage in curated_passages(knowledge)
            if passage.entry in wanted and (sample == CURATED or passage.language == language)
        ]
        if kept := os.environ.get("PEERS_VECTORS"):
            # Fills the cache that the build below reads.
            (folder.parent / "index").mkdir(parents=True, exist_ok=True)
            link = folder.parent / "index" / "embeddings.sqlite"
            link.unlink(missing_ok=True)
            link.symlink_to(Path(kept) / "e5.sqlite")
        build_collection(
            sample,
            knowledge.version,
            passages,
            folder.parent / "index",
            e5.model(),
            {},
            lambda _share, _what: None,
        )
        return len(passages)

    def open(self, folder: Path, language: str) -> None:  # noqa: ARG002
        if self._product is None:
            self._product = open_product(read_settings(data_dir=folder.parent))

    def search(self, question: str, language: str, k: int) -> list[tuple[str, str]]:
        result = self._product.search.search(question, language, k)
        return [(hit.passage.entry, hit.passage.text) for hit in result.hits]


peer.serve(Ours())
