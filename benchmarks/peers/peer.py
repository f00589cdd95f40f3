"""What every measured system does: index a folder of Markdown, then answer questions from it.

A system's script ends in `serve(System())`. It runs in its own virtual environment, as

    SCRIPT ingest CORPUS FOLDER            prints {"chunks": n, "seconds": s}
    SCRIPT ask QUESTIONS FOLDER OUT        prints "first" at the first result, then writes OUT

CORPUS holds `<language>/<entry>.md`; the first line of a file is `# <title>`.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LANGUAGES = ("en", "es")
# What a user asks for, timed; and enough chunks for ten entries, not timed.
ASKED = 10
DEEP = 40


@dataclass(frozen=True)
class Document:
    """One entry in one language; the text includes the title."""

    entry: str
    title: str
    text: str


class System(Protocol):
    """A retrieval system with one index for each language."""

    def ingest(self, documents: list[Document], folder: Path) -> int:
        """Splits, embeds, indexes and stores documents of one language; the number of chunks."""

    def open(self, folder: Path, language: str) -> None:
        """Opens what `ingest` stored."""

    def search(self, question: str, language: str, k: int) -> list[tuple[str, str]]:
        """The k best chunks as (entry, text), best first."""


def serve(system: System) -> None:
    verb, source, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if verb == "ingest":
        report = ingest(system, source, folder)
    else:
        report = ask(system, source, folder)
        Path(sys.argv[4]).write_text(json.dumps(report), encoding="utf-8")
        return
    print(json.dumps(report))


def ingest(system: System, corpus: Path, folder: Path) -> dict[str, float]:
    # The model is loaded before the clock runs, as in a service that is up.
    warm = getattr(system, "warm", None)
    if warm:
        warm()
    started = time.perf_counter()
    chunks = 0
    for language in LANGUAGES:
        (folder / language).mkdir(parents=True, exist_ok=True)
        chunks += system.ingest(read_documents(corpus / language), folder / language)
    return {"chunks": chunks, "seconds": time.perf_counter() - started}


def ask(system: System, questions: Path, folder: Path) -> dict[str, list[object]]:
    asked = json.loads(questions.read_text(encoding="utf-8"))
    # The first question's index alone, so that a cold start is one question and one answer.
    order = dict.fromkeys([asked[0]["lang"], *LANGUAGES])
    opened = iter(order)
    language = next(opened)
    system.open(folder / language, language)
    system.search(asked[0]["question"], language, ASKED)
    print("first", flush=True)
    for language in opened:
        system.open(folder / language, language)
        system.search(asked[0]["question"], language, ASKED)
    times = []
    for row in asked:
        started = time.perf_counter()
        system.search(row["question"], row["lang"], ASKED)
        times.append(1000 * (time.perf_counter() - started))
    found = [system.search(row["question"], row["lang"], DEEP) for row in asked]
    return {"ms": times, "found": found}


def read_documents(folder: Path) -> list[Document]:
    documents = []
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        documents.append(Document(path.stem, title, text))
    return documents
