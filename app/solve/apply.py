"""Picks the calculators whose inputs stand in a question."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.solve.facts import Facts, only
from app.solve.quantities import Quantity, read_quantities
from app.solve.sizing import (
    MAX_SERVERS,
    Attention,
    Experiment,
    Gpus,
    Line,
    Worked,
    ab_sample,
    autoscale_load,
    autoscale_ratio,
    batch_window,
    concurrency,
    error_budget,
    queue,
    replicas_by_throughput,
    serving_memory,
    storage,
    token_cost,
    training_memory,
    user_throughput,
    vector_storage,
)
from ingest.schema import Language

MOST = 2
_DAY = 86_400.0
_MONTH = 30 * _DAY
_TRAIN = r"\b(?:re)?train(?:ing)?\b|pre-?train|entren\w+|fine-?\s?tun\w+|ajuste fino|afinar"
_ADAPTERS = r"\bq?lora\b|\bpeft\b|adapters?\b|adaptador"
_MEMORY = r"memor|vram|\bgpus?\b|\bfit\b|\bcab[ea]n?\b|\bcaber\b|\boom\b|tarjeta|\bcards?\b"
_SERVE = (
    r"\bserv\w+|\binfer\w+|deploy\w*|despleg\w+|desplieg\w+|vllm|kv[ -]?cache|cach[eé] kv|\bhost"
)
_SIZING = r"replic|réplic|\bpods?\b|how many|how much|cu[aá]nt|capaci|siz|dimension|concurr|little"
_BATCH = r"\bbatch|\blotes?\b|nightly|noche|process|proces|finish|termin|scor|puntu|window|ventana"
_SCALER = r"\bhpa\b|keda|autoscal|autoescal|averagevalue|target|objetivo"
_KEEP = r"\blogs?\b|retention|retenci[oó]n|stor(?:e|age)|almacen|guard|keep|disk|disco|grow|crec"
_LESS = r"\b(?:reduc\w+|drop|decrease|baj\w+|lower|menos)\b"
_RELATIVE = re.compile(r"relativ", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|a|al|hasta|→|->)\s+", re.IGNORECASE)
_WITHIN = re.compile(
    r"[\s,]*(?:\w+\s+){0,2}?(?:in|en|within|under|dentro de)\s+(?:(?:less than|menos de|at most|"
    r"una? ventana de|a window of|the|a|an|una?|como mucho)\s+)*",
    re.IGNORECASE,
)
_APIECE = re.compile(r"\s*,?\s*(?:at|of|de|a|con|with|x|×)\s*(?:about|unos|unas)?\s*[~≈]?", re.I)


def calculations_for(text: str, language: Language) -> tuple[Worked, ...]:
    """At most two calculations, in a fixed order of preference; none when inputs are missing."""
    facts = Facts(text, read_quantities(text, language))
    if not facts.quantities:
        return ()
    found = (worked for pick in _PICKS if (worked := pick(facts)) is not None)
    return tuple(worked for worked, _ in zip(found, range(MOST), strict=False))


def _experiment(facts: Facts) -> Worked | None:
    base = facts.all("percent", "baseline")
    if not base:
        return None
    treated = _treated(facts, base)
    if treated is None or not 0 < treated < 1 or not 0 < base[0].value < 1:
        return None
    confidence = facts.one("percent", "confidence")
    alpha = facts.one("percent", "alpha") if confidence is None else round(1 - confidence, 12)
    power = facts.one("percent", "power")
    if any(share is not None and not 0 < share < 1 for share in (alpha, power)):
        return None
    daily = facts.one("rate", nouns=("user",))
    users = None if daily is None else daily * _DAY
    return ab_sample(Experiment(base[0].value, treated, alpha, power), users)


def _treated(facts: Facts, base: list[Quantity]) -> float | None:
    """The share with the effect, absolute points or a percentage that says it is relative."""
    start = base[0].value
    if len(base) == 2:
        linked = _TO.fullmatch(facts.text[base[0].end : base[1].start])
        return base[1].value if linked and base[1].value != start else None
    sign = -1 if facts.says(_LESS) else 1
    points = facts.one("points")
    if points is not None and len(base) == 1:
        return round(start + sign * points / 100, 12)
    effects = facts.all("percent", "effect")
    if len(effects) != 1 or len(base) != 1:
        return None
    effect = effects[0]
    near = facts.text[max(0, effect.start - 25) : effect.end + 25]
    return round(start * (1 + sign * effect.value), 12) if _RELATIVE.search(near) else None


def _budget(facts: Facts) -> Worked | None:
    slos = [q for q in facts.all("percent", "slo") if 0.9 <= q.value < 1]
    slos = slos or [q for q in facts.all("percent", "target") if 0.99 <= q.value < 1]
    slo = only(slos)
    if slo is None:
        return None
    near = [
        q
        for q in facts.all("duration", "", "window")
        if q.value >= _DAY and min(abs(q.start - s.end) for s in slos) <= 60
    ]
    window = only(near)
    return error_budget(slo, None if window is None else window / _DAY, facts.rate())


def _tokens(facts: Facts) -> Worked | None:
    prices = {q.role: q for q in facts.all("price")}
    if not prices or len(prices) != len(facts.all("price")):
        return None
    currencies = {q.per for q in prices.values()}
    if len(currencies) != 1:
        return None
    rate = facts.one("rate", "", "peak", nouns=("request",))
    stream = facts.one("rate", nouns=("token",))
    if len(prices) == 1:
        (role, price), *_ = prices.items()
        tokens = facts.one("tokens", "request", "", *({role} - {""}))
        if tokens is None or rate is None:
            lines = () if stream is None else (Line(stream * _MONTH, price.value, role),)
            return token_cost(lines, None, price.per) if lines else None
        return token_cost((Line(tokens, price.value, role),), rate * _MONTH, price.per)
    counts = {role: facts.one("tokens", role) for role in prices}
    if rate is None or any(count is None for count in counts.values()):
        return None
    lines = tuple(Line(counts[r] or 0, prices[r].value, r) for r in sorted(prices))
    return token_cost(lines, rate * _MONTH, currencies.pop())


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
    return training_memory(parameters, int(bits or 16) if bits else None, _gpus(facts)) if (
        bits in {None, 16, 32}
    ) else None  # fmt: skip


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
    rate, seconds, servers = facts.rate(), facts.latency(), facts.one("replicas")
    if rate is None or seconds is None or servers is None or facts.one("concurrency", "replica"):
        return None
    whole = float(servers).is_integer() and servers <= MAX_SERVERS
    return queue(rate, seconds, int(servers)) if whole else None


def _users(facts: Facts) -> Worked | None:
    users, seconds = facts.one("concurrency", "", nouns=("user",)), facts.latency()
    if users is None or seconds is None or facts.all("rate") or facts.all("parameters"):
        return None
    return user_throughput(users, seconds)


def _storage(facts: Facts) -> Worked | None:
    days = facts.one("duration", "retention")
    if days is None:
        days = only([q for q in facts.all("duration", "", "window") if q.value >= _DAY])
    days = None if days is None else days / _DAY
    flow = facts.one("flow")
    if flow is not None and facts.says(_KEEP):
        return storage(None, flow * _DAY, days)
    rates = facts.all("rate", "", "peak", nouns=("request", "item", "user"))
    sizes = facts.all("size", "item") or [
        size
        for size in facts.all("size", "")
        for rate in rates
        if rate.end <= size.start and _APIECE.fullmatch(facts.text[rate.end : size.start])
    ]
    rate, size = only(rates), only(sizes)
    return None if rate is None or size is None else storage(rate * _DAY, size, days)


def _vectors(facts: Facts) -> Worked | None:
    dimensions = facts.one("dimensions")
    vectors = facts.one("count", nouns=("vector",)) or facts.one("count", nouns=("item",))
    if dimensions is None or vectors is None or vectors < 1000:
        return None
    return vector_storage(vectors, dimensions)


_PICKS: tuple[Callable[[Facts], Worked | None], ...] = (
    _experiment, _budget, _tokens, _train, _serve, _batch, _autoscale, _by_throughput,
    _concurrency, _queue, _users, _storage, _vectors,
)  # fmt: skip
