"""Orders to the reviewer inside a document: reported, never followed, never evidence."""

from __future__ import annotations

import re

_IGNORE = (
    r"\b(ignore|disregard|forget|override|bypass|skip)\b.{0,40}"
    r"\b(previous|prior|above|earlier|all|any|your|the system|these)\b.{0,30}"
    r"\b(instructions?|prompts?|rules?|guidelines?|directions?|criteria|rubric|orders)\b"
)
_IGNORE_ES = (
    r"\b(ignora|ignore|ignorar|ignorad|omite|omita|olvida|olvide|descarta|desobedece|no tengas en cuenta)\b"
    r".{0,40}\b(instruccion(es)?|ordenes|indicaciones|reglas|criterios|rubrica|prompts?)\b"
)
_GRADE = (
    r"\b(give|assign|award|grant|grade|rate|score|return|output|report|mark|set|label|treat|consider"
    r"|count|accept|judge)\b.{0,50}\b(full (marks?|score|points)|(maximum|highest|perfect|top) (score|mark"
    r"|grade|points?|rating)|100 ?(/ ?100|out of 100|points|%)|(all|every|each|these|the|this|any)"
    r" ?(\w+ ){0,4}(criteri(a|on)|verdicts?|requirements?|sections?|items?|checks?|everything)\b.{0,30}"
    r"\b(covered|passed|complete|satisfied|fulfilled|met|compliant|approved)"
    r"|(everything|it all|them all|this (document|project)) (as |is )?(fully )?"
    r"(covered|passed|complete|satisfied))\b"
)
_GRADE_ES = (
    r"\b(marca|marque|marcar|asigna|asigne|asignar|otorga|otorgue|otorgar|da|dale|de|pon|ponga|poner"
    r"|califica|califique|puntua|puntue|considera|considere|devuelve|devuelva|responde|trata|evalua"
    r"|evalue|acepta|reporta)\b.{0,50}\b((maxima|mejor|mas alta|perfecta) (puntuacion|nota|calificacion)"
    r"|(puntuacion|nota|calificacion) (maxima|perfecta|completa|mas alta)|100 ?(/ ?100|sobre 100|puntos|%)"
    r"|(todo|todos|todas|cada|los|las|este|el) ?(\w+ ){0,4}(como )?"
    r"(cubiert[oa]s?|cumplid[oa]s?|aprobad[oa]s?|complet[oa]s?|satisfech[oa]s?))\b"
)
_READER = (
    r"\b(note|message|instructions?|attention|important|notice|nota|mensaje|instruccion(es)?|aviso"
    r"|atencion)\b.{0,12}\b(to|for|para|al|a la|a los) (the |el |la |los )?(ai|llm|ia|language model"
    r"|(automated? |automatic )?(reviewers?|graders?|evaluators?|assessor|assistant|model"
    r"|revisor(a|es)?|evaluador(a|es)?|asistente|modelo de lenguaje))\b"
    r"|\b(you are|eres) (now )?(an?|the|un|una|el|la) .{0,30}\b(reviewer|grader|evaluator|assistant"
    r"|revisor|evaluador|asistente)\b"
    r"|\b(ai|llm|automated|automatic) (reviewer|grader|evaluator)s?\b.{0,40}\b(must|should|shall|please"
    r"|have to|need to)\b"
    r"|\b(revisor|evaluador)(a|es)? (de ia|automatic[oa])\b.{0,40}\b(debe|tiene que|por favor)\b"
    r"|\b(do not|don't|never) (report|mention|flag|list|lower|penali[sz]e)\b.{0,40}\b(missing|gaps?"
    r"|problems?|findings?|issues|score|this (document|project))\b"
    r"|\bno (reportes|menciones|senales|indiques|penalices|bajes)\b.{0,40}\b(falta|carencias|faltantes"
    r"|problemas|hallazgos|puntuacion|nota)\w*"
    r"|\b(new|updated|nuevas) (system )?(instructions|prompt|instrucciones)\s*:"
    r"|<\|?(im_start|system|endoftext)\|?>|\[/?inst\]|^\s*(system|assistant) ?: "
)
_ORDER = re.compile("|".join((_IGNORE, _IGNORE_ES, _GRADE, _GRADE_ES, _READER)))
# Same length as what they replace, so that offsets stay true.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def order_start(folded: str) -> int | None:
    """Where in the folded text an order to the reviewer begins, or None without one."""
    match = _ORDER.search(folded)
    if match is None and _INVISIBLE.search(folded):
        # A word split by invisible characters is looked at again without them; where exactly it
        # began no longer matters, the whole piece is suspect.
        return 0 if _ORDER.search(_INVISIBLE.sub("", folded)) else None
    return match.start() if match else None
