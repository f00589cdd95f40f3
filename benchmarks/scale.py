"""Search, opening and memory with a large collection of the user beside the curated knowledge.

    python benchmarks/scale.py QUESTIONS_FOLDER [--passages 200000] [--data FOLDER]

The collection is built by the product's own store code. Its passages are curated sentences put
together anew, and their vectors lie near those of the passages that the sentences come from, so
that no text needs embedding. `--data` keeps the data folder for a second run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

from app.evaluation.metrics import quantile
from app.evaluation.run import Case, read_cases
from app.settings import Settings, read_settings
from app.wiring import index_folder, load_knowledge, open_embedder, open_product
from ingest.build import build_collection, curated_passages
from ingest.chunk import embedding_text
from ingest.embed import (
    Embedder,
    VectorCache,
    Vectors,
    embed_with_cache,
    load_shipped_vectors,
    text_key,
)
from ingest.index import Index, current_generation
from ingest.schema import CURATED, LANGUAGES, Passage, Span
from ingest.search import HybridSearch

COLLECTION = "scale"
DOCUMENT_PASSAGES = 20
SENTENCES = 5
# Length of the random part beside a real unit vector: about 0.93 cosine between the two.
SPREAD = 0.4
TARGETS = {"search p95": 60.0, "index open": 3.0}
Row = tuple[str, float, str]


class Prepared:
    """An Embedder that knows the vectors of the made passages and computes any other."""

    def __init__(self, model: Embedder, known: dict[str, Vectors]) -> None:
        self.fingerprint, self.dimension = model.fingerprint, model.dimension
        self.embed_query = model.embed_query
        self._model, self._known = model, known

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        keys = [text_key(text) for text in texts]
        if all(key in self._known for key in keys):
            return np.stack([self._known[key] for key in keys])
        return self._model.embed_passages(texts)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("questions", type=Path)
    options.add_argument("--passages", type=int, default=200_000)
    options.add_argument("--data", type=Path)
    options.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        settings = read_settings(data_dir=given.data or Path(fresh))
        if given.measure:
            print(json.dumps(measure(settings, read_cases(given.questions)[0])))
            return
        rows = build(settings, given.passages)
        # A process of its own: what building left in memory and in caches is gone.
        again = [sys.executable, __file__, str(given.questions), "--measure"]
        done = subprocess.run(
            [*again, "--data", str(settings.data_folder)],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        rows += json.loads(done.stdout)
    print(f"| measure ({given.passages} passages) | value | target |\n| --- | ---: | ---: |")
    for name, value, unit in rows:
        target = f"{TARGETS[name]:g} {unit}" if name in TARGETS else "–"
        print(f"| {name} | {value:.1f} {unit} | {target} |")


def build(settings: Settings, count: int) -> list[Row]:
    """Builds curated index and large collection, unless the data folder has them."""
    open_product(settings)
    if current_generation(index_folder(settings), COLLECTION) is not None:
        return []
    model = open_embedder(settings)
    real = curated_passages(load_knowledge(settings))
    folder = index_folder(settings)
    cache = VectorCache(folder / "embeddings.sqlite", model.fingerprint)
    shipped = load_shipped_vectors(settings.knowledge_folder / "vectors", model.fingerprint)
    texts = [embedding_text(passage) for passage in real]
    near = embed_with_cache(texts, model, cache, shipped, lambda _share, _what: None)
    cache.close()
    passages, vectors = made_passages(real, near, count)
    known = {text_key(embedding_text(p)): v for p, v in zip(passages, vectors, strict=True)}
    started = time.perf_counter()
    build_collection(
        COLLECTION,
        f"made-{count}",
        passages,
        folder,
        Prepared(model, known),
        known,
        lambda _share, _what: None,
    )
    return [("build without embedding", time.perf_counter() - started, "s")]


def made_passages(
    real: Sequence[Passage], near: Vectors, count: int
) -> tuple[list[Passage], Vectors]:
    """Passages of recombined sentences, as many in each language, and unit vectors near theirs."""
    random = np.random.default_rng(5)
    passages: list[Passage] = []
    sources: list[int] = []
    for language in LANGUAGES:
        rows = [row for row, passage in enumerate(real) if passage.language == language]
        # A few words of each title make names, so that no two documents have the same.
        words = [word for row in rows for word in real[row].title.split()]
        for number in range(count // len(LANGUAGES)):
            chosen = random.choice(rows, SENTENCES)
            sources.append(int(chosen[0]))
            document = number // DOCUMENT_PASSAGES
            title = f"{words[document % len(words)]} {words[7 * document % len(words)]} {document}"
            text, spans = _joined([real[row] for row in chosen], random)
            entry = f"{COLLECTION}-{language}-{document:06d}"
            passages.append(
                Passage(
                    id=f"{entry}.{language}#document-{number % DOCUMENT_PASSAGES + 1}",
                    entry=entry,
                    title=title,
                    section="document",
                    heading=real[chosen[0]].heading,
                    language=language,
                    text=text,
                    spans=spans,
                    collection=COLLECTION,
                )
            )
    noise = random.standard_normal((len(sources), near.shape[1])).astype(np.float32)
    noise *= SPREAD / np.linalg.norm(noise, axis=1, keepdims=True)
    vectors = near[sources] + noise
    return passages, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _joined(chosen: Sequence[Passage], random: np.random.Generator) -> tuple[str, tuple[Span, ...]]:
    text, spans = "", []
    for passage in chosen:
        span = passage.spans[int(random.integers(len(passage.spans)))]
        piece = passage.text[span.start : span.end][:400]
        text += "\n\n" if text else ""
        spans.append(Span(start=len(text), end=len(text) + len(piece), kind="sentence"))
        text += piece
    return text, tuple(spans)


def measure(settings: Settings, cases: Sequence[Case]) -> list[Row]:
    """Opens the collection and searches with every question, beside the curated knowledge."""
    model = open_embedder(settings)
    process = psutil.Process()
    root = index_folder(settings)
    curated_folder, folder = (current_generation(root, c) for c in (CURATED, COLLECTION))
    if curated_folder is None or folder is None:
        raise SystemExit("Nothing was built in this data folder: run without --measure.")
    model.embed_query("warm-up")
    curated = Index(curated_folder)
    HybridSearch(curated, (), model).search(cases[0].question, cases[0].lang, 10)
    before = process.memory_info().rss
    started = time.perf_counter()
    large = Index(folder)
    opened = time.perf_counter() - started
    search = HybridSearch(curated, (large,), model)
    search.search(cases[0].question, cases[0].lang, 10)
    first = time.perf_counter() - started
    results = []
    times = []
    for case in cases:
        begun = time.perf_counter()
        results.append(search.search(case.question, case.lang, 10))
        times.append(1000 * (time.perf_counter() - begun))
    again = []
    for case in cases:
        begun = time.perf_counter()
        search.search(case.question, case.lang, 10)
        again.append(1000 * (time.perf_counter() - begun))
    return [
        ("index open", opened, "s"),
        ("index open and first search", first, "s"),
        ("search p50", quantile(times, 0.5), "ms"),
        ("search p95", quantile(times, 0.95), "ms"),
        ("of it embedding, p50", quantile([r.embed_ms for r in results], 0.5), "ms"),
        ("same questions again, p50", quantile(again, 0.5), "ms"),
        ("same questions again, p95", quantile(again, 0.95), "ms"),
        ("memory of the large index", (process.memory_info().rss - before) / 1e6, "MB"),
        ("memory of the process", process.memory_info().rss / 1e6, "MB"),
        ("disk of the large index", _size(folder) / 1e6, "MB"),
    ]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
