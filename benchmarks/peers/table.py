"""The page that shows the comparison."""

from __future__ import annotations

from typing import Any

COLUMNS = (
    ("coverage@8", "coverage@8"),
    ("coverage_same_length", "coverage, same length"),
    ("characters@8", "characters of 8"),
    ("ours_at_this_length", "ours at that length"),
    ("ndcg@10", "nDCG@10"),
)
COSTS = (
    ("chunks", "chunks"),
    ("ingest_chunks_per_s", "ingest chunks/s"),
    ("ingest_characters_per_s", "ingest characters/s"),
    ("query_p50_ms", "query p50 ms"),
    ("query_p95_ms", "query p95 ms"),
    ("cold_start_s", "cold start s"),
    ("ingest_memory_mb", "memory, ingest MB"),
    ("query_memory_mb", "memory, query MB"),
    ("install_mb", "install MB"),
)
NOTES = """\
- Coverage: share of what a good answer must mention that stands in the first 8 chunks. Systems cut
  differently, so "same length" gives each as many characters as our 8 passages have for the same
  question, in rank order, the last chunk cut; "ours at that length" gives our passages as many
  characters as that system's 8 chunks have.
- nDCG@10 over the entries of the chunks in order. An entry is relevant when it is one of the
  question's topics, a playbook when one of its topics is and no earlier entry brought that one.
- Every system has one index for each language (ours: one index, searched in one language) and is
  asked the question as it stands. All get the entry's title and other names in its text; the title
  also stands with each chunk that is embedded.
- LlamaIndex: SentenceSplitter 1024/200, VectorStoreIndex. Haystack: DocumentSplitter of 200 words,
  in-memory store, BM25 and embedding retriever joined by reciprocal rank fusion. txtai: paragraphs,
  hybrid index. "Same e5" is multilingual-e5-small in 4 bits by the same code as ours.
- Ingest runs on a sample of {sample} entries in both languages and embeds everything. Cold start:
  from process start to the first result of a stored index, median of three. Memory: the most that
  a process held. Install: packages and prepared model; ours is the whole product with its page,
  parsers and reviews.
- Our ranking was tuned on these development questions, the peers' defaults were not: read its lead
  as an upper bound.
"""


def markdown(report: dict[str, Any]) -> str:
    questions = report["questions"]
    counts = f"{questions['en']} English and {questions['es']} Spanish questions"
    lines = [
        "<!-- Written by benchmarks/peers/run.py: do not edit. -->",
        "# Retrieval beside its peers",
        "",
        f"{report['entries']} entries in two languages, {counts}, {report['machine']}.",
    ]
    for language, name in (("en", "English"), ("es", "Spanish")):
        rows = [
            [system["system"], *(_cell(system[language].get(key)) for key, _ in COLUMNS)]
            for system in report["systems"]
        ]
        lines += ["", f"## Quality, {name}", "", *_table([title for _, title in COLUMNS], rows)]
    rows = [
        [system["system"], *(_cell(system[key]) for key, _ in COSTS)]
        for system in report["systems"]
    ]
    lines += ["", "## Speed and size", "", *_table([title for _, title in COSTS], rows)]
    return "\n".join([*lines, "", "## How", "", NOTES.format(sample=report["sample"])])


def _table(titles: list[str], rows: list[list[str]]) -> list[str]:
    return [
        "| system | " + " | ".join(titles) + " |",
        "| --- |" + " ---: |" * len(titles),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else f"{value:,}"
