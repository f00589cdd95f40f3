"""A project as Markdown: the specification's template, filled in, with its deliverables."""

from __future__ import annotations

from typing import Final

from app.export.inert import inert
from app.export.review_words import DELIVERABLE_WORDS
from app.history.projects import Project, State
from app.solve.brief import BRIEF_LABELS
from ingest.schema import Language, Text

STATE_WORDS: Final[dict[State, Text]] = {
    "not-started": Text(en="Not started", es="Sin empezar"),
    "in-progress": Text(en="In progress", es="En curso"),
    "done": Text(en="Done", es="Hecho"),
    "not-needed": Text(en="Not needed", es="No hace falta"),
}
STATE_MARKS: Final[dict[State, str]] = {
    "not-started": "○",
    "in-progress": "◐",
    "done": "●",
    "not-needed": "–",
}
_CONTEXT: Final = ("problem", "volume", "latency", "throughput", "infrastructure")
_REQUIREMENTS: Final = ("framework", "target", "monitoring", "compliance")
_TITLES: Final[dict[str, Text]] = {
    "task": Text(en="Task", es="Tarea"),
    "context": Text(en="Project context", es="Contexto del proyecto"),
    "requirements": Text(en="Technical requirements", es="Requisitos técnicos"),
    "deliverables": Text(en="Deliverables", es="Entregables"),
    "notes": Text(en="Notes", es="Notas"),
}


def project_markdown(project: Project, language: Language) -> str:
    """The brief and the deliverables; a field that is not known is a dash."""
    values = project.brief.model_dump()
    parts = [f"# {_line(project.name)}"]
    if values["task"]:
        parts += [_title("task", language), inert(values["task"])]
    for title, fields in (("context", _CONTEXT), ("requirements", _REQUIREMENTS)):
        lines = (
            f"- **{BRIEF_LABELS[field].in_language(language)}:** {_line(values[field]) or '–'}"
            for field in fields
        )
        parts += [_title(title, language), "\n".join(lines)]
    parts += [_title("deliverables", language), "\n".join(_deliverables(project, language))]
    if values["notes"]:
        parts += [_title("notes", language), inert(values["notes"])]
    return "\n\n".join(parts) + "\n"


def _deliverables(project: Project, language: Language) -> list[str]:
    lines = []
    for name, deliverable in project.deliverables.items():
        box = "x" if deliverable.state == "done" else " "
        state = STATE_WORDS[deliverable.state].in_language(language)
        words = f"- [{box}] {DELIVERABLE_WORDS[name].in_language(language)} ({state.lower()})"
        lines.append(f"{words}: {_line(deliverable.evidence)}" if deliverable.evidence else words)
    return lines


def _title(key: str, language: Language) -> str:
    return f"## {_TITLES[key].in_language(language)}"


def _line(text: str) -> str:
    return inert(" ".join(text.split()))
