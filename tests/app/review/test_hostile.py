"""Uploads made to hurt are refused in one clear line or reviewed, and no order moves a verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hostile_files import ORDERS, PROJECT, Hostile, bribes, cases

from app.review.assess import assess
from app.review.finding import Verdict
from app.review.report import Review
from ingest.parse import Upload, parse_uploads
from ingest.schema import Knowledge
from ingest.secrets import find_secrets

CASES = list(cases())
BRIBES = [
    pytest.param(honest, bribed, id=f"{language}: {name}")
    for language, order in ORDERS.items()
    for name, honest, bribed in bribes(order)
]


def reviewed(files: Mapping[str, bytes], knowledge: Knowledge) -> Review:
    parsed = parse_uploads([Upload(name, data) for name, data in files.items()])
    return assess(
        parsed.documents,
        knowledge.criteria,
        language="en",
        secrets=find_secrets,
        refused=parsed.refused,
    )


def verdicts(review: Review) -> dict[str, Verdict]:
    return {finding.criterion.id: finding.verdict for finding in review.findings}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
@pytest.mark.timeout(60)
def test_each_is_refused_in_one_line_or_reviewed(case: Hostile, knowledge: Knowledge) -> None:
    review = reviewed({**case.build(), "good.md": PROJECT.encode()}, knowledge)
    assert "good.md" in [document.name for document in review.documents]
    assert verdicts(review)["rollback-plan"] == "covered"
    if case.says is None:
        assert review.refused == ()
        assert len(review.documents) == 2
    else:
        line = review.refused[0].reason
        assert case.says in line.en
        assert line.es != line.en
        assert not re.search(r"\n|Traceback|/tmp|/usr|\.py\b", line.en + line.es)
    for document in review.documents:
        assert len(document.name) <= 120
        assert "\u202e" not in document.name


@pytest.mark.parametrize(("honest", "bribed"), BRIBES)
def test_an_order_moves_no_verdict_and_is_reported(
    honest: dict[str, bytes], bribed: dict[str, bytes], knowledge: Knowledge
) -> None:
    before, after = reviewed(honest, knowledge), reviewed(bribed, knowledge)
    assert verdicts(before) == verdicts(after)
    assert before.injections == ()
    assert after.injections
    quotes = [quote.text for finding in after.findings for quote in finding.evidence]
    assert not any("reviewer" in quote or "revisor" in quote for quote in quotes)


def test_what_is_too_long_is_cut_and_said(knowledge: Knowledge) -> None:
    long = (PROJECT + "\n" + "The weather was fine that day. " * 30 + "\n") * 700
    review = reviewed({"long.md": long.encode()}, knowledge)
    assert any("the end of 'long.md' was not judged" in w.en for w in review.warnings)
    assert verdicts(review)["rollback-plan"] == "covered"


def test_objects_and_anchors_of_a_user_are_text(knowledge: Knowledge) -> None:
    tag = b"steps: !!python/object/apply:os.system ['kubectl rollout undo']\n"
    parsed = parse_uploads([Upload("a.yaml", tag)])
    assert parsed.documents[0].text.strip() == tag.decode().strip()
    assert reviewed({"a.yaml": tag}, knowledge).documents
