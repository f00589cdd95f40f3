# ruff: noqa: E501  patterns, broken where they read best
"""What a number is for, told by the words around it: the nearest cue in its clause wins."""

from __future__ import annotations

import re

_REACH = 48
_CLAUSE_START = re.compile(r"(?:[.;:?!](?=\s)|\n)")
_CLAUSE_END = re.compile(r"(?:[,;:?!)]|\.(?=\s|$)|\n|\b(?:and|with|y|con|e|pero|but)\b)")
_REPLICA = (
    r"(?:replicas?|réplicas?|pods?|instances?|instancias?|workers?|servers?|servidor\w*|nod[eo]s?)"
)
_REQUEST = (
    r"(?:requests?|peticion(?:es)?|petición|calls?|llamadas?|quer(?:y|ies)|consultas?|predictions?|"
    r"predicci(?:ón|ones)|inferences?|inferencias?|items?|elementos?|rows?|filas?|records?|"
    r"registros?|messages?|mensajes?|documents?|documentos?|docs?|images?|imágen(?:es)?|imagen|"
    r"events?|eventos?|lines?|líneas?|logs?|chats?|conversation|conversación|user|usuario|batch)"
)
_EACH = r"(?:\bper|\bpor|\ba|\bcada|\beach|\bevery|/)\s*(?:una?\s+)?"

# (role, cue before the number, cue after it); "" where there is none.
_CUES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "duration": (
        (
            "latency",
            r"latenc\w*|\bp\d\d(?:[.,]\d+)?\b|\btakes?\b|\btarda\w*|respon\w+|\bmean\b|\bmedia\b|"
            r"average|promedio|inferenc\w+|service time|tiempo de servicio|" + _EACH + _REQUEST,
            r"^\s*(?:" + _EACH + r"(?:" + _REQUEST + r")?\b|(?:de\s+|of\s+|mean\s+|median?\s+)?"
            r"latenc\w+|p\d\d\b|de media|on average|cada un[oa])",
        ),
        ("startup", r"\bload(?:s|ing)?\b|start\w*|arran\w*|cargar|cold|boot\w*|warm\w*|pull\w*",
         r"^\s*(?:to|para|en|de)\s+(?:load|start|pull|boot|cargar|arran\w+|descargar)"),
        ("timeout", r"time[ -]?d?\s?outs?|\bttl\b|dies? at|cooldown|se corta|\bcut\b", r"^\s*timeout"),
        ("queue", r"\bqueue\w*|\bcola\b|\bwait\w*|\besper\w+", r"^\s*(?:in (?:the )?queue|en (?:la )?cola)"),
        ("retention", r"\bret(?:ention|ain\w*|ención|en\w+)\b|\bkeep\b|\bkept\b|guard\w+|conserv\w+|"
         r"\bstor(?:e|ed|ing)\b|almacen\w+|histor\w+", r"^\s*(?:of\s+|de\s+)?(?:reten\w+|histor\w+)"),
        ("window", r"\bwindow|ventana|\bover\b|durante|per[ií]od\w*|\bevery\b|\bcada\b|interval\w*",
         r"^\s*(?:window|ventana|interval\w*|rolling)"),
    ),
    "percent": (
        ("target", r"(?:\btarget|\bobjetivo|\bset to|\bthreshold|\bumbral)[^.,;\d]{0,30}$",
         r"^\s*(?:target|objetivo|de objetivo|as (?:the )?target|como objetivo)"),
        ("slo", r"\bslos?\b|\bslas?\b|availab\w+|disponib\w+|uptime|service level",
         r"^\s*(?:de\s+|of\s+)?(?:\w+\s+)?(?:slos?\b|slas?\b|availab\w+|disponib\w+|uptime)"),
        ("power", r"\bpower\b|potencia", r"^\s*(?:de\s+|of\s+)?(?:power|potencia)"),
        ("confidence", r"confiden\w+|confianza", r"^\s*(?:de\s+|of\s+)?(?:confiden\w+|confianza)"),
        ("alpha", r"\balpha\b|\balfa\b|signific\w+|α", r"^\s*(?:de\s+|of\s+)?signific\w+"),
        ("headroom", r"headroom|holgura|margen|\bspare", r"^\s*(?:de\s+|of\s+)?(?:headroom|holgura|margen|spare)"),
        ("effect", r"\bmde\b|\beffect|\befecto|uplift|\blift|mejora\w*|increase|aumento|detect\w*|subida",
         r"^\s*(?:de\s+|of\s+)?(?:\w+\s+)?(?:\bmde\b|effect|efecto|uplift|lift|mejora|increase|aumento|subida)"),
        ("baseline", r"baseline|\bbase\b|conver\w+|\bctr\b|click-through|tasa de clics",
         r"^\s*(?:de\s+|of\s+)?(?:baseline|base\b|conver\w+|\bctr\b|click-through|tasa base)"),
        ("usage", r"\bcpu\b|\bgpus?\b|utili[sz]\w+|\busage\b|\buso\b",
         r"^\s*(?:de\s+|of\s+)?(?:la\s+)?(?:cpu\b|gpus?\b|utili[sz]\w+|usage|uso\b)"),
    ),
    "rate": (
        ("replica", r"(?:\beach|\bevery|\bcada|\bper|\bone|\bsingle|\buna)\s+(?:una\s+)?" + _REPLICA
         + r"\b[^.;\d]{0,30}$", r"^\s*" + _EACH + _REPLICA + r"\b"),
        ("peak", r"(?:\bpeaks?|\bpicos?|\bmáxim\w+|\bmax\w*)\b[^,;.\d]{0,20}$", r"^\s*(?:at|en|de|in)?\s*(?:the\s+)?(?:peak|pico|hora punta)"),
    ),
    "concurrency": (
        ("replica", r"(?:\beach|\bevery|\bcada|\bper|\bone|\buna)\s+(?:una\s+)?" + _REPLICA
         + r"\b[^.;\d]{0,30}$", r"^\s*" + _EACH + _REPLICA + r"\b"),
    ),
    "tokens": (
        ("output", r"\boutputs?\b|\bsalida\b|generat\w+|completion\w*",
         r"^\s*(?:de |of )?(?:output|salida|generated|completion|generados)"),
        ("input", r"\binputs?\b|\bentrada\b|\bprompts?\b", r"^\s*(?:de |of )?(?:input|entrada|prompt)"),
        ("context", r"\bcontexto?\b|sequence|secuencia", r"^\s*(?:de |of )?(?:contexto?\b|per sequence|por secuencia)"),
        ("request", _EACH + _REQUEST, r"^\s*" + _EACH + _REQUEST),
    ),
    "size": (
        ("item", r"(?:\beach|\bevery|\bcada|\bper|\bpor)\s+(?:una?\s+|de\s+)?(?:\w+\s+)?" + _REQUEST
         + r"\b[^.;\d]{0,20}$", r"^\s*(?:\beach\b|cada un[oa]\b|" + _EACH + r"(?:\w+\s+){0,2}?" + _REQUEST + r"\b)"),
        ("gpu", r"\bvram\b|\bgpus?\b|\bcards?\b|tarjetas?|\b(?:[ahlvbt]\d{1,3}s?|rtx \d{4}|a\d0g)\b",
         r"^\s*(?:of\s+|de\s+)?(?:vram|gpus?\b|cards?|tarjetas?|[ahlvbt]\d{1,3}s?\b|memoria de gpu)"),
    ),
}  # fmt: skip
_COMPILED = {
    kind: tuple(
        (role, re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE))
        for role, before, after in rows
    )
    for kind, rows in _CUES.items()
}


def clause_before(text: str, start: int) -> str:
    """The words before `start`, back to the end of the last sentence, at most 48 characters."""
    return _CLAUSE_START.split(text[max(0, start - _REACH) : start])[-1]


def clause_after(text: str, end: int) -> str:
    """The words after `end`, up to the next comma or conjunction, at most 48 characters."""
    return _CLAUSE_END.split(text[end : end + _REACH], maxsplit=1)[0]


def role_of(kind: str, text: str, start: int, end: int) -> str:
    """The role of text[start:end], "" when no cue stands in its clause."""
    before, after = clause_before(text, start), clause_after(text, end)
    best, nearest = "", _REACH + 1
    for role, cue_before, cue_after in _COMPILED.get(kind, ()):
        found = [len(before) - match.end() for match in cue_before.finditer(before)]
        found += [1 for _ in cue_after.finditer(after)]
        if found and min(found) < nearest:
            best, nearest = role, min(found)
    return best
