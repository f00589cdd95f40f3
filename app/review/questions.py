"""What to ask the authors about a gap."""

from __future__ import annotations

from app.review.finding import Finding
from ingest.schema import Text

_ABSENT = Text(
    en="{title}: the documents say that it is absent or pending. Who will do it, and by when? "
    "We look for: {states}",
    es="{title}: según los documentos, no existe o está pendiente. ¿Quién lo hará y para cuándo? "
    "Buscamos: {states}",
)
_PARTIAL = Text(
    en="{title}: the documents mention it without the details. Can you add them? "
    "We look for: {states}",
    es="{title}: los documentos lo mencionan sin concretar. ¿Podéis añadir los detalles? "
    "Buscamos: {states}",
)
_MISSING = Text(
    en="{title}: we found nothing. Is it done, and where is it written down? We look for: {states}",
    es="{title}: no hemos encontrado nada. ¿Se hace? ¿Dónde está escrito? Buscamos: {states}",
)


def question_for(finding: Finding) -> Text:
    """What to ask about a gap, in both languages."""
    form = _PARTIAL if finding.verdict == "partial" else _MISSING
    if finding.denied:
        form = _ABSENT
    title, states = finding.criterion.title, finding.criterion.states
    return Text(
        en=form.en.format(title=title.en, states=_continued(states.en)),
        es=form.es.format(title=title.es, states=_continued(states.es)),
    )


def _continued(sentence: str) -> str:
    """A sentence that goes on after a colon; an abbreviation keeps its capitals."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]
