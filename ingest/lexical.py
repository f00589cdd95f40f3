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

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from ingest.schema import Language

_TOKEN = re.compile(r"[a-z0-9]+(?:[-_./:+][a-z0-9]+)*(?:\+\+|#)?")
_PART = re.compile(r"[-_./:+]")
_ALGORITHM: dict[Language, str] = {"en": "english", "es": "spanish"}
STOP_WORDS: dict[Language, frozenset[str]] = {
    "en": frozenset(
        "a an and are as at be been but by can do does for from had has have how i if in into is "
        "it its me my no not of on or our should so than that the their them then there these "
        "they this to up us was we were what when where which who why will with would you your "
        "about after all also any could did get just like more most need only other out over "
        "same some such use using via want".split()
    ),
    "es": frozenset(
        "a al algo ante antes aqui asi aun aunque cada como con contra cual cuales cuando cuanto "
        "de del desde donde dos e el ella ellos en entre era es esa ese eso esta estan estas este "
        "esto estos fue ha han hay hasta la las le les lo los mas me mi mis mucho muy nada ni no "
        "nos nosotros o os otra otro para pero poco por porque pues que quien se sea ser si sin "
        "sobre solo son su sus tambien tan tanto te tengo tiene tienen todo todos tu un una uno "
        "unos y ya yo hacer hago puedo puede debo debe quiero queremos tenemos nuestro nuestra "
        "usar uso cuantos cuantas".split()
    ),
}


def fold(text: str) -> str:
    """Lower case without accents: what both languages are matched on."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def raw_tokens(text: str) -> list[str]:
    """Folded tokens in order, compounds kept whole."""
    return _TOKEN.findall(fold(text))


def terms(text: str, language: Language) -> list[str]:
    """The stemmed index terms of a text, stop words left out, parts of compounds added."""
    found: list[str] = []
    for token in raw_tokens(text):
        if token in STOP_WORDS[language]:
            continue
        found.append(_stem(token, language))
        parts = _PART.split(token)
        if len(parts) > 1:
            found += [_stem(p, language) for p in parts if len(p) > 1]
    return found


@lru_cache(maxsize=50_000)
def _stem(token: str, language: Language) -> str:
    if any(char.isdigit() for char in token):
        return token
    # A new stemmer each time is cheap beside the cache, and stemmers are not thread-safe.
    stem: str = Stemmer.Stemmer(_ALGORITHM[language]).stemWord(token)
    return stem


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

    def search(self, query: str, k: int) -> list[tuple[int, float]]:
        """Positions and scores of the k best, best first; passages without a match stay out."""
        known = [t for t in terms(query, self.language) if t in self._scorer.vocab_dict]
        if not known:
            return []
        scores: NDArray[np.float32] = self._scorer.get_scores(known)
        k = min(k, len(scores))
        best = np.argpartition(-scores, k - 1)[:k]
        # Ties go to the earlier passage, so that the same question gives the same answer.
        ranked = sorted(best.tolist(), key=lambda position: (-scores[position], position))
        return [(position, float(scores[position])) for position in ranked if scores[position] > 0]

    def document_frequency(self, term: str) -> int:
        """In how many passages a stemmed term stands; 0 when it is unknown."""
        token = self._scorer.vocab_dict.get(term)
        if token is None:
            return 0
        starts = self._scorer.scores["indptr"]
        return int(starts[token + 1] - starts[token])
