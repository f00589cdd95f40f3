"""Picks the experiment, the error budget, the bill and the storage that a question gives."""

from __future__ import annotations

import re

from app.solve.facts import Facts, only
from app.solve.quantities import Quantity
from app.solve.sizing import (
    Experiment,
    Line,
    Worked,
    ab_sample,
    error_budget,
    storage,
    token_cost,
    vector_storage,
)

_DAY = 86_400.0
_MONTH = 30 * _DAY
_KEEP = r"\blogs?\b|retention|retenci[oó]n|stor(?:e|age)|almacen|guard|keep|disk|disco|grow|crec"
_LESS = r"\b(?:reduc\w+|drop|decrease|baj\w+|lower|menos)\b"
_RELATIVE = re.compile(r"relativ", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|a|al|hasta|→|->)\s+", re.IGNORECASE)
_APIECE = re.compile(r"\s*,?\s*(?:at|of|de|a|con|with|x|×)\s*(?:about|unos|unas)?\s*[~≈]?", re.I)


def pick_experiment(facts: Facts) -> Worked | None:
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


def pick_budget(facts: Facts) -> Worked | None:
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
    return error_budget(slo, None if window is None else window / _DAY, _mean_rate(facts))


def _mean_rate(facts: Facts) -> float | None:
    """Requests per second over the window: a peak would overstate them."""
    return facts.one("rate", "", nouns=("request",))


def pick_tokens(facts: Facts) -> Worked | None:
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
            if stream is None:
                return None
            return token_cost((Line(stream * _MONTH, price.value, role),), None, price.per)
        return token_cost((Line(tokens, price.value, role),), rate * _MONTH, price.per)
    counts = {role: facts.one("tokens", role) for role in prices}
    if rate is None or any(count is None for count in counts.values()):
        return None
    lines = tuple(Line(counts[r] or 0, prices[r].value, r) for r in sorted(prices))
    return token_cost(lines, rate * _MONTH, currencies.pop())


def pick_storage(facts: Facts) -> Worked | None:
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


def pick_vectors(facts: Facts) -> Worked | None:
    dimensions = facts.one("dimensions")
    vectors = facts.one("count", nouns=("vector",)) or facts.one("count", nouns=("item",))
    if dimensions is None or vectors is None or vectors < 1000:
        return None
    return vector_storage(vectors, dimensions)
