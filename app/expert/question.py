"""From what a reader typed to a clean question in a known language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from app.errors import BadInput
from app.expert.answer import Answer
from ingest.schema import Language, Role, Text

MAX_CHARACTERS = 6000
Intent = Literal["answer", "greeting", "thanks", "about", "source"]
Style = Literal["full", "short", "long", "reasons", "checklist", "example"]
_FUNCTION_WORDS: dict[Language, frozenset[str]] = {
    "en": frozenset(
        "the a an is are was were do does did how what why when where which who can could should "
        "would we our us you your i my it its this that these those of to in on for from with "
        "without and or but not be been has have had at by as if then than there after before "
        "between into about any some me use using need want don't doesn't".split()
    ),
    "es": frozenset(
        "el la los las un una unos unas es son era ser está estan están esta este esto esos esas "
        "como cómo qué que por porque para cuando cuándo cuanto cuánto donde dónde cual cuál "
        "quien puedo puede podemos debo debe debería deberíamos tenemos tengo nuestro nuestra "
        "nuestros mi mis tu tus su sus se lo le les de del al en con sin y o u pero no si sí hay "
        "ha han hacer hago hacemos más muy entre sobre desde hasta antes después a ni ya nos me "
        "conviene sirve hola gracias".split()
    ),
}
_SPANISH_MARKS = re.compile(r"[¿¡ñáéíóúü]", re.IGNORECASE)
_CODE = re.compile(r"```.*?```|`[^`]*`|https?://\S+", re.DOTALL)
_MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)?|<[a-zA-Z/!][^<>]*>|https?://\S+")
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_UNSAFE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SMALL_TALK: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "greeting",
        re.compile(
            r"^(hi|hello|hey|hola|buenas|buenos días|buenas tardes|good (morning|afternoon))"
            r"( there| a todos)?[\s!.,¡]*$",
            re.IGNORECASE,
        ),
    ),
    (
        "thanks",
        re.compile(
            r"^(thanks?|thank you|thx|muchas gracias|gracias|perfecto|genial|great|ok(ay)?|vale)"
            r"( so much| very much| gracias| por todo)?[\s!.,¡]*$",
            re.IGNORECASE,
        ),
    ),
    (
        "about",
        re.compile(
            r"^[¿¡]?\s*(who are you|what are you|what can you do|how do you work|help|ayuda|"
            r"qui[eé]n eres|qu[eé] eres|qu[eé] (puedes|sabes) hacer|c[oó]mo funcionas)[\s?!.]*$",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True)
class Question:
    """A question fit to be searched. `language` is that of the answer, `asked_in` of the text.

    In a conversation `typed` is what the reader wrote when that is not the question itself,
    `previous` the question that this one leans on, `before` the answer that it speaks of, `style`
    how that is wanted again, and `point` the statement whose source is asked for.
    """

    text: str
    language: Language
    supported: bool = True
    intent: Intent = "answer"
    role: Role | None = None
    brief: str = ""
    previous: str = ""
    warnings: tuple[Text, ...] = ()
    asked_in: Language | None = None
    typed: str = ""
    before: Answer | None = None
    style: Style = "full"
    point: int = 0

    @property
    def shown(self) -> str:
        """What the reader wrote."""
        return self.typed or self.text

    @property
    def whole(self) -> str:
        """The question as it stands alone."""
        return f"{self.previous} {self.text}" if self.previous else self.text

    @property
    def understood(self) -> str | None:
        """The question that stands alone, when it is not what the reader wrote."""
        return self.whole if self.whole != self.shown else None


def read_question(
    raw: str,
    *,
    language: Language | None = None,
    reader_language: Language = "en",
    role: Role | None = None,
    brief: str = "",
) -> Question:
    """Cleans, bounds and classifies a question.

    `language` forces the answer's language; else it is that of the question, or `reader_language`
    when the question does not tell. Raises BadInput when there is nothing to answer.
    """
    text = clean_question(raw)
    if not _WORD.search(text) and not re.search(r"\d", text):
        raise BadInput(
            Text(en="The question has no words.", es="La pregunta no tiene palabras."),
            Text(
                en="Ask something in English or Spanish, for example: How do I detect drift?",
                es="Pregunta algo en español o inglés, por ejemplo: ¿Cómo detecto drift?",
            ),
        )
    warnings: list[Text] = []
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS].rsplit(" ", 1)[0]
        warnings.append(
            Text(
                en=f"The question was long: only its first {MAX_CHARACTERS} characters were used.",
                es=f"La pregunta era larga: solo se usaron sus primeros {MAX_CHARACTERS} "
                "caracteres.",
            )
        )
    guessed = detect_language(text, reader_language)
    intent: Intent = next((name for name, pattern in _SMALL_TALK if pattern.match(text)), "answer")
    return Question(
        text=text,
        language=language or guessed or reader_language,
        asked_in=guessed or reader_language,
        supported=guessed is not None or intent != "answer",
        intent=intent,
        role=role,
        brief=clean_question(brief)[:MAX_CHARACTERS],
        warnings=tuple(warnings),
    )


def searchable(text: str) -> str:
    """The words of a question without tags, addresses and pictures, which would only mislead."""
    return _MARKUP.sub(" ", text).strip() or text


def clean_question(raw: str) -> str:
    """Composed Unicode without control, direction and tag characters; spaces at ends removed."""
    # Bounded first: normalising a hostile megabyte would cost seconds.
    text = raw[: 4 * MAX_CHARACTERS].replace("\r\n", "\n")
    return _UNSAFE.sub("", unicodedata.normalize("NFC", text)).strip()


def detect_language(text: str, default: Language) -> Language | None:
    """`en` or `es`; `default` when the words do not tell; None for another language."""
    words = [word.lower() for word in _WORD.findall(_CODE.sub(" ", text))]
    if not words:
        return default
    counts = {lang: sum(w in known for w in words) for lang, known in _FUNCTION_WORDS.items()}
    counts["es"] += len(_SPANISH_MARKS.findall(text))
    most = max(counts.values())
    if most / len(words) < 0.2 and len(words) >= 4 and _is_foreign(text):
        return None
    if len(words) >= 4 and most / len(words) < 0.35 and _is_foreign(text):
        return None
    if all(ord(char) > 0x24F for word in words for char in word):
        return None
    if counts["es"] == counts["en"]:
        return "es" if len(words) > 1 and _looks_spanish(text) else default
    return "es" if counts["es"] > counts["en"] else "en"


def _looks_spanish(text: str) -> bool:
    """Whether a general identifier clearly prefers Spanish ("deuda tecnica ml")."""
    import py3langid

    scores = dict(py3langid.rank(_CODE.sub(" ", text.lower())))
    # Tool names look English to it, so that the other direction would prove nothing.
    return bool(scores["es"] - scores["en"] > 6.5)


def _is_foreign(text: str) -> bool:
    """Whether a general identifier is sure that this is neither English nor Spanish."""
    import py3langid  # 0.4 s, needed only for text without our function words

    ranked = py3langid.rank(_CODE.sub(" ", text))
    scores = dict(ranked)
    best, score = ranked[0]
    ours = max(scores.get("en", float("-inf")), scores.get("es", float("-inf")))
    # Log-probabilities: a clear margin, because technical English puzzles the identifier.
    return best not in {"en", "es"} and score - ours > 12
