"""Picks the calculators whose inputs stand in a question."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.solve.apply_budgets import (
    pick_budget,
    pick_experiment,
    pick_storage,
    pick_tokens,
    pick_vectors,
)
from app.solve.facts import Facts, only
from app.solve.quantities import read_quantities
from app.solve.sizing import (
    MAX_SERVERS,
    Attention,
    Gpus,
    Worked,
    autoscale_load,
    autoscale_ratio,
    batch_window,
    concurrency,
    queue,
    replicas_by_throughput,
    serving_memory,
    training_memory,
    user_throughput,
)
from ingest.schema import Language

MOST = 2
_TRAIN = r"\b(?:re)?train(?:ing)?\b|pre-?train|entren\w+|fine-?\s?tun\w+|ajuste fino|afinar"
_ADAPTERS = r"\bq?lora\b|\bpeft\b|adapters?\b|adaptador"
_MEMORY = r"memor|vram|\bgpus?\b|\bfit\b|\bcab[ea]n?\b|\bcaber\b|\boom\b|tarjeta|\bcards?\b"
_SERVE = (
    r"\bserv\w+|\binfer\w+|deploy\w*|despleg\w+|desplieg\w+|vllm|kv[ -]?cache|cach[eé] kv|\bhost"
)
_SIZING = r"replic|réplic|\bpods?\b|how many|how much|cu[aá]nt|capaci|siz|dimension|concurr|little"
_BATCH = r"\bbatch|\blotes?\b|nightly|noche|process|proces|finish|termin|scor|puntu|window|ventana"
_SCALER = r"\bhpa\b|keda|autoscal|autoescal|averagevalue|target|objetivo"
_WITHIN = re.compile(
    r"[\s,]*(?:\w+\s+){0,2}?(?:in|en|within|under|dentro de)\s+(?:(?:less than|menos de|at most|"
    r"una? ventana de|a window of|the|a|an|una?|como mucho)\s+)*",
    re.IGNORECASE,
)


def calculations_for(text: str, language: Language) -> tuple[Worked, ...]:
    """At most two calculations, in a fixed order of preference; none when inputs are missing."""
    facts = Facts(text, read_quantities(text, language))
    if not facts.quantities:
        return ()
    found = (worked for pick in _PICKS if (worked := pick(facts)) is not None)
    return tuple(worked for worked, _ in zip(found, range(MOST), strict=False))


def _parameters(facts: Facts) -> tuple[float, float | None] | None:
    """The parameters and their bits (None where unsaid); None unless each is single."""
    parameters, precisions = facts.one("parameters"), facts.all("precision")
    bits = only(precisions)
    if parameters is None or (precisions and bits is None) or not facts.says(f"{_MEMORY}|{_SERVE}"):
        return None
    return parameters, bits


def _gpus(facts: Facts) -> Gpus:
    return Gpus(facts.one("size", "gpu"), facts.one("gpus"))


def _train(facts: Facts) -> Worked | None:
    given = _parameters(facts)
    if given is None or not facts.says(_TRAIN) or facts.says(_ADAPTERS):
        return None
    parameters, bits = given
    if bits not in {None, 16, 32}:
        return None
    return training_memory(parameters, None if bits is None else int(bits), _gpus(facts))


def _serve(facts: Facts) -> Worked | None:
    given = _parameters(facts)
    if given is None or (facts.says(_TRAIN) and not facts.says(_SERVE)):
        return None
    kv_heads = facts.one("kv_heads")
    attention = Attention(
        facts.one("layers"),
        facts.one("heads") if kv_heads is None else kv_heads,
        facts.one("head_dim"),
        facts.one("tokens", "context", "", "request"),
        facts.one("concurrency", ""),
    )
    return serving_memory(*given, attention, _gpus(facts), headroom=facts.headroom())


def _batch(facts: Facts) -> Worked | None:
    counts, times = facts.all("count"), facts.all("duration")
    pairs = [
        (n, t)
        for n in counts
        for t in times
        if n.end <= t.start and _WITHIN.fullmatch(facts.text[n.end : t.start])
    ]
    if not pairs and facts.says(_BATCH):
        windows = [t for t in times if t.role == "window" and t.value >= 600]
        pairs = [(n, t) for n in counts for t in windows]
    if len(pairs) != 1 or pairs[0][0].value < 1000:
        return None
    items, window = pairs[0]
    per_item = only([q for q in facts.all("duration", "latency") if q != window])
    headroom = facts.headroom()
    return batch_window(items.value, window.value, per_item=per_item, headroom=headroom)


def _autoscale(facts: Facts) -> Worked | None:
    replicas = facts.one("replicas")
    usage, target = facts.one("percent", "usage"), facts.one("percent", "target")
    if replicas is not None and usage is not None and target is not None:
        return autoscale_ratio(replicas, usage, target)
    return None


def _by_throughput(facts: Facts) -> Worked | None:
    rate, each = facts.rate(), facts.one("rate", "replica")
    if rate is None or each is None:
        return None
    if facts.says(_SCALER):
        return autoscale_load(rate, each)
    return replicas_by_throughput(rate, each, headroom=facts.headroom())


def _concurrency(facts: Facts) -> Worked | None:
    rate, seconds = facts.rate(), facts.latency()
    if rate is None or seconds is None or (rate * seconds < 1 and not facts.says(_SIZING)):
        return None
    places = facts.one("concurrency", "replica")
    return concurrency(rate, seconds, per_replica=places, headroom=facts.headroom())


def _queue(facts: Facts) -> Worked | None:
    rate, seconds, servers = facts.rate(), facts.latency(), facts.one("replicas", nouns=("worker",))
    if rate is None or seconds is None or servers is None or facts.percentile_only():
        return None
    whole = float(servers).is_integer() and servers <= MAX_SERVERS
    return queue(rate, seconds, int(servers)) if whole else None


def _users(facts: Facts) -> Worked | None:
    users, seconds = facts.one("concurrency", "", nouns=("user",)), facts.latency()
    if users is None or seconds is None or facts.all("rate") or facts.all("parameters"):
        return None
    return user_throughput(users, seconds)


_PICKS: tuple[Callable[[Facts], Worked | None], ...] = (
    pick_experiment, pick_budget, pick_tokens, _train, _serve, _batch, _autoscale, _by_throughput,
    _concurrency, _queue, _users, pick_storage, pick_vectors,
)  # fmt: skip
