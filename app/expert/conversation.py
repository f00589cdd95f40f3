"""What a turn means after those before it: a command, a follow-up, a correction, or a new question.

Works without a model: what leans on the conversation becomes a question that stands alone, and the
answer says how it was understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.expert.answer import Answer
from app.expert.question import Question, Style, clean_question, read_question
from ingest.schema import Language, Role

# Characters of the standing question that a follow-up may carry on: memory is bounded.
MAX_STANDING = 600
_PLEASE = r"(?:please|pls|por favor|now|ahora|and|y|but|pero|ok|vale)"
_WRAP = rf"[\s¿¡]*(?:{_PLEASE}[\s,]*)*{{body}}(?:[\s,]*{_PLEASE})*[\s.!?¿¡]*"
_IT = r"(?:\s+(?:it|that|this|lo|eso|esto|answer|the answer|la respuesta))?"
_COMMANDS: Final[tuple[tuple[Style, str], ...]] = (
    (
        "short",
        rf"(?:(?:can you |could you )?make{_IT}\s+|(?:a |in a )?much |más |hazlo\s+(?:más )?|a )?"
        r"(?:shorter|briefer|short version|summary|summari[sz]e(?: it| that)?|tl;?dr|in short|"
        r"in (?:a few|two|three) (?:words|sentences)|más corto|más breve|corto|breve|"
        r"resum(?:e|en|elo|ido|ir)(?: eso| esto)?|acórtalo|en pocas palabras|versión corta|"
        r"en (?:dos|tres) frases)",
    ),
    (
        "long",
        rf"(?:make{_IT}\s+|hazlo\s+)?(?:longer|(?:give me |with )?more detail(?:s|ed)?|"
        r"tell me more|expand(?: on)?(?: it| that| this)?|elaborate|go on|go deeper|more|"
        r"(?:con |dame )?más detalles?|más largo|ampl[ií]a(?:lo)?|desarrolla(?:lo)?|sigue|"
        r"cuéntame más|profundiza|más)",
    ),
    (
        "reasons",
        r"(?:why(?: is (?:that|this|it)(?: so)?| so| not)?|how come|what(?:'s| is) the reason|"
        r"explain why|por qu[eé](?: es así| eso| esto| no)?|(?:y )?eso por qu[eé]|"
        r"explica(?:me)? por qu[eé]|cuál es la razón|qué razones hay)",
    ),
    (
        "checklist",
        r"(?:(?:give|make|show|write)(?: me)?(?: it)? )?(?:as |in the form of )?(?:a )?check-?list|"
        r"(?:(?:dame|hazme|ponlo|pásalo|dilo|escríbelo) )?(?:como |en forma de |a |en )?(?:una )?"
        r"(?:check-?list|lista de (?:comprobación|verificación|control|tareas))",
    ),
    (
        "example",
        r"(?:(?:show|give)(?: me)? |with )?(?:an? |some |the )?(?:example|code|snippet)"
        r"(?: of (?:it|that)| code)?|(?:(?:muéstrame|enséñame|dame|pon|con) )?(?:un |el |algo de )?"
        r"(?:ejemplo|código)(?: de (?:eso|código))?",
    ),
)
_LANGUAGES: Final[tuple[tuple[Language, str], ...]] = (
    (
        "en",
        r"(?:(?:answer|say|repeat|translate|write)(?: it| that)? )?(?:in|to|into) english|"
        r"(?:(?:responde|dilo|repítelo|tradúcelo|tradúcela|escríbelo) )?(?:en|al) inglés|english",
    ),
    (
        "es",
        r"(?:(?:answer|say|repeat|translate|write)(?: it| that)? )?(?:in|to|into) spanish|"
        r"(?:(?:responde|dilo|repítelo|tradúcelo|tradúcela|escríbelo) )?(?:en|al) "
        r"(?:español|castellano)|español|castellano",
    ),
)
_SOURCE = re.compile(
    r"\b(?:sources?|references?|citations?|evidence|passage|come from|fuentes?|referencias?|citas?|"
    r"evidencia|pasaje|sale|viene)\b",
    re.IGNORECASE,
)
_POINT = re.compile(
    r"\b(?:points?|statements?|claims?|sentences?|items?|bullets?|steps?|puntos?|afirmaci[oó]n|"
    r"frase|paso|elemento|that|this|it|eso|esto|ese|lo)\b",
    re.IGNORECASE,
)
_ORDINALS: Final[tuple[str, ...]] = (
    "first|primer[oa]?|1st|1[.ºª]?",
    "second|segund[oa]|2nd|2[.ºª]?",
    "third|tercer[oa]?|3rd|3[.ºª]?",
    "fourth|cuart[oa]|4th|4[.ºª]?",
    "fifth|quint[oa]|5th|5[.ºª]?",
    "sixth|sext[oa]|6th|6[.ºª]?",
    "seventh|séptim[oa]|7th|7[.ºª]?",
    "eighth|octav[oa]|8th|8[.ºª]?",
    "ninth|noven[oa]|9th|9[.ºª]?",
    "tenth|décim[oa]|10th|10[.ºª]?",
)
_LAST = re.compile(r"\b(?:last|últim[oa])\b", re.IGNORECASE)
_CORRECTION = re.compile(
    r"^[\s¡¿]*(?:no|nope|actually|sorry|i mean(?:t)?|not that|perdona?|mejor|en realidad|"
    r"quiero decir|quería decir|me refiero a|me refería a)(?:[\s,;:.–-]+)(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CONTINUING = re.compile(
    r"^[\s¿¡]*(?:and|but|so|then|also|what about|how about|what if|y|e|pero|entonces|también|"
    r"qué tal)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"^[\s¿¡]*(?:on|in|with|without|for|under|using|en|con|sin|para|bajo|usando)\b", re.IGNORECASE
)
_POINTING = re.compile(
    r"\b(?:it|its|that|those|these|them|they|both|eso|esos|esas|esto|ello|ellos|ambos|ambas|"
    r"los dos|lo anterior|l[oa]s? mism[oa]s?)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 14
_FEW_WORDS = 4
_SOURCE_WORDS = 7
_NAMED = re.compile(r"(?<=\s)[A-Z][\w-]+|`")


def read_turn(
    raw: str,
    earlier: Sequence[Answer],
    *,
    language: Language | None = None,
    reader_language: Language = "en",
    role: Role | None = None,
    brief: str = "",
) -> Question:
    """The question that a turn asks. `earlier` are the conversation's answers, oldest first.

    Raises BadInput as `read_question` does.
    """

    def read(text: str, unclear: Language = reader_language) -> Question:
        return read_question(
            text, language=language, reader_language=unclear, role=role, brief=brief
        )

    typed = clean_question(raw)
    before = next((a for a in reversed(earlier) if a.references or a.abstained), None)
    if before is None:
        return read(typed)
    standing = _standing(before)
    kept = replace(read(standing, before.language), typed=typed, before=before)
    said = read(typed, before.language)
    wanted = next((lang for lang, body in _LANGUAGES if _whole(body, typed)), None)
    if wanted is not None:
        return replace(kept, language=language or wanted)
    style = next((style for style, body in _COMMANDS if _whole(body, typed)), None)
    if style is not None:
        return replace(kept, language=language or before.language, style=style)
    point = _point(typed, before)
    if point is not None:
        return replace(kept, language=language or before.language, intent="source", point=point)
    if said.intent != "answer":
        return said
    correction = _CORRECTION.match(typed)
    rest = correction["rest"] if correction else typed
    if (correction and len(rest.split()) <= _MOST_WORDS) or _leans(typed):
        return replace(
            read(rest, before.language),
            typed=typed,
            before=before,
            previous=standing,
        )
    return said


def _standing(before: Answer) -> str:
    """The question that stands, bounded: of a long chain the beginning and the latest turn."""
    text = before.understood or before.question
    if len(text) <= MAX_STANDING:
        return text
    half = MAX_STANDING // 2
    return f"{text[:half].rsplit(' ', 1)[0]} … {text[-half:].split(' ', 1)[-1]}"


def _whole(body: str, text: str) -> bool:
    return re.fullmatch(_WRAP.format(body=rf"(?:{body})"), text, re.IGNORECASE) is not None


def _point(text: str, before: Answer) -> int | None:
    """Which statement's source is asked for, from 0; None when that is not the question."""
    words = text.split()
    if not before.statements or len(words) > _MOST_WORDS or not _SOURCE.search(text):
        return None
    last = len(before.statements) - 1
    if _LAST.search(text):
        return last
    for number, ordinal in enumerate(_ORDINALS):
        if re.search(rf"(?<!\w)(?:{ordinal})(?!\w)", text, re.IGNORECASE):
            return min(number, last)
    return 0 if len(words) <= _SOURCE_WORDS and (len(words) <= 3 or _POINT.search(text)) else None


def _leans(text: str) -> bool:
    """Whether a question leans on the one before: by its first word, or by what it points to."""
    words = len(text.split())
    if words > _MOST_WORDS:
        return False
    if _CONTINUING.match(text):
        return True
    if _PREPOSITION.match(text):
        return words <= _FEW_WORDS
    return _POINTING.search(text) is not None and not _NAMED.search(text)
