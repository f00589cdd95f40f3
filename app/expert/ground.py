"""Checks every statement of an answer against what it cites: citations, quotes, then `verify`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.expert.answer import Reference, Statement, Verdict
from app.expert.verify import Evidence, Verifier, numbers_of
from ingest.schema import Language

SUPPORTED = 0.5
WEAK = 0.25
MARKER = re.compile(r"\[(\d{1,3})\]")
_GROUP = re.compile(
    r"(?P<space> ?)\[(?P<group>e?\d{1,3}(?:\s*[,;–-]\s*e?\d{1,3})*)\](?:\([^)\s]*\))?",
    re.IGNORECASE,
)
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
# A bold heading, or a line that only announces the next ones: neither states anything.
_LEAD_IN = re.compile(r"\*\*[^*]+\*\*:?|[^\[\].]*:")
_END = re.compile(
    r"(?:(?<!\d)[.!?…][*_\"”»)]*(?:\s*\[\d{1,3}\])*|\[\d{1,3}\])(?=\s|\Z)",
)
_SENTENCE = re.compile(r"(?<=[.!?])(?:\s*\[\d+\])*\s+(?=[A-ZÁÉÍÓÚÑ¿¡`*0-9-])")


@dataclass(frozen=True)
class Cleaned:
    """A model's text with unknown citations removed, and how many there were."""

    text: str
    dropped: int


def drop_unknown_citations(text: str, known: Iterable[int]) -> Cleaned:
    """Keeps only markers whose number is a reference of this answer, each as `[n]`.

    Groups like `[1, 3]` and `[1-3]` and links like `[1](url)` become plain markers; code stays.
    """
    allowed = set(known)
    dropped = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal dropped
        numbers = _group(match["group"])
        if 0 in numbers and len(numbers) > 1:  # an interval such as [0, 1]
            return match[0]
        kept = [n for n in numbers if n in allowed]
        dropped += len(numbers) - len(kept)
        return match["space"] + "".join(f"[{n}]" for n in kept) if kept else ""

    return Cleaned(_outside_code(text, lambda prose: _GROUP.sub(keep, prose)), dropped)


def complete_part(text: str) -> str:
    """A cut text up to its last whole sentence or line: half a number is a wrong number."""
    if text.count("```") % 2:
        text = text[: text.rindex("```")].rstrip()
    ends = [match.end() for match in _END.finditer(text)]
    return text[: max(text.rfind("\n"), ends[-1] if ends else 0, 0)].rstrip()


def statements_of(
    markdown: str, references: Sequence[Reference], language: Language, verifier: Verifier
) -> tuple[Statement, ...]:
    """Splits a text into sentences and checks each against the references it cites."""
    found: list[Statement] = []
    for line in re.sub(r"```.*?```", "", markdown, flags=re.DOTALL).splitlines():
        bare = re.sub(r"^\s*(?:[-*+]|\d+\.)\s+", "", line).strip()
        if not bare or bare.startswith(("#", "|")) or _LEAD_IN.fullmatch(bare):
            continue
        for sentence in _sentences(bare):
            prose = _CODE.sub("", sentence)
            citations = tuple(dict.fromkeys(int(n) for n in MARKER.findall(prose)))
            text = _outside_code(sentence, lambda part: MARKER.sub("", part)).strip()
            if len(text.split()) >= 3:
                found.append(check_statement(text, citations, references, language, verifier))
    return tuple(found)


def check_statement(
    text: str,
    citations: tuple[int, ...],
    references: Sequence[Reference],
    language: Language,
    verifier: Verifier,
) -> Statement:
    """One statement with its support (0 to 1) and verdict."""
    cited = [reference for reference in references if reference.n in citations]
    if not cited:
        return Statement(text=text, citations=(), support=0.0, verdict="unsupported")
    if any(text in reference.passage for reference in cited):
        return Statement(text=text, citations=citations, support=1.0, verdict="supported")
    evidence = [Evidence(r.title, r.passage, r.language) for r in cited]
    support = verifier.support(text, language, evidence)
    # Whatever else agrees, a number that the evidence does not have is not supported.
    if not numbers_of(text) <= numbers_of(" ".join(f"{e.title} {e.text}" for e in evidence)):
        support = min(support, WEAK - 0.01)
    return Statement(
        text=text, citations=citations, support=round(support, 3), verdict=_verdict(support)
    )


def supported_share(statements: Sequence[Statement]) -> float:
    """The share of statements that are at least weakly supported; 0 when there is none."""
    if not statements:
        return 0.0
    return sum(s.verdict != "unsupported" for s in statements) / len(statements)


def _group(group: str) -> list[int]:
    """The numbers of `1`, `e1`, `1, 3` or `1-3`."""
    numbers: list[int] = []
    for part in re.split(r"[,;]", group.lower().replace("e", "")):
        first, *last = (int(n) for n in re.findall(r"\d+", part))
        end = last[-1] if last and first < last[-1] <= first + 20 else None
        numbers += range(first, end + 1) if end else [first, *last]
    return numbers


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    pieces = _CODE.split(text)
    return "".join(piece if n % 2 else change(piece) for n, piece in enumerate(pieces))


def _verdict(support: float) -> Verdict:
    if support >= SUPPORTED:
        return "supported"
    return "weak" if support >= WEAK else "unsupported"


def _sentences(line: str) -> list[str]:
    """Sentences with the markers that follow them."""
    pieces: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(line):
        pieces.append(line[start : match.end()].strip())
        start = match.end()
    pieces.append(line[start:].strip())
    return [piece for piece in pieces if piece]
