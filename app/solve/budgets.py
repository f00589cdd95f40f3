"""Storage, error budgets and token cost.

Sizes in bytes (1 GB = 10^9), times in seconds, shares from 0 to 1.
"""

from __future__ import annotations

from typing import NamedTuple

from app.solve.worked import (
    Amount,
    Worked,
    require_positive,
    require_share,
    size_amount,
    text,
    time_amount,
    unit,
)
from ingest.schema import Source, Text

DAY = 86_400.0
MONTH_DAYS = 30.0
PROMETHEUS = Source(
    key="prometheus-storage",
    title="Prometheus: storage, operational aspects",
    url="https://prometheus.io/docs/prometheus/latest/storage/",
    publisher="Prometheus",
    year=2026,
)
FAISS = Source(
    key="faiss-index",
    title="Faiss: guidelines to choose an index",
    url="https://github.com/facebookresearch/faiss/wiki/Guidelines-to-choose-an-index",
    publisher="Meta",
    year=2024,
)
SLOS = Source(
    key="sre-slos",
    title="The Site Reliability Workbook: implementing SLOs",
    url="https://sre.google/workbook/implementing-slos/",
    publisher="Google",
    year=2018,
)
PRICES = Source(
    key="token-prices",
    title="OpenAI: API pricing (billing per million tokens)",
    url="https://openai.com/api/pricing/",
    publisher="OpenAI",
    year=2026,
)


def _amount(key: str, symbol: str, name: Text, value: float, words: Text) -> Amount:
    return Amount(key=key, symbol=symbol, name=name, value=value, unit=words)


def storage(daily_items: float | None, size: float, days: float | None = None) -> Worked:
    """Raw growth of logs or records; `size` is bytes per item, or per day without items.

    Rate × size × retention, as in Prometheus's "needed disk space".
    """
    require_positive(daily_items=daily_items, size=size, days=days)
    per_day = size * (1.0 if daily_items is None else daily_items)
    each = text(" per item", " por elemento")
    daily = text(" per day", " al día")
    growth = size_amount("per_day", "g", text("growth", "crecimiento"), per_day, daily)
    inputs = [growth]
    result = []
    formula = ""
    if daily_items is not None:
        words = text("items per day", "elementos al día")
        inputs = [
            _amount("items_per_day", "r", text("rate", "tasa"), daily_items, words),
            size_amount("item_size", "s", text("size", "tamaño"), size, each),
        ]
        result, formula = [growth], "g = r × s; "
    held = time_amount(
        "retention", "d", text("retention", "retención"), (days or MONTH_DAYS) * DAY,
        assumed=days is None,
    )  # fmt: skip
    result.append(
        size_amount("stored", "D", text("stored", "almacenado"), per_day * (days or MONTH_DAYS))
    )
    return Worked(
        name="storage",
        title=text("Storage growth", "Crecimiento del almacenamiento"),
        inputs=(*inputs, held),
        result=tuple(result),
        formula=formula + "D = g × d",
        caveat=text(
            "Raw size: multiply by the replicas and by the index overhead, divide by the measured "
            "compression, and leave free space for compaction.",
            "Tamaño en bruto: multiplica por las réplicas y por la sobrecarga del índice, divide "
            "por la compresión medida y deja espacio libre para la compactación.",
        ),
        source=PROMETHEUS,
    )


def vector_storage(vectors: float, dimensions: float) -> Worked:
    """Bytes of raw fp32 vectors: 4 × dimensions each (Faiss, flat index)."""
    require_positive(vectors=vectors, dimensions=dimensions)
    return Worked(
        name="vector-storage",
        title=text("Memory of the vectors", "Memoria de los vectores"),
        inputs=(
            _amount("vectors", "n", text("vectors", "vectores"), vectors, unit("")),
            _amount("dimensions", "d", text("dimensions", "dimensiones"), dimensions, unit("")),
            Amount(key="component", symbol="b", name=text("fp32 component", "componente fp32"),
                   value=4, unit=unit("bytes"), assumed=True),
        ),
        result=(
            size_amount("raw", "M", text("raw vectors", "vectores en bruto"),
                        vectors * dimensions * 4),
        ),
        formula="M = n × d × b",
        caveat=text(
            "The index comes on top (HNSW adds links to every vector), and replicas multiply it; "
            "8-bit quantization divides the vectors by 4.",
            "El índice va aparte (HNSW añade enlaces a cada vector) y las réplicas lo multiplican; "
            "la cuantización a 8 bits divide los vectores por 4.",
        ),
        source=FAISS,
    )  # fmt: skip


def error_budget(slo: float, days: float | None = None, rate: float | None = None) -> Worked:
    """Time, and requests if their rate is known, that may fail within the window of an SLO."""
    require_positive(days=days, rate=rate)
    require_share(slo=slo)
    window = (days or MONTH_DAYS) * DAY
    inputs = [
        _amount("slo", "SLO", text("objective", "objetivo"), round(100 * slo, 6), unit("%")),
        time_amount("window", "T", text("window", "ventana"), window, assumed=days is None),
    ]
    failing = round(1 - slo, 12)
    result = [time_amount("budget", "B", text("error budget", "presupuesto de error"),
                          failing * window)]  # fmt: skip
    formula = "B = (1 − SLO) × T"
    if rate is not None:
        words = text("requests/s", "peticiones/s")
        inputs.append(_amount("arrival_rate", "λ", text("rate", "tasa"), rate, words))
        result.append(
            _amount("failed_requests", "E", text("requests that may fail",
                    "peticiones que pueden fallar"), failing * window * rate, unit(""))
        )  # fmt: skip
        formula += "; E = (1 − SLO) × λ × T"
    return Worked(
        name="error-budget",
        title=text("Error budget", "Presupuesto de error"),
        inputs=tuple(inputs),
        result=tuple(result),
        formula=formula,
        caveat=text(
            "The time is that of a total outage; a partial one spends it in proportion. Alert on "
            "the burn rate, not on single errors.",
            "El tiempo es el de una caída total; una parcial lo gasta en proporción. Alerta sobre "
            "la velocidad de consumo (burn rate), no sobre errores sueltos.",
        ),
        source=SLOS,
    )


class Line(NamedTuple):
    """A line of the bill: `label` names the direction ("" when one price holds for all tokens)."""

    tokens: float
    price: float
    label: str = ""


_DIRECTIONS = {
    "": text("", ""),
    "input": text(" (input)", " (entrada)"),
    "output": text(" (output)", " (salida)"),
}


def token_cost(lines: tuple[Line, ...], monthly: float | None, currency: str) -> Worked:
    """Cost of a month; `price` is per million tokens.

    `tokens` of a line are per request; with `monthly` None they are per month.
    """
    require_positive(monthly=monthly)
    inputs: list[Amount] = []
    cost = 0.0
    unit_of_tokens = (
        text("per month", "al mes") if monthly is None else text("per request", "por petición")
    )
    for line in lines:
        require_positive(tokens=line.tokens, price=line.price)
        way, key = _DIRECTIONS[line.label], f"_{line.label}" if line.label else ""
        name = Text(en="tokens" + way.en, es="tokens" + way.es)
        inputs.append(_amount("tokens" + key, "k", name, line.tokens, unit_of_tokens))
        name = Text(en="price" + way.en, es="precio" + way.es)
        words = text(f"{currency} per million tokens", f"{currency} por millón de tokens")
        inputs.append(_amount("price" + key, "c", name, line.price, words))
        cost += line.tokens * line.price / 1e6
    formula = "C = Σ k × c / 10⁶"
    if monthly is not None:
        words = text("per month", "al mes")
        inputs.append(_amount("requests", "q", text("requests", "peticiones"), monthly, words))
        cost *= monthly
        formula = "C = q × Σ k × c / 10⁶"
    words = text(f"{currency} per month", f"{currency} al mes")
    return Worked(
        name="token-cost",
        title=text("Token cost", "Coste de tokens"),
        inputs=tuple(inputs),
        result=(_amount("cost", "C", text("cost", "coste"), cost, words),),
        formula=formula,
        caveat=text(
            "A month is 30 days. Retries, system prompts, reasoning tokens and caching or batch "
            "discounts change it: measure tokens per request on real traffic.",
            "Un mes son 30 días. Los reintentos, los prompts de sistema, los tokens de "
            "razonamiento y los descuentos por caché o batch lo cambian: mide los tokens por "
            "petición con tráfico real.",
        ),
        source=PRICES,
    )
