"""The brief of a project: what the specification's template asks, in the reader's own words."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from ingest.schema import Language, Text

FIELD_CHARACTERS = 300
LONG_CHARACTERS = 2000
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=FIELD_CHARACTERS)]
LongWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONG_CHARACTERS)]


class Brief(BaseModel):
    """What a project is about. A field is empty while it is not known.

    Keys of a later version are ignored, so that an earlier one can read its briefs.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    task: LongWords = ""
    problem: Words = ""
    volume: Words = ""
    latency: Words = ""
    throughput: Words = ""
    infrastructure: Words = ""
    framework: Words = ""
    target: Words = ""
    monitoring: Words = ""
    compliance: Words = ""
    notes: LongWords = ""

    @property
    def empty(self) -> bool:
        return not any(self.model_dump().values())


BRIEF_LABELS: Final[dict[str, Text]] = {
    "task": Text(en="Task", es="Tarea"),
    "problem": Text(en="Type of ML problem", es="Tipo de problema de ML"),
    "volume": Text(en="Data volume", es="Volumen de datos"),
    "latency": Text(en="Required latency", es="Latencia requerida"),
    "throughput": Text(en="Expected throughput", es="Throughput esperado"),
    "infrastructure": Text(en="Available infrastructure", es="Infraestructura disponible"),
    "framework": Text(en="Preferred framework", es="Framework preferido"),
    "target": Text(en="Deployment target", es="Destino del despliegue"),
    "monitoring": Text(en="Monitoring requirements", es="Requisitos de monitorización"),
    "compliance": Text(en="Compliance needs", es="Cumplimiento normativo"),
    "notes": Text(en="Notes", es="Notas"),
}


def brief_text(brief: Brief, language: Language) -> str:
    """The fields that are filled in, one a line with its label; empty when none is."""
    values = brief.model_dump()
    return "\n".join(
        f"{label.in_language(language)}: {' '.join(values[field].split())}"
        for field, label in BRIEF_LABELS.items()
        if values[field]
    )
