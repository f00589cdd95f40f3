"""Waiting, autoscaling and batch windows. Rates per second, times in seconds, shares 0 to 1."""

from __future__ import annotations

from app.solve.capacity import (
    ERLANG,
    HEADROOM,
    HPA,
    LITTLE,
    headroom_amount,
    rate_amount,
)
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
from ingest.schema import Text

MAX_SERVERS = 100_000
_MMC = text(
    "M/M/c model: random (Poisson) arrivals, exponential service times, one queue, one request "
    "at a time in each worker. Bursts make the queue longer; steadier service, shorter.",
    "Modelo M/M/c: llegadas al azar (Poisson), tiempos de servicio exponenciales, una cola y una "
    "petición a la vez en cada worker. Las ráfagas alargan la cola; un servicio más regular la "
    "acorta.",
)


def waiting_share(load: float, servers: int) -> float:
    """Erlang C: the probability that a request waits, for load = λ/μ < servers.

    By the stable recursion of Erlang B; Harchol-Balter, chapter 14.
    """
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def queue(rate: float, seconds: float, servers: int) -> Worked:
    """Utilisation, mean queue length and wait of an M/M/c queue; its growth if it is unstable."""
    require_positive(rate=rate, seconds=seconds, servers=servers)
    if servers > MAX_SERVERS:
        raise ValueError(f"servers must be at most {MAX_SERVERS}, not {servers}")
    busy = rate * seconds / servers
    result = [
        Amount(key="utilisation", symbol="ρ", name=text("utilisation", "utilización"),
               value=round(100 * busy, 6), unit=unit("%"))
    ]  # fmt: skip
    if busy < 1:
        wait = waiting_share(rate * seconds, servers) / (servers / seconds - rate)
        formula = "ρ = λ × S / c; Lq = C(c, λS) × ρ / (1 − ρ); Wq = Lq / λ"
        result += [
            Amount(key="queue_length", symbol="Lq",
                   name=text("mean queue length", "longitud media de la cola"),
                   value=rate * wait, unit=text("requests", "peticiones")),
            time_amount("queue_wait", "Wq", text("mean wait", "espera media"), wait),
        ]  # fmt: skip
        caveat = _MMC
    else:
        formula = "ρ = λ × S / c; G = λ − c / S"
        result.append(
            Amount(key="queue_growth", symbol="G",
                   name=text("growth of the queue", "crecimiento de la cola"),
                   value=max(0.0, rate - servers / seconds),
                   unit=text("requests/s", "peticiones/s"))
        )  # fmt: skip
        caveat = text(
            "With ρ of 100% or more the queue never settles: add workers, shorten S or shed load.",
            "Con ρ del 100 % o más la cola nunca se estabiliza: añade workers, acorta S o descarta "
            "carga.",
        )
    workers = Amount(key="workers", symbol="c", name=text("workers", "workers"), value=servers,
                     unit=unit(""))  # fmt: skip
    each = Amount(
        key="per_worker", symbol="", name=text("requests at a time per worker",
        "peticiones a la vez por worker"), value=1, unit=unit(""), assumed=True,
    )  # fmt: skip
    service = text("mean service time", "tiempo medio de servicio")
    return Worked(
        name="queue",
        title=text("Queue (M/M/c)", "Cola (M/M/c)"),
        inputs=(
            rate_amount(rate),
            time_amount("service_time", "S", service, seconds),
            workers,
            each,
        ),
        result=tuple(result),
        formula=formula,
        caveat=caveat,
        source=ERLANG,
    )


def autoscale_ratio(replicas: float, metric: float, target: float) -> Worked:
    """What the HPA asks for: ⌈replicas × metric / target⌉, both shares of the same metric."""
    require_positive(replicas=replicas, metric=metric, target=target)
    ratio = metric / target
    wanted = replicas if abs(ratio - 1) <= 0.1 else count_up(replicas * ratio)
    return Worked(
        name="autoscale-ratio",
        title=text("Autoscaling target (HPA)", "Objetivo del autoescalado (HPA)"),
        inputs=(
            _replica_amount(replicas, text("replicas now", "réplicas ahora"), "R"),
            _percent("metric", "m", text("metric now", "métrica ahora"), metric),
            _percent("target", "t", text("target", "objetivo"), target),
        ),
        result=(_replica_amount(wanted, text("desired replicas", "réplicas deseadas"), "N"),),
        formula="N = ⌈R × m / t⌉",
        caveat=text(
            "The HPA keeps R while m/t is within 10% of 1, and its minimum, maximum and "
            "stabilisation window still apply; CPU is a share of the request, not of the limit.",
            "El HPA mantiene R mientras m/t esté a menos del 10 % de 1, y siguen valiendo su "
            "mínimo, su máximo y su ventana de estabilización; la CPU es una parte de lo pedido "
            "(request), no del límite.",
        ),
        source=HPA,
    )


def autoscale_load(rate: float, target: float) -> Worked:
    """Replicas that an average-value target (requests/s per replica) leads the HPA to."""
    require_positive(rate=rate, target=target)
    words = text("requests/s per replica", "peticiones/s por réplica")
    return Worked(
        name="autoscale-load",
        title=text("Autoscaling by load (HPA)", "Autoescalado por carga (HPA)"),
        inputs=(
            rate_amount(rate),
            Amount(key="target", symbol="t", name=text("target", "objetivo"), value=target,
                   unit=words),
        ),
        result=(
            _replica_amount(count_up(rate / target), text("desired replicas",
                                                          "réplicas deseadas"), "N"),
        ),
        formula="N = ⌈λ / t⌉",
        caveat=text(
            "For an averageValue target; minimum, maximum and stabilisation window still apply, "
            "and new replicas serve only after they have loaded the model.",
            "Para un objetivo averageValue; siguen valiendo el mínimo, el máximo y la ventana de "
            "estabilización, y las réplicas nuevas solo sirven tras cargar el modelo.",
        ),
        source=HPA,
    )  # fmt: skip


def batch_window(
    items: float, seconds: float, *, per_item: float | None = None, headroom: float | None = None
) -> Worked:
    """Items/s to finish in the window, and workers if the seconds per item are known."""
    require_positive(items=items, seconds=seconds, per_item=per_item)
    require_share(headroom=headroom)
    speed = items / seconds
    inputs = [
        Amount(key="items", symbol="n", name=text("items", "elementos"), value=items,
               unit=unit("")),
        time_amount("window", "T", text("window", "ventana"), seconds),
    ]  # fmt: skip
    result = [
        Amount(key="throughput", symbol="X", name=text("throughput", "throughput"), value=speed,
               unit=text("items/s", "elementos/s"))
    ]  # fmt: skip
    formula = "X = n / T"
    ending = text(
        "For workers, multiply X by the measured seconds per item and add headroom for retries.",
        "Para los workers, multiplica X por los segundos medidos por elemento y añade holgura "
        "para reintentos.",
    )
    if per_item is not None:
        free = HEADROOM if headroom is None else headroom
        inputs += [
            time_amount("time_per_item", "S", text("time per item", "tiempo por elemento"),
                        per_item),
            headroom_amount(headroom),
        ]  # fmt: skip
        result.append(
            Amount(key="workers", symbol="c", name=text("workers", "workers"),
                   value=count_up(speed * per_item / (1 - free)), unit=unit(""))
        )  # fmt: skip
        formula = "X = n / T; c = ⌈X × S / (1 − h)⌉"
        ending = text(
            "One item at a time in each worker: batching inside the model changes S.",
            "Un elemento a la vez en cada worker: agrupar en lotes dentro del modelo cambia S.",
        )
    start = text(
        "Start-up, reading, writing and skew between partitions take part of the window. ",
        "El arranque, la lectura, la escritura y el sesgo entre particiones consumen parte de la "
        "ventana. ",
    )
    return Worked(
        name="batch-window",
        title=text("Batch window", "Ventana de batch"),
        inputs=tuple(inputs),
        result=tuple(result),
        formula=formula,
        caveat=Text(en=start.en + ending.en, es=start.es + ending.es),
        source=LITTLE,
    )


def _percent(key: str, symbol: str, name: Text, share: float) -> Amount:
    value = round(100 * share, 6)
    return Amount(key=key, symbol=symbol, name=name, value=value, unit=unit("%"))


def _replica_amount(value: float, name: Text, symbol: str) -> Amount:
    return Amount(key="replicas", symbol=symbol, name=name, value=value, unit=unit(""))
