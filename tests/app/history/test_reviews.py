"""Kept reviews: what changed is said, documents are not kept, other projects stay apart."""

from __future__ import annotations

from pathlib import Path

from app.history.reviews import KEPT, ReviewStore, project_key, remember
from app.review.assess import assess
from app.review.report import Review
from ingest.parse import Upload, parse_uploads
from ingest.schema import Knowledge

ML = "# Churn\n\nA machine learning model predicts churn; we train the classifier with xgboost.\n"
ROLLBACK = "\n## Rollback\n\nIf errors exceed 2 %, run `kubectl rollout undo deployment/scorer`.\n"
PLAN = "\n## Rollback\n\nWe plan to add a rollback plan.\n"


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'db.sqlite'}"


def review(knowledge: Knowledge, text: str, folder: Path, project: str | None = None) -> Review:
    documents = parse_uploads([Upload("README.md", text.encode())]).documents
    found = assess(documents, knowledge.criteria, language="en", secrets=lambda _: ())
    return remember(url(folder), found, project, [d.text for d in documents])


def test_the_second_review_says_what_changed(knowledge: Knowledge, tmp_path: Path) -> None:
    steps = [ML, ML + PLAN, ML + ROLLBACK, ML + PLAN, ML]
    first, planned, fixed, back, gone = (review(knowledge, text, tmp_path) for text in steps)
    assert first.comparison is None

    def changes(found: Review) -> dict[str, list[str]]:
        assert found.comparison is not None
        groups = found.comparison.groups
        return {name: [f.criterion.id for f in group] for name, group in groups.items() if group}

    assert changes(planned) == {"improved": ["rollback-plan"]}
    assert "rollback-plan" in changes(fixed)["fixed"]
    assert "rollback-plan" in changes(back)["regressed"]
    assert "rollback-plan" in changes(gone)["new_gaps"]
    comparison = fixed.to_json()["comparison"]
    assert comparison["score_change"] == round(fixed.score - planned.score, 1) > 0


def test_other_documents_by_the_same_name_are_not_compared(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    review(knowledge, ML, tmp_path)
    other = "# Prices\n\nOur regression model, trained with PyTorch, forecasts house prices.\n"
    assert review(knowledge, other, tmp_path).comparison is None
    assert review(knowledge, ML, tmp_path).comparison is not None


def test_a_project_name_decides(knowledge: Knowledge, tmp_path: Path) -> None:
    review(knowledge, ML, tmp_path, "churn")
    assert review(knowledge, ML + ROLLBACK, tmp_path).comparison is None
    assert review(knowledge, "# New\n\nRewritten.\n", tmp_path, " churn ").comparison is not None


def test_another_owners_reviews_are_not_compared(knowledge: Knowledge, tmp_path: Path) -> None:
    found = review(knowledge, ML, tmp_path, "churn")
    for owner, compared in (("ana", False), ("eva", False), ("ana", True), ("", True)):
        kept = remember(url(tmp_path), found, "churn", [ML], owner)
        assert (kept.comparison is not None) is compared


def test_the_documents_are_not_kept(knowledge: Knowledge, tmp_path: Path) -> None:
    review(knowledge, ML + "\nThe zebra sleeps in the turquoise barn.\n", tmp_path)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("db.sqlite*"))
    assert b"predicts churn" in stored
    assert b"turquoise" not in stored


def test_only_the_latest_reviews_are_kept(knowledge: Knowledge, tmp_path: Path) -> None:
    found = review(knowledge, ML, tmp_path)
    store = ReviewStore(url(tmp_path))
    key = project_key("p", [])
    for _ in range(KEPT + 3):
        store.add(key, found)
    assert len(store.latest(key)) == KEPT
    assert len(store.latest(project_key(None, ["README.md"]))) == 1


def test_a_database_that_fails_costs_the_comparison_only(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    (tmp_path / "db.sqlite").write_bytes(b"no database, " * 500)
    found = review(knowledge, ML, tmp_path)
    assert found.findings
    assert "could not be kept" in found.warnings[-1].en
