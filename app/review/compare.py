"""What changed since the last review of the same project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.review.finding import CREDIT, Finding, Verdict


@dataclass(frozen=True)
class Earlier:
    """A kept review: when (ISO 8601, UTC), its score, the verdict on what applied, its quotes."""

    created: str
    score: float
    verdicts: Mapping[str, Verdict]
    quotes: tuple[str, ...]

    def is_of(self, texts: Sequence[str]) -> bool:
        """Whether it quotes these documents: other projects have a README.md too."""
        return not self.quotes or any(quote in text for quote in self.quotes for text in texts)


@dataclass(frozen=True)
class Comparison:
    """Criteria by what became of them; each stands in one group at most.

    `fixed` are covered now and were not; `improved` went from missing to partial; `new_gaps` are
    missing now and were not; `regressed` are partial now and were covered.
    """

    since: str
    score_before: float
    score_change: float
    fixed: tuple[Finding, ...]
    improved: tuple[Finding, ...]
    new_gaps: tuple[Finding, ...]
    regressed: tuple[Finding, ...]

    @property
    def groups(self) -> dict[str, tuple[Finding, ...]]:
        return {
            "fixed": self.fixed,
            "improved": self.improved,
            "regressed": self.regressed,
            "new_gaps": self.new_gaps,
        }

    def to_json(self) -> dict[str, Any]:
        groups = {name: [f.criterion.id for f in group] for name, group in self.groups.items()}
        return {
            "since": self.since,
            "score_before": self.score_before,
            "score_change": self.score_change,
            **groups,
        }


def compare(earlier: Earlier, findings: Sequence[Finding], score: float) -> Comparison:
    """Groups the findings by their change; what did not apply then or now is left out."""
    changes: dict[str, list[Finding]] = {"fixed": [], "improved": [], "new": [], "regressed": []}
    for finding in findings:
        before = earlier.verdicts.get(finding.criterion.id)
        if finding.applies and before is not None and before != finding.verdict:
            changes[_change(before, finding.verdict)].append(finding)
    return Comparison(
        since=earlier.created,
        score_before=earlier.score,
        score_change=round(score - earlier.score, 1),
        fixed=tuple(changes["fixed"]),
        improved=tuple(changes["improved"]),
        new_gaps=tuple(changes["new"]),
        regressed=tuple(changes["regressed"]),
    )


def _change(before: Verdict, now: Verdict) -> str:
    if CREDIT[now] > CREDIT[before]:
        return "fixed" if now == "covered" else "improved"
    return "new" if now == "missing" else "regressed"
