"""The words of a review report, in both languages; the page and the Markdown share them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from app.review.compare import Comparison
from app.review.finding import Finding, Verdict
from app.review.personal_data import KIND_WORDS, PersonalData
from app.review.report import ReviewedDocument
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
REPORT_WORDS: Mapping[str, Text] = {
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
    "disagrees": Text(
        en="{model} says “{verdict}”: both judges disagree.",
        es="{model} dice «{verdict}»: los dos jueces no coinciden.",
    ),
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
    "document": Text(en="Document", es="Documento"),
    "kind": Text(en="kind", es="tipo"),
    "language": Text(en="language", es="idioma"),
    "remarks": Text(en="remarks", es="observaciones"),
    "without_text": Text(en="pages without text", es="páginas sin texto"),
    "refused": Text(en="Files that were not reviewed", es="Archivos que no se han revisado"),
    "effort": Text(en="effort", es="esfuerzo"),
    "template": Text(en="To start from", es="Para empezar"),
    "sources": Text(en="Sources", es="Fuentes"),
    "questions": Text(en="Questions to the authors", es="Preguntas para los autores"),
    "contradictions": Text(en="Contradictions", es="Contradicciones"),
    "affirmed": Text(en="Said to be there", es="Se afirma"),
    "denied": Text(en="Said to be absent", es="Se niega"),
    "personal_data": Text(en="Possible personal data", es="Posibles datos personales"),
    "comparison": Text(en="Since the last review", es="Desde la última revisión"),
    "compared_with": Text(
        en="Compared with the review of {date}: score {before} → {now}.",
        es="En comparación con la revisión del {date}: puntuación {before} → {now}.",
    ),
    "unchanged": Text(en="No verdict changed.", es="No ha cambiado ningún veredicto."),
    "fixed": Text(en="Fixed", es="Resuelto"),
    "improved": Text(en="Improved", es="Mejorado"),
    "regressed": Text(en="Regressed", es="Empeorado"),
    "new_gaps": Text(en="New gaps", es="Carencias nuevas"),
    "line": Text(en="line", es="línea"),
    "page": Text(en="page", es="página"),
}
EFFORT_WORDS: Mapping[Literal[1, 2, 3], Text] = {
    1: Text(en="hours", es="horas"),
    2: Text(en="days", es="días"),
    3: Text(en="weeks", es="semanas"),
}


def word(key: str, language: Language) -> str:
    """A word of the report."""
    return REPORT_WORDS[key].in_language(language)


def effort(finding: Finding, language: Language) -> str:
    """What closing the gap takes: hours, days or weeks."""
    return EFFORT_WORDS[finding.criterion.effort].in_language(language)


def disagreement(finding: Finding, language: Language) -> str:
    """What the second judge says, where it disagrees and did not prevail; else empty."""
    second = finding.second
    if second is None or not finding.disagreement or second.shipped is not None:
        return ""
    verdict = VERDICT_WORDS[second.verdict].in_language(language)
    return word("disagrees", language).format(model=second.model, verdict=verdict)


def personal_line(found: PersonalData, document: str, language: Language) -> str:
    """Kind, place and shape of a piece of personal data; `document` as it may be shown."""
    where = ""
    if found.line is not None:
        where = f", {word('line', language)} {found.line}"
    elif found.page is not None:
        where = f", {word('page', language)} {found.page}"
    return f"{KIND_WORDS[found.kind].in_language(language)}: {document}{where} ({found.masked})"


def remarks(document: ReviewedDocument, language: Language) -> str:
    """What the receipt of a document adds to its numbers; empty when there is nothing to say."""
    parts = [warning.in_language(language) for warning in document.warnings]
    if document.pages_without_text:
        pages = ", ".join(map(str, document.pages_without_text[:20]))
        more = "…" if len(document.pages_without_text) > 20 else ""
        parts.insert(0, f"{word('without_text', language)}: {pages}{more}")
    return " ".join(parts)


def comparison_lines(comparison: Comparison, language: Language) -> list[str]:
    """What changed, as a Markdown list under one sentence."""
    now = round(comparison.score_before + comparison.score_change, 1)
    lines = [
        word("compared_with", language).format(
            date=comparison.since[:10],
            before=number(comparison.score_before, language),
            now=number(now, language),
        ),
        "",
    ]
    for name, findings in comparison.groups.items():
        if findings:
            titles = ", ".join(f.criterion.title.in_language(language) for f in findings)
            lines.append(f"- **{word(name, language)}:** {titles}")
    return lines if len(lines) > 2 else [*lines, word("unchanged", language)]


def number(value: float, language: Language) -> str:
    """A number with one decimal as the language writes it."""
    text = f"{value:.1f}"
    return text.replace(".", ",") if language == "es" else text
