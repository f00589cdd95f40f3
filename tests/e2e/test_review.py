"""The review page as a visitor uses it, in Debian's Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DOCUMENT = """# Scoring de bajas

Cada noche el modelo de clasificación predice la probabilidad de baja de cada cliente para que el
equipo de retención decida a quién llamar.

## Monitorización

Comparamos cada día la distribución de las variables con la de entrenamiento mediante PSI y avisamos
en Slack al equipo de datos si supera 0,2.

## Despliegue

El modelo se entrena con scikit-learn y se registra en MLflow. No hay plan de rollback todavía.
"""


def review(page: Page, *files: Path) -> None:
    page.locator('[data-testid="stFileUploader"] input[type=file]').set_input_files(list(files))
    page.get_by_role("button", name="Revisar documentos").click()


def open_review(page: Page) -> None:
    page.get_by_role("link", name="Revisión de documentos").click()
    expect(page.get_by_text("40 criterios")).to_be_visible(timeout=20_000)


def test_upload_see_verdicts_download(spanish: Page, tmp_path: Path) -> None:
    path = tmp_path / "diseño.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    open_review(spanish)
    review(spanish, path)
    expect(spanish.get_by_text("Revisión terminada")).to_be_visible(timeout=20_000)
    expect(spanish.get_by_text(re.compile(r"\d+ / 100")).first).to_be_visible()
    finding = spanish.locator('[data-testid="stExpander"]', has_text="Monitorización del modelo")
    finding.locator("summary").click()
    expect(finding).to_contain_text("mediante PSI")

    with spanish.expect_download() as waiting:
        spanish.get_by_text("Descargar informe").click()
    waiting.value.save_as(tmp_path / "review.md")
    report = (tmp_path / "review.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^### [●◐○] ", report, flags=re.M)) == 40
    quotes = re.findall(r"^```text\n(.*?)\n```", report, flags=re.M | re.S)
    assert quotes
    assert all(quote in DOCUMENT for quote in quotes)


def test_a_file_that_cannot_be_read_says_why_and_the_others_go_on(
    spanish: Page, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.pdf"
    good.write_text(DOCUMENT, encoding="utf-8")
    bad.write_bytes(b"MZ\x90\x00 this is no PDF")
    open_review(spanish)
    review(spanish, good, bad)
    expect(spanish.get_by_text("Revisión terminada")).to_be_visible(timeout=20_000)
    expect(spanish.locator('[data-testid="stAlert"]', has_text="bad.pdf")).to_be_visible()
    expect(spanish.get_by_text("Traceback")).to_have_count(0)


def test_a_second_upload_says_what_changed(spanish: Page, tmp_path: Path) -> None:
    path = tmp_path / "servicio.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    open_review(spanish)
    review(spanish, path)
    expect(spanish.get_by_text("Revisión terminada")).to_be_visible(timeout=20_000)
    expect(spanish.get_by_text("Lo que se ha leído (1)")).to_be_visible()
    expect(spanish.get_by_text("Preguntas para los autores")).to_be_visible()
    expect(spanish.get_by_text("Desde la última revisión")).to_have_count(0)

    undo = "\n## Rollback\n\nSi los errores superan el 2 %, ejecuta `kubectl rollout undo`.\n"
    path.write_text(DOCUMENT.replace("No hay plan de rollback todavía.", "") + undo, "utf-8")
    spanish.reload()
    review(spanish, path)
    expect(spanish.get_by_text("Desde la última revisión")).to_be_visible(timeout=20_000)
    changed = spanish.get_by_role("listitem").filter(has_text=re.compile("Resuelto|Mejorado"))
    expect(changed.first).to_contain_text("rollback")
