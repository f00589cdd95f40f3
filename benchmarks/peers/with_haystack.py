"""Haystack's hybrid pipeline: BM25 and embeddings over the in-memory store, joined by rank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import e5
import peer
from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore

STORE = "store.json"


@component
class QueryEmbedder:
    """The product's model as a component."""

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        return {"embedding": e5.embed_query(text)}


class Haystack:
    """Chunks of 200 words, Haystack's default; the title is embedded with every chunk."""

    def __init__(self) -> None:
        self._pipelines: dict[str, Any] = {}

    def warm(self) -> None:
        e5.embed_query("warm-up")

    def ingest(self, documents: list[peer.Document], folder: Path) -> int:
        splitter = DocumentSplitter()
        whole = [
            Document(content=d.text, meta={"entry": d.entry, "title": d.title}) for d in documents
        ]
        chunks = splitter.run(documents=whole)["documents"]
        vectors = e5.embed_passages([f"{c.meta['title']}\n{c.content}" for c in chunks])
        store = InMemoryDocumentStore()
        store.write_documents(
            [
                Document(content=c.content, meta=c.meta, embedding=v)
                for c, v in zip(chunks, vectors, strict=True)
            ]
        )
        store.save_to_disk(str(folder / STORE))
        return store.count_documents()

    def open(self, folder: Path, language: str) -> None:
        store = InMemoryDocumentStore.load_from_disk(str(folder / STORE))
        pipeline = Pipeline()
        pipeline.add_component("embedder", QueryEmbedder())
        pipeline.add_component("vectors", InMemoryEmbeddingRetriever(document_store=store))
        pipeline.add_component("terms", InMemoryBM25Retriever(document_store=store))
        pipeline.add_component("join", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("embedder.embedding", "vectors.query_embedding")
        pipeline.connect("vectors", "join")
        pipeline.connect("terms", "join")
        self._pipelines[language] = pipeline

    def search(self, question: str, language: str, k: int) -> list[tuple[str, str]]:
        found = self._pipelines[language].run(
            {
                "embedder": {"text": question},
                "vectors": {"top_k": k},
                "terms": {"query": question, "top_k": k},
                "join": {"top_k": k},
            }
        )
        return [(d.meta["entry"], d.content) for d in found["join"]["documents"]]


peer.serve(Haystack())
