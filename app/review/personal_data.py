"""Personal data in the prose of documents: where, of which kind, and masked.

Careful rather than complete: what carries a check digit must pass it, a phone number must look like
one and be announced, and addresses that stand for nobody do not count. Code is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.schema import ParsedDocument, Text

PersonalKind = Literal["e-mail", "phone", "iban", "id-number"]
KIND_WORDS: dict[PersonalKind, Text] = {
    "e-mail": Text(en="e-mail address", es="dirección de correo"),
    "phone": Text(en="phone number", es="número de teléfono"),
    "iban": Text(en="bank account (IBAN)", es="cuenta bancaria (IBAN)"),
    "id-number": Text(en="Spanish identity number", es="DNI o NIE"),
}
_EMAIL = re.compile(r"(?<![\w.+@/:-])([\w.+-]{1,64})@((?:[a-zA-Z0-9-]{1,63}\.)+[a-zA-Z]{2,24})\b")
_NOBODY_HOST = re.compile(
    r"(^|\.)(example|ejemplo|sample|test|invalid|localhost|local|internal|dominio|domain|acme|contoso"
    r"|your-?\w*|my-?company|company|empresa)(\.|$)|\.gserviceaccount\.com$|^users\.noreply\.",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(git|no-?reply|user(name)?|usuario|your\S*|tu|name|nombre|example|test|admin|info|support"
    r"|soporte|help|contact[o]?|security|sales|team|equipo|alerts?|oncall|hello|hola|foo|john\.?doe"
    r"|jane\.?doe)$",
    re.IGNORECASE,
)
_CALL = r"(?:tel[eé]?f?(?:ono|\.)?|phone|m[oó]vil|mobile|cell|whatsapp|fax|call|ll[aá]m\w+)"
_PHONE = re.compile(rf"\b{_CALL}\b\D{{0,15}}?(\+?\(?\d[\d ().-]{{7,18}}\d)(?!\w)", re.IGNORECASE)
_IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b")
_ID = re.compile(r"(?<![\w-])([XYZ]?-?\d{7,8})-?([A-HJ-NP-TV-Z])(?![\w-])")
_ID_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_FAKE_IDS = frozenset({"12345678", "00000000", "11111111", "99999999", "01234567"})
_LONGEST_LINE = 5_000


@dataclass(frozen=True)
class PersonalData:
    """A piece of personal data. `masked` shows its shape only; `line` or `page` say where."""

    document: str
    kind: PersonalKind
    masked: str
    line: int | None
    page: int | None


def find_personal_data(documents: Sequence[ParsedDocument]) -> tuple[PersonalData, ...]:
    """One row for each piece and line, in reading order."""
    found: dict[PersonalData, None] = {}
    for document in documents:
        for block in document.blocks:
            if block.kind == "code":
                continue
            where = block.locator
            for offset, line in enumerate(block.text.split("\n")):
                number = where.line_start + offset if where.line_start is not None else None
                for kind, value in personal_values(line):
                    row = PersonalData(
                        document.name, kind, _masked(kind, value), number, where.page
                    )
                    found[row] = None
    return tuple(found)


def personal_values(line: str) -> Iterator[tuple[PersonalKind, str]]:
    """Kind and value of all personal data in a line."""
    line = line[:_LONGEST_LINE]
    for match in _EMAIL.finditer(line):
        if not _NOBODY_HOST.search(match.group(2)) and not _NOBODY.match(match.group(1)):
            yield "e-mail", match.group()
    for match in _PHONE.finditer(line):
        if 9 <= sum(c.isdigit() for c in match.group(1)) <= 15:
            yield "phone", match.group(1)
    for match in _IBAN.finditer(line):
        if _is_iban(match.group(1).replace(" ", "")):
            yield "iban", match.group(1)
    for match in _ID.finditer(line):
        digits = match.group(1).replace("-", "")
        if digits not in _FAKE_IDS and _has_letter(digits, match.group(2)):
            yield "id-number", match.group()


def _is_iban(value: str) -> bool:
    """The check of ISO 13616: the digits, letters as 10 to 35, leave 1 when divided by 97."""
    if not 15 <= len(value) <= 34:
        return False
    return int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 == 1


def _has_letter(digits: str, letter: str) -> bool:
    """The check of Spanish identity numbers: the number modulo 23 gives the letter."""
    number = digits
    if digits[0] in "XYZ":
        number = str("XYZ".index(digits[0])) + digits[1:]
    return len(number) == 8 and _ID_LETTERS[int(number) % 23] == letter


def _masked(kind: PersonalKind, value: str) -> str:
    if kind == "e-mail":
        name, _, host = value.partition("@")
        return f"{name[0]}•••@•••.{host.rsplit('.', 1)[-1]}"
    return f"•••{value[-2:]}" if kind == "phone" else f"{value[:2]}•••"
