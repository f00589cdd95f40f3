"""The sample and the duration of an A/B test on two proportions (shares from 0 to 1)."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from app.solve.worked import Amount, Worked, count_up, require_positive, require_share, text, unit
from ingest.schema import Source, Text

ALPHA, POWER = 0.05, 0.80
FLEISS = Source(
    key="fleiss",
    title="Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions",
    url="https://doi.org/10.1002/0471445428",
    publisher="Wiley",
    year=2003,
)


class Experiment(NamedTuple):
    """A two-sided A/B test: `alpha` and `power` are assumed where None."""

    baseline: float
    treated: float
    alpha: float | None = None
    power: float | None = None


def ab_sample(test: Experiment, daily_users: float | None = None) -> Worked:
    """Users per arm, and days with `daily_users` split over two equal arms.

    Two proportions, normal approximation, two-sided, no continuity correction (Fleiss, chapter 4).
    """
    p1, p2 = test.baseline, test.treated
    require_share(baseline=p1, treated=p2, alpha=test.alpha, power=test.power)
    require_positive(daily_users=daily_users, effect=abs(p2 - p1))
    alpha = ALPHA if test.alpha is None else test.alpha
    power = POWER if test.power is None else test.power
    mean = (p1 + p2) / 2
    z_alpha, z_power = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)
    spread = z_alpha * sqrt(2 * mean * (1 - mean)) + z_power * sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    arm = count_up((spread / (p2 - p1)) ** 2)
    users = text("users", "usuarios")
    inputs = [
        _percent("baseline", "p₁", text("baseline", "base"), p1),
        _percent("treated", "p₂", text("with the effect", "con el efecto"), p2),
        _percent("alpha", "α", text("significance", "significación"), alpha, test.alpha is None),
        _percent("power", "1−β", text("power", "potencia"), power, test.power is None),
    ]
    result = [
        Amount(key="per_arm", symbol="n", name=text("per arm", "por brazo"), value=arm, unit=users)
    ]
    formula = "n = ⌈(z₁₋α/₂·√(2p̄(1−p̄)) + z₁₋β·√(p₁(1−p₁) + p₂(1−p₂)))² / (p₂−p₁)²⌉"
    if daily_users is not None:
        daily = text("users per day", "usuarios al día")
        inputs.append(
            Amount(
                key="daily_users",
                symbol="u",
                name=text("traffic", "tráfico"),
                value=daily_users,
                unit=daily,
            )
        )
        result.append(
            Amount(key="duration", symbol="t", name=text("duration", "duración"),
                   value=count_up(2 * arm / daily_users), unit=text("days", "días"))
        )  # fmt: skip
        formula += "; t = ⌈2n / u⌉"
    return Worked(
        name="ab-sample",
        title=text("Sample of the A/B test", "Muestra de la prueba A/B"),
        inputs=tuple(inputs),
        result=tuple(result),
        formula=formula,
        caveat=text(
            "Two-sided, two equal arms, one look at the end, users as the unit; run whole weeks, "
            "and correct for several metrics or looks.",
            "Bilateral, dos brazos iguales, una sola lectura al final y el usuario como unidad; "
            "dura semanas completas y corrige si hay varias métricas o lecturas.",
        ),
        source=FLEISS,
    )


def _percent(key: str, symbol: str, name: Text, share: float, assumed: bool = False) -> Amount:
    value = round(100 * share, 6)
    return Amount(key=key, symbol=symbol, name=name, value=value, unit=unit("%"), assumed=assumed)
