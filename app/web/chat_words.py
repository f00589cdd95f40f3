"""The words of the chat page, in both languages."""

from __future__ import annotations

from typing import Final

from app.expert.answer import Verdict
from ingest.schema import Language, Role, Text

CHAT_WORDS: Final[dict[str, Text]] = {
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
    "lens": Text(en="Answer for", es="Responder para"),
    "lens_help": Text(
        en="Favours what matters to this role. The facts stay the same.",
        es="Da prioridad a lo que importa a este rol. Los hechos no cambian.",
    ),
    "everyone": Text(en="Everyone", es="Cualquiera"),
    "project": Text(en="Project", es="Proyecto"),
    "project_help": Text(
        en="Its brief is taken into account in every answer.",
        es="Su ficha se tiene en cuenta en cada respuesta.",
    ),
    "no_project": Text(en="None", es="Ninguno"),
    "with_project": Text(en="With the brief of “{name}”", es="Con la ficha del proyecto «{name}»"),
    "searching": Text(en="Looking for passages…", es="Buscando pasajes…"),
    "stop": Text(en="Stop", es="Detener"),
    "waits": Text(
        en="This question waits until the answer above is complete:",
        es="Esta pregunta espera a que termine la respuesta de arriba:",
    ),
    "waits_one": Text(
        en="One question can wait at a time. Yours is back in the box.",
        es="Solo puede esperar una pregunta. La tuya vuelve a estar en el cuadro.",
    ),
    "cancel": Text(en="Cancel", es="Cancelar"),
    "retry": Text(en="Ask again", es="Volver a preguntar"),
    "understood": Text(en="Understood as: {question}", es="Entendido como: {question}"),
    "interrupted": Text(
        en="The answer was interrupted before it could be kept.",
        es="La respuesta se interrumpió antes de guardarse.",
    ),
    "edit": Text(en="Edit and resend", es="Editar y reenviar"),
    "edit_note": Text(
        en="Sending it replaces this answer and all that follow.",
        es="Al enviarla se sustituyen esta respuesta y las siguientes.",
    ),
    "your_question": Text(en="Your question", es="Tu pregunta"),
    "send": Text(en="Send", es="Enviar"),
    "again": Text(en="Answer again", es="Responder de nuevo"),
    "copy": Text(en="Copy", es="Copiar"),
    "copied": Text(en="Copied", es="Copiada"),
    "earlier": Text(en="Show {count} earlier", es="Mostrar {count} anteriores"),
    "sources": Text(en="Sources", es="Fuentes"),
    "cited": Text(
        en="The marked text is what the answer quotes.",
        es="El texto marcado es el que cita la respuesta.",
    ),
    "passage": Text(en="Cited passage", es="Pasaje citado"),
    "see_also": Text(en="Further reading", es="Para saber más"),
    "primary": Text(en="Primary source", es="Fuente primaria"),
    "reviewed": Text(en="reviewed on {date}", es="revisada el {date}"),
    "open_entry": Text(en="Open the entry", es="Abrir la entrada"),
    "own_document": Text(en="your document", es="documento tuyo"),
    "composed": Text(
        en="Composed from the knowledge base", es="Compuesta a partir de la base de conocimiento"
    ),
    "generated": Text(en="Written by {model}", es="Redactada por {model}"),
    "supported": Text(
        en="{supported} of {total} statements supported by their citation",
        es="{supported} de {total} afirmaciones respaldadas por su cita",
    ),
    "evidence": Text(en="Evidence", es="Evidencia"),
    "evidence_help": Text(
        en="The best passages that the search finds for this question now, with their scores "
        "(0 to 1).",
        es="Los mejores pasajes que la búsqueda encuentra ahora para esta pregunta, con su "
        "puntuación (de 0 a 1).",
    ),
    "passage_title": Text(en="Passage", es="Pasaje"),
    "score": Text(en="Score", es="Puntuación"),
    "cited_here": Text(en="Cited", es="Citado"),
    "no": Text(en="no", es="no"),
    "calculation": Text(en="Calculation", es="Cálculo"),
    "quantity": Text(en="Quantity", es="Magnitud"),
    "value": Text(en="Value", es="Valor"),
    "origin": Text(en="Origin", es="Origen"),
    "given": Text(en="your figure", es="dato tuyo"),
    "assumed": Text(en="assumed", es="supuesto"),
    "result": Text(en="result", es="resultado"),
    "diagram": Text(en="Diagram of the answer", es="Diagrama de la respuesta"),
    "checklist": Text(en="Checklist", es="Lista de comprobación"),
    "checklist_of": Text(
        en="Checklist of this conversation", es="Lista de comprobación de la conversación"
    ),
    "ticked": Text(en="{done} of {total} done", es="{done} de {total} hechos"),
    "deliverable": Text(en="Deliverable", es="Entregable"),
    "download_answer": Text(en="Download answer (Markdown)", es="Descargar respuesta (Markdown)"),
    "download_conversation": Text(
        en="Download conversation (Markdown)", es="Descargar conversación (Markdown)"
    ),
    "download_checklist": Text(en="Download checklist (Markdown)", es="Descargar lista (Markdown)"),
    "follow_ups": Text(en="Ask next", es="Sigue preguntando"),
    "why_not": Text(
        en="What was missing or wrong? (optional)", es="¿Qué falta o falla? (opcional)"
    ),
    "thanks": Text(en="Thanks, it is noted.", es="Gracias, queda anotado."),
    "attachments": Text(en="Attached to this conversation", es="Adjuntos de la conversación"),
    "attach_reading": Text(en="Reading {names}…", es="Leyendo {names}…"),
    "attach_note": Text(
        en="Used as evidence in this conversation only; kept in memory, not on disk. For verdicts "
        "against the rubric, use the document review.",
        es="Se usan como evidencia solo en esta conversación; se guardan en memoria, no en disco. "
        "Si quieres veredictos según la rúbrica, usa la revisión de documentos.",
    ),
    "attach_read": Text(en="{characters} characters read", es="{characters} caracteres leídos"),
    "attach_pages": Text(en="{pages} pages", es="{pages} páginas"),
    "attach_title": Text(en="Documents: {names}", es="Documentos: {names}"),
    "attach_limit": Text(
        en="“{name}” was not attached: at most {count} files and {megabytes} MB in all.",
        es="«{name}» no se ha adjuntado: como máximo {count} archivos y {megabytes} MB en total.",
    ),
    "lost": Text(
        en="There is no such conversation here. A new one was started.",
        es="Esa conversación no existe aquí. Se ha empezado una nueva.",
    ),
}
VERDICT_WORDS: Final[dict[Verdict, tuple[str, Text]]] = {
    "supported": (":material/check_circle:", Text(en="Supported", es="Respaldada")),
    "weak": (":material/adjust:", Text(en="Weak support", es="Respaldo débil")),
    "unsupported": (":material/cancel:", Text(en="Not supported", es="Sin respaldo")),
}
STATUS_WORDS: Final[dict[str, Text]] = {
    "active": Text(en="current", es="vigente"),
    "maintenance": Text(en="in maintenance only", es="solo en mantenimiento"),
    "archived": Text(en="archived", es="archivada"),
    "renamed": Text(en="renamed", es="renombrada"),
    "superseded": Text(en="superseded", es="reemplazada"),
}
ROLE_WORDS: Final[dict[Role, str]] = {
    "cto": "CTO",
    "python": "Python",
    "devops": "DevOps",
    "qa": "QA",
    "product": "Product",
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
    """A phrase of the chat page."""
    return CHAT_WORDS[key].in_language(language).format(**values)


def status_word(status: str, language: Language) -> str:
    """An entry's status in words; one that is new here as it is."""
    return STATUS_WORDS[status].in_language(language) if status in STATUS_WORDS else status
