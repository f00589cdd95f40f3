"""The catalogue of calculators. Each is pure: numbers with units in, a Worked record out."""

from __future__ import annotations

from app.solve.budgets import Line, error_budget, storage, token_cost, vector_storage
from app.solve.capacity import HEADROOM, concurrency, replicas_by_throughput, user_throughput
from app.solve.experiment import ALPHA, POWER, Experiment, ab_sample
from app.solve.memory import Attention, Gpus, kv_cache_bytes, serving_memory, training_memory
from app.solve.queues import (
    MAX_SERVERS,
    autoscale_load,
    autoscale_ratio,
    batch_window,
    queue,
    waiting_share,
)
from app.solve.worked import Amount, Worked

__all__ = [
    "ALPHA",
    "HEADROOM",
    "MAX_SERVERS",
    "POWER",
    "Amount",
    "Attention",
    "Experiment",
    "Gpus",
    "Line",
    "Worked",
    "ab_sample",
    "autoscale_load",
    "autoscale_ratio",
    "batch_window",
    "concurrency",
    "error_budget",
    "kv_cache_bytes",
    "queue",
    "replicas_by_throughput",
    "serving_memory",
    "storage",
    "token_cost",
    "training_memory",
    "user_throughput",
    "vector_storage",
    "waiting_share",
]
