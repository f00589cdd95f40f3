"""The product's retriever on public data: nDCG@10 of terms, meaning, their fusion, reranked.

    python benchmarks/yardstick.py FOLDER

The data is not in this repository. FOLDER holds any of:

- `xquad.en.json` and `xquad.es.json` from github.com/google-deepmind/xquad (Artetxe et al., ACL
  2020; CC BY-SA 4.0): 240 Wikipedia paragraphs and 1190 questions, translated by people; the
  paragraph that a question was written for is relevant. Also asked across the languages.
- `cran.all.1400`, `cran.qry` and `cranqrel`, the Cranfield collection (Cleverdon 1967), from
  ir.dcs.gla.ac.uk/resources/test_collections/cran or one of the public repositories that hold it:
  1400 abstracts and 225 questions of engineers; relevance codes 1 to 4 count alike.
- folders with `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv`, the layout of BEIR (English).

The reranker was trained on curated entries: on other texts it shows what it costs, or gives.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.evaluation.metrics import mean, ndcg
from app.settings import read_settings
from app.wiring import open_embedder
from ingest.build import build_collection
from ingest.embed import Embedder
from ingest.rerank import Found
from ingest.schema import CURATED, Language, Passage, Span
from ingest.search import HybridSearch

K = 10
SYSTEMS = ("terms", "meaning", "fusion", "reranked")


@dataclass(frozen=True)
class Collection:
    """Texts by id, as (title, text), and questions with the ids of the relevant texts."""

    name: str
    language: Language
    texts: dict[str, tuple[str, str]]
    questions: tuple[tuple[str, frozenset[str]], ...]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    given = options.parse_args()
    embedder = open_embedder(read_settings())
    print(f"| data | texts | questions | {' | '.join(SYSTEMS)} |")
    print("| --- | ---: | ---: |" + " ---: |" * len(SYSTEMS))
    for collection in read_all(given.folder):
        values = evaluate(collection, embedder)
        shown = " | ".join(f"{values[system]:.3f}" for system in SYSTEMS)
        size = f"{len(collection.texts)} | {len(collection.questions)}"
        print(f"| {collection.name} | {size} | {shown} |", flush=True)


def evaluate(collection: Collection, embedder: Embedder) -> dict[str, float]:
    """Mean nDCG@10 of each system over the questions."""
    passages = [
        _passage(key, title, text, collection.language)
        for key, (title, text) in collection.texts.items()
    ]
    scores: dict[str, list[float]] = {system: [] for system in SYSTEMS}
    with tempfile.TemporaryDirectory() as root:
        index = build_collection(
            CURATED,
            collection.name,
            passages,
            Path(root),
            embedder,
            {},
            lambda _share, _what: None,
        )
        search = HybridSearch(index, (), embedder)
        for question, relevant in collection.questions:
            pool = search.pool(
                search.read_query(question, collection.language), collection.language
            )
            ranked = {
                "terms": _order(pool, lambda found: found.terms_rank),
                "meaning": _order(pool, lambda found: found.meaning_rank),
                "fusion": _order(pool, lambda found: -found.fused if found.fused else None),
                "reranked": [
                    hit.passage.entry
                    for hit in search.search(question, collection.language, K).hits
                ],
            }
            for system, entries in ranked.items():
                scores[system].append(ndcg(entries, relevant, K))
    return {system: mean(values) for system, values in scores.items()}


def _order(pool: Sequence[Found], place: Callable[[Found], float | None]) -> list[str]:
    """Entries of the pool by a rank, those without one left out; ids break ties."""
    placed = [(place(found), found.passage.entry) for found in pool]
    return [entry for rank, entry in sorted((r, e) for r, e in placed if r is not None)]


def _passage(key: str, title: str, text: str, language: Language) -> Passage:
    return Passage(
        id=f"{key}.{language}#document-1",
        entry=key,
        title=title,
        section="document",
        heading=title,
        language=language,
        text=text,
        spans=(Span(start=0, end=len(text), kind="sentence"),),
    )


def read_all(folder: Path) -> Iterator[Collection]:
    if (folder / "xquad.en.json").is_file() and (folder / "xquad.es.json").is_file():
        english, spanish = (_xquad(folder, language) for language in ("en", "es"))
        yield english
        yield spanish
        yield Collection("XQuAD es asked, en searched", "en", english.texts, spanish.questions)
        yield Collection("XQuAD en asked, es searched", "es", spanish.texts, english.questions)
    if (folder / "cran.all.1400").is_file():
        yield _cranfield(folder)
    for qrels in sorted(folder.glob("*/qrels/test.tsv")):
        yield _beir(qrels.parent.parent)


def _xquad(folder: Path, language: Language) -> Collection:
    data = json.loads((folder / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
    texts: dict[str, tuple[str, str]] = {}
    questions = []
    for article in data:
        for paragraph in article["paragraphs"]:
            key = f"p{len(texts)}"
            # Titles are left out: they exist in English only.
            texts[key] = ("", paragraph["context"].lstrip("\ufeff"))
            questions += [(qa["question"], frozenset({key})) for qa in paragraph["qas"]]
    return Collection(f"XQuAD {language}", language, texts, tuple(questions))


def _cranfield(folder: Path) -> Collection:
    texts = {}
    for block in re.split(r"^\.I ", _text(folder / "cran.all.1400"), flags=re.MULTILINE)[1:]:
        key, title, body = _match(r"(\d+)\s+\.T\n(.*?)\.A\n.*?\.W\n?(.*)", block)
        text = _one_line(body).removeprefix(_one_line(title)).strip()
        # Two abstracts are empty; their title is all they have.
        texts[key] = (_one_line(title), text or _one_line(title) or "-")
    blocks = re.split(r"^\.I \d+\s+\.W\n", _text(folder / "cran.qry"), flags=re.MULTILINE)[1:]
    relevant: dict[int, set[str]] = {}
    for line in _text(folder / "cranqrel").splitlines():
        number, key, code = line.split()[:3]
        # The judgements count the questions from 1, whatever number stands before each.
        if 1 <= int(code) <= 4:
            relevant.setdefault(int(number), set()).add(key)
    questions = tuple(
        (_one_line(block), frozenset(relevant[number]))
        for number, block in enumerate(blocks, start=1)
        if number in relevant
    )
    return Collection("Cranfield", "en", texts, questions)


def _beir(folder: Path) -> Collection:
    corpus = map(json.loads, _text(folder / "corpus.jsonl").splitlines())
    texts = {row["_id"]: (row.get("title", ""), row["text"] or "-") for row in corpus}
    asked = map(json.loads, _text(folder / "queries.jsonl").splitlines())
    queries = {row["_id"]: row["text"] for row in asked}
    relevant: dict[str, set[str]] = {}
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0:
                relevant.setdefault(row["query-id"], set()).add(row["corpus-id"])
    questions = tuple((queries[key], frozenset(own)) for key, own in relevant.items())
    return Collection(folder.name, "en", texts, questions)


def _match(pattern: str, text: str) -> tuple[str, ...]:
    found = re.match(pattern, text, flags=re.DOTALL)
    if found is None:
        raise SystemExit(f"Not the Cranfield layout: {text[:60]!r}")
    return found.groups()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
