"""txtai's hybrid index: BM25 and Faiss, mixed by its default weights, vectors from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import e5
import peer
from txtai import Embeddings
from txtai.pipeline import Segmentation

# Shorter paragraphs are headings and single list items.
SHORTEST = 100


class Txtai:
    """Paragraphs (a list is one), with the title in front of each."""

    def __init__(self) -> None:
        self._indexes: dict[str, Any] = {}

    def warm(self) -> None:
        e5.embed_query("warm-up")

    def ingest(self, documents: list[peer.Document], folder: Path) -> int:
        segment = Segmentation(paragraphs=True, minlength=SHORTEST)
        rows = [
            (f"{document.entry}#{number}", f"{document.title}\n{text}")
            for document in documents
            for number, text in enumerate(segment(document.text))
        ]
        index = Embeddings(
            method="external",
            transform="e5.transform",
            instructions={"query": "query: ", "data": "passage: "},
            hybrid=True,
            content=True,
        )
        index.index((key, text, None) for key, text in rows)
        index.save(str(folder / "index"))
        return len(rows)

    def open(self, folder: Path, language: str) -> None:
        index = Embeddings()
        index.load(str(folder / "index"))
        self._indexes[language] = index

    def search(self, question: str, language: str, k: int) -> list[tuple[str, str]]:
        found = self._indexes[language].search(question, k)
        return [(row["id"].rpartition("#")[0], row["text"]) for row in found]


peer.serve(Txtai())
