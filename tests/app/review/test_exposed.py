"""Quotes end before a secret or personal data."""

from __future__ import annotations

import pytest

from app.review.assess import assess
from ingest.parse import Upload, parse_uploads
from ingest.schema import Knowledge
from ingest.secrets import find_secrets

KEY = "AKIAQ4RT" + "7ZLM2XWPB6NC"
PASSWORD = "tr0ub4dor" + "-Hk92"


@pytest.mark.parametrize("name", ["README.md", "page.html", "notes.txt", "settings.yaml"])
def test_no_quote_shows_a_secret(knowledge: Knowledge, name: str) -> None:
    lines = (
        "The machine learning model predicts churn and is trained with xgboost.",
        f"MLflow experiment tracking logs to s3 with aws_access_key_id = {KEY}",
        f"Access control: secrets are in the database, password: {PASSWORD}",
        "Contact the on-call engineer for alerts: ana.garcia@hospital-norte.es",
    )
    form = "<p>{}</p>\n" if name.endswith("html") else "{}\n\n"
    text = "".join(form.format(line) for line in lines)
    documents = parse_uploads([Upload(name, text.encode())]).documents
    review = assess(documents, knowledge.criteria, language="en", secrets=find_secrets)
    assert review.secrets
    said = str(review.to_json())
    for private in (KEY, PASSWORD, "ana.garcia"):
        assert private not in said
    quotes = [q for f in review.findings for q in (*f.evidence, *f.candidates)]
    assert all(quote.text in documents[0].text for quote in quotes)
