"""The interface's own words, in both languages."""

from __future__ import annotations

from typing import Final

from ingest.schema import Language, Text

WORDS: Final[dict[str, Text]] = {
    "chat": Text(en="Chat", es="Chat"),
    "review": Text(en="Document review", es="Revisión de documentos"),
    "language": Text(en="Language", es="Idioma"),
    "new": Text(en="New conversation", es="Nueva conversación"),
    "history": Text(en="Conversations", es="Conversaciones"),
    "no_history": Text(en="None yet.", es="Aún no hay ninguna."),
    "tagline": Text(
        en="Production ML answers, with the passage behind every statement.",
        es="Respuestas sobre ML en producción, con el pasaje que respalda cada afirmación.",
    ),
    "ask": Text(
        en="Ask about production machine learning",
        es="Pregunta sobre machine learning en producción",
    ),
    "warming": Text(
        en="Preparing the model and the index. This takes a few seconds the first time.",
        es="Preparando el modelo y el índice. La primera vez tarda unos segundos.",
    ),
    "try": Text(en="Try one of these", es="Prueba con una de estas"),
    "sources": Text(en="Sources", es="Fuentes"),
    "see_also": Text(en="Further reading", es="Para saber más"),
    "cited": Text(
        en="The marked text is what the answer quotes.",
        es="El texto marcado es el que cita la respuesta.",
    ),
    "checklist": Text(en="Checklist", es="Lista de comprobación"),
    "ticked": Text(en="{done} of {total} done", es="{done} de {total} hechos"),
    "follow_ups": Text(en="Ask next", es="Sigue preguntando"),
    "download_answer": Text(en="Download answer (Markdown)", es="Descargar respuesta (Markdown)"),
    "download_conversation": Text(
        en="Download conversation (Markdown)", es="Descargar conversación (Markdown)"
    ),
    "supported": Text(
        en="{supported} of {total} statements supported by their citation",
        es="{supported} de {total} afirmaciones respaldadas por su cita",
    ),
    "composed": Text(
        en="Composed from the knowledge base", es="Compuesta a partir de la base de conocimiento"
    ),
    "generated": Text(en="Written by {model}", es="Redactada por {model}"),
    "retired": Text(en="status: {status}", es="estado: {status}"),
    "lost": Text(
        en="That conversation no longer exists. A new one was started.",
        es="Esa conversación ya no existe. Se ha empezado una nueva.",
    ),
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
SUGGESTIONS: Final[tuple[Text, ...]] = (
    Text(
        en="How do I detect drift when labels arrive 30 days late?",
        es="¿Cómo detecto drift si las etiquetas llegan con 30 días de retraso?",
    ),
    Text(
        en="How do I roll out a new model with a canary and a safe rollback?",
        es="¿Cómo despliego un modelo nuevo con canary y un rollback seguro?",
    ),
    Text(
        en="FastAPI or BentoML for serving a PyTorch model?",
        es="¿FastAPI o BentoML para servir un modelo de PyTorch?",
    ),
)


def say(key: str, language: Language, **values: object) -> str:
    """A phrase of the interface."""
    return WORDS[key].in_language(language).format(**values)
