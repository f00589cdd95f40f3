# ruff: noqa: E501  patterns, broken where they read best
"""The units that a quantity can have, as patterns that stand right after its number."""

from __future__ import annotations

import re

from app.solve.numerals import MAGNITUDE, NUMBER

_NOUNS: tuple[tuple[str, str], ...] = (
    ("token", r"tokens?"),
    ("request", r"requests?|reqs?|quer(?:y|ies)|calls?|predictions?|inferences?|transactions?|"
     r"peticion(?:es)?|petición|solicitud(?:es)?|consultas?|llamadas?|predicci(?:ón|ones)|"
     r"inferencias?|transacci(?:ón|ones)|lecturas?|reads?"),
    ("user", r"users?|usuarios?|visitors?|visitantes?|visits?|visitas?|sessions?|sesiones|"
     r"customers?|clientes?|clients?|subscribers?|suscriptores|people|personas"),
    ("vector", r"vectors?|vectores|embeddings?"),
    ("item", r"rows?|filas?|records?|registros?|items?|elementos?|documents?|documentos?|docs?|"
     r"images?|imágenes|imagenes|messages?|mensajes?|events?|eventos?|logs?|lines?|líneas?|"
     r"writes?|escrituras?|orders?|pedidos?|products?|productos?|files?|ficheros?|archivos?|"
     r"reviews?|PDFs?|entit(?:y|ies)|entidades|scores?|textos?|texts?"),
)  # fmt: skip
_NOUN = "|".join(pattern for _, pattern in _NOUNS)
SINGULAR = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _NOUNS)
_FILLER = (
    r"(?:(?!(?:and|y|e|or|o|u|with|con|at|a|in|en|for|para|of|per|por|al|cada|each|ms|s|to|on|as|"
    r"is|are|son|es)\b)[^\W\d_]{2,}\s+)"
)
PERIODS = {
    "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0, "month": 2_592_000.0,
}  # fmt: skip
_TIME_WORDS = {
    "s": r"s|secs?|seconds?|seg|segundos?",
    "m": r"min|mins|minutes?|minutos?",
    "h": r"h|hrs?|hours?|horas?",
    "d": r"d|days?|d[ií]as?",
    "w": r"weeks?|semanas?",
    "month": r"months?|mes(?:es)?",
}
_PER = (
    r"\s*(?:/|\bper\b|\bpor\b|\ban?\b|\bal?\b(?:\s+la\b)?|\bcada\b|\beach\b|\bevery\b)\s*(?:"
    + "|".join(f"(?P<per_{key}>{words})" for key, words in _TIME_WORDS.items())
    + r")(?!\w)|\s+(?P<daily>daily|diari[oa]s)\b"
)
_OF = r"(?:de\s+|of\s+)?"
_HYPHEN = r"[\s-]*"
_TOKENS_MILLION = (
    r"\s*(?:/|per|por|a|el|cada|the)\s*(?:(?P<million>(?:1\s*|un\s+|a\s+|one\s+)?(?:M|mill[oó]n|million))|"
    r"(?P<thousand>(?:1[.,]?000|1?\s*[kK]|mil|thousand)))\s*(?:de\s+)?"
    r"(?P<way>input|output)?\s*(?:tokens?|tok)\b(?:\s+de\s+(?P<via>entrada|salida))?"
)
_CURRENCY = r"(?:US\$|\$|USD|dollars?|d[oó]lares|€|EUR|euros?)"
# In this order: the first that fits at a number wins.
_UNITS: tuple[tuple[str, str], ...] = (
    ("price", rf"\s*(?:{_CURRENCY})?" + _TOKENS_MILLION),
    ("percent", r"\s*(?:%|percent\b|per cent\b|por ciento\b)"),
    ("points", r"\s*(?:(?:percentage[ -])?points?\b|pp\b|p\.p\.|pts\b|puntos?\b(?:\s+porcentuales?)?)"
     r"(?!\s+(?:de|of|in|en)\s+(?!conver|efecto|effect|mde|ctr))"),
    ("precision", _HYPHEN + r"bits?\b"),
    ("flow", r"\s*(?P<size>(?-i:[kKMGT]i?B|[kmgt]b))" + r"(?:\s+(?:de|of)\s+\w+)?(?:" + _PER + ")"),
    ("size", _HYPHEN + r"(?P<size>(?-i:[kKMGTP]i?B|[kmgt]b)|bytes?|gigas?)(?!/s\b|\w)"),
    ("duration", _HYPHEN + r"(?:(?P<ms>ms|milliseconds?|milisegundos?)|" + "|".join(
        f"(?P<time_{key}>{words})" for key, words in _TIME_WORDS.items() if key != "d")
     + r"|(?P<time_d>days?|d[ií]as?)|(?P<year>years?|años?))(?!\w)"),
    ("rate", r"\s*(?:(?P<abbr>rps|qps|tps|(?:reqs?|txn?|trans|r)/s(?:ec|eg)?|rpm)(?!\w)|(?:de\s+)?" + _FILLER
     + rf"{{0,2}}?(?P<noun>{_NOUN})\b\s*(?:de\s+)?" + _FILLER + r"{0,2}?(?:" + _PER + "))"),
    ("parameters", r"(?:-?(?P<billion>(?-i:B))(?!\w)(?!\s*(?:de\s+|of\s+)?(?:" + _NOUN + r")\b)"
     r"(?:[\s-]*par(?:am|[aá]m)\w*)?|(?P<small>(?-i:b))(?!\w)(?!\s*(?:" + _NOUN + r")\b)|"
     r"\s(?P<spaced>(?-i:B))\s+(?:de\s+)?par(?:am|[aá]m)\w*|"
     r"[\s-]*(?:de\s+)?(?:params?|parameters?|par[aá]metros?)\b)"),
    ("concurrency", r"\s*" + _OF + r"(?:(?:concurrent|simultaneous|parallel|virtual)\s+"
     r"(?P<noun>users?|requests?|sessions?|chats?|sequences?|connections?|clients?)|"
     r"(?P<noun2>usuarios?|peticiones|sesiones|chats?|secuencias|users?|requests?|sequences?|"
     r"conexiones|clientes)\s+(?:concurrentes?|simult[aá]ne[oa]s|virtuales|en paralelo|a la vez|"
     r"in parallel|at once|at a time|concurrently|simultaneously)|VUs\b)|"
     r"\s+(?:(?:calls|llamadas)\s+)?(?:at a time|at once|in parallel|a la vez|en paralelo)\b"),
    ("kv_heads", r"\s*(?:kv|key[-/ ]value)[ -](?:attention )?heads\b|\s*cabezas\s+(?:de\s+)?kv\b"),
    ("heads", r"\s*(?:attention\s+heads|heads\b|cabezas\b(?:\s+de\s+atenci[oó]n)?)"),
    ("layers", r"[\s-]*(?:layers?|capas)\b"),
    ("dimensions", r"[\s-]*(?:dims?\b|dimensions?\b|dimensional\b|dimensiones\b)"),
    ("tokens", r"[\s-]*" + _OF + r"(?:(?P<way>input|output|prompt|completion|context)\s+)?tokens?\b"
     r"(?:\s+de\s+(?P<via>entrada|salida|contexto)\b)?|[\s-]*(?:of\s+|de\s+)?(?P<ctx>contexto?)\b"),
    ("gpus", r"\s*(?:x\s*|×\s*)?(?:gpus?\b|cards?\b|tarjetas?\b|(?:A100|H100|H200|L4|L40S|T4|V100|A10G?)s?\b)"
     r"|\s*[x×](?=\s*\d+\s*GB)"),
    ("replicas", r"\s*(?:replicas?|réplicas?|pods?|instances?|instancias?|"
     r"(?P<worker>workers?|servers?|servidores|consumers?|consumidores))\b"),
    ("count", r"\s*(?:de\s+|of\s+)?" + _FILLER + rf"{{0,2}}?(?P<noun>{_NOUN})\b"),
)  # fmt: skip
UNITS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _UNITS)
START = re.compile(
    rf"(?P<number>(?<![\w.,'’/:]){NUMBER}|(?<!\w)(?:un|a|one)(?=\s+mill))"
    rf"(?P<scale>\s*{MAGNITUDE})?"
)
