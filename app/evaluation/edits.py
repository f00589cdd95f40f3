"""Pairs of a statement and a passage of which it is known whether the passage supports it.

True ones are paraphrases in the same and in the other language; false ones are made of these by one
controlled edit: a number changed, a negation turned, a name swapped, the citation moved.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.expert.polarity import NEGATIONS
from app.expert.verify import Evidence
from ingest.schema import Frozen, Language

Edit = Literal["none", "number", "negation", "name", "citation"]
_EDITS: tuple[Edit, ...] = ("number", "negation", "name")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
_NAME = re.compile(r"(?<!^)(?<![.:] )\b[A-Z][A-Za-z]{2,}(?: [A-Z][a-z]+)*\b|`[^`]+`")
_NAMES = (
    "Airflow BentoML CatBoost Dask Datadog DuckDB Elasticsearch Evidently Feast Flink Grafana Helm "
    "Istio JAX KEDA KServe Kafka Kubeflow MLflow MongoDB Optuna Polars PostgreSQL Prometheus "
    "PyTorch Ray Redis Spark TensorFlow Terraform Triton"
).split()
_SWAPS: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("more", "less"),
        ("before", "after"),
        ("above", "below"),
        ("at least", "at most"),
        ("always", "never"),
        ("larger", "smaller"),
        ("increase", "decrease"),
        ("with", "without"),
        ("first", "last"),
        ("keep", "remove"),
        ("same", "different"),
    ),
    "es": (
        ("más", "menos"),
        ("antes", "después"),
        ("mayor", "menor"),
        ("siempre", "nunca"),
        ("con", "sin"),
        ("igual", "distinto"),
        ("mismo", "distinto"),
        ("primer", "último"),
    ),
}
_VERBS: dict[Language, tuple[str, str]] = {
    "en": (
        r"\b(is|are|can|will|must|should|may|does|has|was|would|could|need)\b",
        r"\1 not",
    ),
    "es": (
        r"\b(es|son|está|están|puede|pueden|debe|deben|hay|tiene|tienen|necesita|sirve|cabe|"
        r"queda|fija|usa|pierde|cuesta|llega|sigue|siguen|atiende)\b",
        r"no \1",
    ),
}


class Paraphrased(Frozen):
    """A sentence of the knowledge in both languages, its passages, and the same in new words."""

    entry: str
    language: Language
    paraphrase: str
    quote: dict[Language, str]
    passage: dict[Language, str]
    title: dict[Language, str]


@dataclass(frozen=True)
class Pair:
    """A statement, what it cites, and whether that supports it; `source` groups the edits."""

    source: int
    edit: Edit
    statement: str
    language: Language
    evidence: Evidence

    @property
    def holds(self) -> bool:
        return self.edit == "none"


def read_paraphrases(path: Path) -> list[Paraphrased]:
    """One JSON object a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Paraphrased.model_validate(json.loads(line)) for line in lines]


def pairs_of(rows: Sequence[Paraphrased]) -> list[Pair]:
    """True and edited pairs, the same for the same rows."""
    return list(_pairs(rows))


def _pairs(rows: Sequence[Paraphrased]) -> Iterator[Pair]:
    for n, row in enumerate(rows):
        chance = random.Random(n)  # noqa: S311 - reproducible, not secret
        other: Language = "en" if row.language == "es" else "es"
        own_text, foreign_text = row.paraphrase, row.quote[other]
        yield _pair(n, "none", own_text, row.language, row, row.language)
        yield _pair(n, "none", own_text, row.language, row, other)
        yield _pair(n, "none", foreign_text, other, row, row.language)
        for edit in _EDITS:
            own = _edited(own_text, row.language, edit, chance)
            if own is not None:
                yield _pair(n, edit, own, row.language, row, row.language)
            foreign = _edited(foreign_text, other, edit, chance)
            if foreign is not None and (n % 2 or edit != "negation"):
                yield _pair(n, edit, foreign, other, row, row.language)
        others = [r for r in rows if r.entry != row.entry]
        nearest = max(others, key=lambda r: _common(own_text, r.passage[row.language]))
        yield _pair(n, "citation", own_text, row.language, nearest, row.language)
        yield _pair(n, "citation", foreign_text, other, chance.choice(others), row.language)


def _pair(
    n: int, edit: Edit, text: str, language: Language, row: Paraphrased, evidence: Language
) -> Pair:
    held = Evidence(row.title[evidence], row.passage[evidence], evidence)
    return Pair(n, edit, text, language, held)


def _edited(text: str, language: Language, edit: Edit, chance: random.Random) -> str | None:
    if edit == "number":
        return _with_other_number(text, chance)
    return _turned(text, language) if edit == "negation" else _with_other_name(text, chance)


def _common(text: str, passage: str) -> int:
    """How many long words both hold."""
    words, held = (set(re.findall(r"\w{4,}", t.lower())) for t in (text, passage))
    return len(words & held)


def _with_other_number(text: str, chance: random.Random) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    first = match.group()[0]
    changed = str(int(first) % 9 + 1) + match.group()[1:]
    return text[: match.start()] + changed + text[match.end() :]


def _with_other_name(text: str, chance: random.Random) -> str | None:
    found = [m for m in _NAME.finditer(text) if not m.group().startswith("`")]
    if not found:
        return None
    match = chance.choice(found)
    other = chance.choice([name for name in _NAMES if name.lower() not in text.lower()])
    return text[: match.start()] + other + text[match.end() :]


def _turned(text: str, language: Language) -> str | None:
    """The statement with one negation taken away or added, or one word turned to its opposite."""
    for one, opposite in _SWAPS[language]:
        for old, new in ((one, opposite), (opposite, one)):
            changed, count = re.subn(rf"\b{old}\b", new, text, count=1)
            if count:
                return changed
    for negation in sorted(NEGATIONS[language] & {"not", "no"}):
        changed, count = re.subn(rf" {negation}\b", "", text, count=1)
        if count:
            return changed
    pattern, replacement = _VERBS[language]
    changed, count = re.subn(pattern, replacement, text, count=1)
    return changed if count else None
