"""Measures the product's retrieval beside what one would otherwise put together: `make peers`.

    python benchmarks/peers/run.py QUESTIONS_FOLDER [--cache FOLDER] [--only NAME ...] [--out FILE]

The same corpus (the curated knowledge as Markdown), the same questions (`questions.jsonl` with
`topics` and `must_mention`) and the same machine in one run; each system in a virtual environment
of its own under the cache folder, from the pinned files in `requirements/`. Nothing but the package
registry is reached. The table goes to docs/benchmarks/peers.md, with a JSON file beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from score import Topics, scores
from table import markdown

from app.evaluation.metrics import quantile
from app.settings import read_settings
from app.wiring import load_knowledge
from ingest.bundled_model import open_bundled_model
from ingest.schema import LANGUAGES, Knowledge

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OURS = "ours"
# Documents a language for the ingest speed: embedding everything anew would take most of the run.
SAMPLE = 30
COLD_STARTS = 3
Row = dict[str, Any]


@dataclass(frozen=True)
class Entrant:
    """A measured system: its script, its environment, and what the table calls it."""

    script: str
    environment: str
    title: str


ENTRANTS = (
    Entrant("with_ours.py", OURS, "ML Engineer Expert"),
    Entrant("with_llamaindex_minilm.py", "llamaindex-minilm", "LlamaIndex + all-MiniLM-L6-v2"),
    Entrant("with_llamaindex_e5.py", "llamaindex", "LlamaIndex + same e5"),
    Entrant("with_haystack.py", "haystack", "Haystack hybrid + same e5"),
    Entrant("with_txtai.py", "txtai", "txtai hybrid + same e5"),
)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("questions", type=Path)
    options.add_argument("--cache", type=Path)
    options.add_argument("--only", nargs="*", default=[])
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks" / "peers.md")
    given = options.parse_args()
    cache: Path = given.cache or platformdirs.user_cache_path("mlexpert-peers")
    knowledge = load_knowledge(read_settings())
    lines = (given.questions / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_corpus(knowledge, work / "corpus", None)
        write_corpus(knowledge, work / "sample", SAMPLE)
        shown = [{"question": row["question"], "lang": row["lang"]} for row in asked]
        (work / "questions.json").write_text(json.dumps(shown), encoding="utf-8")
        open_bundled_model(cache / "model")
        measured = []
        for entrant in ENTRANTS:
            if given.only and entrant.environment not in given.only:
                continue
            print(f"{entrant.title} …", file=sys.stderr)
            measured.append(measure(entrant, cache, work))
    budgets = next((m["found"] for m in measured if m["environment"] == OURS), None)
    topics = Topics.of(knowledge)
    systems = [m | scores(asked, m.pop("found"), topics, budgets) for m in measured]
    report = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "questions": {lang: sum(row["lang"] == lang for row in asked) for lang in LANGUAGES},
        "entries": len(knowledge.entries),
        "sample": SAMPLE,
        "systems": systems,
    }
    given.out.parent.mkdir(parents=True, exist_ok=True)
    written = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    given.out.with_suffix(".json").write_text(written, encoding="utf-8")
    text = markdown(report)
    given.out.write_text(text, encoding="utf-8")
    print(text)


def write_corpus(knowledge: Knowledge, folder: Path, sample: int | None) -> None:
    """Title, other names and sections of each entry, footnote marks left out."""
    keys = sorted(knowledge.entries, key=lambda key: hashlib.sha256(key.encode()).hexdigest())
    for key in keys[:sample]:
        entry = knowledge.entries[key]
        for language in LANGUAGES:
            title = entry.meta.title.in_language(language)
            parts = [f"# {title}", ", ".join(entry.meta.aliases)]
            parts += [f"## {s.heading}\n\n{s.body.strip()}" for s in entry.sections[language]]
            text = re.sub(r"\s*\[\^[^\]\s]+\]", "", "\n\n".join(part for part in parts if part))
            path = folder / language / f"{key}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")


def measure(entrant: Entrant, cache: Path, work: Path) -> Row:
    """Ingest speed on the sample, the whole index, cold start, then all questions."""
    python = environment(entrant.environment, cache)
    store = work / entrant.script.removesuffix(".py")
    base = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PEERS_MODEL": str(cache / "model"),
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "HF_HUB_OFFLINE": "1",
        # txtai asks for this before it calls an embedding function by its name.
        "ALLOW_RESOLVE_TRANSFORM": "True",
    }
    command = [str(python), str(HERE / entrant.script)]
    first = {**base, "PEERS_SAMPLE": "1"}
    sample, memory = run([*command, "ingest", str(work / "sample"), str(store / "sample")], first)
    rate = json.loads(sample)
    whole = store / "whole"
    if entrant.environment == OURS:
        # The prepared model is a part of the installation, in its data folder.
        shutil.copytree(cache / "model", whole / "models", dirs_exist_ok=True)
    again = {**base, "PEERS_VECTORS": str(cache)}
    built, _ = run([*command, "ingest", str(work / "corpus"), str(whole)], again)
    out = store / "answers.json"
    ask = [*command, "ask", str(work / "questions.json"), str(whole), str(out)]
    starts = [first_result(ask, base) for _ in range(COLD_STARTS)]
    _, serving = run(ask, base)
    answers = json.loads(out.read_text(encoding="utf-8"))
    return {
        "system": entrant.title,
        "environment": entrant.environment,
        "chunks": json.loads(built)["chunks"],
        "ingest_chunks_per_s": round(rate["chunks"] / rate["seconds"], 1),
        "ingest_characters_per_s": round(characters(work / "sample") / rate["seconds"]),
        "ingest_memory_mb": round(memory),
        "query_p50_ms": round(quantile(answers["ms"], 0.5), 1),
        "query_p95_ms": round(quantile(answers["ms"], 0.95), 1),
        "cold_start_s": round(quantile(starts, 0.5), 2),
        "query_memory_mb": round(serving),
        "install_mb": round(installed(python) + megabytes(cache / "model")),
        "found": answers["found"],
    }


def environment(name: str, cache: Path) -> Path:
    """The Python of a virtual environment that holds exactly what its requirements say."""
    folder = cache / "venvs" / name
    python = folder / "bin" / "python"
    if name == OURS:
        arguments = ["-c", str(ROOT / "constraints.txt"), "-e", str(ROOT)]
        wanted = (ROOT / "constraints.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    else:
        pinned = HERE / "requirements" / f"{name}.txt"
        # The files are complete, so that no package may bring in another version of anything.
        arguments = ["--no-deps", "-r", str(pinned)]
        wanted = pinned.read_bytes()
    stamp = folder / "installed"
    digest = hashlib.sha256(wanted).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    subprocess.run([*pip, *arguments], check=True)
    stamp.write_text(digest, encoding="utf-8")
    return python


def run(command: list[str], env: dict[str, str]) -> tuple[str, float]:
    """Output of a finished process and the most memory that it held, in MB."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise SystemExit(f"{Path(command[1]).name}: {errors.read().decode()[-2000:]}")
    return output.strip().splitlines()[-1] if output.strip() else "", most_memory(usage)


def most_memory(usage: resource.struct_rusage) -> float:
    """MB; Linux counts in kB."""
    return usage.ru_maxrss / 1000


def first_result(command: list[str], env: dict[str, str]) -> float:
    """Seconds from the start of a process to its first search result."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.strip() == "first":
                return time.perf_counter() - started
        raise SystemExit(f"{Path(command[1]).name} gave no result.")
    finally:
        process.kill()
        process.wait()


def installed(python: Path) -> float:
    """MB of the packages, the installer itself left out."""
    folder = next((python.parent.parent / "lib").glob("python*/site-packages"))
    tools = ("pip", "setuptools")
    return sum(megabytes(p) for p in folder.iterdir() if not p.name.startswith(tools))


def megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def characters(corpus: Path) -> int:
    return sum(len(path.read_text(encoding="utf-8")) for path in corpus.rglob("*.md"))


if __name__ == "__main__":
    main()
