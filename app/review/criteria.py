"""The rubric made ready to search: each criterion with its compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.schema import Criterion, Deliverable

DELIVERABLES: tuple[Deliverable, ...] = (
    "architecture",
    "training-pipeline",
    "inference-service",
    "monitoring-alerting",
    "cicd-pipeline",
    "technical-documentation",
)


@dataclass(frozen=True)
class Rubric:
    """One criterion and its patterns, to be searched in folded text, units one a line.

    `mention` is one pattern; `elements` are the parts of what a covered document states, each with
    its own pattern; `counter` and `files` are None where the criterion has none.
    """

    criterion: Criterion
    mention: re.Pattern[str]
    elements: tuple[re.Pattern[str], ...]
    counter: re.Pattern[str] | None
    files: re.Pattern[str] | None


def compile_rubric(criteria: Sequence[Criterion]) -> tuple[Rubric, ...]:
    """The rubric in the order of the deliverables, then of the files."""
    ordered = sorted(criteria, key=lambda row: DELIVERABLES.index(row.deliverable))
    return tuple(_compile(row) for row in ordered)


@lru_cache(maxsize=256)
def _pattern(alternatives: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.MULTILINE)


def _compile(criterion: Criterion) -> Rubric:
    cues = criterion.cues
    return Rubric(
        criterion=criterion,
        mention=_pattern(cues.mention),
        elements=tuple(_pattern((one,)) for one in cues.concrete),
        counter=_pattern(cues.counter) if cues.counter else None,
        files=_pattern(cues.files) if cues.files else None,
    )
