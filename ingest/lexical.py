"""Exact-term search: BM25 over one language, with tokens that engineers type.

Accents are folded before stemming, so that `garantia` and `garantías` meet. Compound tokens
(`snake_case`, `--flag`, `v1.2`, `k8s/hpa`) are kept whole and their parts are added.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from ingest.schema import Language

ALSO_WEIGHT = 0.35
# A shorter word is one error away from too many others, a rare one is no likely meaning.
_SHORTEST_TYPO = 5
_COMMON = 3
_TOKEN = re.compile(r"[a-z0-9]+(?:[-_./:+][a-z0-9]+)*(?:\+\+|#)?")
# Combining marks: what accents are after NFKD.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_PART = re.compile(r"[-_./:+]")
_ALGORITHM: dict[Language, str] = {"en": "english", "es": "spanish"}
# Verbs whose stem changes when it is stressed: despliego, desplegar.
_STRESSED = {
    "desplieg": "despleg",
    "prueb": "prob",
    "empiez": "empez",
    "encuentr": "encontr",
    "pierd": "perd",
    "cuelg": "colg",
    "sirv": "serv",
    "vuelv": "volv",
    "cierr": "cerr",
    "muestr": "mostr",
    "requier": "requer",
}
_ROLL_OUT = re.compile(r"\broll(?:ed|ing|s)?[ -]outs?\b")
STOP_WORDS: dict[Language, frozenset[str]] = {
    "en": frozenset(
        "a an and are as at be been but by can do does for from had has have how i if in into is "
        "it its me my no not of on or our should so than that the their them then there these "
        "they this to up us was we were what when where which who why will with would you your "
        "about after all also any could did get just like more most need only other out over "
        "same some such use using via want explain define difference differences best way ways "
        "good recommend recommended really actually anyone people".split()
    ),
    "es": frozenset(
        "a al algo ante antes aqui asi aun aunque cada como con contra cual cuales cuando cuanto "
        "de del desde donde dos e el ella ellos en entre era es esa ese eso esta estan estas este "
        "esto estos fue ha han hay hasta la las le les lo los mas me mi mis mucho muy nada ni no "
        "nos nosotros o os otra otro para pero poco por porque pues que quien se sea ser si sin "
        "sobre solo son su sus tambien tan tanto te tengo tiene tienen todo todos tu un una uno "
        "unos y ya yo hacer hago puedo puede debo debe quiero queremos tenemos nuestro nuestra "
        "usar uso cuantos cuantas explica explicame define diferencia diferencias mejor mejores "
        "manera forma conviene recomiendas recomendais gente realmente".split()
    ),
}


def fold(text: str) -> str:
    """Lower case without accents: what both languages are matched on."""
    text = text.lower()
    # Most English passages end here; the rest lose their marks in C and not char by char.
    return text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", text))


def raw_tokens(text: str) -> list[str]:
    """Folded tokens in order, compounds kept whole."""
    return _TOKEN.findall(_ROLL_OUT.sub("rollout", fold(text)))


def terms(text: str, language: Language) -> list[str]:
    """The stemmed index terms of a text, stop words left out, parts of compounds added."""
    found: list[str] = []
    for token in raw_tokens(text):
        found += _token_terms(token, language)
    return found


@lru_cache(maxsize=100_000)
def _token_terms(token: str, language: Language) -> tuple[str, ...]:
    """The terms of one token: none for a stop word, more than one for a compound."""
    if token in STOP_WORDS[language]:
        return ()
    parts = _PART.split(token)
    compound = parts if len(parts) > 1 else ()
    return (_stem(token, language), *(_stem(part, language) for part in compound if len(part) > 1))


@lru_cache(maxsize=50_000)
def _stem(token: str, language: Language) -> str:
    if any(char.isdigit() for char in token):
        return token
    # A new stemmer each time is cheap beside the cache, and stemmers are not thread-safe.
    stem: str = Stemmer.Stemmer(_ALGORITHM[language]).stemWord(token)
    return _STRESSED.get(stem, stem) if language == "es" else stem


class LexicalIndex:
    """BM25 over the passages of one language; positions are those of the texts given to build."""

    def __init__(self, scorer: bm25s.BM25, language: Language) -> None:
        self._scorer = scorer
        self.language = language

    @classmethod
    def build(cls, texts: Sequence[str], language: Language) -> LexicalIndex:
        scorer = bm25s.BM25(k1=1.2, b=0.75)
        # An empty corpus cannot be indexed; one impossible term keeps the file format the same.
        corpus = [terms(text, language) or ["\0"] for text in texts] or [["\0"]]
        scorer.index(corpus, show_progress=False)
        return cls(scorer, language)

    @classmethod
    def load(cls, folder: Path, language: Language) -> LexicalIndex:
        return cls(bm25s.BM25.load(str(folder), mmap=True), language)

    def save(self, folder: Path) -> None:
        self._scorer.save(str(folder))

    def search(
        self, wanted: Sequence[str], k: int, also: Sequence[str] = ()
    ) -> list[tuple[int, float]]:
        """Positions and scores of the k best, best first; passages without a match stay out.

        `wanted` and `also` are terms of the index; those of `also` count ALSO_WEIGHT as much.
        """
        scores = self._scores(wanted)
        if scores is None:
            return []
        extra = self._scores(also)
        if extra is not None:
            # What holds none of the wanted terms is not found by other names alone.
            scores = np.where(scores > 0, scores + ALSO_WEIGHT * extra, 0)
        k = min(k, len(scores))
        best = np.argpartition(-scores, k - 1)[:k]
        # Ties go to the earlier passage, so that the same question gives the same answer.
        ranked = sorted(best.tolist(), key=lambda position: (-scores[position], position))
        return [(position, float(scores[position])) for position in ranked if scores[position] > 0]

    def _scores(self, wanted: Sequence[str]) -> NDArray[np.float32] | None:
        known = [term for term in wanted if term in self._scorer.vocab_dict]
        scores: NDArray[np.float32] | None = self._scorer.get_scores(known) if known else None
        return scores

    def correct(self, term: str) -> str:
        """A term one typing error away that the index holds, the most frequent; else the term.

        After Norvig, "How to write a spelling corrector" (2007).
        """
        if len(term) < _SHORTEST_TYPO or not term.isalpha() or term in self._scorer.vocab_dict:
            return term
        halves = [(term[:n], term[n:]) for n in range(len(term) + 1)]
        edits = {a + b[1:] for a, b in halves if b}
        edits |= {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
        edits |= {a + c + b[1:] for a, b in halves if b for c in ascii_lowercase}
        edits |= {a + c + b for a, b in halves for c in ascii_lowercase}
        found = [(self.document_frequency(e), e) for e in edits if e in self._scorer.vocab_dict]
        return max(found)[1] if found and max(found)[0] >= _COMMON else term

    def document_frequency(self, term: str) -> int:
        """In how many passages a stemmed term stands; 0 when it is unknown."""
        token = self._scorer.vocab_dict.get(term)
        if token is None:
            return 0
        starts = self._scorer.scores["indptr"]
        return int(starts[token + 1] - starts[token])
