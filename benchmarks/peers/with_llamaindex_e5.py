"""LlamaIndex's defaults with the product's own embedding model."""

from __future__ import annotations

import e5
import peer
from llama_index.core.base.embeddings.base import BaseEmbedding
from llamaindex import LlamaIndex


class E5(BaseEmbedding):
    """The product's model as LlamaIndex calls one."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return e5.embed_query(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return e5.embed_query(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return e5.embed_passages([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return e5.embed_passages(texts)


peer.serve(LlamaIndex(E5(model_name="multilingual-e5-small", embed_batch_size=64)))
