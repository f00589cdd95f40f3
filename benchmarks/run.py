"""Measures speed and size: `make bench`. Prints a table and writes benchmarks/results.json.

Everything runs in fresh data folders on this machine; nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).parent / "results.json"
MLEXPERT = str(Path(sys.executable).parent / "mlexpert")
QUESTIONS = (
    "How do I detect drift when labels arrive late?",
    "¿Cómo despliego un modelo nuevo con canary y rollback?",
    "What memory limit should an inference pod have?",
    "¿Qué diferencia hay entre Airflow y Prefect para entrenar modelos?",
    "How do I keep training and serving features equal?",
    "¿Cómo elijo el tamaño de lote para la GPU?",
)
PASSAGE = (
    "The service validates each request, reads the features from the online store and answers "
    "within its latency budget; every prediction is logged with the model version. "
)
Row = dict[str, object]


def main() -> None:
    work = Path(tempfile.mkdtemp(prefix="mlexpert-bench-"))
    environment = {**os.environ, "MLEXPERT_DATA_DIR": str(work / "data")}
    try:
        rows = [*preparation(environment), *command(environment), *warm(work / "data")]
        rows += page(environment)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    machine = f"{psutil.cpu_count()} cores, Python {platform.python_version()}"
    RESULTS.write_text(
        json.dumps({"machine": machine, "rows": rows}, indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    print(f"| measure ({machine}) | value | at least |\n| --- | ---: | ---: |")
    for row in rows:
        print(f"| {row['measure']} | {row['value']} {row['unit']} | {row['target']} |")


def row(measure: str, value: float, unit: str, target: str) -> Row:
    return {"measure": measure, "value": round(value, 2), "unit": unit, "target": target}


def preparation(environment: dict[str, str]) -> list[Row]:
    """Model conversion and index build in an empty data folder."""
    seconds = timed(lambda: run([MLEXPERT, "ui", "--prepare-only"], environment))
    return [row("prepare model and index, first time", seconds, "s", "60 s with the page")]


def command(environment: dict[str, str]) -> list[Row]:
    """A new process that answers one question."""
    times = [
        timed(lambda q=q: run([MLEXPERT, "ask", q, "--json"], environment)) for q in QUESTIONS[:5]
    ]
    return [row("new process, ask answered (median of 5)", statistics.median(times), "s", "3 s")]


def warm(data: Path) -> list[Row]:
    """Answers, searches and embeddings in one process."""
    from app.expert.question import read_question
    from app.settings import read_settings
    from app.wiring import open_product

    product = open_product(read_settings(data_dir=data))
    questions = [read_question(text) for text in QUESTIONS]
    for question in questions:
        product.expert.ask(question)
    answers = [timed(lambda q=q: product.expert.ask(q)) for q in questions * 20]
    searches = [
        timed(lambda q=q: product.search.search(q.text, q.language, 10)) for q in questions * 20
    ]
    texts = [f"{number}. " + PASSAGE * 6 for number in range(64)]
    tokens = statistics.mean(len(product.embedder.token_ids(text)) for text in texts)  # type: ignore[attr-defined]
    seconds = timed(lambda: product.embedder.embed_passages(texts))
    return [
        row("warm composed answer, p50", 1000 * quantile(answers, 0.50), "ms", "40 ms"),
        row("warm composed answer, p95", 1000 * quantile(answers, 0.95), "ms", "120 ms"),
        row("search, p50", 1000 * quantile(searches, 0.50), "ms", "20 ms"),
        row("search, p95", 1000 * quantile(searches, 0.95), "ms", "–"),
        row(f"passages embedded ({tokens:.0f} tokens each)", len(texts) / seconds, "per s", "25"),
    ]


def page(environment: dict[str, str]) -> list[Row]:
    """The page's server: time until it is usable, and its memory when idle."""
    rows = []
    with tempfile.TemporaryDirectory() as empty:
        fresh = {**environment, "MLEXPERT_DATA_DIR": empty}
        seconds, _ = served(fresh)
        rows.append(row("first start to a usable page", seconds, "s", "60 s"))
    seconds, memory = served(environment)
    rows.append(row("second start to a usable page", seconds, "s", "8 s"))
    rows.append(row("resident memory, idle, index open", memory, "MB", "700 MB"))
    return rows


def served(environment: dict[str, str]) -> tuple[float, float]:
    """Seconds until a browser could ask (server up, product open) and MB of the server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [MLEXPERT, "ui", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_page(port)
        seconds = time.perf_counter() - started
        # The command becomes the server: it has the same process id.
        return seconds, psutil.Process(process.pid).memory_info().rss / 1e6
    finally:
        process.terminate()
        process.wait(20)


def wait_for_page(port: int) -> None:
    """Until a real browser sees a question box that accepts text."""
    from playwright.sync_api import sync_playwright

    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
            break
        except OSError:
            time.sleep(0.05)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.goto(f"http://127.0.0.1:{port}")
        box = tab.locator('[data-testid="stChatInputTextArea"]:not([disabled])')
        box.wait_for(timeout=120_000)
        browser.close()


def run(command_line: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command_line, env=environment, check=True, capture_output=True)


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
