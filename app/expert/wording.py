"""The fixed words of answers, in both languages, in the persona's voice."""

from __future__ import annotations

from typing import Final

from ingest.schema import Role, SectionId, Text

HEADINGS: Final[dict[SectionId, Text]] = {
    "in-short": Text(en="In context", es="En contexto"),
    "symptoms": Text(en="How it shows", es="Cómo se nota"),
    "causes": Text(en="Check in this order", es="Comprueba en este orden"),
    "fixes": Text(en="Fixes", es="Arreglos"),
    "prevent": Text(en="So that it does not come back", es="Para que no vuelva"),
    "trade-offs": Text(en="Trade-offs", es="Compromisos"),
    "when": Text(en="When it pays off", es="Cuándo compensa"),
    "avoid": Text(en="When not to", es="Cuándo no"),
    "how-to": Text(en="How to do it", es="Cómo hacerlo"),
    "numbers": Text(en="Numbers", es="Cifras"),
    "pitfalls": Text(en="Pitfalls", es="Errores frecuentes"),
    "example": Text(en="Example", es="Ejemplo"),
    "checklist": Text(en="Before you call it done", es="Antes de darlo por terminado"),
    "document": Text(en="In your documents", es="En tus documentos"),
}
TABLE_ROWS: Final[dict[SectionId, Text]] = {
    "when": Text(en="Choose it when", es="Elígelo cuando"),
    "avoid": Text(en="Not when", es="Evítalo cuando"),
    "numbers": Text(en="A figure", es="Una cifra"),
}
REFERENCES: Final = Text(en="References", es="Referencias")
CALCULATION: Final = Text(en="With your figures", es="Con tus cifras")
WHY: Final = Text(en="Why", es="Por qué")
FOR_ROLE: Final[dict[Role, Text]] = {
    "cto": Text(en="For the CTO", es="Para dirección técnica (CTO)"),
    "python": Text(en="For the Python developers", es="Para el equipo de Python"),
    "devops": Text(en="For DevOps", es="Para DevOps"),
    "qa": Text(en="For QA", es="Para QA"),
    "product": Text(en="For product", es="Para producto"),
}
SOURCE_OF: Final = Text(en="Point {number} says:", es="El punto {number} dice:")
SOURCE_PASSAGE: Final = Text(
    en="It is quoted from **{title} · {heading}** [{n}]:",
    es="Se cita de **{title} · {heading}** [{n}]:",
)
SOURCE_PRIMARY: Final = Text(en="Primary sources", es="Fuentes primarias")
NO_CITATION: Final = Text(
    en="That sentence carries no citation, so there is no source to show.",
    es="Esa frase no lleva cita, así que no hay fuente que mostrar.",
)
CHECKLIST: Final = Text(en="Checklist", es="Lista de comprobación")
RETIRED: Final = Text(en="Note on {title}: {note}", es="Aviso sobre {title}: {note}")
NO_EVIDENCE: Final = Text(
    en="I have no evidence in my knowledge base to answer that, and I would rather say so than "
    "guess.",
    es="No tengo evidencia en mi base de conocimiento para responder a eso, y prefiero decirlo "
    "antes que suponer.",
)
UNKNOWN_NAMES: Final = Text(
    en="I know of no {names} in production machine learning, and I would rather say so than guess. "
    "If the name is right, its official documentation is the place to look.",
    es="No conozco {names} en el ámbito del ML en producción, y prefiero decirlo antes que "
    "suponer. Si el nombre es correcto, consulta su documentación oficial.",
)
UNKNOWN_VERSION: Final = Text(
    en="I know of no {tool} {version}: the newest version that my knowledge base has seen is "
    "older, so I cannot say what it brings. Check its official release notes.",
    es="No conozco {tool} {version}: la versión más reciente que ha visto mi base de conocimiento "
    "es anterior, así que no puedo decir qué trae. Comprueba sus notas de versión oficiales.",
)
NEAREST: Final = Text(
    en="The nearest subjects that I cover: {titles}. Ask me about one of them, or rephrase the "
    "question with the tool, the symptom and the figures you have.",
    es="Los temas más cercanos que cubro son: {titles}. Pregúntame por alguno de ellos o "
    "reformula la pregunta con la herramienta, el síntoma y las cifras que tengas.",
)
OTHER_LANGUAGE: Final = Text(
    en="I answer in English and Spanish only. Please ask again in one of them.",
    es="Solo respondo en español e inglés. Vuelve a preguntar en uno de los dos, por favor.",
)
GREETING: Final = Text(
    en="Hello. I am ML Engineer Expert: ask me about putting machine learning into production, "
    "from training pipelines to serving, monitoring and hand-overs. I cite the passage behind "
    "each statement.",
    es="Hola. Soy ML Engineer Expert: pregúntame cómo llevar machine learning a producción, desde "
    "pipelines de entrenamiento hasta serving, monitorización y traspasos entre equipos. Cito el "
    "pasaje en el que se apoya cada afirmación.",
)
THANKS: Final = Text(
    en="You are welcome. Ask on whenever you like.",
    es="De nada. Sigue preguntando cuando quieras.",
)
ABOUT: Final = Text(
    en="I am a senior ML engineer in assistant form. I answer from a curated, dated knowledge base "
    "of {entries} entries on production ML, cite the exact passage for each statement, say so when "
    "I have no evidence, and review project documents against {criteria} criteria. My rule: code "
    "that works in production, not just in notebooks.",
    es="Soy un ML engineer senior en forma de asistente. Respondo a partir de una base de "
    "conocimiento curada y fechada de {entries} entradas sobre ML en producción, cito el pasaje "
    "exacto de cada afirmación, digo cuándo no tengo evidencia y reviso documentos de proyecto "
    "con {criteria} criterios. Mi regla: código que funciona en producción, no solo en notebooks.",
)
FALLBACK: Final = Text(
    en="The language model did not deliver ({reason}) This answer was composed from the knowledge "
    "base instead.",
    es="El modelo de lenguaje no respondió como debía ({reason}) Esta respuesta se ha compuesto a "
    "partir de la base de conocimiento.",
)
POORLY_SUPPORTED: Final = Text(
    en="The language model's text was not supported by the evidence, so this answer was composed "
    "from the knowledge base instead.",
    es="El texto del modelo de lenguaje no estaba respaldado por la evidencia, así que esta "
    "respuesta se ha compuesto a partir de la base de conocimiento.",
)
CUT: Final = Text(
    en="The language model stopped before the end: this answer is cut.",
    es="El modelo de lenguaje se detuvo antes del final: esta respuesta está cortada.",
)
DROPPED: Final = Text(
    en="{count} citations that do not exist were removed from the model's text.",
    es="Se quitaron del texto del modelo {count} citas que no existen.",
)
FOLLOW_UP: Final[tuple[Text, ...]] = (
    Text(en="{title}: when is it the wrong choice?", es="{title}: ¿cuándo no conviene?"),
    Text(en="{title}: what goes wrong in production?", es="{title}: ¿qué falla en producción?"),
)
