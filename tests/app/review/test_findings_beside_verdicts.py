"""What a review says beside its verdicts: fixes, questions, contradictions, personal data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.review.personal_data import personal_values
from app.review.report import Review
from ingest.schema import Knowledge

ReviewOf = Callable[..., Review]
ML = "# Churn\n\nA machine learning model predicts churn; we train the classifier with xgboost.\n"


def test_the_first_fixes_say_what_to_write_and_where_to_read(
    review_of: ReviewOf, knowledge: Knowledge
) -> None:
    review = review_of(ML)
    fixes = review.to_json("es")["fixes"]
    assert len(fixes) == 3
    for fix in fixes:
        assert fix["advice"]
        assert fix["effort"] in {1, 2, 3}
        assert fix["template"]["code"] or fix["template"]["checklist"]
        assert fix["template"]["entry"] in knowledge.entries
        assert all(s["url"].startswith("https://") for r in fix["references"] for s in r["sources"])


def test_a_cheap_fix_goes_before_a_dear_one_of_the_same_cost(review_of: ReviewOf) -> None:
    gaps = review_of(ML).gaps
    cheap = next(f for f in gaps if f.criterion.effort == 1)
    same = [f for f in gaps if f.cost == cheap.cost and f.criterion.effort > 1]
    assert same
    assert all(cheap.gain > other.gain for other in same)


def test_every_template_exists_in_both_languages(review_of: ReviewOf) -> None:
    for finding in review_of(ML).findings:
        code = finding.guidance.code
        assert bool(code.en) == bool(code.es)
        assert "[^" not in "".join(item.es for item in finding.guidance.items)


def test_five_questions_ask_for_what_is_missing(review_of: ReviewOf) -> None:
    review = review_of(ML + "\n## Rollback\n\nThere is no rollback plan.\n")
    questions = review.questions
    assert len(questions) == 5
    assert [f.criterion.id for f, _ in questions] == [f.criterion.id for f in review.gaps[:5]]
    assert all(text.es.count("?") >= 1 and "Buscamos:" in text.es for _, text in questions)


@pytest.mark.parametrize(
    ("affirmed", "denied"),
    [
        (
            "Rollback: if errors exceed 2 %, run `kubectl rollout undo deployment/scorer`.",
            "| Feature | Status |\n| --- | --- |\n| Rollback | not implemented |",
        ),
        (
            "Rollback: si los errores superan el 2 %, ejecuta `kubectl rollout undo`.",
            "Todavía no hay plan de rollback.",
        ),
    ],
)
def test_a_contradiction_shows_both_places(review_of: ReviewOf, affirmed: str, denied: str) -> None:
    review = review_of(f"{ML}\n## Rollback\n\n{affirmed}\n\n## Status\n\n{denied}\n")
    (found,) = [c for c in review.contradictions if c.finding.criterion.id == "rollback-plan"]
    assert "kubectl" in found.affirmed.text
    assert found.denied.text in denied
    assert found.denied.locator.line_start is not None


@pytest.mark.parametrize(
    "text",
    [
        "## Rollback\n\nRun `kubectl rollout undo deployment/scorer` if errors exceed 2 %.\n",
        "## Status\n\nThere is no rollback plan.\n",
        "## Rollback\n\nRun `kubectl undo`.\n\n## Future work\n\nNo rollback of data yet.\n",
        "## Rollback\n\nRun `kubectl undo`.\n\n## Gate\n\nIf there is no rollback, block.\n",
    ],
)
def test_one_side_alone_is_no_contradiction(review_of: ReviewOf, text: str) -> None:
    assert not review_of(f"{ML}\n{text}").contradictions


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Escribe a ana.garcia@hospital-norte.es antes del lunes.", "e-mail"),
        ("Call Ana, phone +34 612 345 678.", "phone"),
        ("Teléfono de guardia: 912 345 678", "phone"),
        ("IBAN ES91 2100 0418 4502 0005 1332", "iban"),
        ("DNI 31415926L del paciente", "id-number"),
        ("NIE X1234567L", "id-number"),
    ],
)
def test_personal_data_is_found(line: str, kind: str) -> None:
    assert [found for found, _ in personal_values(line)] == [kind]


@pytest.mark.parametrize(
    "line",
    [
        "Write to someone@example.com, git@github.com or user@your-company.com.",
        "Pinned: torch==2.13.0, sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b, build 20260107.",
        "p95 of 1234567890 requests; phone home is disabled in version 3.11.0",
        "IBAN ES00 1234 5678 9012 3456 7890 and DNI 12345678Z stand for nobody.",
        "docker pull registry.io/model@sha256:abcdef0123456789",
        "postgresql://user:secret@db.internal.net:5432/app and 10.0.0.1, 192.168.1.254",
        "Job 31415926A failed; ticket ML-2024001.",
        "[@smith2020] and npm i @scope/package.json",
    ],
)
def test_what_is_no_personal_data_raises_no_alarm(line: str) -> None:
    assert list(personal_values(line)) == []


def test_personal_data_is_masked_with_its_place(review_of: ReviewOf) -> None:
    review = review_of(ML + "\nContacto: ana.garcia@hospital-norte.es\n\n```\nb.c@clinic.es\n```\n")
    (row,) = review.to_json()["personal_data"]
    assert (row["document"], row["line"], row["kind"]) == ("doc0.md", 5, "e-mail")
    assert "garcia" not in str(row)
    assert "hospital" not in str(row)
