"""Quantities read out of questions, and numbers that are none."""

from __future__ import annotations

import pytest

from app.solve.quantities import read_quantities
from ingest.schema import Language

DAY = 86_400.0

# (language, question, (kind, value, text, role) of every quantity in it)
READ: list[tuple[Language, str, list[tuple[str, float, str, str]]]] = [
    ("en", "5,000 requests/s", [("rate", 5000, "5,000 requests/s", "")]),
    ("es", "5.000 peticiones/s", [("rate", 5000, "5.000 peticiones/s", "")]),
    ("es", "5,000 peticiones por segundo", [("rate", 5000, "5,000 peticiones por segundo", "")]),
    ("en", "we do 5k rps", [("rate", 5000, "5k rps", "")]),
    ("en", "at 300 QPS", [("rate", 300, "300 QPS", "")]),
    ("en", "2,500 tx/s at peak", [("rate", 2500, "2,500 tx/s", "peak")]),
    ("en", "12 M requests a day", [("rate", 12e6 / DAY, "12 M requests a day", "")]),
    (
        "es", "12 millones de peticiones al día",
        [("rate", 12e6 / DAY, "12 millones de peticiones al día", "")],
    ),
    ("es", "20 mil predicciones diarias", [("rate", 2e4 / DAY, "20 mil predicciones diarias", "")]),
    (
        "es", "un millón de consultas al mes",
        [("rate", 1e6 / 30 / DAY, "un millón de consultas al mes", "")],
    ),
    ("en", "600 rpm", [("rate", 10, "600 rpm", "")]),
    ("en", "200 rps per pod", [("rate", 200, "200 rps", "replica")]),
    ("es", "cada réplica aguanta 200 peticiones/s", [("rate", 200, "200 peticiones/s", "replica")]),
    ("en", "each takes 20 ms", [("duration", 0.02, "20 ms", "latency")]),
    ("es", "tarda 1,5 segundos", [("duration", 1.5, "1,5 segundos", "latency")]),
    ("en", "latency is 2 s", [("duration", 2, "2 s", "latency")]),
    ("en", "p99 of 120 ms", [("duration", 0.12, "120 ms", "latency")]),
    ("en", "a timeout of 30 s", [("duration", 30, "30 s", "timeout")]),
    ("es", "retención de 90 días", [("duration", 90 * DAY, "90 días", "retention")]),
    ("en", "a 4-hour window", [("duration", 14400, "4-hour", "window")]),
    ("en", "the file is 1.5 GB", [("size", 1.5e9, "1.5 GB", "")]),
    ("es", "el fichero pesa 1,5 GB", [("size", 1.5e9, "1,5 GB", "")]),
    ("en", "16 GiB of RAM", [("size", 16 * 2**30, "16 GiB", "")]),
    ("en", "24 GB of VRAM", [("size", 24e9, "24 GB", "gpu")]),
    ("es", "24 gigas de VRAM", [("size", 24e9, "24 gigas", "gpu")]),
    ("en", "2x 24 GB cards", [("gpus", 2, "2x", ""), ("size", 24e9, "24 GB", "gpu")]),
    ("en", "an A100 80GB", [("size", 80e9, "80GB", "gpu")]),
    ("en", "2 KB per log line", [("size", 2000, "2 KB", "item")]),
    ("es", "40 GB de logs al día", [("flow", 40e9 / DAY, "40 GB de logs al día", "")]),
    ("en", "70B parameters", [("parameters", 70e9, "70B parameters", "")]),
    ("en", "Llama-3-70B", [("parameters", 70e9, "70B", "")]),
    ("en", "Llama 3.1 405B", [("parameters", 405e9, "405B", "")]),
    ("en", "a 7b model", [("parameters", 7e9, "7b", "")]),
    ("es", "350 millones de parámetros", [("parameters", 350e6, "350 millones de parámetros", "")]),
    ("en", "8-bit weights", [("precision", 8, "8-bit", "")]),
    ("es", "pesos de 4 bits", [("precision", 4, "4 bits", "")]),
    ("en", "int8 or fp16", [("precision", 8, "int8", ""), ("precision", 16, "fp16", "")]),
    ("en", "bf16", [("precision", 16, "bf16", "")]),
    ("en", "4096 tokens", [("tokens", 4096, "4096 tokens", "")]),
    ("en", "1,000 tokens per request", [("tokens", 1000, "1,000 tokens", "request")]),
    ("es", "200 tokens de salida", [("tokens", 200, "200 tokens de salida", "output")]),
    ("en", "context 16k", [("tokens", 16000, "16k", "context")]),
    ("es", "32 usuarios concurrentes", [("concurrency", 32, "32 usuarios concurrentes", "")]),
    ("en", "16 chats in parallel", [("concurrency", 16, "16 chats in parallel", "")]),
    (
        "en", "each pod handles 8 concurrent requests",
        [("concurrency", 8, "8 concurrent requests", "replica")],
    ),
    ("en", "a 99.9 % SLO", [("percent", 0.999, "99.9 %", "slo")]),
    ("es", "disponibilidad del 99,95 %", [("percent", 0.9995, "99,95 %", "slo")]),
    ("es", "SLO del 99.999 %", [("percent", 0.99999, "99.999 %", "slo")]),
    ("en", "conversion 4 % baseline", [("percent", 0.04, "4 %", "baseline")]),
    ("en", "+0.5 points effect", [("points", 0.5, "0.5 points", "")]),
    ("es", "+0,5 puntos porcentuales", [("points", 0.5, "0,5 puntos porcentuales", "")]),
    ("es", "potencia del 90 %", [("percent", 0.9, "90 %", "power")]),
    ("en", "alpha 0.01", [("percent", 0.01, "0.01", "alpha")]),
    (
        "en", "6 replicas at 90 % CPU",
        [("replicas", 6, "6 replicas", ""), ("percent", 0.9, "90 %", "usage")],
    ),
    (
        "en", "10 million rows in 4 hours",
        [("count", 10e6, "10 million rows", ""), ("duration", 14400, "4 hours", "")],
    ),
    ("es", "2 mil millones de filas", [("count", 2e9, "2 mil millones de filas", "")]),
    ("en", "$0.50 per million tokens", [("price", 0.5, "0.50 per million tokens", "")]),
    ("es", "0,50 € el millón de tokens", [("price", 0.5, "0,50 € el millón de tokens", "")]),
    ("en", "$0.002 per 1K tokens", [("price", 2, "0.002 per 1K tokens", "")]),
    (
        "en", "80 layers and 8 KV heads",
        [("layers", 80, "80 layers", ""), ("kv_heads", 8, "8 KV heads", "")],
    ),
    ("en", "head dim 128", [("head_dim", 128, "128", "")]),
    ("en", "1536-dim embeddings", [("dimensions", 1536, "1536-dim", "")]),
]  # fmt: skip

ALONE: list[tuple[Language, str]] = [
    ("en", "Python 3.11 or Java 17"),
    ("en", "it listens on port 8080"),
    ("es", "el puerto 8080 no responde"),
    ("en", "since 2024-05-01, at 03:12"),
    ("es", "desde el 1 de mayo de 2025"),
    ("en", "our p99 is bad"),
    ("en", "we get HTTP 504 and 502/504"),
    ("en", "lots of 504s since the 1990s"),
    ("en", "error 429 requests"),
    ("en", "step 39 takes ages, epoch 200 diverged"),
    ("en", "scikit-learn 1.2 and PyTorch 2.13.0"),
    ("en", "between 20 and 70 ms"),
    ("en", "between 20 seconds and 6 minutes"),
    ("es", "entre 20 y 70 ms"),
    ("en", "from 20 ms to 50 ms"),
    ("en", "35–100 docs per query"),
    ("en", "1.234 requests/s"),
    ("es", "1,234 GB"),
    ("en", "10x traffic, AUC 0.91, +0.4 AUC"),
    ("es", "mejoró 3 puntos de AUC"),
    ("en", "a 5k running plan"),
    ("en", "a bill of $3k/month"),
    ("es", "20.000 € ahorrados"),
    ("en", "-5 % in a week"),
    ("en", "0 requests/s"),
    ("en", "a 10 Gbps link at 80 Mbit/s"),
    ("en", "2 100 GB"),
    ("en", "12m of something"),
    ("es", "ISO 27001, artículo 14"),
]


@pytest.mark.parametrize(
    ("language", "question", "expected"), READ, ids=lambda value: str(value)[:40]
)
def test_quantities_are_read_with_their_place_and_role(
    language: Language, question: str, expected: list[tuple[str, float, str, str]]
) -> None:
    found = read_quantities(question, language)
    assert [(q.kind, q.text, q.role) for q in found] == [(k, t, r) for k, _, t, r in expected]
    assert [q.value for q in found] == pytest.approx([value for _, value, _, _ in expected])
    assert all(question[q.start : q.end] == q.text for q in found)


@pytest.mark.parametrize(("language", "question"), ALONE)
def test_other_numbers_are_left_alone(language: Language, question: str) -> None:
    assert read_quantities(question, language) == ()


@pytest.mark.parametrize("question", ["accuracy of 95 %", "el 90 % de acierto", "25 % of traffic"])
def test_percentages_of_other_things_have_no_role(question: str) -> None:
    (quantity,) = read_quantities(question, "en")
    assert quantity.role == ""


def test_a_hostile_text_is_read_in_bounded_time() -> None:
    assert read_quantities("1 a " * 200_000, "en") == ()
    assert read_quantities("9" * 100_000, "en") == ()
