"""GPU memory for training and for serving. 1 GB = 10^9 bytes; precisions in bits."""

from __future__ import annotations

from typing import NamedTuple

from app.solve.capacity import HEADROOM, headroom_amount
from app.solve.worked import (
    Amount,
    Worked,
    count_up,
    require_positive,
    require_share,
    size_amount,
    text,
    unit,
)
from ingest.schema import Source, Text

ZERO = Source(
    key="zero",
    title="ZeRO: Memory Optimizations Toward Training Trillion Parameter Models",
    url="https://arxiv.org/abs/1910.02054",
    publisher="arXiv",
    year=2020,
)
PAGED = Source(
    key="paged",
    title="Efficient memory management for LLM serving with PagedAttention",
    url="https://arxiv.org/abs/2309.06180",
    publisher="arXiv",
    year=2023,
)
DEFAULT_BITS = 16.0


class TrainingBytes(NamedTuple):
    """Bytes a parameter takes in each part of the training state."""

    weights: int
    gradients: int
    adam: int


# Mixed precision keeps an fp32 copy, momentum and variance (4 + 4 + 4); fp32 only the last two.
TRAINING_BYTES = {16: TrainingBytes(2, 2, 12), 32: TrainingBytes(4, 4, 8)}


class Attention(NamedTuple):
    """What the KV cache depends on; None where the question does not say."""

    layers: float | None = None
    kv_heads: float | None = None
    head_dim: float | None = None
    tokens: float | None = None
    sequences: float | None = None


class Gpus(NamedTuple):
    """The cards at hand: bytes of one, and how many, where the question says."""

    size: float | None = None
    cards: float | None = None


NO_ATTENTION, NO_GPUS = Attention(), Gpus()


def _parameters(value: float) -> Amount:
    name = text("parameters", "parámetros")
    scaled, label = (value / 1e9, "B") if value >= 1e9 else (value / 1e6, "M")
    return Amount(key="parameters", symbol="P", name=name, value=scaled, unit=unit(label))


def _bits(bits: float, assumed: bool) -> Amount:
    name = text("precision", "precisión")
    return Amount(
        key="precision", symbol="b", name=name, value=bits, unit=unit("bits"), assumed=assumed
    )


def training_memory(parameters: float, bits: int | None = None, gpus: Gpus = NO_GPUS) -> Worked:
    """Weights, gradients and Adam states of full training; activations are not included.

    16 bytes a parameter, in mixed precision (2 + 2 + 12) and in fp32 (4 + 4 + 8): ZeRO, section 3.
    `bits` is 16 or 32; None assumes 16 (mixed precision).
    """
    require_positive(parameters=parameters, gpu=gpus.size)
    each = TRAINING_BYTES.get(bits or 16)
    if each is None:
        raise ValueError(f"bits must be 16 or 32, not {bits}")
    total = parameters * sum(each)
    inputs = [_parameters(parameters), _bits(bits or 16, bits is None)]
    inputs.append(
        Amount(key="optimizer_bytes", symbol="o",
               name=text("Adam states", "estados de Adam"), value=each.adam,
               unit=text("bytes per parameter", "bytes por parámetro"), assumed=True)
    )  # fmt: skip
    result = [
        size_amount("weights", "", text("weights", "pesos"), parameters * each.weights),
        size_amount("gradients", "", text("gradients", "gradientes"), parameters * each.gradients),
        size_amount("adam", "", text("Adam states", "estados de Adam"), parameters * each.adam),
        size_amount("total", "M", text("total", "total"), total),
    ]
    formula = "M = P × (b/8 + b/8 + o)"
    if gpus.size is not None:
        inputs.append(_card(gpus.size))
        result.append(_cards(count_up(total / gpus.size)))
        formula += "; n ≥ ⌈M / V⌉"
    return Worked(
        name="training-memory",
        title=text("GPU memory to train", "Memoria de GPU para entrenar"),
        inputs=tuple(inputs),
        result=tuple(result),
        formula=formula,
        caveat=text(
            "Full training with Adam. Activations (they grow with batch and sequence), buffers and "
            "fragmentation are not included; one card holds it all unless the state is sharded "
            "(ZeRO, FSDP). LoRA and 8-bit optimizers need far less.",
            "Entrenamiento completo con Adam. No incluye las activaciones (crecen con el batch y "
            "la secuencia), los buffers ni la fragmentación; cada tarjeta lo guarda todo salvo que "
            "el estado se reparta (ZeRO, FSDP). LoRA y los optimizadores de 8 bits necesitan mucho "
            "menos.",
        ),
        source=ZERO,
    )


def kv_cache_bytes(layers: float, kv_heads: float, head_dim: float, bits: float = 16) -> float:
    """Bytes of KV cache per token: key and value of every layer and head (PagedAttention, 1)."""
    return 2 * layers * kv_heads * head_dim * bits / 8


def serving_memory(
    parameters: float,
    bits: float | None = None,
    attention: Attention = NO_ATTENTION,
    gpus: Gpus = NO_GPUS,
    *,
    headroom: float | None = None,
) -> Worked:
    """Weights, KV cache if its dimensions are known, and headroom; what is missing is named.

    The KV cache is taken in 16 bits whatever the weights are.
    """
    require_positive(parameters=parameters, bits=bits, gpu=gpus.size, cards=gpus.cards)
    require_positive(**attention._asdict())
    require_share(headroom=headroom)
    weights = parameters * (bits or DEFAULT_BITS) / 8
    inputs = [_parameters(parameters), _bits(bits or DEFAULT_BITS, bits is None)]
    result = [size_amount("weights", "w", text("weights", "pesos"), weights)]
    missing = _missing(attention)
    cache = 0.0
    formula = "w = P × b/8; M = w / (1 − h)"
    if not missing:
        cache = _cache(attention, inputs, result)
        formula = "w = P × b/8; kv = 2 × l × a × d × 2 bytes × T × s; M = (w + kv) / (1 − h)"
    total = (weights + cache) / (1 - (HEADROOM if headroom is None else headroom))
    inputs.append(headroom_amount(headroom))
    result.append(size_amount("total", "M", text("total", "total"), total))
    if gpus.size is not None:
        inputs.append(_card(gpus.size))
        if gpus.cards is not None:
            inputs.append(
                Amount(key="gpus", symbol="g", name=text("cards", "tarjetas"), value=gpus.cards,
                       unit=unit(""))
            )  # fmt: skip
        result.append(_cards(count_up(total / gpus.size)))
        formula += "; n = ⌈M / V⌉"
    return Worked(
        name="serving-memory",
        title=text("GPU memory to serve", "Memoria de GPU para servir"),
        inputs=tuple(inputs),
        result=tuple(result),
        formula=formula,
        caveat=_serving_caveat(missing),
        source=PAGED,
    )


def _cache(attention: Attention, inputs: list[Amount], result: list[Amount]) -> float:
    """Adds the cache to inputs and result; gives its bytes for all sequences."""
    sequences = attention.sequences or 1.0
    parts = (
        ("layers", "l", text("layers", "capas"), attention.layers),
        ("kv_heads", "a", text("KV heads", "cabezas KV"), attention.kv_heads),
        ("head_dim", "d", text("head dimension", "dimensión de cabeza"), attention.head_dim),
        ("tokens", "T", text("tokens per sequence", "tokens por secuencia"), attention.tokens),
    )
    inputs += [
        Amount(key=key, symbol=symbol, name=name, value=value or 0.0, unit=unit(""))
        for key, symbol, name, value in parts
    ]
    inputs.append(
        Amount(key="sequences", symbol="s", name=text("sequences at once", "secuencias a la vez"),
               value=sequences, unit=unit(""), assumed=attention.sequences is None)
    )  # fmt: skip
    token = kv_cache_bytes(
        attention.layers or 0, attention.kv_heads or 0, attention.head_dim or 0, DEFAULT_BITS
    )
    cache = token * (attention.tokens or 0) * sequences
    result.append(size_amount("kv_cache", "kv", text("KV cache", "caché KV"), cache))
    return cache


def _missing(attention: Attention) -> list[Text]:
    names = (
        (attention.layers, text("layers", "capas")),
        (attention.kv_heads, text("KV heads", "cabezas KV")),
        (attention.head_dim, text("head dimension", "dimensión de cabeza")),
        (attention.tokens, text("tokens per sequence", "tokens por secuencia")),
    )
    return [name for value, name in names if value is None]


def _serving_caveat(missing: list[Text]) -> Text:
    if not missing:
        return text(
            "The KV cache is counted at 16 bits and at full length for every sequence; paged "
            "caches take less on average. With grouped-query attention count the KV heads, not "
            "the query heads.",
            "La caché KV se cuenta a 16 bits y a longitud completa en cada secuencia; las cachés "
            "paginadas ocupan menos de media. Con grouped-query attention cuenta las cabezas KV, "
            "no las de consulta.",
        )
    en, es = (", ".join(getattr(name, lang) for name in missing) for lang in ("en", "es"))
    return text(
        f"The KV cache is not computed: the question does not give {en}. The headroom stands in "
        "for it, and long contexts or many sequences can need more than the weights.",
        f"La caché KV no se calcula: la pregunta no da {es}. La holgura hace sus veces, y los "
        "contextos largos o muchas secuencias pueden pedir más que los pesos.",
    )


def _card(size: float) -> Amount:
    return size_amount("gpu_memory", "V", text("memory of a card", "memoria de una tarjeta"), size)


def _cards(value: float) -> Amount:
    name = text("at least", "como mínimo")
    return Amount(key="cards", symbol="n", name=name, value=value, unit=text("cards", "tarjetas"))
