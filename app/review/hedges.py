"""What weakens a statement: wishes, denials, lists of names. All patterns want folded text."""

from __future__ import annotations

import re

_WISH = re.compile(
    r"\b(coming soon|to-?do:|tbd|roadmap|planned|planning to|plan to|not (yet )?implemented|not yet"
    r"|work in progress|wip|nice to have|backlog|wish ?list|eventually"
    r"|future (work|extensions?|improvements?|versions?|releases?|integrations?|features?|plans?)"
    r"|in (the|a) future|(we|it|this|you) (will|shall|may|might|could|would like to|want to|intend to"
    r"|hope to|aim to) (eventually |later |soon |also )?(add|implement|integrate|support|introduce"
    r"|build|migrate|explore|consider|adopt|set up|automate|extend)"
    r"|(will|should|could|might|to) be (added|implemented|integrated|supported|introduced|built"
    r"|set up|automated|defined|extended))\b"
    r"|^\s*([-*+]\s*)?\[ \]|^\W*recommendations?\W*:|[🚧🔜⏳⬜]"
)
_WISH_ES = re.compile(
    r"\b(proximamente|a futuro|en (el|un) futuro|trabajos? futuros?|pendientes? (de|por)|por (hacer"
    r"|implementar|definir|anadir|desarrollar)|(esta|estan) previst[oa]s?|planea(mos)?|se planea"
    r"|se preve|hoja de ruta|mejoras? futuras?|en desarrollo|en construccion|aun no|todavia no"
    r"|se (implementara|agregara|anadira|incorporara|integrara|desplegara|montara|configurara"
    r"|definira|creara|automatizara|monitorizara|desarrollara|incluira)n?"
    r"|(implementaremos|agregaremos|anadiremos|incorporaremos|integraremos|automatizaremos)"
    r"|(queremos|nos gustaria|se espera|se pretende|tenemos previsto) (anadir|agregar|implementar"
    r"|integrar|incorporar|automatizar|desplegar)"
    r"|deberia(n|mos)? (anadir|agregar|implementar|integrar)\w*)\b"
    r"|^\W*recomendacion(es)?\W*:"
)
WISH_HEADING = re.compile(
    r"\b(future|roadmap|next steps|to-?do|backlog|coming soon|wish ?list|out of scope|suggested"
    r"|not implemented|trabajos? futuros?|proximos pasos|proximamente|mejoras pendientes|futur[oa]s?"
    r"|pendientes?|hoja de ruta|fuera de alcance|por hacer|sugerid[oa]s?)\b"
)
REJECTED = re.compile(
    r"\balternative \d+\b|\b(alternatives|options) (considered|rejected|discarded)\b|\brejected"
    r"( because)?\b|\balternativas? (\d+|consideradas?|descartadas?|rechazadas?)\b"
    r"|\b(rechazad|descartad)[oa]s? porque\b"
)
LIST_HEADING = re.compile(
    r"^\W*((tech(nology|nical)?|tools?) stack|stack( tecnologico)?|technologies( used)?"
    r"|tools( used)?|built with|tecnologias?( utilizadas| usadas)?|herramientas( utilizadas| usadas)?"
    r"|references|bibliography|further reading|resources|related .{0,30}|links|see also"
    r"|acknowledge?ments|credits|licen[cs]e|contributors|authors|referencias|bibliografia|enlaces"
    r"|recursos|agradecimientos|licencia|autores|contribuidores|table of contents|contents"
    r"|tabla de contenidos?|indice|contenidos?)\W*$"
)
_DENIAL_BEFORE = re.compile(
    r"\b(no|without|sin|lacks?|lacking|faltan?|carece(mos|n)? de|missing|never|neither|tampoco"
    r"|(not|n't|no) (yet )?(have|has|had|include|provide|implement|implemented|use|support|perform"
    r"|tiene|tenemos|cuenta con|contamos con|dispone de|incluye|existen?|hay|se (usa|utiliza|realiza"
    r"|hace|ha implementado|han implementado|ha definido|han definido)n?))\s+"
    r"(?!(significant|additional|longer|need|matter|solo|only|obstante|necesidad))(\S+\s+){0,3}$"
)
_DENIAL_AFTER = re.compile(
    r"^\S*\s*(\S+\s+){0,3}((is|are|was|were|has|have)( been)? (not|missing|absent|pending|disabled)"
    r"|(does|do|did) not exist|not (yet )?(implemented|done|available|configured|set up|started)"
    r"|no (esta|estan|existe|existen|se (ha|han)|hay)|(esta|estan) pendientes?|sin (implementar|hacer"
    r"|configurar|definir)|no implementad[oa]s?)\b"
)
_STATUS_NO = re.compile(
    r"(❌|✗|✘|🚧|🔜|⬜|☐|\[ \]|\|\s*(no|none|missing|pending|planned|not (started|done|implemented)|todo"
    r"|to do|pendiente|ninguno?a?|falta|no implementad[oa]|por hacer|planificad[oa])\s*(\||$))"
)
_DENIED_LIST = re.compile(
    r"\b(missing|lacks?|not (yet )?(implemented|included|covered|supported|done|available)"
    r"|does not (include|have|support)|without|out of scope|faltan?|pendientes?|no (incluye|tiene"
    r"|cubre|esta (hecho|implementado)|estan (hechos|implementados))n?|carece de|sin implementar)\b"
)
_TREE = re.compile(r"[├└│]|^\s*[\w.-]+/\s*(#.*)?$")
_BADGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img[^>]*>|\[!\[")
_ONLY_LINK = re.compile(r"^\W*(\d+[.)]\s*)?\[[^\]]*\]\([^)]*\)[^a-z]*$")
_EXPLAINED_WORDS = 9


def is_wish(folded: str) -> bool:
    """Whether the unit speaks of what is not there yet."""
    return bool(_WISH.search(folded) or _WISH_ES.search(folded))


def is_denied(folded: str, start: int, end: int) -> bool:
    """Whether the words around `folded[start:end]` say that the thing is absent."""
    before = folded[max(0, start - 50) : start]
    # A denial does not reach across the end of a clause.
    clause = re.split(r"[.;:,()|]", before)[-1]
    after = re.split(r"[.;(]", folded[end : end + 70])[0]
    return bool(_DENIAL_BEFORE.search(clause) or _DENIAL_AFTER.search(after))


def denies_what_follows(announcement: str) -> bool:
    """Whether the line before a list ("Not implemented:") denies all its items."""
    return bool(_DENIED_LIST.search(announcement))


def is_marked_absent(folded: str) -> bool:
    """Whether a table row or a check list says no, pending or planned."""
    return bool(_STATUS_NO.search(folded))


def only_names(folded: str, kind: str, path: str) -> bool:
    """Whether the unit can name things but not show them: tree, badge, link, list of tools."""
    if _TREE.search(folded) or _BADGE.search(folded) or _ONLY_LINK.match(folded):
        return True
    leaf = path.rsplit("\n", 1)[-1]
    listed = any(LIST_HEADING.match(part) for part in path.split("\n")) if path else False
    words = len(re.findall(r"[a-z]{2,}", folded))
    return listed and kind != "code" and (words < _EXPLAINED_WORDS or "](" in folded or not leaf)
