import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCORE = Path(__file__).parents[2] / "benchmarks" / "peers" / "score.py"


@pytest.fixture(scope="module")
def score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("peers_score", SCORE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def topics(score: ModuleType):
    playbooks = {"loss-is-nan": ("pytorch", "model-training")}
    return score.Topics(playbooks, frozenset({"pytorch", "model-training", "docker", *playbooks}))


def test_the_wanted_entries_first_are_worth_one(score):
    assert topics(score).ndcg(["pytorch", "docker"], ["docker", "pytorch"]) == 1.0


def test_a_playbook_stands_for_one_of_its_topics(score):
    assert topics(score).ndcg(["loss-is-nan"], ["pytorch"]) == 1.0


def test_a_topic_counts_once(score):
    both = topics(score).ndcg(["loss-is-nan", "pytorch", "docker"], ["pytorch", "docker"])
    assert both == pytest.approx(
        topics(score).ndcg(["loss-is-nan", "x", "docker"], ["pytorch", "docker"])
    )
    assert both < 1.0


def test_a_playbook_does_not_take_a_topic_that_was_brought(score):
    ranked = ["pytorch", "loss-is-nan"]
    assert topics(score).ndcg(ranked, ["pytorch", "model-training"]) == 1.0


def test_the_same_length_cuts_longer_chunks(score):
    asked = [{"lang": "en", "topics": ["docker"], "must_mention": ["cache", "layer"]}]
    ours = [[("docker", "a layer")]]
    long = [[("docker", "a layer and far behind it the cache")]]
    values = score.scores(asked, long, topics(score), ours)["en"]
    assert values["coverage@8"] == 1.0
    assert values["coverage_same_length"] == 0.5
    assert values["ours_at_this_length"] == 0.5
