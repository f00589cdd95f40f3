"""The expert: one call from a question to an answer, as a whole or as a stream of events."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from app.errors import ModelCut, ModelError
from app.expert.answer import Answer, Reference
from app.expert.compose import as_calculations, calculation_block, compose
from app.expert.ground import (
    complete_part,
    drop_unknown_citations,
    statements_of,
    supported_share,
)
from app.expert.names import VersionClaim, Versions, say_names, tool_names
from app.expert.ports import Message, Searcher, Writer
from app.expert.prompts import MAX_EVIDENCE, messages_for
from app.expert.question import Question, detect_language
from app.expert.references import passage_references, used_references
from app.expert.select import Evidence, gather
from app.expert.sources import source_of
from app.expert.translate import in_language
from app.expert.verify import Verifier
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
    UNKNOWN_NAMES,
    UNKNOWN_VERSION,
)
from app.solve.apply import calculations_for
from ingest.schema import Knowledge, Text

MIN_SUPPORTED_SHARE = 0.5
OTHER_TONGUE = Text(en="It answered in another language.", es="Contestó en otro idioma.")
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
        self.versions = Versions(knowledge.entries.values())
        self._tools = tool_names(knowledge.entries.values())

    def ask(self, question: Question) -> Answer:
        """The complete answer."""
        for event in self.stream(question):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(self, question: Question) -> Generator[Event, None, None]:
        """Pieces of text as they come, then Done with the checked answer."""
        started = time.perf_counter()
        if not question.supported or question.intent != "answer":
            yield from _whole(self._finish(self._without_search(question), question, started))
            return
        evidence = gather(question, self.searcher)
        if question.asked_in not in {None, question.language}:
            evidence = in_language(evidence, question.language, self.searcher)
        timings = {
            "embed": evidence.result.embed_ms,
            "retrieve": evidence.result.retrieve_ms,
        }
        claims = self.versions.claims(question.whole)
        if claims or not evidence.enough:
            answer = self._abstain(question, evidence, claims)
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
        messages = messages_for(question, passages, self.knowledge.persona)
        started = time.perf_counter()
        text, fault = yield from _draft(writer, messages, self._max_tokens)
        timings["generate"] = (time.perf_counter() - started) * 1000
        answer = self._checked(
            question, text, passage_references(passages), writer.name, cut=fault is not None
        )
        note = _objection(answer, fault)
        if note is None:
            return answer
        yield Replaced()
        return self._noted(self._compose(question, evidence, timings), question, note)

    def _checked(
        self,
        question: Question,
        text: str,
        references: tuple[Reference, ...],
        model: str,
        *,
        cut: bool,
    ) -> Answer:
        cleaned = drop_unknown_citations(text.strip(), [r.n for r in references])
        kept = complete_part(cleaned.text) if cut else cleaned.text
        warnings = [CUT] if cut else []
        if cleaned.dropped:
            count = str(cleaned.dropped)
            warnings.append(
                Text(en=DROPPED.en.format(count=count), es=DROPPED.es.format(count=count))
            )
        verifier = Verifier(self.searcher.embed, self.searcher.terms, self._tools)
        statements = statements_of(kept, references, question.language, verifier)
        calculations = calculations_for(question.text, question.language)
        if calculations:
            kept = f"{kept}\n\n{calculation_block(calculations, question.language)}"
        return Answer(
            question=question.shown,
            understood=question.understood,
            language=question.language,
            mode="generated",
            model=model,
            answer_markdown=kept,
            statements=statements,
            references=used_references(references, statements, self.searcher.terms),
            calculations=as_calculations(calculations, question.language),
            warnings=tuple(w.in_language(question.language) for w in warnings),
        )

    def _compose(self, question: Question, evidence: Evidence, timings: dict[str, float]) -> Answer:
        started = time.perf_counter()
        answer = compose(question, evidence, self.knowledge.entries, self.knowledge.checklists)
        timings["compose"] = (time.perf_counter() - started) * 1000
        return answer

    def _abstain(
        self, question: Question, evidence: Evidence, claims: Sequence[VersionClaim]
    ) -> Answer:
        titles = [
            self.knowledge.entries[entry].meta.title.in_language(question.language)
            for entry in evidence.entries[:3]
        ]
        said, reason = NO_EVIDENCE.in_language(question.language), "no-evidence"
        if claims:
            wording = UNKNOWN_VERSION.in_language(question.language)
            said = wording.format(tool=claims[0].tool, version=claims[0].version)
            reason = "unknown-version"
        elif evidence.unknown_names:
            wording = UNKNOWN_NAMES.in_language(question.language)
            said = wording.format(names=say_names(evidence.unknown_names[:3]))
            reason = "unknown-name"
        if titles:
            nearest = NEAREST.in_language(question.language)
            said = f"{said}\n\n{nearest.format(titles=', '.join(titles))}"
        return _refusal(question, said, reason)

    def _without_search(self, question: Question) -> Answer:
        if question.intent == "source" and question.before is not None:
            return source_of(question, question.before, question.point)
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


def _draft(
    writer: Writer, messages: Sequence[Message], max_tokens: int
) -> Generator[Event, None, tuple[str, ModelError | None]]:
    """Streams what the model writes; returns the text worth keeping and what went wrong."""
    text = ""
    stream: Iterator[str] = iter(())
    try:
        stream = writer.stream(messages, max_tokens=max_tokens)
        for piece in stream:
            text += piece
            yield Piece(piece)
    except ModelCut as error:
        return text or error.partial, error
    except ModelError as error:
        _log.warning("the writer failed: %s", error)
        return "", error
    finally:
        # A reader who leaves ends the request at once, not when the garbage is collected.
        if isinstance(stream, Generator):
            stream.close()
    return text, None


def _objection(answer: Answer, fault: ModelError | None) -> Text | None:
    """Why the model's text must give way to the composed answer; None when it may stand."""
    if not answer.statements and fault is not None:
        return _fallback(fault.says)
    if answer.statements and not _in_its_language(answer):
        return _fallback(OTHER_TONGUE)
    if supported_share(answer.statements) < MIN_SUPPORTED_SHARE:
        return POORLY_SUPPORTED if fault is None else _fallback(fault.says)
    return None


def _fallback(reason: Text) -> Text:
    return Text(en=FALLBACK.en.format(reason=reason.en), es=FALLBACK.es.format(reason=reason.es))


def _in_its_language(answer: Answer) -> bool:
    said = " ".join(statement.text for statement in answer.statements)
    return detect_language(said, answer.language) == answer.language


def _whole(answer: Answer) -> Iterator[Event]:
    for block in answer.answer_markdown.split("\n\n"):
        yield Piece(block + "\n\n")
    yield Done(answer)


def _plain(question: Question, said: str) -> Answer:
    return Answer(
        question=question.shown, language=question.language, mode="composed", answer_markdown=said
    )


def _refusal(question: Question, said: str, reason: str) -> Answer:
    return _plain(question, said).model_copy(update={"abstained": True, "abstain_reason": reason})
