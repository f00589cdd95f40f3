"""The answer to "where does the second point come from?": the passages and their sources."""

from __future__ import annotations

from app.expert.answer import Answer, Reference
from app.expert.question import Question
from app.expert.wording import NO_CITATION, SOURCE_OF, SOURCE_PASSAGE, SOURCE_PRIMARY


def source_of(question: Question, before: Answer, point: int) -> Answer:
    """Shows the passages that a statement of the answer before cites, numbered anew from 1."""
    statement = before.statements[point]
    cited = [r for r in before.references if r.n in statement.citations]
    references = tuple(r.model_copy(update={"n": n}) for n, r in enumerate(cited, start=1))
    said = SOURCE_OF.in_language(question.language).format(number=point + 1)
    marks = "".join(f" [{r.n}]" for r in references)
    blocks = [said, f"> {statement.text}{marks}"]
    for reference in references:
        blocks += _shown(question, reference)
    if not references:
        blocks.append(NO_CITATION.in_language(question.language))
    return Answer(
        question=question.shown,
        understood=question.understood,
        language=question.language,
        mode="composed",
        answer_markdown="\n\n".join(blocks),
        statements=(statement.model_copy(update={"citations": tuple(r.n for r in references)}),),
        references=references,
        follow_ups=before.follow_ups,
    )


def _shown(question: Question, reference: Reference) -> list[str]:
    lead = SOURCE_PASSAGE.in_language(question.language).format(
        title=reference.title, heading=reference.heading, n=reference.n
    )
    quoted = "\n".join(f"> {line}" for line in reference.quote.splitlines())
    blocks = [lead, quoted]
    if reference.sources:
        links = "\n".join(
            f"- [{s.title}]({s.url}) · {s.publisher}{f', {s.year}' if s.year else ''}"
            for s in reference.sources
        )
        blocks.append(f"{SOURCE_PRIMARY.in_language(question.language)}:\n\n{links}")
    return blocks
