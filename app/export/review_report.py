"""A review as GitHub-flavoured Markdown: score, fixes first, every verdict with its quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.export.markdown import place, safe
from app.export.review_words import (
    DELIVERABLE_WORDS,
    MARKS,
    SECRET_LINE,
    VERDICT_WORDS,
    comparison_lines,
    disagreement,
    effort,
    number,
    personal_line,
    remarks,
    word,
)
from app.review.finding import Finding, Quote
from app.review.guidance import Reading
from app.review.report import Review
from ingest.schema import Language


def review_markdown(review: Review, language: Language) -> str:
    """The whole report; quotes are verbatim and carry their place."""
    score = f"{word('score', language)}: {number(review.score, language)} / 100"
    parts = [f"# {word('title', language)}", f"**{score}**"]
    parts += [
        f"> **{word('note', language)}:** {safe(w.in_language(language))}" for w in review.warnings
    ]
    parts.append(_scores(review, language))
    if review.comparison is not None:
        lines = comparison_lines(review.comparison, language)
        parts += _section("comparison", _block(lines), language)
    parts += _section("fixes", [_fixes(review, language)] if review.top_fixes else [], language)
    strengths = [f"- {f.criterion.title.in_language(language)}" for f in review.strengths]
    parts += _section("strengths", _block(strengths), language)
    questions = [f"- {text.in_language(language)}" for _, text in review.questions]
    parts += _section("questions", _block(questions), language)
    parts += _section("contradictions", list(_contradictions(review, language)), language)
    parts += _section("secrets", _block(_secrets(review, language)), language)
    personal = [
        f"- {safe(personal_line(one, one.document, language))}" for one in review.personal_data
    ]
    parts += _section("personal_data", _block(personal), language)
    parts += _section("orders", [_quote(q, language) for q in review.injections], language)
    parts += _section("documents", [_documents(review, language)], language)
    refused = [f"- {safe(r.name)}: {safe(r.reason.in_language(language))}" for r in review.refused]
    parts += _section("refused", _block(refused), language)
    parts += _section("findings", [_finding(f, language) for f in review.findings], language)
    return "\n\n".join(parts) + "\n"


def _section(key: str, blocks: Sequence[str], language: Language) -> list[str]:
    """A heading and its blocks; nothing without blocks."""
    return [f"## {word(key, language)}", *blocks] if blocks else []


def _block(lines: Sequence[str]) -> list[str]:
    return ["\n".join(lines)] if lines else []


def _documents(review: Review, language: Language) -> str:
    """The receipts: one row a document."""
    keys = ("document", "kind", "pages", "characters", "language", "remarks")
    rows = [[word(key, language) for key in keys], ["---", "---", "---:", "---:", "---", "---"]]
    rows += [
        [
            safe(document.name),
            document.kind,
            str(document.pages or "–"),
            str(document.characters),
            document.language,
            safe(remarks(document, language)),
        ]
        for document in review.documents
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _scores(review: Review, language: Language) -> str:
    head = f"| {word('deliverable', language)} | {word('score', language)} |"
    rows = [
        f"| {DELIVERABLE_WORDS[name].in_language(language)} | "
        + (f"{number(score, language)} |" if score is not None else "– |")
        for name, score in review.score_by_deliverable.items()
    ]
    return "\n".join([head, "| --- | ---: |", *rows])


def _fixes(review: Review, language: Language) -> str:
    """What to write or build first, each with a template and where to read on."""
    parts: list[str] = []
    for rank, finding in enumerate(review.top_fixes, start=1):
        title = finding.criterion.title.in_language(language)
        verdict = VERDICT_WORDS[finding.verdict].in_language(language)
        cost = f"{word('effort', language)}: {effort(finding, language)}"
        parts.append(f"### {rank}. {title}\n\n{verdict} · {cost}")
        parts.append(finding.criterion.advice.in_language(language).strip())
        guidance = finding.guidance
        if guidance.origin is not None:
            origin = guidance.origin.title.in_language(language)
            parts.append(f"**{word('template', language)}** ({safe(origin)}):")
        code = guidance.code.in_language(language)
        if code:
            parts.append(_fenced(code, guidance.syntax))
        items = [f"- [ ] {item.in_language(language)}" for item in guidance.items]
        parts += _block(items)
        parts += [_reading(reading, language) for reading in guidance.readings]
    return "\n\n".join(parts)


def _reading(reading: Reading, language: Language) -> str:
    links = " · ".join(f"[{safe(s.title)}]({s.url})" for s in reading.sources[:3])
    title = f"**{safe(reading.title.in_language(language))}** (`{reading.entry}`)"
    return f"{word('reading', language)}: {title}. {word('sources', language)}: {links}"


def _contradictions(review: Review, language: Language) -> Iterator[str]:
    for one in review.contradictions:
        yield f"**{one.finding.criterion.title.in_language(language)}**"
        yield f"{word('affirmed', language)}: {_quote(one.affirmed, language)}"
        yield f"{word('denied', language)}: {_quote(one.denied, language)}"


def _secrets(review: Review, language: Language) -> list[str]:
    line = SECRET_LINE.in_language(language)
    return [
        "- " + line.format(kind=safe(s.kind), document=safe(s.document), line=s.line)
        for s in review.secrets
    ]


def _finding(finding: Finding, language: Language) -> str:
    criterion = finding.criterion
    verdict = VERDICT_WORDS[finding.verdict].in_language(language)
    sure = f"{word('confidence', language)} {round(100 * finding.confidence)} %"
    if not finding.applies:
        sure = word("not_applicable", language)
    elif finding.needs_human:
        sure += f", {word('human', language)}"
    parts = [
        f"### {MARKS[finding.verdict]} {criterion.title.in_language(language)}",
        f"`{criterion.id}` · {word('verdict', language)}: **{verdict}** · {sure}",
        safe(finding.reason.in_language(language)),
    ]
    other = disagreement(finding, language)
    parts += [safe(other)] if other else []
    parts += [_quote(quote, language) for quote in finding.evidence]
    if finding.verdict != "covered" and finding.applies:
        expected = criterion.states.in_language(language)
        parts.append(f"**{word('expected', language)}:** {expected}")
        advice = criterion.advice.in_language(language).strip()
        parts.append(f"**{word('advice', language)}:** {advice}")
        if finding.guidance.readings:
            reading = ", ".join(
                f"{safe(one.title.in_language(language))} (`{one.entry}`)"
                for one in finding.guidance.readings
            )
            parts.append(f"{word('reading', language)}: {reading}")
    return "\n\n".join(parts)


def _quote(quote: Quote, language: Language) -> str:
    where = place(quote.locator.model_copy(update={"file": quote.document}), language)
    return f"{where}:\n\n{_fenced(quote.text, 'text')}"


def _fenced(text: str, syntax: str) -> str:
    """A code fence longer than any run of backticks inside, so that nothing of it takes effect."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{syntax}\n{text}\n{fence}"
