"""An answer in the making: its references in order of first use, and its statements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.expert.answer import Reference, Statement
from app.expert.references import reference
from app.expert.select import Candidate
from ingest.schema import Passage

_PREFIX = re.compile(r"^(?:-|\d+\.) ")


@dataclass
class Draft:
    """Numbers references in order of first use and collects the statements."""

    passages: list[Passage] = field(default_factory=list)
    used: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    statements: list[Statement] = field(default_factory=list)
    words: int = 0

    def cite(self, candidate: Candidate) -> int:
        if candidate.passage.id not in self.used:
            self.passages.append(candidate.passage)
        self.used[candidate.passage.id].append(candidate)
        return [p.id for p in self.passages].index(candidate.passage.id) + 1

    def numbers(self) -> dict[str, tuple[int, ...]]:
        """The reference numbers of each entry used so far."""
        found: dict[str, tuple[int, ...]] = {}
        for n, passage in enumerate(self.passages, start=1):
            found[passage.entry] = (*found.get(passage.entry, ()), n)
        return found

    def state(self, candidate: Candidate) -> str:
        """The sentence with its citation, counted and kept as a statement."""
        n = self.cite(candidate)
        text = bare(candidate.quote)
        self.words += len(text.split())
        self.statements.append(
            Statement(text=text, citations=(n,), support=1.0, verdict="supported")
        )
        return f"{text} [{n}]"

    def listed(self, candidates: Sequence[Candidate], *, ordered: bool = False) -> str:
        """The sentences as a Markdown list."""
        return "\n".join(
            f"{f'{number}.' if ordered else '-'} {self.state(candidate)}"
            for number, candidate in enumerate(candidates, start=1)
        )

    def references(self) -> tuple[Reference, ...]:
        """All passages used, numbered from 1."""
        return tuple(
            reference(n, passage, [c.span for c in self.used[passage.id]])
            for n, passage in enumerate(self.passages, start=1)
        )


def bare(quote: str) -> str:
    """A list item without its bullet."""
    return _PREFIX.sub("", quote)
