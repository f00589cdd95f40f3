"""Role lenses: what a counterpart reads first, and which deliverables it checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ingest.schema import Deliverable, Passage, Role

# A sentence that speaks of what the role decides counts for this much more.
_CUE_FACTOR = 1.35
_PASSAGE_FACTOR = 1.1
_HANDOFF_FACTOR = 1.5
_PATTERNS: Final[Mapping[Role, str]] = {
    "cto": r"\b(?:cost\w*|pric\w+|budget|risk\w*|licen[cs]\w+|complian\w+|regulat\w+|audit\w*|"
    r"vendor|lock-in|owner\w*|availab\w+|incident\w*|lead time|coste\w*|precio\w*|presupuesto|"
    r"riesgo\w*|licencia\w*|cumplimiento|normativa|proveedor\w*|responsable\w*|disponib\w+|"
    r"incidente\w*|equipos?)\b",
    "python": r"`[^`]+`|\b(?:python|librar\w+|functions?|class\w*|typed?|types|packages?|"
    r"imports?|sdk|async|pydantic|pytest|bibliotecas?|librer[ií]a\w*|funci[oó]n\w*|c[oó]digo|"
    r"paquetes?|tipos?)\b",
    "devops": r"\b(?:kubernetes|pods?|nodes?|deploy\w*|rollback\w*|ci|helm|terraform|probes?|"
    r"autoscal\w+|alerts?|metrics?|secrets?|images?|containers?|clusters?|replicas?|despliegu\w+|"
    r"cl[uú]ster\w*|alertas?|im[aá]gen\w*|contenedor\w*|r[eé]plicas?|nodos?|sondas?|m[eé]tricas?)\b",
    "qa": r"\b(?:tests?|testing|gates?|thresholds?|asserts?|golden|regressions?|coverage|"
    r"validat\w+|accept\w+|baselines?|tolerance\w*|verif\w+|pruebas?|umbral\w*|regresi[oó]n\w*|"
    r"cobertura|validaci[oó]n\w*|valida\w*|aceptaci[oó]n|tolerancia\w*|comprueb\w+)\b",
    "product": r"\b(?:users?|customers?|business|experiments?|a/b|kpi\w*|revenue|expect\w+|"
    r"deadlines?|feedback|conversion|usuari\w+|client\w+|negocio|experiment\w+|ingresos|"
    r"expectativ\w+|plazos?|conversi[oó]n)\b",
}
CUES: Final[Mapping[Role, re.Pattern[str]]] = {
    role: re.compile(pattern, re.IGNORECASE) for role, pattern in _PATTERNS.items()
}
CHECKS: Final[Mapping[Role, tuple[Deliverable, ...]]] = {
    "cto": ("architecture", "technical-documentation"),
    "python": ("training-pipeline", "inference-service"),
    "devops": ("cicd-pipeline", "monitoring-alerting", "inference-service"),
    "qa": ("cicd-pipeline", "training-pipeline", "monitoring-alerting"),
    "product": ("technical-documentation", "monitoring-alerting", "architecture"),
}


def lens_factor(text: str, passage: Passage, role: Role | None) -> float:
    """What a sentence counts for a role, as a factor of its score."""
    if role is None:
        return 1.0
    cue = _CUE_FACTOR if CUES[role].search(text) else 1.0
    if role not in passage.roles:
        return cue
    return cue * (_HANDOFF_FACTOR if passage.kind == "handoff" else _PASSAGE_FACTOR)


def check_order(deliverable: str, role: Role | None) -> int:
    """Where the checklist of a deliverable stands for a role; 0 for all without a role."""
    if role is None:
        return 0
    own = CHECKS[role]
    return own.index(deliverable) if deliverable in own else len(own)
