"""What the slugs of the knowledge are called: kinds, states, roles, situations, areas, groups."""

from __future__ import annotations

from typing import Final

from ingest.schema import Language, Text

KIND_WORDS: Final[dict[str, Text]] = {
    "tool": Text(en="Tool", es="Herramienta"),
    "practice": Text(en="Practice", es="Práctica"),
    "handoff": Text(en="Hand-over", es="Entrega entre roles"),
    "standard": Text(en="Standard", es="Norma"),
    "playbook": Text(en="Playbook", es="Guía de actuación"),
}
STATUS_WORDS: Final[dict[str, Text]] = {
    "active": Text(en="Active", es="Vigente"),
    "maintenance": Text(en="Maintenance only", es="Solo mantenimiento"),
    "archived": Text(en="Archived", es="Archivado"),
    "renamed": Text(en="Renamed", es="Renombrado"),
    "superseded": Text(en="Superseded", es="Superado"),
}
ROLE_WORDS: Final[dict[str, Text]] = {
    "cto": Text(en="CTO", es="CTO"),
    "python": Text(en="Python developer", es="Desarrollo Python"),
    "devops": Text(en="DevOps", es="DevOps"),
    "qa": Text(en="QA", es="QA"),
    "product": Text(en="Product", es="Producto"),
}
SITUATION_WORDS: Final[dict[str, Text]] = {
    "offline-online": Text(en="Offline against online", es="Offline frente a online"),
    "drift-monitoring": Text(en="Drift and monitoring", es="Drift y monitorización"),
    "serving": Text(en="Serving", es="Servicio de modelos"),
    "kubernetes": Text(en="Kubernetes", es="Kubernetes"),
    "training": Text(en="Training", es="Entrenamiento"),
    "data-pipelines": Text(en="Data pipelines", es="Pipelines de datos"),
    "releases": Text(en="Releases", es="Despliegues"),
    "cost": Text(en="Cost", es="Coste"),
    "security-privacy": Text(en="Security and privacy", es="Seguridad y privacidad"),
    "evaluation": Text(en="Evaluation", es="Evaluación"),
    "team-process": Text(en="Team and process", es="Equipo y proceso"),
    "llm-rag": Text(en="LLM and RAG", es="LLM y RAG"),
    "cloud-migrations": Text(en="Cloud migrations", es="Migraciones de nube"),
    "designs": Text(en="Designs", es="Diseños"),
}
AREA_WORDS: Final[dict[str, Text]] = {
    "expertise": Text(en="Core expertise", es="Especialidad"),
    "stack": Text(en="Technology stack", es="Stack tecnológico"),
    "methodology": Text(en="Methodology", es="Metodología"),
    "best-practices": Text(en="Best practices", es="Buenas prácticas"),
    "collaboration": Text(en="Working with other roles", es="Trabajo con otros roles"),
    "deliverables": Text(en="Deliverables", es="Entregables"),
    "behaviour": Text(en="Way of working", es="Forma de trabajar"),
    "neighbours": Text(en="Neighbouring tools and standards", es="Herramientas y normas vecinas"),
    "playbooks": Text(en="Playbooks", es="Guías de actuación"),
}
GROUP_WORDS: Final[dict[str, Text]] = {
    "mlops-deployment": Text(en="MLOps and deployment", es="MLOps y despliegue"),
    "production-ml-systems": Text(en="Production ML systems", es="Sistemas de ML en producción"),
    "model-monitoring": Text(en="Model monitoring", es="Monitorización de modelos"),
    "data-engineering": Text(en="Data engineering for ML", es="Ingeniería de datos para ML"),
    "ml-infrastructure": Text(en="ML infrastructure", es="Infraestructura de ML"),
    "deep-learning": Text(en="Deep learning", es="Deep learning"),
    "classical-ml": Text(en="Classical ML", es="ML clásico"),
    "specialized-libraries": Text(en="Specialised libraries", es="Bibliotecas especializadas"),
    "experiment-tracking": Text(en="Experiment tracking", es="Seguimiento de experimentos"),
    "model-registry": Text(en="Model registry", es="Registro de modelos"),
    "serving": Text(en="Serving", es="Servicio de modelos"),
    "containers": Text(en="Containers", es="Contenedores"),
    "orchestrators": Text(en="Orchestrators", es="Orquestadores"),
    "aws": Text(en="AWS", es="AWS"),
    "gcp": Text(en="Google Cloud", es="Google Cloud"),
    "azure": Text(en="Azure", es="Azure"),
    "monitoring-tools": Text(en="Monitoring tools", es="Herramientas de monitorización"),
    "feature-store-tools": Text(en="Feature store tools", es="Herramientas de feature store"),
    "data-processing": Text(en="Data processing", es="Procesamiento de datos"),
    "databases": Text(en="Databases", es="Bases de datos"),
    "streaming": Text(en="Streaming", es="Streaming"),
    "system-design": Text(en="System design", es="Diseño de sistemas"),
    "cicd-stages": Text(en="Stages of CI/CD for ML", es="Etapas de CI/CD para ML"),
    "lifecycle": Text(en="Model lifecycle", es="Ciclo de vida del modelo"),
    "governance": Text(en="Governance", es="Gobierno de modelos"),
    "security-compliance": Text(en="Security and compliance", es="Seguridad y cumplimiento"),
    "performance-optimization": Text(
        en="Performance optimisation", es="Optimización del rendimiento"
    ),
    "monitoring-observability": Text(
        en="Monitoring and observability", es="Monitorización y observabilidad"
    ),
    "cto": Text(en="With the CTO", es="Con el CTO"),
    "senior-python": Text(en="With the Python developer", es="Con desarrollo Python"),
    "devops": Text(en="With DevOps", es="Con DevOps"),
    "qa": Text(en="With QA", es="Con QA"),
    "product": Text(en="With Product", es="Con Producto"),
    "deliverables": Text(en="The six deliverables", es="Los seis entregables"),
    "principles": Text(en="Principles", es="Principios"),
    "problem-solving": Text(en="Problem solving", es="Resolución de problemas"),
    "communication": Text(en="Communication", es="Comunicación"),
    "standards": Text(en="Standards", es="Normas"),
    "practices": Text(en="Practices", es="Prácticas"),
    "comparisons": Text(en="Comparisons", es="Comparaciones"),
    "quality": Text(en="Quality", es="Calidad"),
    "data": Text(en="Data", es="Datos"),
    "orchestration": Text(en="Orchestration", es="Orquestación"),
    "security": Text(en="Security", es="Seguridad"),
    **SITUATION_WORDS,
}


def label(words: dict[str, Text], key: str, language: Language) -> str:
    """The label of a slug; one that has none (new in the data) is shown as plain words."""
    known = words.get(key)
    return known.in_language(language) if known else key.replace("-", " ").capitalize()
