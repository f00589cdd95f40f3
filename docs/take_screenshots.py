"""Takes the pictures of docs/screenshots from a page of its own: `make screenshots`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).parent / "screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
DOCUMENT = """# Churn scoring

Every night the model predicts the probability that each customer leaves, so that the retention team
decides whom to call. Data: 2.1 million rows of billing events, refreshed daily.

## Training

`make train` repeats the run: seed 42, environment pinned in requirements.lock. Offline evaluation
on a time split gives AUC 0.84 against 0.71 of the current rules. Runs are tracked in MLflow.

## Rollback

If the 5xx rate rises above 2 % for 5 minutes, the on-call engineer runs `kubectl rollout undo`; the
previous version serves again within 2 minutes.

## Future work

We plan to add drift monitoring and load tests.
"""

BRIEF = {
    "Nombre": "Predicción de bajas",
    "Tarea": "Decidir cada noche a qué clientes llama el equipo de retención.",
    "Tipo de problema de ML": "clasificación",
    "Volumen de datos": "2,1 M de filas, un 5 % más al mes",
    "Latencia requerida": "batch nocturno, listo a las 6:00",
    "Infraestructura disponible": "AWS, EKS, sin GPU",
    "Framework preferido": "scikit-learn",
    "Requisitos de monitorización": "drift semanal, AUC con etiquetas a 30 días",
    "Cumplimiento normativo": "RGPD",
}


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "ui", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "MLEXPERT_DATA_DIR": data, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        try:
            wait(port)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                take(browser, f"http://127.0.0.1:{port}")
                browser.close()
        finally:
            os.killpg(process.pid, 15)
            process.wait(20)


def wait(port: int) -> None:
    limit = time.monotonic() + 300
    while time.monotonic() < limit:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the page did not start")


def take(browser: Browser, address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    page = opened(browser, address, "es-ES")
    take_chat(page)
    take_history(page, address)
    take_brief(page, address)
    take_documents(page, address)
    take_knowledge(browser, address)
    take_review(browser, address)
    page = opened(browser, f"{address}/status", "en-GB", dark=True)
    page.get_by_role("heading", name="Storage").wait_for()
    shoot(page, "status")
    take_phone(browser, address)


def take_chat(page: Page) -> None:
    page.locator('[data-testid="stChatInputTextArea"]:not([disabled])').wait_for()
    shoot(page, "start")
    ask(page, "¿Cómo despliego un modelo nuevo con canary y un rollback seguro?")
    page.get_by_text("Descargar respuesta").first.wait_for()
    page.locator('[data-testid="stChatMessage"]').first.scroll_into_view_if_needed()
    shoot(page, "chat")
    page.locator('[data-testid="stPopover"] button').first.click()
    page.get_by_test_id("passage").wait_for()
    shoot(page, "citation")


def take_history(page: Page, address: str) -> None:
    for question in ("¿Cómo detecto drift si las etiquetas llegan tarde?", "¿MLflow o W&B?"):
        page.goto(address)
        ask(page, question)
        page.get_by_text("Descargar respuesta").first.wait_for()
    page.goto(f"{address}/history")
    page.get_by_role("button", name="Acciones").nth(1).click()
    shoot(page, "history")
    page.get_by_role("menuitem", name="Exportar y compartir").click()
    page.get_by_role("dialog").wait_for()
    shoot(page, "history-export")


def take_brief(page: Page, address: str) -> None:
    page.goto(f"{address}/brief")
    page.get_by_label("Nombre").wait_for()
    shoot(page, "brief-new")
    for label, text in BRIEF.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Guardar ficha").click()
    page.get_by_text("Guardado:").wait_for()
    for name, state in (("Arquitectura", "Hecho"), ("Pipeline de entrenamiento", "En curso")):
        field = page.get_by_role("combobox", name=f"Estado de {name}")
        field.scroll_into_view_if_needed()
        field.click()
        page.get_by_role("option", name=state).click()
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    evidence = page.get_by_label("Evidencia de Arquitectura")
    evidence.fill("docs/arquitectura.md, revisado por Ana")
    evidence.press("Enter")
    page.get_by_role("heading", name="Entregables").scroll_into_view_if_needed()
    shoot(page, "deliverables")
    page.get_by_role("heading", level=1).scroll_into_view_if_needed()
    shoot(page, "brief")


def take_documents(page: Page, address: str) -> None:
    page.goto(f"{address}/documents")
    picker = page.locator('[data-testid="stFileUploader"] input[type=file]')
    picker.set_input_files(
        [
            {"name": "design.md", "mimeType": "text/markdown", "buffer": DOCUMENT.encode()},
            {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"},
        ]
    )
    page.get_by_role("button", name="Añadir documentos").click()
    page.get_by_text("Añadido a").wait_for()
    shoot(page, "documents")


def take_knowledge(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/knowledge?q=drift&kind=practice", "es-ES")
    shoot(page, "knowledge")
    page = opened(browser, f"{address}/knowledge?view=map", "en-GB", dark=True)
    shoot(page, "knowledge-map")
    page = opened(browser, f"{address}/knowledge?view=retired", "en-GB")
    shoot(page, "knowledge-retired")
    page = opened(browser, f"{address}/knowledge?entry=kubernetes&lang=es", "es-ES")
    shoot(page, "knowledge-entry")


def take_review(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/review", "en-GB", dark=True)
    picker = page.locator('[data-testid="stFileUploader"] input[type=file]')
    picker.set_input_files(
        {"name": "design.md", "mimeType": "text/markdown", "buffer": DOCUMENT.encode()}
    )
    page.get_by_role("button", name="Review documents").click()
    page.get_by_text("Review finished").wait_for()
    shoot(page, "review")


def take_phone(browser: Browser, address: str) -> None:
    phone: ViewportSize = {"width": 360, "height": 740}
    for path, name in (
        ("/", "phone-start"),
        ("/knowledge?entry=drift-detection&lang=en", "phone-entry"),
        ("/brief", "phone-brief"),
    ):
        page = opened(browser, address + path, "en-GB", size=phone, dark=name == "phone-entry")
        shoot(page, name)


def opened(
    browser: Browser,
    address: str,
    locale: str,
    *,
    dark: bool = False,
    size: ViewportSize | None = None,
) -> Page:
    context = browser.new_context(
        locale=locale,
        viewport=size or {"width": 1280, "height": 860},
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    return page


def ask(page: Page, question: str) -> None:
    box = page.locator('[data-testid="stChatInputTextArea"]:not([disabled])')
    box.fill(question)
    box.press("Enter")


def shoot(page: Page, name: str) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(600)  # animations end
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
