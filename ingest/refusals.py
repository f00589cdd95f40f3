"""Why a file was not used: one sentence and the next step, in both languages."""

from __future__ import annotations

from typing import Literal

from ingest.archive import MemberFault
from ingest.file_kind import Content, FileKind
from ingest.piece import Fault
from ingest.schema import Refusal, Text
from ingest.upload import MAX_DEPTH, MAX_FILES

Reason = (
    Fault
    | MemberFault
    | Literal[
        "batch-big",
        "batch-slow",
        "binary",
        "denied",
        "empty",
        "missing",
        "nested",
        "no-files",
        "old-office",
        "special",
        "spreadsheet",
    ]
)
_FAULTS: dict[Reason, tuple[str, str]] = {
    "damaged": (
        "The file is damaged and could not be read. Open it in its own program, save it again and "
        "send that copy.",
        "El archivo está dañado y no se ha podido leer. Ábrelo en su programa, guárdalo de nuevo y "
        "envía esa copia.",
    ),
    "deep": (
        "The file is nested too deeply to be read. Send a simpler version of it.",
        "El archivo tiene demasiados niveles anidados para leerlo. Envía una versión más simple.",
    ),
    "doctype": (
        "The file holds a document type definition, which Office never writes and attacks use. "
        "Save it again from Office and send that copy.",
        "El archivo contiene una definición de tipo de documento, que Office nunca escribe y los "
        "ataques usan. Guárdalo de nuevo desde Office y envía esa copia.",
    ),
    "inflates": (
        "The file unpacks to far more than its size, like a decompression attack. Send its "
        "documents one by one.",
        "El archivo se descomprime a mucho más que su tamaño, como un ataque de compresión. Envía "
        "sus documentos uno a uno.",
    ),
    "long": (
        "The file holds more than 5 MB of text. Split it and send the parts that matter.",
        "El archivo contiene más de 5 MB de texto. Divídelo y envía las partes que importan.",
    ),
    "password": (
        "The file is protected by a password. Remove the password and send it again.",
        "El archivo está protegido con contraseña. Quita la contraseña y envíalo de nuevo.",
    ),
    "no-text": (
        "The file has no text. Check that it is the right file.",
        "El archivo no tiene texto. Comprueba que es el archivo correcto.",
    ),
    "scanned": (
        "The PDF has no text: its pages are images. Run it through OCR (text recognition) and send "
        "the result.",
        "El PDF no tiene texto: sus páginas son imágenes. Pásalo por OCR (reconocimiento de texto) "
        "y envía el resultado.",
    ),
    "slow": (
        "The file could not be read in time. Split it, or export it again as a simpler PDF or as "
        "Markdown.",
        "No se ha podido leer el archivo a tiempo. Divídelo, o expórtalo de nuevo como un PDF más "
        "simple o como Markdown.",
    ),
    "batch-slow": (
        "Reading the files before this one took all the time of the batch. Send it in a batch of "
        "its own.",
        "Leer los archivos anteriores ha agotado el tiempo del lote. Envíalo en un lote aparte.",
    ),
    "empty": (
        "The file is empty. Check that it was saved and send it again.",
        "El archivo está vacío. Comprueba que se guardó y envíalo de nuevo.",
    ),
    "too-big": (
        "The file is over the size limit: 25 MB, or 50 MB unpacked inside a zip. Split it and send "
        "the parts that matter.",
        "El archivo supera el límite de tamaño: 25 MB, o 50 MB ya descomprimido dentro de un zip. "
        "Divídelo y envía las partes que importan.",
    ),
    "batch-big": (
        "The files together are over 100 MB, and this one no longer fits. Send it in another "
        "batch.",
        "Los archivos juntos superan 100 MB y este ya no cabe. Envíalo en otro lote.",
    ),
    "too-many": (
        f"The limit of {MAX_FILES} files or 200 MB unpacked was reached here; this one and what "
        "comes after it by name was not read. Send the rest in another batch.",
        f"Aquí se alcanzó el límite de {MAX_FILES} archivos o 200 MB descomprimidos; no se ha "
        "leído este ni lo que le sigue por nombre. Envía el resto en otro lote.",
    ),
    "nested": (
        f"The archive is nested more than {MAX_DEPTH} levels deep. Unpack it and send its files.",
        f"El archivo comprimido está anidado a más de {MAX_DEPTH} niveles. Descomprímelo y envía "
        "sus archivos.",
    ),
    "encrypted": (
        "The file is encrypted inside the archive. Unpack it and send it without a password.",
        "El archivo está cifrado dentro del comprimido. Descomprímelo y envíalo sin contraseña.",
    ),
    "link": (
        "It is a link to another file and was not followed. Send the file that it points to.",
        "Es un enlace a otro archivo y no se ha seguido. Envía el archivo al que apunta.",
    ),
    "outside": (
        "Its name points outside the archive, so it was not read. Pack it again with plain names.",
        "Su nombre apunta fuera del archivo comprimido y no se ha leído. Comprímelo de nuevo con "
        "nombres normales.",
    ),
    "keys": (
        "Files by this name hold real keys, so it was not read. Send it by itself, or send a "
        ".env.example.",
        "Los archivos con este nombre guardan claves reales y no se ha leído. Envíalo solo, o "
        "envía un .env.example.",
    ),
    "binary": (
        "The content is binary and not text. Export it as PDF, DOCX, Markdown or plain text.",
        "El contenido es binario y no texto. Expórtalo como PDF, DOCX, Markdown o "
        "texto sin formato.",
    ),
    "old-office": (
        "The file is in an old Office format or protected by a password. Save it as DOCX, PPTX or "
        "PDF without a password.",
        "El archivo está en un formato antiguo de Office o protegido con contraseña. Guárdalo como "
        "DOCX, PPTX o PDF sin contraseña.",
    ),
    "spreadsheet": (
        "Spreadsheets are not read. Save the sheet that matters as CSV or paste it into a "
        "document.",
        "Las hojas de cálculo no se leen. Guarda la hoja que importa como CSV o pégala en un "
        "documento.",
    ),
    "missing": (
        "There is no such file or folder. Check the path.",
        "No existe ese archivo o carpeta. Revisa la ruta.",
    ),
    "denied": (
        "The file could not be opened. Check its permissions.",
        "No se ha podido abrir el archivo. Revisa sus permisos.",
    ),
    "special": (
        "It is neither a file nor a folder. Send a file.",
        "No es un archivo ni una carpeta. Envía un archivo.",
    ),
    "no-files": (
        "The folder or archive holds no documents. Check that it is the right one.",
        "La carpeta o el archivo comprimido no contiene documentos. Comprueba que es el correcto.",
    ),
}
_CONTENTS: dict[Content, tuple[str, str]] = {
    "pdf": ("a PDF", "un PDF"),
    "zip": ("a zip archive", "un archivo zip"),
    "broken-zip": ("a damaged zip archive", "un archivo zip dañado"),
    "docx": ("a Word document", "un documento de Word"),
    "pptx": ("a PowerPoint presentation", "una presentación de PowerPoint"),
    "xlsx": ("an Excel workbook", "un libro de Excel"),
    "old-office": (
        "an old or encrypted Office file",
        "un archivo de Office antiguo o cifrado",
    ),
    "program": ("a program", "un programa"),
    "binary": ("binary data", "datos binarios"),
    "text": ("plain text", "texto sin formato"),
}


def refuse(name: str, reason: Reason) -> Refusal:
    """The refusal of a file; `name` is clean."""
    english, spanish = _FAULTS[reason]
    return Refusal(name=name, reason=Text(en=english, es=spanish))


def refuse_disagreement(name: str, kind: FileKind, content: Content) -> Refusal:
    """The refusal of a file that is not what its name says."""
    english, spanish = _CONTENTS[content]
    if content in ("program", "binary", "old-office", "broken-zip"):
        step = ("Send the document itself.", "Envía el documento original.")
    else:
        step = (
            "Give it the extension of what it is and send it again.",
            "Ponle la extensión de lo que es y envíalo de nuevo.",
        )
    last = name.rsplit("/", 1)[-1]
    ending = f".{last.rsplit('.', 1)[1]}" if "." in last else last
    return Refusal(
        name=name,
        reason=Text(
            en=f"The name ends in '{ending}' ({kind}) but the content is {english}. {step[0]}",
            es=f"El nombre acaba en '{ending}' ({kind}) pero el contenido es {spanish}. {step[1]}",
        ),
    )


def left_out(name: str, files: list[str]) -> Refusal:
    """The files of a folder or archive that are not documents, in one sentence."""
    shown = ", ".join(files[:5]) + (", …" if len(files) > 5 else "")
    return Refusal(
        name=name,
        reason=Text(
            en=f"{len(files)} files in it are not documents and were left out: {shown}. Send what "
            "matters as PDF, DOCX, Markdown or text.",
            es=f"{len(files)} archivos de su interior no son documentos y se han omitido: {shown}. "
            "Envía lo que importa como PDF, DOCX, Markdown o texto.",
        ),
    )
