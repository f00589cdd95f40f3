"""Which calculations a question gets, and how they read."""

from __future__ import annotations

import json
import re

import pytest

from app.expert.answer import Calculation
from app.solve.apply import MOST, calculations_for
from ingest.schema import Language

PICKED: list[tuple[Language, str, list[str]]] = [
    ("en", "5,000 requests/s and 20 ms: how many replicas?", ["concurrency"]),
    ("es", "Tengo 5.000 peticiones/s y 20 ms, ¿cuántas réplicas?", ["concurrency"]),
    ("en", "1,200 rps and one pod sustains 200 rps, how many pods?", ["replicas-by-throughput"]),
    ("en", "450 rps, HPA with 100 rps per pod", ["autoscale-load"]),
    ("es", "6 réplicas al 90 % de CPU con objetivo del 60 %", ["autoscale-ratio"]),
    ("en", "90 rps, mean service time 100 ms, 10 workers", ["concurrency", "queue"]),
    ("en", "90 rps, p99 of 100 ms, 10 workers", ["concurrency"]),
    ("es", "500 usuarios concurrentes con latencia media de 120 ms", ["user-throughput"]),
    ("es", "¿Cuánta memoria para entrenar un 7B en bf16?", ["training-memory"]),
    ("en", "memory for LoRA training of a 7B in bf16?", []),
    ("en", "GPU memory to serve a 70B in int8", ["serving-memory"]),
    ("en", "is Llama-3-70B any good?", []),
    ("en", "GPU memory to serve a 70B in int8 or fp16?", []),
    ("es", "SLO del 99,9 % a 30 días", ["error-budget"]),
    ("en", "accuracy of 99.9 % over 30 days", []),
    ("en", "baseline conversion 4 %, +0.5 points, how long?", ["ab-sample"]),
    ("es", "la conversión pasa del 4 % al 4,5 %, ¿qué muestra?", ["ab-sample"]),
    ("en", "baseline conversion 4 % and a relative MDE of 10 %", ["ab-sample"]),
    ("en", "baseline conversion 4 % and an MDE of 0.5 %", []),
    ("en", "score 10 million rows in 4 hours", ["batch-window"]),
    ("es", "procesar 10 millones de filas en una ventana de 4 horas", ["batch-window"]),
    (
        "en", "$0.50 per million tokens, 1,200 tokens per request, 2M requests a month",
        ["token-cost"],
    ),
    ("es", "0,50 € por millón de tokens y 30 millones de tokens al día", ["token-cost"]),
    ("en", "$0.50 per million tokens, is it cheap?", []),
    ("es", "40 GB de logs al día durante 90 días", ["storage"]),
    ("en", "1M predictions a day, 2 KB per prediction, keep 90 days of logs", ["storage"]),
    ("en", "30 million vectors of 768 dimensions", ["vector-storage"]),
    ("en", "300 rps and 500 rps at 20 ms", []),
    ("en", "300 rps with 20 ms latency or 80 ms latency", []),
    ("en", "How do I detect drift when labels arrive 30 days late?", []),
    ("es", "¿Cómo detecto drift?", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "question", "names"), PICKED)
def test_the_calculators_whose_inputs_stand_in_the_question(
    language: Language, question: str, names: list[str]
) -> None:
    assert [worked.name for worked in calculations_for(question, language)] == names


def test_at_most_two_always_the_same() -> None:
    question = (
        "SLO of 99.9 %, 5,000 requests/s, 20 ms mean latency, 10 workers, 10 million rows in 4 "
        "hours, 40 GB of logs a day, serve a 70B in fp16"
    )
    first = calculations_for(question, "en")
    assert len(first) == MOST
    assert all(calculations_for(question, "en") == first for _ in range(3))


def test_a_peak_sizes_and_a_mean_spends_the_budget() -> None:
    question = "2,500 tx/s at peak, 90M transactions a month, latency 80 ms, SLO of 99.95 %"
    budget, flow = calculations_for(question, "en")
    assert budget.result[1].value == pytest.approx(45_000)
    assert flow.result[0].value == pytest.approx(200)


def test_both_languages_give_the_same_figures() -> None:
    (english,) = calculations_for("5,000 requests/s and 20 ms", "en")
    (spanish,) = calculations_for("5.000 peticiones/s y 20 ms", "es")
    assert english == spanish


def test_the_lines_in_english() -> None:
    (worked,) = calculations_for("5,000 requests/s and 20 ms", "en")
    first, second = worked.render("en").split("\n")
    assert first == (
        "**Concurrency by Little's law.** With arrival rate λ = 5,000 requests/s and time in the "
        "service W = 20 ms, `L = λ × W; P = ⌈L / (1 − h)⌉` gives **concurrency L = 100 requests "
        "in flight and with headroom P = 143 places**."
    )
    assert second.startswith("Assumed: headroom h = 30%. ")
    assert second.endswith("(https://doi.org/10.1287/opre.9.3.383).")


def test_the_lines_in_spanish() -> None:
    (worked,) = calculations_for("SLO del 99,95 % y 1.000 peticiones/s", "es")
    first, second = worked.render("es").split("\n")
    assert first == (
        "**Presupuesto de error.** Con objetivo SLO = 99,95 % y tasa λ = 1.000 peticiones/s, "
        "`B = (1 − SLO) × T; E = (1 − SLO) × λ × T` da **presupuesto de error B = 21,6 min y "
        "peticiones que pueden fallar E = 1.296.000**."
    )
    assert second.startswith("Se supone: ventana T = 30 días. ")


@pytest.mark.parametrize(("language", "question", "names"), [row for row in PICKED if row[2]])
def test_every_calculation_can_be_stored_and_shown(
    language: Language, question: str, names: list[str]
) -> None:
    for worked in calculations_for(question, language):
        calculation = Calculation(**worked.to_calculation(language))
        assert json.loads(calculation.model_dump_json())["name"] == worked.name
        assert all({"value", "unit", "assumed"} <= set(v) for v in calculation.inputs.values())
        assert worked.source.url.startswith("https://")
        for reader in ("en", "es"):
            shown = worked.render(reader)  # type: ignore[arg-type]
            assert shown.count("\n") == 1
            assert not re.search(r"\bnan\b|\binf\b|None|\$", shown)
        assert worked.caveat.en != worked.caveat.es


def test_stored_numbers_are_plain() -> None:
    (worked,) = calculations_for("5,000 requests/s and 20 ms", "en")
    assert worked.to_calculation("en") == {
        "name": "concurrency",
        "inputs": {
            "arrival_rate": {
                "label": "arrival rate λ",
                "value": 5000,
                "unit": "requests/s",
                "assumed": False,
            },
            "time_in_service": {
                "label": "time in the service W",
                "value": 20,
                "unit": "ms",
                "assumed": False,
            },
            "headroom": {"label": "headroom h", "value": 30, "unit": "%", "assumed": True},
        },
        "result": {
            "in_flight": {"label": "concurrency L", "value": 100, "unit": "requests in flight"},
            "places": {"label": "with headroom P", "value": 143, "unit": "places"},
        },
        "formula": "L = λ × W; P = ⌈L / (1 − h)⌉",
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "1,200 requests/s at 35 ms: how many replicas if one pod handles 4 at a time?"),
        ("es", "1.200 peticiones/s y 35 ms: ¿cuántas réplicas si cada pod atiende 4 a la vez?"),
    ],
)
def test_places_of_a_replica_need_no_noun(language: Language, text: str) -> None:
    (worked,) = calculations_for(text, language)
    # L = 1,200 x 0.035 = 42; 42 / (0.7 x 4) = 15.
    assert worked.to_calculation(language)["result"]["replicas"]["value"] == 15
