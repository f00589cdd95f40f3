"""The review as Markdown: receipts, fixes with their template, what was refused."""

from __future__ import annotations

import re

import pytest
from fpdf import FPDF

from app.export.review_report import review_markdown
from app.review.assess import assess
from app.review.report import Review
from ingest.parse import Upload, parse_uploads
from ingest.schema import Knowledge, Language


def scanned() -> bytes:
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    pdf.add_page()
    pdf.cell(text="The machine learning model predicts churn with xgboost and is trained weekly.")
    pdf.add_page()
    return bytes(pdf.output())


@pytest.fixture(scope="module")
def review(knowledge: Knowledge) -> Review:
    parsed = parse_uploads(
        [
            Upload("design.pdf", scanned()),
            Upload("notes.txt", "Contacto: ana.garcia@hospital-norte.es, modelo".encode("cp1252")),
            Upload("bad.pdf", b"MZ\x90\x00 no PDF"),
        ]
    )
    return assess(
        parsed.documents,
        knowledge.criteria,
        language="en",
        secrets=lambda _: (),
        entries=knowledge.entries,
        refused=parsed.refused,
    )


def test_the_receipts_say_what_was_read_and_what_was_not(review: Review) -> None:
    found = review.to_json("en")
    first = found["documents"][0]
    assert (first["name"], first["kind"], first["pages"]) == ("design.pdf", "pdf", 2)
    assert first["pages_without_text"] == [2]
    assert first["characters"] > 50
    assert [one["name"] for one in found["refused"]] == ["bad.pdf"]
    report = review_markdown(review, "es")
    assert re.search(r"\| design\.pdf \| pdf \| 2 \| \d+ \| en \| páginas sin texto: 2 \|", report)
    assert "## Archivos que no se han revisado\n\n- bad.pdf: " in report


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_fix_has_a_template_and_sources(review: Review, language: Language) -> None:
    report = review_markdown(review, language)
    fixes = report.split("\n## ")[1:]
    body = next(part for part in fixes if part.startswith(("Fix these", "Lo primero")))
    assert re.findall(r"^### (\d)\.", body, flags=re.M) == ["1", "2", "3"]
    assert body.count("https://") >= 3
    assert "```" in body or "- [ ]" in body


def test_personal_data_never_leaves_unmasked_but_in_a_quote(review: Review) -> None:
    report = review_markdown(review, "es")
    section = report.split("## Posibles datos personales")[1].split("\n## ")[0]
    assert "notes.txt, línea 1" in section
    assert "garcia" not in section
