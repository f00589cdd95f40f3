"""Serving and batch capacity: Little's law, M/M/c queues, autoscaling and batch windows.

Rates are per second, times in seconds, shares from 0 to 1. `headroom` is the share of capacity
kept free; when it is None the default of 30 % is used and shown as an assumption.
"""

from __future__ import annotations

from app.solve.worked import (
    Amount,
    Worked,
    count_up,
    require_positive,
    require_share,
    text,
    time_amount,
    unit,
)
from ingest.schema import Source, Text

HEADROOM = 0.30
LITTLE = Source(
    key="little",
    title="Little (1961): A proof for the queuing formula L = λW",
    url="https://doi.org/10.1287/opre.9.3.383",
    publisher="Operations Research",
    year=1961,
)
ERLANG = Source(
    key="harchol-balter",
    title="Harchol-Balter: Performance Modeling and Design of Computer Systems",
    url="https://doi.org/10.1017/CBO9781139226424",
    publisher="Cambridge University Press",
    year=2013,
)
HPA = Source(
    key="hpa",
    title="Kubernetes: horizontal pod autoscaling",
    url="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    publisher="Kubernetes",
    year=2026,
)
_REQUESTS_S = text("requests/s", "peticiones/s")
_REPLICAS = text("replicas", "réplicas")


def rate_amount(rate: float, key: str = "arrival_rate", symbol: str = "λ") -> Amount:
    name = text("arrival rate", "tasa de llegada")
    return Amount(key=key, symbol=symbol, name=name, value=rate, unit=_REQUESTS_S)


def headroom_amount(headroom: float | None) -> Amount:
    return Amount(
        key="headroom",
        symbol="h",
        name=text("headroom", "holgura"),
        value=round(100 * (HEADROOM if headroom is None else headroom), 6),
        unit=unit("%"),
        assumed=headroom is None,
    )


def _service_time(seconds: float) -> Amount:
    return time_amount(
        "time_in_service", "W", text("time in the service", "tiempo en el servicio"),
        seconds,
    )  # fmt: skip


def _replicas(value: float, symbol: str = "N") -> Amount:
    name = text("needed", "necesarias")
    return Amount(key="replicas", symbol=symbol, name=name, value=value, unit=_REPLICAS)


def concurrency(
    rate: float,
    seconds: float,
    *,
    per_replica: float | None = None,
    headroom: float | None = None,
) -> Worked:
    """Requests in flight, places with headroom, and replicas if a replica's places are known.

    Little's law: L = λW, for a stable system and long-run means.
    """
    require_positive(rate=rate, seconds=seconds, per_replica=per_replica)
    require_share(headroom=headroom)
    inputs = [rate_amount(rate), _service_time(seconds)]
    flying = rate * seconds
    places = flying / (1 - (HEADROOM if headroom is None else headroom))
    result = [
        Amount(key="in_flight", symbol="L", name=text("concurrency", "concurrencia"), value=flying,
               unit=text("requests in flight", "peticiones en vuelo")),
        Amount(key="places", symbol="P", name=text("with headroom", "con holgura"),
               value=count_up(places), unit=text("places", "plazas")),
    ]  # fmt: skip
    formula = "L = λ × W; P = ⌈L / (1 − h)⌉"
    caveat = text(
        "W is the mean at that load, queueing included: a percentile or a limit in its place "
        "makes the figure an upper bound. ",
        "W es la media a esa carga, con la espera en cola: un percentil o un límite en su lugar "
        "hace de la cifra una cota superior. ",
    )
    if per_replica is None:
        ending = text(
            "For replicas, divide P by the requests that one replica serves at once in your load "
            "test.",
            "Para las réplicas, divide P entre las peticiones que una réplica atiende a la vez en "
            "tu prueba de carga.",
        )
    else:
        inputs.append(
            Amount(key="per_replica", symbol="k",
                   name=text("places per replica", "plazas por réplica"), value=per_replica,
                   unit=text("requests at once", "peticiones a la vez"))
        )  # fmt: skip
        result.append(_replicas(count_up(places / per_replica)))
        formula = "L = λ × W; P = ⌈L / (1 − h)⌉; N = ⌈L / ((1 − h) × k)⌉"
        ending = text(
            "Add one replica if the service must stand the loss of one.",
            "Suma una réplica si el servicio debe aguantar la caída de una.",
        )
    return Worked(
        name="concurrency",
        title=text("Concurrency by Little's law", "Concurrencia por la ley de Little"),
        inputs=(*inputs, headroom_amount(headroom)),
        result=tuple(result),
        formula=formula,
        caveat=Text(en=caveat.en + ending.en, es=caveat.es + ending.es),
        source=LITTLE,
    )


def replicas_by_throughput(
    rate: float, per_replica: float, *, headroom: float | None = None
) -> Worked:
    """Replicas for a rate when one replica's sustained throughput (requests/s) is known."""
    require_positive(rate=rate, per_replica=per_replica)
    require_share(headroom=headroom)
    free = HEADROOM if headroom is None else headroom
    return Worked(
        name="replicas-by-throughput",
        title=text("Replicas by throughput", "Réplicas por throughput"),
        inputs=(
            rate_amount(rate),
            _per_replica_rate(per_replica, text("rate of one replica", "tasa de una réplica")),
            headroom_amount(headroom),
        ),
        result=(_replicas(count_up(rate / (per_replica * (1 - free)))),),
        formula="N = ⌈λ / (μ × (1 − h))⌉",
        caveat=text(
            "μ must be the rate at which a replica still meets its latency target, measured with "
            "your payloads; add one replica to stand the loss of one.",
            "μ debe ser la tasa a la que una réplica aún cumple su objetivo de latencia, medida "
            "con tus datos; suma una réplica para aguantar la caída de una.",
        ),
        source=LITTLE,
    )


def _per_replica_rate(rate: float, name: Text) -> Amount:
    words = text("requests/s per replica", "peticiones/s por réplica")
    return Amount(key="per_replica_rate", symbol="μ", name=name, value=rate, unit=words)


def user_throughput(users: float, seconds: float) -> Worked:
    """The most requests/s that a closed group of users can send (Little, no think time)."""
    require_positive(users=users, seconds=seconds)
    return Worked(
        name="user-throughput",
        title=text("Load of concurrent users", "Carga de usuarios concurrentes"),
        inputs=(
            Amount(key="users", symbol="N", name=text("concurrent users", "usuarios concurrentes"),
                   value=users, unit=text("users", "usuarios")),
            time_amount("response_time", "R", text("response time", "tiempo de respuesta"),
                        seconds),
            Amount(key="think_time", symbol="Z", name=text("think time", "tiempo de reflexión"),
                   value=0, unit=unit("s"), assumed=True),
        ),
        result=(
            Amount(key="throughput", symbol="X", name=text("throughput", "throughput"),
                   value=users / seconds, unit=_REQUESTS_S),
        ),
        formula="X = N / (R + Z)",
        caveat=text(
            "Users who wait for each answer slow down with the service, so this is the most they "
            "can send; independent arrivals do not slow down.",
            "Los usuarios que esperan cada respuesta frenan con el servicio, así que esto es lo "
            "máximo que pueden enviar; las llegadas independientes no frenan.",
        ),
        source=LITTLE,
    )  # fmt: skip
