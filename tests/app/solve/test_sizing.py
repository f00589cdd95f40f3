"""Calculators against values worked by hand or taken from the cited source."""

from __future__ import annotations

import math

import pytest

from app.solve import sizing
from app.solve.sizing import Attention, Experiment, Gpus, Line, Worked


def result(worked: Worked) -> dict[str, float]:
    return {amount.key: amount.value for amount in worked.result}


def assumed(worked: Worked) -> set[str]:
    return {amount.key for amount in worked.inputs if amount.assumed}


def test_concurrency_is_littles_law_with_headroom() -> None:
    worked = sizing.concurrency(5000, 0.02)
    assert result(worked) == {"in_flight": 100, "places": 143}  # 100 / 0.7 = 142.9
    assert assumed(worked) == {"headroom"}


def test_replicas_need_the_places_of_one() -> None:
    worked = sizing.concurrency(5000, 0.02, per_replica=8, headroom=0.5)
    assert result(worked) == {"in_flight": 100, "places": 200, "replicas": 25}
    assert assumed(worked) == set()


def test_rounding_noise_adds_no_replica() -> None:
    assert result(sizing.concurrency(10, 0.07, headroom=0.3))["places"] == 1


def test_replicas_by_throughput() -> None:
    assert result(sizing.replicas_by_throughput(1200, 200)) == {"replicas": 9}  # 1200 / 140 = 8.6


def test_closed_users_send_at_most_n_over_r() -> None:
    assert result(sizing.user_throughput(500, 0.12))["throughput"] == pytest.approx(
        4166.67, abs=0.01
    )


def test_erlang_c_against_known_values() -> None:
    assert sizing.waiting_share(1, 2) == pytest.approx(1 / 3)
    assert sizing.waiting_share(0.5, 1) == pytest.approx(0.5)  # M/M/1: the utilisation
    assert sizing.waiting_share(9, 10) == pytest.approx(0.6687, abs=1e-4)


def test_an_mm2_queue() -> None:
    found = result(sizing.queue(1, 1, 2))
    assert found["utilisation"] == 50
    assert found["queue_length"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("rate", "seconds", "servers"), [(90, 0.1, 10), (3, 0.2, 1), (500, 0.01, 8)]
)
def test_the_queue_obeys_littles_law(rate: float, seconds: float, servers: int) -> None:
    amounts = {amount.key: amount for amount in sizing.queue(rate, seconds, servers).result}
    assert amounts["queue_wait"].unit.en == "ms"
    wait = amounts["queue_wait"].value / 1000
    assert amounts["queue_length"].value == pytest.approx(rate * wait)


def test_an_overloaded_queue_grows() -> None:
    found = result(sizing.queue(120, 0.1, 10))
    assert found == {"utilisation": 120, "queue_growth": pytest.approx(20)}


def test_hpa_asks_for_the_ceiling_and_tolerates_a_tenth() -> None:
    assert result(sizing.autoscale_ratio(6, 0.9, 0.6)) == {"replicas": 9}
    assert result(sizing.autoscale_ratio(4, 0.8, 0.7)) == {"replicas": 5}
    assert result(sizing.autoscale_ratio(10, 0.63, 0.6)) == {"replicas": 10}
    assert result(sizing.autoscale_load(450, 100)) == {"replicas": 5}


def test_batch_window() -> None:
    assert result(sizing.batch_window(10e6, 14400))["throughput"] == pytest.approx(694.44, abs=0.01)
    found = result(sizing.batch_window(10e6, 14400, per_item=0.02))
    assert found["workers"] == 20  # 694.4 × 0.02 / 0.7 = 19.8


def test_training_takes_sixteen_bytes_a_parameter() -> None:
    worked = sizing.training_memory(7.5e9)
    assert result(worked) == {"weights": 15, "gradients": 15, "adam": 90, "total": 120}  # ZeRO, 3.1
    assert assumed(worked) == {"precision", "optimizer_bytes"}
    assert result(sizing.training_memory(7e9, 32))["total"] == 112
    assert result(sizing.training_memory(7e9, 16, Gpus(24e9)))["cards"] == 5


def test_kv_cache_of_opt_13b_is_800_kb_a_token() -> None:
    assert sizing.kv_cache_bytes(40, 40, 128) == 800 * 1024  # PagedAttention, section 1


def test_serving_with_the_kv_cache() -> None:
    worked = sizing.serving_memory(13e9, 16, Attention(40, 40, 128, 2048, 16), Gpus(80e9))
    found = result(worked)
    assert found["weights"] == 26
    assert found["kv_cache"] == pytest.approx(26.84, abs=0.01)
    assert found["total"] == pytest.approx((26 + 26.84) / 0.7, abs=0.02)
    assert found["cards"] == 1


def test_serving_without_dimensions_says_what_is_missing() -> None:
    worked = sizing.serving_memory(70e9, 8, Attention(tokens=4096))
    assert result(worked) == {"weights": 70, "total": 100}
    assert "layers, KV heads, head dimension." in worked.caveat.en
    assert "capas, cabezas KV, dimensión de cabeza." in worked.caveat.es


def test_storage() -> None:
    assert result(sizing.storage(1e6, 2000, 90)) == {"per_day": 2, "stored": 180}
    worked = sizing.storage(None, 40e9)
    assert result(worked) == {"stored": pytest.approx(1.2)}
    assert assumed(worked) == {"retention"}


def test_vectors() -> None:
    assert result(sizing.vector_storage(10e6, 1536)) == {"raw": pytest.approx(61.44)}


def test_error_budget_of_three_nines() -> None:
    found = result(sizing.error_budget(0.999, 30, 200))
    assert found == {"budget": pytest.approx(43.2), "failed_requests": pytest.approx(518_400)}
    assert assumed(sizing.error_budget(0.999)) == {"window"}


def test_ab_sample_against_the_formula() -> None:
    worked = sizing.ab_sample(Experiment(0.04, 0.045), 10_000)
    # (1.95996·√(2·0.0425·0.9575) + 0.84162·√(0.0384 + 0.042975))² / 0.005² = 25550.9
    assert result(worked) == {"per_arm": 25_551, "duration": 6}
    assert assumed(worked) == {"alpha", "power"}


def test_smaller_effects_and_more_power_need_more_users() -> None:
    base = result(sizing.ab_sample(Experiment(0.1, 0.12)))["per_arm"]
    assert result(sizing.ab_sample(Experiment(0.1, 0.11)))["per_arm"] > 3 * base
    assert result(sizing.ab_sample(Experiment(0.1, 0.12, power=0.9)))["per_arm"] > base
    assert result(sizing.ab_sample(Experiment(0.12, 0.1)))["per_arm"] == base


def test_token_cost() -> None:
    found = result(sizing.token_cost((Line(1200, 0.5),), 2e6, "USD"))
    assert found == {"cost": pytest.approx(1200)}
    both = (Line(800, 0.5, "input"), Line(200, 1.5, "output"))
    assert result(sizing.token_cost(both, 300_000, "EUR")) == {"cost": pytest.approx(210)}


@pytest.mark.parametrize("bad", [0, -1, math.inf, math.nan])
def test_impossible_inputs_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="rate must be positive"):
        sizing.concurrency(bad, 0.02)


def test_shares_and_precisions_have_bounds() -> None:
    with pytest.raises(ValueError, match="slo"):
        sizing.error_budget(1.0)
    with pytest.raises(ValueError, match="effect"):
        sizing.ab_sample(Experiment(0.1, 0.1))
    with pytest.raises(ValueError, match="bits"):
        sizing.training_memory(7e9, 8)
    with pytest.raises(ValueError, match="servers"):
        sizing.queue(1, 1, sizing.MAX_SERVERS + 1)
