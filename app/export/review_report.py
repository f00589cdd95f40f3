"""A review as GitHub-flavoured Markdown: score, fixes first, every verdict with its quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.export.markdown import place, safe
from app.review.report import Finding, Quote, Review, Verdict
from ingest.schema import Deliverable, Language, Text

VERDICT_WORDS: Mapping[Verdict, Text] = {
    "covered": Text(en="covered", es="cubierto"),
    "partial": Text(en="partial", es="parcial"),
    "missing": Text(en="missing", es="falta"),
}
DELIVERABLE_WORDS: Mapping[Deliverable, Text] = {
    "architecture": Text(en="Architecture", es="Arquitectura"),
    "training-pipeline": Text(en="Training pipeline", es="Pipeline de entrenamiento"),
    "inference-service": Text(en="Inference service", es="Servicio de inferencia"),
    "monitoring-alerting": Text(en="Monitoring and alerting", es="Monitorización y alertas"),
    "cicd-pipeline": Text(en="CI/CD pipeline", es="Pipeline de CI/CD"),
    "technical-documentation": Text(en="Technical documentation", es="Documentación técnica"),
}
SECRET_LINE = Text(
    en="{kind} in {document}, line {line}: remove it, rotate it, keep it out of the history.",
    es="{kind} en {document}, línea {line}: quítalo, rótalo y sácalo del historial.",
)
MARKS: Mapping[Verdict, str] = {"covered": "●", "partial": "◐", "missing": "○"}
_W = {
    "title": Text(en="Review of project documents", es="Revisión de documentos del proyecto"),
    "score": Text(en="Score", es="Puntuación"),
    "documents": Text(en="Documents", es="Documentos"),
    "characters": Text(en="characters", es="caracteres"),
    "pages": Text(en="pages", es="páginas"),
    "note": Text(en="Note", es="Aviso"),
    "fixes": Text(en="Fix these first", es="Lo primero que conviene arreglar"),
    "strengths": Text(en="Strengths", es="Puntos fuertes"),
    "findings": Text(en="Findings", es="Hallazgos"),
    "deliverable": Text(en="Deliverable", es="Entregable"),
    "verdict": Text(en="verdict", es="veredicto"),
    "confidence": Text(en="confidence", es="confianza"),
    "human": Text(en="a person should check it", es="conviene que lo revise una persona"),
    "expected": Text(en="Expected", es="Se espera"),
    "advice": Text(en="Advice", es="Consejo"),
    "reading": Text(en="Read", es="Para leer"),
    "orders": Text(
        en="Orders to the reviewer found and ignored",
        es="Órdenes al revisor encontradas e ignoradas",
    ),
    "secrets": Text(en="Possible secrets", es="Posibles secretos"),
    "not_applicable": Text(en="does not apply", es="no se aplica"),
}


def review_markdown(review: Review, language: Language) -> str:
    """The whole report; quotes are verbatim and carry their place."""

    def word(key: str) -> str:
        return _W[key].in_language(language)

    parts = [f"# {word('title')}", f"**{word('score')}: {_number(review.score, language)} / 100**"]
    parts += [f"> **{word('note')}:** {safe(w.in_language(language))}" for w in review.warnings]
    parts.append(f"## {word('documents')}\n\n" + "\n".join(_documents(review, language)))
    parts.append(_scores(review, language))
    if review.top_fixes:
        lines = [
            f"{n}. **{f.criterion.title.in_language(language)}** "
            f"({VERDICT_WORDS[f.verdict].in_language(language)}): "
            f"{f.criterion.advice.in_language(language).strip()}"
            for n, f in enumerate(review.top_fixes, start=1)
        ]
        parts.append(f"## {word('fixes')}\n\n" + "\n".join(lines))
    if review.strengths:
        lines = [f"- {f.criterion.title.in_language(language)}" for f in review.strengths]
        parts.append(f"## {word('strengths')}\n\n" + "\n".join(lines))
    if review.secrets:
        lines = [
            "- "
            + SECRET_LINE.in_language(language).format(
                kind=safe(s.kind), document=safe(s.document), line=s.line
            )
            for s in review.secrets
        ]
        parts.append(f"## {word('secrets')}\n\n" + "\n".join(lines))
    if review.injections:
        quotes = [_quote(quote, language) for quote in review.injections]
        parts.append(f"## {word('orders')}\n\n" + "\n\n".join(quotes))
    parts.append(f"## {word('findings')}")
    parts += [_finding(finding, language) for finding in review.findings]
    return "\n\n".join(parts) + "\n"


def _documents(review: Review, language: Language) -> list[str]:
    lines = []
    for document in review.documents:
        pages = f", {document.pages} {_W['pages'].in_language(language)}" if document.pages else ""
        count = f"{document.characters} {_W['characters'].in_language(language)}"
        lines.append(f"- {safe(document.name)} ({document.kind}{pages}, {count})")
    return lines


def _scores(review: Review, language: Language) -> str:
    head = f"| {_W['deliverable'].in_language(language)} | {_W['score'].in_language(language)} |"
    rows = [
        f"| {DELIVERABLE_WORDS[name].in_language(language)} | "
        + (f"{_number(score, language)} |" if score is not None else "– |")
        for name, score in review.score_by_deliverable.items()
    ]
    return "\n".join([head, "| --- | ---: |", *rows])


def _finding(finding: Finding, language: Language) -> str:
    criterion = finding.criterion
    verdict = VERDICT_WORDS[finding.verdict].in_language(language)
    sure = f"{_W['confidence'].in_language(language)} {round(100 * finding.confidence)} %"
    if not finding.applies:
        sure = _W["not_applicable"].in_language(language)
    elif finding.needs_human:
        sure += f", {_W['human'].in_language(language)}"
    parts = [
        f"### {MARKS[finding.verdict]} {criterion.title.in_language(language)}",
        f"`{criterion.id}` · {_W['verdict'].in_language(language)}: **{verdict}** · {sure}",
        finding.reason.in_language(language),
    ]
    parts += [_quote(quote, language) for quote in finding.evidence]
    if finding.verdict != "covered" and finding.applies:
        expected = criterion.states.in_language(language)
        parts.append(f"**{_W['expected'].in_language(language)}:** {expected}")
        advice = criterion.advice.in_language(language).strip()
        parts.append(f"**{_W['advice'].in_language(language)}:** {advice}")
        if criterion.entries:
            reading = ", ".join(f"`{entry}`" for entry in criterion.entries)
            parts.append(f"{_W['reading'].in_language(language)}: {reading}")
    return "\n\n".join(parts)


def _quote(quote: Quote, language: Language) -> str:
    """A code fence longer than any run of backticks inside, so that nothing of it takes effect."""
    longest = max((len(run) for run in re.findall(r"`+", quote.text)), default=0)
    fence = "`" * max(3, longest + 1)
    where = place(quote.locator.model_copy(update={"file": quote.document}), language)
    return f"{where}:\n\n{fence}text\n{quote.text}\n{fence}"


def _number(value: float, language: Language) -> str:
    text = f"{value:.1f}"
    return text.replace(".", ",") if language == "es" else text
