"""The words of the review page, in both languages."""

from __future__ import annotations

from typing import Final

from ingest.schema import Language, Text

WORDS: Final[dict[str, Text]] = {
    "review": Text(en="Document review", es="Revisión de documentos"),
    "language": Text(en="Language", es="Idioma"),
    "see_also": Text(en="Further reading", es="Para saber más"),
    "upload": Text(
        en="Project documents (Markdown, text, PDF, DOCX, PPTX, HTML, notebooks, configuration, "
        "code or a zip of these; 25 MB each)",
        es="Documentos del proyecto (Markdown, texto, PDF, DOCX, PPTX, HTML, notebooks, "
        "configuración, código o un zip con ellos; 25 MB cada uno)",
    ),
    "review_intro": Text(
        en="Every one of the {count} criteria gets a verdict with verbatim quotes and where they "
        "stand, and advice on what is missing. The documents are not kept; the verdicts and the "
        "quotes are, on this server, to say next time what changed.",
        es="Cada uno de los {count} criterios recibe un veredicto con citas literales y su "
        "ubicación, y consejos sobre lo que falta. Los documentos no se guardan; los veredictos "
        "y las citas sí, en este servidor, para decirte la próxima vez qué ha cambiado.",
    ),
    "project": Text(en="Project name (optional)", es="Nombre del proyecto (opcional)"),
    "project_help": Text(
        en="Reviews under the same name are compared. Without one, the names of the documents "
        "decide.",
        es="Se comparan las revisiones con el mismo nombre. Si no pones ninguno, se usan los "
        "nombres de los documentos.",
    ),
    "start_review": Text(en="Review documents", es="Revisar documentos"),
    "reading": Text(en="Reading the documents", es="Leyendo los documentos"),
    "reviewed": Text(en="Review finished", es="Revisión terminada"),
    "nothing_read": Text(
        en="None of the files could be read.", es="No se ha podido leer ningún archivo."
    ),
    "score": Text(en="Score", es="Puntuación"),
    "criterion": Text(en="Criterion", es="Criterio"),
    "verdict": Text(en="Verdict", es="Veredicto"),
    "confidence": Text(en="Confidence", es="Confianza"),
    "deliverable": Text(en="Deliverable", es="Entregable"),
    "advice": Text(en="Advice", es="Consejo"),
    "fixes": Text(en="Fix these first", es="Lo primero que conviene arreglar"),
    "details": Text(en="Findings one by one", es="Hallazgos uno a uno"),
    "show": Text(en="Show", es="Mostrar"),
    "all": Text(en="All", es="Todos"),
    "download_report": Text(en="Download report (Markdown)", es="Descargar informe (Markdown)"),
    "receipts": Text(en="What was read ({count})", es="Lo que se ha leído ({count})"),
    "unexpected": Text(
        en="Something went wrong on our side. Try again; if it happens twice, restart the page.",
        es="Algo ha fallado por nuestra parte. Vuelve a intentarlo; si se repite, recarga la "
        "página.",
    ),
}


def say(key: str, language: Language, **values: object) -> str:
    """A phrase of the review page."""
    return WORDS[key].in_language(language).format(**values)
