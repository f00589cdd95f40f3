"""Quality of ranked chunks: what they mention, and whether their entries are the right ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.evaluation.metrics import mean, mention_coverage
from ingest.schema import LANGUAGES, Knowledge

CHUNKS = 8
DEPTH = 10
Found = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Topics:
    """The topics of every playbook: it is relevant to a question about one of them."""

    of_playbook: Mapping[str, tuple[str, ...]]
    entries: frozenset[str]

    @classmethod
    def of(cls, knowledge: Knowledge) -> Topics:
        playbooks = {
            key: entry.meta.topics
            for key, entry in knowledge.entries.items()
            if entry.meta.kind == "playbook"
        }
        return cls(playbooks, frozenset(knowledge.entries))

    def ndcg(self, ranked: Sequence[str], wanted: Sequence[str]) -> float:
        """nDCG at ten entries, gain 1 once for each wanted topic.

        An entry brings its own topic; a playbook the first of its topics that is wanted and that
        no earlier entry brought.
        """
        left = [topic for topic in wanted if topic in self.entries]
        ideal = sum(1 / math.log2(n + 2) for n in range(min(DEPTH, len(left))))
        gain = 0.0
        for place, entry in enumerate(ranked[:DEPTH]):
            own = self.of_playbook.get(entry, (entry,))
            brought = next((topic for topic in left if topic in own), None)
            if brought is not None:
                left.remove(brought)
                gain += 1 / math.log2(place + 2)
        return gain / ideal if ideal else 0.0


def scores(
    asked: Sequence[Mapping[str, Any]],
    found: Sequence[Found],
    topics: Topics,
    ours: Sequence[Found] | None,
) -> dict[str, Any]:
    """Means by language. With `ours`, also at the length of the other's eight chunks."""
    report: dict[str, Any] = {}
    for language in LANGUAGES:
        rows = [n for n, row in enumerate(asked) if row["lang"] == language]
        texts = {n: [text for _, text in found[n]] for n in rows}
        must = {n: asked[n]["must_mention"] for n in rows}
        known = [n for n in rows if topics.entries.intersection(asked[n]["topics"])]
        report[language] = {
            "coverage@8": _mean(
                mention_coverage("\n".join(texts[n][:CHUNKS]), must[n]) for n in rows
            ),
            "characters@8": round(mean([float(_length(found[n])) for n in rows])),
            "ndcg@10": _mean(
                topics.ndcg(list(dict.fromkeys(e for e, _ in found[n])), asked[n]["topics"])
                for n in known
            ),
        }
        if ours is not None:
            own = {n: [text for _, text in ours[n]] for n in rows}
            report[language]["coverage_same_length"] = _mean(
                mention_coverage("\n".join(texts[n])[: _length(ours[n])], must[n]) for n in rows
            )
            report[language]["ours_at_this_length"] = _mean(
                mention_coverage("\n".join(own[n])[: _length(found[n])], must[n]) for n in rows
            )
    return report


def _mean(values: Any) -> float:
    return round(mean(list(values)), 3)


def _length(found: Found) -> int:
    """Characters of the first eight chunks, joined by line breaks."""
    return len("\n".join(text for _, text in found[:CHUNKS]))
