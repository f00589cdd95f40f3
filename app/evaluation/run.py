"""Runs the product over question sets and sums up."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.errors import BadInput
from app.evaluation.metrics import (
    calibration_error,
    mean,
    mention_coverage,
    ndcg,
    quantile,
    recall,
    reciprocal_rank,
)
from app.expert.question import Question, read_question
from app.expert.select import gather
from app.wiring import Product
from ingest.schema import LANGUAGES, Frozen, Language, SearchResult, Text

Row = dict[str, Any]
K = 10
COVERAGE_PASSAGES = 8
LONGEST_ANSWER = 600


class Case(Frozen):
    """A question of a set. `entries` are the relevant ones, the best first; none: decline it."""

    id: str
    lang: Language
    question: str
    entries: tuple[str, ...] = ()
    must_mention: tuple[str, ...] = ()


def read_cases(folder: Path) -> tuple[list[Case], list[Case]]:
    """The questions to answer (`questions.jsonl`) and to decline (`out_of_scope.jsonl`).

    Relevant entries stand under `entries` or `topics`. Questions of kind `injection` are left out:
    some hold an honest question.
    """
    inside = [_case(row) for row in _rows(folder / "questions.jsonl")]
    outside = [
        _case(row) for row in _rows(folder / "out_of_scope.jsonl") if row["kind"] != "injection"
    ]
    return inside, outside


def evaluate(product: Product, inside: Sequence[Case], outside: Sequence[Case]) -> Row:
    """All numbers for one question set, by language."""
    known = set(product.knowledge.entries)
    cases = [
        case.model_copy(update={"entries": tuple(e for e in case.entries if e in known)})
        for case in inside
    ]
    report: Row = {
        "questions": len(cases),
        "without_entry": sum(not case.entries for case in cases),
        "out_of_scope": len(outside),
        "retrieval": {lang: _retrieval(product, _of(cases, lang)) for lang in LANGUAGES},
        "cross_lingual": {
            lang: _retrieval(product, _of(cases, lang), other=True) for lang in LANGUAGES
        },
        "abstention": _abstention(product, cases, outside),
        "answers": {lang: _answers(product, _of(cases, lang)) for lang in LANGUAGES},
    }
    return report


def summary(report: Row) -> str:
    """The numbers as lines for a terminal."""
    lines = [f"{report['questions']} questions, {report['out_of_scope']} out of scope"]
    for group in ("retrieval", "cross_lingual", "answers"):
        for language, row in report[group].items():
            shown = "  ".join(f"{name} {value}" for name, value in row.items())
            lines.append(f"{group:<14} {language}  {shown}")
    shown = "  ".join(f"{name} {value}" for name, value in report["abstention"].items())
    lines.append(f"{'abstention':<14}     {shown}")
    return "\n".join(lines)


def _retrieval(product: Product, cases: Sequence[Case], *, other: bool = False) -> Row:
    """Ranking of entries and coverage of the first passages; `other`: the other language's."""
    scores: dict[str, list[float]] = {
        name: [] for name in ("ndcg@10", "recall@5", "recall@10", "mrr", "coverage@8", "ms")
    }
    for case in cases:
        language: Language = ("en" if case.lang == "es" else "es") if other else case.lang
        started = time.perf_counter()
        result = product.search.search(case.question, language, K)
        scores["ms"].append((time.perf_counter() - started) * 1000)
        if case.must_mention:
            text = "\n".join(hit.passage.text for hit in result.hits[:COVERAGE_PASSAGES])
            scores["coverage@8"].append(mention_coverage(text, case.must_mention))
        if not case.entries:
            continue
        ranked = _credited(product.search.search(case.question, language, 3 * K), case.entries)
        scores["ndcg@10"].append(ndcg(ranked, case.entries, K))
        scores["recall@5"].append(recall(ranked, case.entries, 5))
        scores["recall@10"].append(recall(ranked, case.entries, 10))
        scores["mrr"].append(reciprocal_rank(ranked, case.entries))
    times = scores.pop("ms")
    return {
        "n": len(cases),
        **{name: round(mean(values), 3) for name, values in scores.items() if values},
        "p50_ms": round(quantile(times, 0.5), 1),
        "p95_ms": round(quantile(times, 0.95), 1),
    }


def _abstention(product: Product, inside: Sequence[Case], outside: Sequence[Case]) -> Row:
    """How well the evidence gate tells what the knowledge answers."""
    odds: list[float] = []
    truths: list[bool] = []
    refused: list[bool] = []
    for truth, cases in ((True, inside), (False, outside)):
        for case in cases:
            question = read_question(case.question, reader_language=case.lang)
            answer = product.expert.ask(question)
            odds.append(_odds(product, question))
            truths.append(truth)
            refused.append(answer.abstained or not answer.references)
    caught = [r for r, truth in zip(refused, truths, strict=True) if not truth]
    wrong = [r for r, truth in zip(refused, truths, strict=True) if truth]
    return {
        "caught": round(mean([float(r) for r in caught]), 3),
        "wrongly_refused": round(mean([float(r) for r in wrong]), 3),
        "precision": round(sum(caught) / max(1, sum(refused)), 3),
        "calibration_error": round(calibration_error(odds, truths), 3),
    }


def _answers(product: Product, cases: Sequence[Case]) -> Row:
    """Composed (or generated) answers: what they mention, how long they are, whether they hold."""
    coverage: list[float] = []
    words: list[float] = []
    times: list[float] = []
    verdicts: list[bool] = []
    exact = right_language = 0
    for case in cases:
        started = time.perf_counter()
        answer = product.expert.ask(read_question(case.question, reader_language=case.lang))
        times.append((time.perf_counter() - started) * 1000)
        words.append(len(answer.answer_markdown.split()))
        verdicts += [s.verdict == "supported" for s in answer.statements]
        exact += all(reference.quote in reference.passage for reference in answer.references)
        right_language += answer.language == case.lang
        if case.must_mention:
            coverage.append(mention_coverage(answer.answer_markdown, case.must_mention))
    count = max(1, len(cases))
    return {
        "n": len(cases),
        **({"must_mention": round(mean(coverage), 3)} if coverage else {}),
        "words_mean": round(mean(words)),
        "words_max": max(words, default=0),
        "within_length": round(mean([float(n <= LONGEST_ANSWER) for n in words]), 3),
        "supported": round(mean([float(v) for v in verdicts]), 3),
        "exact_quotes": round(exact / count, 3),
        "right_language": round(right_language / count, 3),
        "p50_ms": round(quantile(times, 0.5), 1),
        "p95_ms": round(quantile(times, 0.95), 1),
    }


def _odds(product: Product, question: Question) -> float:
    if not question.supported or question.intent != "answer":
        return 0.0
    return gather(question, product.search).probability


def _credited(result: SearchResult, relevant: Collection[str]) -> list[str]:
    """The entries found in order, each under the relevant id that it answers for.

    A playbook draws on topics and owns none: it answers for the first of its topics that is
    relevant and that no entry before it answered for.
    """
    found: dict[str, str] = {}
    for hit in result.hits:
        passage = hit.passage
        if passage.entry in found:
            continue
        own = passage.topics if passage.kind == "playbook" else ()
        open_topics = [t for t in own if t in relevant and t not in found.values()]
        found[passage.entry] = open_topics[0] if open_topics else passage.entry
    return list(dict.fromkeys(found.values()))


def _of(cases: Iterable[Case], language: Language) -> list[Case]:
    return [case for case in cases if case.lang == language]


def _rows(path: Path) -> list[Row]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return TypeAdapter(list[Row]).validate_python([json.loads(x) for x in lines if x.strip()])
    except (OSError, ValueError) as error:
        raise _unusable(path) from error


def _case(row: Row) -> Case:
    entries = row.get("entries") or row.get("topics") or ()
    try:
        return Case(
            id=row["id"],
            lang=row["lang"],
            question=row["question"],
            entries=tuple(entries),
            must_mention=tuple(row.get("must_mention", ())),
        )
    except (KeyError, ValidationError) as error:
        raise _unusable(Path(str(row.get("id", "?")))) from error


def _unusable(path: Path) -> BadInput:
    return BadInput(
        Text(
            en=f"The question set '{path.name}' cannot be read.",
            es=f"No se puede leer el conjunto de preguntas '{path.name}'.",
        ),
        Text(
            en="Give a folder with questions.jsonl and out_of_scope.jsonl.",
            es="Indica una carpeta con questions.jsonl y out_of_scope.jsonl.",
        ),
    )
