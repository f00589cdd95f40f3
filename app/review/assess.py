"""Reviews documents: every criterion gets one verdict with verbatim evidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from app.review.contradictions import find_clash
from app.review.criteria import Rubric, compile_rubric
from app.review.evidence import best_quotes, pick_quotes, quote_of
from app.review.exposed import Exposed
from app.review.finding import Finding, Quote, Verdict
from app.review.guidance import guidance_for
from app.review.judge import judge, shipped_weights
from app.review.personal_data import find_personal_data
from app.review.project import is_ml_project
from app.review.report import Contradiction, Review, ReviewedDocument, SecretFound
from app.review.signals import Signals, find_signals, measure
from app.review.units import MOST_CHARACTERS, Corpus, read_corpus
from ingest.schema import Criterion, Entry, Language, ParsedDocument, Refusal, Text

CANDIDATES = 6
QUOTES: Mapping[Verdict, int] = {"covered": 3, "partial": 2, "missing": 1}
_ORDERS_IGNORED = Text(
    en="A document addresses orders to the reviewer. They were ignored and count for nothing.",
    es="Un documento dirige órdenes al revisor. Se han ignorado y no cuentan para nada.",
)
_NO_ML = Text(
    en="These documents do not describe a machine learning project: criteria that only an ML "
    "project can meet do not count in the score.",
    es="Estos documentos no describen un proyecto de machine learning: los criterios que solo "
    "puede cumplir un proyecto de ML no cuentan en la puntuación.",
)
_NO_TEXT = Text(
    en="Pages without text were found in '{name}' ({pages}); nothing on them was reviewed.",
    es="En '{name}' hay páginas sin texto ({pages}); nada de lo que contienen se ha revisado.",
)
_CUT = Text(
    en="The documents are longer than a review reads ({most} characters): the end of {names} was "
    "not judged. Send fewer documents, or review the code apart.",
    es="Los documentos superan lo que lee una revisión ({most} caracteres): el final de {names} no "
    "se ha evaluado. Envía menos documentos o revisa el código aparte.",
)
FindSecrets = Callable[[Sequence[ParsedDocument]], Iterable[tuple[str, str, int]]]


def assess(
    documents: Sequence[ParsedDocument],
    criteria: Sequence[Criterion],
    *,
    language: Language,
    secrets: FindSecrets,
    entries: Mapping[str, Entry] | None = None,
    refused: Sequence[Refusal] = (),
) -> Review:
    """All verdicts on a set of documents; `secrets` gives (document, kind, line) rows.

    `entries` are where templates and reading come from; `refused` are files left out.
    """
    started = time.perf_counter()
    corpus = read_corpus(documents)
    ml = is_ml_project(corpus)
    leaks = tuple(SecretFound(*row) for row in secrets(documents))
    exposed = Exposed(documents, leaks)
    found = [_find(corpus, rubric, ml, exposed) for rubric in compile_rubric(criteria)]
    findings = tuple(
        replace(finding, guidance=guidance_for(finding.criterion, entries or {}))
        for finding, _ in found
    )
    clashes = [
        Contradiction(finding, *places)
        for finding, (_, places) in zip(findings, found, strict=True)
        if places
    ]
    orders = filter(None, (exposed.shorten(quote_of(unit)) for unit in corpus.orders))
    elapsed = (time.perf_counter() - started) * 1000
    return Review(
        language=language,
        documents=tuple(_described(document) for document in documents),
        is_ml_project=ml,
        findings=findings,
        injections=tuple(orders),
        secrets=leaks,
        personal_data=find_personal_data(documents),
        contradictions=tuple(clashes),
        warnings=tuple(_warnings(documents, ml, corpus)),
        refused=tuple(refused),
        timings_ms={"assess": round(elapsed, 1)},
    )


def _find(
    corpus: Corpus, rubric: Rubric, ml: bool, exposed: Exposed
) -> tuple[Finding, tuple[Quote, Quote] | None]:
    """The verdict, and the two places that contradict each other."""
    criterion = rubric.criterion
    signals = find_signals(corpus, rubric)
    if criterion.ml_only and not ml:
        return Finding(criterion, "missing", 0.95, (), _NO_ML, applies=False), None
    verdict, confidence = judge(signals, measure(corpus, rubric, signals), shipped_weights())
    candidates = pick_quotes(corpus, rubric, signals, exposed, CANDIDATES)
    evidence = best_quotes(corpus, rubric, signals, exposed, QUOTES[verdict])
    if not evidence:
        verdict = "missing"
    finding = Finding(
        criterion,
        verdict,
        confidence,
        evidence=() if verdict == "missing" else evidence,
        reason=_reason(verdict, rubric, signals),
        denied=signals.denied and verdict != "covered",
        candidates=candidates,
    )
    clash = find_clash(corpus, rubric, signals)
    if clash is None:
        return finding, None
    places = (quote_of(corpus.units[index]) for index in (clash.affirmed, clash.denied))
    affirmed, denied = (exposed.shorten(quote) for quote in places)
    return finding, (affirmed, denied) if affirmed and denied else None


def _reason(verdict: Verdict, rubric: Rubric, signals: Signals) -> Text:
    shown, asked = len(signals.elements), len(rubric.elements)
    if verdict == "covered":
        return Text(
            en=f"The documents show how: {shown} of {asked} expected elements were found.",
            es=f"Los documentos muestran cómo: se han encontrado {shown} de {asked} elementos "
            "esperados.",
        )
    if verdict == "partial" and signals.denied:
        return Text(
            en="The documents name it, and also say that it is absent, pending or planned.",
            es="Los documentos lo nombran, y también dicen que falta, está pendiente o planeado.",
        )
    if verdict == "partial":
        return Text(
            en=f"The documents name it without saying enough how: {shown} of {asked} expected "
            "elements were found.",
            es=f"Los documentos lo nombran sin concretar lo suficiente: se han encontrado {shown} "
            f"de {asked} elementos esperados.",
        )
    if signals.denied:
        return Text(
            en="The documents say that it is absent.",
            es="Los documentos dicen que no existe.",
        )
    if signals.named:
        return Text(
            en="The word appears, but nothing shows that it is done here.",
            es="La palabra aparece, pero nada muestra que se haga aquí.",
        )
    return Text(en="Nothing about it was found.", es="No se ha encontrado nada al respecto.")


def _described(document: ParsedDocument) -> ReviewedDocument:
    return ReviewedDocument(
        name=document.name,
        kind=document.kind,
        pages=document.pages,
        language=document.language,
        characters=len(document.text),
        pages_without_text=document.pages_without_text,
        warnings=document.warnings,
    )


def _warnings(documents: Sequence[ParsedDocument], ml: bool, corpus: Corpus) -> Iterable[Text]:
    if not ml:
        yield _NO_ML
    if corpus.orders:
        yield _ORDERS_IGNORED
    if corpus.cut:
        names = ", ".join(f"'{name}'" for name in corpus.cut[:5])
        names += ", …" if len(corpus.cut) > 5 else ""
        yield Text(
            en=_CUT.en.format(most=f"{MOST_CHARACTERS:,}", names=names),
            es=_CUT.es.format(most=f"{MOST_CHARACTERS:,}".replace(",", "."), names=names),
        )
    for document in documents:
        yield from document.warnings
        if document.pages_without_text:
            pages = ", ".join(map(str, document.pages_without_text[:20]))
            yield Text(
                en=_NO_TEXT.en.format(name=document.name, pages=pages),
                es=_NO_TEXT.es.format(name=document.name, pages=pages),
            )
