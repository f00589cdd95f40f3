"""References of an answer: from passages, numbered from 1, with exact quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from app.expert.answer import Reference, SourceLink, Statement
from app.expert.ports import Terms
from ingest.schema import Passage, Span


def passage_references(passages: Sequence[Passage]) -> tuple[Reference, ...]:
    """One reference a passage, quoting all of it."""
    return tuple(
        reference(n, passage, list(passage.spans)) for n, passage in enumerate(passages, start=1)
    )


def reference(n: int, passage: Passage, spans: Sequence[Span]) -> Reference:
    """A reference whose quote runs from the first to the last of the spans used."""
    ordered = sorted(spans, key=lambda span: span.start)
    sources = {source.url: source for span in ordered for source in span.sources}
    links = tuple(
        SourceLink(title=s.title, url=s.url, publisher=s.publisher, year=s.year)
        for s in sources.values()
    )
    return Reference(
        n=n,
        id=passage.id,
        entry=passage.entry,
        title=passage.title,
        section=passage.section,
        heading=passage.heading,
        language=passage.language,
        url=links[0].url if links else passage.url,
        locator=passage.locator,
        quote=passage.text[ordered[0].start : ordered[-1].end],
        quotes=tuple(passage.text[s.start : s.end] for s in ordered),
        passage=passage.text,
        status=passage.status,
        collection=passage.collection,
        sources=links,
    )


def used_references(
    references: Sequence[Reference], statements: Sequence[Statement], terms: Terms
) -> tuple[Reference, ...]:
    """The references that statements cite, each quoting the sentences nearest to them."""
    citing: dict[int, list[str]] = defaultdict(list)
    for statement in statements:
        for n in statement.citations:
            citing[n].append(statement.text)
    return tuple(
        _narrowed(reference, citing[reference.n], terms)
        for reference in references
        if reference.n in citing
    )


def _narrowed(reference: Reference, texts: Sequence[str], terms: Terms) -> Reference:
    wanted = set(terms(" ".join(texts), reference.language))
    best = sorted(
        reference.quotes,
        key=lambda quote: -len(wanted & set(terms(quote, reference.language))),
    )[: max(1, len(texts))]
    kept = tuple(quote for quote in reference.quotes if quote in best)
    start = reference.passage.index(kept[0])
    end = reference.passage.index(kept[-1], start) + len(kept[-1])
    return reference.model_copy(update={"quote": reference.passage[start:end], "quotes": kept})
