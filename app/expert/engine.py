"""The expert: one call from a question to an answer, as a whole or as a stream of events."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from app.errors import ModelCut, ModelError
from app.expert.answer import Answer, Reference
from app.expert.compose import compose
from app.expert.ground import drop_unknown_citations, statements_of, supported_share
from app.expert.ports import Searcher, Writer
from app.expert.prompts import MAX_EVIDENCE, messages_for
from app.expert.question import Question
from app.expert.references import passage_references, used_references
from app.expert.select import Evidence, gather
from app.expert.wording import (
    ABOUT,
    CUT,
    DROPPED,
    FALLBACK,
    GREETING,
    NEAREST,
    NO_EVIDENCE,
    OTHER_LANGUAGE,
    POORLY_SUPPORTED,
    THANKS,
)
from ingest.schema import Knowledge, Text

MIN_SUPPORTED_SHARE = 0.5
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Piece:
    """Text to show as it comes."""

    text: str


@dataclass(frozen=True)
class Replaced:
    """What was shown so far does not hold: show nothing of it, the answer follows."""


@dataclass(frozen=True)
class Done:
    """The complete, checked answer."""

    answer: Answer


Event = Piece | Replaced | Done


class Expert:
    """Answers questions from the knowledge; with a writer, a model words the same evidence."""

    def __init__(
        self,
        knowledge: Knowledge,
        searcher: Searcher,
        writer: Writer | None = None,
        *,
        max_tokens: int = 1200,
    ) -> None:
        self.knowledge = knowledge
        self.searcher = searcher
        self.writer = writer
        self._max_tokens = max_tokens

    def ask(self, question: Question) -> Answer:
        """The complete answer."""
        for event in self.stream(question):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(self, question: Question) -> Iterator[Event]:
        """Pieces of text as they come, then Done with the checked answer."""
        started = time.perf_counter()
        if not question.supported or question.intent != "answer":
            yield from _whole(self._finish(self._without_search(question), question, started))
            return
        evidence = gather(question, self.searcher)
        timings = {
            "embed": evidence.result.embed_ms,
            "retrieve": evidence.result.retrieve_ms,
        }
        if not evidence.enough:
            answer = self._abstain(question, evidence)
            yield from _whole(self._finish(answer, question, started, timings))
            return
        if self.writer is None:
            answer = self._compose(question, evidence, timings)
            yield from _whole(self._finish(answer, question, started, timings))
            return
        answer = yield from self._generate(question, evidence, self.writer, timings)
        yield Done(self._finish(answer, question, started, timings))

    def _generate(
        self, question: Question, evidence: Evidence, writer: Writer, timings: dict[str, float]
    ) -> Generator[Event, None, Answer]:
        """Streams the model's text; returns the checked answer (as the generator's value)."""
        passages = [hit.passage for hit in evidence.hits[:MAX_EVIDENCE]]
        references = passage_references(passages)
        started = time.perf_counter()
        text = ""
        warnings: list[Text] = []
        stream = writer.stream(
            messages_for(question, passages, self.knowledge.persona), max_tokens=self._max_tokens
        )
        try:
            for piece in stream:
                text += piece
                yield Piece(piece)
        except ModelCut as error:
            text = text or error.partial
            warnings.append(CUT)
        except ModelError as error:
            _log.warning("the writer failed: %s", type(error).__name__)
            yield Replaced()
            reason = Text(en=error.says.en, es=error.says.es)
            note = Text(
                en=FALLBACK.en.format(reason=reason.en), es=FALLBACK.es.format(reason=reason.es)
            )
            return self._noted(self._compose(question, evidence, timings), question, note)
        timings["generate"] = (time.perf_counter() - started) * 1000
        answer = self._checked(question, text, references, warnings, writer.name)
        if supported_share(answer.statements) < MIN_SUPPORTED_SHARE:
            yield Replaced()
            composed = self._compose(question, evidence, timings)
            return self._noted(composed, question, POORLY_SUPPORTED)
        return answer

    def _checked(
        self,
        question: Question,
        text: str,
        references: tuple[Reference, ...],
        warnings: list[Text],
        model: str,
    ) -> Answer:
        cleaned = drop_unknown_citations(text.strip(), [r.n for r in references])
        if cleaned.dropped:
            count = str(cleaned.dropped)
            warnings.append(
                Text(en=DROPPED.en.format(count=count), es=DROPPED.es.format(count=count))
            )
        statements = statements_of(cleaned.text, references, question.language, self.searcher.terms)
        return Answer(
            question=question.text,
            language=question.language,
            mode="generated",
            model=model,
            answer_markdown=cleaned.text,
            statements=statements,
            references=used_references(references, statements, self.searcher.terms),
            warnings=tuple(w.in_language(question.language) for w in warnings),
        )

    def _compose(self, question: Question, evidence: Evidence, timings: dict[str, float]) -> Answer:
        started = time.perf_counter()
        answer = compose(question, evidence, self.knowledge.entries, self.knowledge.checklists)
        timings["compose"] = (time.perf_counter() - started) * 1000
        return answer

    def _abstain(self, question: Question, evidence: Evidence) -> Answer:
        titles = [
            self.knowledge.entries[entry].meta.title.in_language(question.language)
            for entry in evidence.entries[:3]
        ]
        said = NO_EVIDENCE.in_language(question.language)
        if titles:
            nearest = NEAREST.in_language(question.language)
            said = f"{said}\n\n{nearest.format(titles=', '.join(titles))}"
        return _refusal(question, said, "no-evidence")

    def _without_search(self, question: Question) -> Answer:
        if not question.supported:
            said = f"{OTHER_LANGUAGE.en}\n\n{OTHER_LANGUAGE.es}"
            return _refusal(question, said, "unsupported-language")
        wording = {"greeting": GREETING, "thanks": THANKS, "about": ABOUT}[question.intent]
        said = wording.in_language(question.language).format(
            entries=len(self.knowledge.entries), criteria=len(self.knowledge.criteria)
        )
        return _plain(question, said)

    def _noted(self, answer: Answer, question: Question, note: Text) -> Answer:
        warnings = (*answer.warnings, note.in_language(question.language))
        return answer.model_copy(update={"warnings": warnings})

    def _finish(
        self,
        answer: Answer,
        question: Question,
        started: float,
        timings: dict[str, float] | None = None,
    ) -> Answer:
        total = {"total": (time.perf_counter() - started) * 1000}
        rounded = {k: round(v, 1) for k, v in ((timings or {}) | total).items()}
        said = tuple(w.in_language(question.language) for w in question.warnings)
        return answer.model_copy(
            update={
                "timings_ms": rounded,
                "warnings": (*said, *answer.warnings),
                "knowledge_version": self.knowledge.version,
            }
        )


def _whole(answer: Answer) -> Iterator[Event]:
    for block in answer.answer_markdown.split("\n\n"):
        yield Piece(block + "\n\n")
    yield Done(answer)


def _plain(question: Question, said: str) -> Answer:
    return Answer(
        question=question.text, language=question.language, mode="composed", answer_markdown=said
    )


def _refusal(question: Question, said: str, reason: str) -> Answer:
    return _plain(question, said).model_copy(update={"abstained": True, "abstain_reason": reason})
