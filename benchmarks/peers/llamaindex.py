"""LlamaIndex with its defaults: SentenceSplitter(1024, 200), VectorStoreIndex, its simple store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import peer
from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import MetadataMode


class LlamaIndex:
    """Title and entry id are metadata, which LlamaIndex embeds with every chunk."""

    def __init__(self, embedding: BaseEmbedding) -> None:
        self._embedding = embedding
        self._indexes: dict[str, Any] = {}

    def warm(self) -> None:
        self._embedding.get_query_embedding("warm-up")

    def ingest(self, documents: list[peer.Document], folder: Path) -> int:
        index = VectorStoreIndex.from_documents(
            [
                Document(text=d.text, id_=d.entry, metadata={"title": d.title, "entry": d.entry})
                for d in documents
            ],
            embed_model=self._embedding,
        )
        index.storage_context.persist(str(folder))
        return len(index.index_struct.nodes_dict)

    def open(self, folder: Path, language: str) -> None:
        storage = StorageContext.from_defaults(persist_dir=str(folder))
        self._indexes[language] = load_index_from_storage(storage, embed_model=self._embedding)

    def search(self, question: str, language: str, k: int) -> list[tuple[str, str]]:
        retriever = self._indexes[language].as_retriever(similarity_top_k=k)
        return [
            (found.node.metadata["entry"], found.node.get_content(metadata_mode=MetadataMode.NONE))
            for found in retriever.retrieve(question)
        ]
