"""How well passages support a statement: a logistic model over what both hold.

The statement is set beside the sentences of the cited passages. Near are those with close meaning
and shared words; then numbers, names, negations and opposites must agree with them. The weights are
in `verify.json`, written by `benchmarks/fit_verifier.py` from controlled edits of true statements.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from app.expert.polarity import NEGATIONS, conflicts, negated, tokens_of, words_of
from app.expert.ports import Terms
from ingest.schema import Frozen, Language

FEATURES: tuple[str, ...] = (
    "similarity with the nearest sentence over 0.8, times 10",
    "similarity with the nearest two sentences together over 0.8, times 10",
    "share of the words that the nearest sentences hold",
    "share of the words that the passages hold",
    "share of the nearest sentence's words that the statement holds",
    "languages differ",
    "a number is not in the nearest sentences",
    "a number is in no passage",
    "names that the nearest sentences lack, up to 2",
    "names that the passages lack, up to 2",
    "only one of statement and nearest sentence is negated",
    "number of negations differs, times the share of its words that the statement holds",
    "the same, times the similarity over 0.85, times 10",
    "words negated in one and stated in the other, up to 2",
    "opposite words, up to 2",
    "the same, times the share of the words that the nearest sentences hold",
)
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
_BREAK = re.compile(r"(?<=[.!?:;])\s+(?=[A-ZÁÉÍÓÚÑ¿¡`*0-9-])|\n+")
_MARKUP = re.compile(r"[`*_]{1,2}|^\s*(?:[-*+]|\d+\.)\s+", re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,  ]\d+)*")
_NAME = re.compile(
    r"`[^`\n]+`|\b[A-Z][\w.+]*\b|\b[A-Za-z]\w*[_/.][\w./]*\w\b|\b[a-z]+[A-Z]\w*\b|--[a-z][\w-]+"
)
_MONTH = re.compile(
    r"january|february|march|april|may|june|july|august|september|october|november|december"
)
_NEAREST = 2
# Words after a negation that it turns.
_REACH = 4


class Weights(Frozen):
    """Intercept and one weight for each feature, in the order of `features`."""

    features: tuple[str, ...]
    intercept: float
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Evidence:
    """A cited passage: its words and their language."""

    title: str
    text: str
    language: Language


@cache
def shipped_weights() -> Weights:
    """The weights that the product uses."""
    text = files("app.expert").joinpath("verify.json").read_text(encoding="utf-8")
    weights = Weights.model_validate(json.loads(text))
    if weights.features != FEATURES:
        raise AssertionError("verify.json belongs to other features: run fit_verifier.py")
    return weights


class Verifier:
    """Tells how probable it is that passages support a statement; remembers their sentences."""

    def __init__(self, embed: Embed, terms: Terms, tools: frozenset[str] = frozenset()) -> None:
        """`tools` are names, in lower case, that count as such even where a sentence begins."""
        self._embed = embed
        self._terms = terms
        self._tools = tools
        self._sentences: dict[str, tuple[list[str], Vectors]] = {}

    def support(self, statement: str, language: Language, cited: Sequence[Evidence]) -> float:
        """The probability, 0 to 1."""
        weights = shipped_weights()
        features = self.measure(statement, language, cited)
        x = weights.intercept + sum(w * f for w, f in zip(weights.weights, features, strict=True))
        return 1 / (1 + math.exp(-x))

    def measure(
        self, statement: str, language: Language, cited: Sequence[Evidence]
    ) -> tuple[float, ...]:
        """The features, in the order of FEATURES."""
        vector = self._embed([_bare(statement)])[0]
        sentences: list[tuple[str, Language]] = []
        parts = []
        for evidence in cited:
            texts, vectors = self._known(evidence)
            sentences += [(text, evidence.language) for text in texts]
            parts.append(vectors)
        similarities = np.concatenate(parts) @ vector
        words = self._folded(statement, language)
        shares = [_share(words, self._folded(text, lang)) for text, lang in sentences]
        order = sorted(
            range(len(sentences)), key=lambda n: (-(10 * similarities[n] + shares[n]), n)
        )
        near = [sentences[n] for n in order[:_NEAREST]]
        first, language_of_first = near[0]
        together = np.concatenate(parts)[order[:_NEAREST]].mean(axis=0)
        together /= np.linalg.norm(together)
        near_text = " ".join(text for text, _ in near)
        everything = " ".join(f"{e.title} {e.text}" for e in cited)
        said, found = words_of(_bare(statement)), words_of(_bare(first))
        negations = negated(said, language), negated(found, language_of_first)
        one_negated = float((negations[0] > 0) != (negations[1] > 0))
        differs = float(negations[0] != negations[1])
        numbers, names = numbers_of(statement), self._names(statement)
        near_words: set[str] = set().union(*(self._folded(t, lang) for t, lang in near))
        all_words: set[str] = set().union(
            *(self._folded(f"{e.title} {e.text}", e.language) for e in cited)
        )
        held = _share(words, near_words)
        covered = _share(self._folded(first, language_of_first), words)
        opposite = float(min(2, conflicts(said, found)))
        turned = (
            self._negated_words(statement, language),
            self._negated_words(near_text, language_of_first),
        )
        return (
            10 * (float(similarities[order[0]]) - 0.8),
            10 * (float(together @ vector) - 0.8),
            held,
            _share(words, all_words),
            covered,
            float(language_of_first != language),
            float(not numbers <= numbers_of(near_text)),
            float(not numbers <= numbers_of(everything)),
            float(min(2, _lacking(names, near_text))),
            float(min(2, _lacking(names, everything))),
            one_negated,
            differs * covered,
            differs * max(0.0, 10 * (float(similarities[order[0]]) - 0.85)),
            float(
                min(2, len(turned[0] & (near_words - turned[1]) | turned[1] & (words - turned[0])))
            ),
            opposite,
            opposite * held,
        )

    def _names(self, text: str) -> list[str]:
        """Words that look like names or code; a sentence's first word when it is code or a tool."""
        found = [
            (m.start(), m.group(), m.group().strip("`").lower().rstrip("."))
            for m in _NAME.finditer(text)
        ]
        return [
            name
            for start, raw, name in found
            if (start > 0 or raw.startswith("`") or name in self._tools)
            and not _MONTH.fullmatch(name)
        ]

    def _negated_words(self, text: str, language: Language) -> frozenset[str]:
        """What stands within a few words after a negation, and never without one."""
        negative: set[str] = set()
        positive: set[str] = set()
        reach = 0
        for word in tokens_of(_bare(text)):
            if word in NEGATIONS[language]:
                reach = _REACH
            elif not word[0].isalnum():
                reach = 0
            else:
                (negative if reach else positive).update(self._folded(word, language))
                reach = max(0, reach - 1)
        return frozenset(negative - positive)

    def _known(self, evidence: Evidence) -> tuple[list[str], Vectors]:
        if evidence.text not in self._sentences:
            texts = [p.strip() for p in _BREAK.split(evidence.text) if p.strip()] or [evidence.text]
            vectors = self._embed([_bare(text) for text in texts])
            self._sentences[evidence.text] = (texts, vectors)
        return self._sentences[evidence.text]

    def _folded(self, text: str, language: Language) -> frozenset[str]:
        """Stems cut to five letters: what cognates of both languages share."""
        return frozenset(term[:5] for term in self._terms(_bare(text), language))


def numbers_of(text: str) -> set[str]:
    """The digits of each number, whatever separates thousands and decimals."""
    return {re.sub(r"\D", "", number) for number in _NUMBER.findall(text)}


def _lacking(names: Sequence[str], text: str) -> int:
    folded = text.lower()
    return sum(name not in folded for name in set(names))


def _share(words: frozenset[str] | set[str], held: frozenset[str] | set[str]) -> float:
    return len(words & held) / len(words) if words else 0.0


def _bare(text: str) -> str:
    return _MARKUP.sub("", text)
