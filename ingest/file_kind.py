"""What a file is, by its name and its content together."""

from __future__ import annotations

from typing import Literal

from ingest.archive import MALFORMED, open_zip

FileKind = Literal[
    "archive", "code", "docx", "html", "markdown", "notebook", "pdf", "pptx", "text", "xlsx"
]
Content = Literal[
    "pdf", "zip", "broken-zip", "docx", "pptx", "xlsx", "old-office", "program", "binary", "text"
]
_BY_EXTENSION: dict[str, FileKind] = {
    "md": "markdown",
    "markdown": "markdown",
    "mdx": "markdown",
    "qmd": "markdown",
    "txt": "text",
    "text": "text",
    "rst": "text",
    "adoc": "text",
    "asciidoc": "text",
    "org": "text",
    "tex": "text",
    "log": "text",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "ipynb": "notebook",
    "pdf": "pdf",
    "docx": "docx",
    "pptx": "pptx",
    "xlsx": "xlsx",
    "zip": "archive",
}
_CODE = frozenset(
    "yaml yml json jsonl toml ini cfg conf properties env py pyi r jl scala java kt go rs c h cpp "
    "hpp cs js jsx ts tsx rb php sh bash zsh fish ps1 bat sql tf tfvars hcl rego proto graphql "
    "avsc xml csv tsv dockerfile mk gradle cmake nix bicep jsonnet libsonnet lock example sample "
    "template service dvc gitignore dockerignore helmignore editorconfig j2 tpl puml mmd".split()
)
_CODE_NAMES = ("dockerfile", "makefile", "jenkinsfile", "procfile", "vagrantfile", "justfile")
_CODE_TEXTS = ("requirements", "constraints")
_PROSE_NAMES = ("readme", "changelog", "contributing", "license", "notice", "authors", "security")
_MAGIC: tuple[tuple[bytes, Content], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-office"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\x89PNG", "binary"),
    (b"\xff\xd8\xff", "binary"),
    (b"GIF8", "binary"),
    (b"\x1f\x8b", "binary"),
    (b"SQLite format 3\x00", "binary"),
)
_MAIN_PARTS: tuple[tuple[str, Content], ...] = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
)
_EXPECTED: dict[FileKind, Content] = {
    "pdf": "pdf",
    "docx": "docx",
    "pptx": "pptx",
    "xlsx": "xlsx",
    "archive": "zip",
}


def kind_by_name(name: str) -> FileKind | None:
    """The kind that the name promises; None for an extension that says nothing."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    stem, dot, extension = last.rpartition(".")
    if stem.startswith(_CODE_TEXTS) and extension in ("txt", "in"):
        return "code"
    if dot and extension in _BY_EXTENSION:
        return _BY_EXTENSION[extension]
    if extension in _CODE or last.startswith((*_CODE_NAMES, ".env")):
        return "code"
    if last.split(".")[0] in _PROSE_NAMES:
        return "markdown"
    return None


def content_of(data: bytes) -> Content:
    """What the bytes are, by their first ones; `text` when nothing else is recognised."""
    found = next((content for magic, content in _MAGIC if data.startswith(magic)), None)
    if found == "program" and data[:2] == b"MZ" and b"\x00" not in data[:512]:
        return "text"
    if found == "zip":
        return _packed(data)
    head = data[:1024]
    if head.lstrip().startswith(b"%PDF-") or (b"%PDF-" in head and b"endobj" in data):
        return "pdf"
    return found or "text"


def agrees(kind: FileKind | None, content: Content) -> bool:
    """Whether what the name promises is what the content is."""
    return content == (_EXPECTED.get(kind, "text") if kind else "text")


def _packed(data: bytes) -> Content:
    """Which Office file an archive is, if it is one."""
    try:
        with open_zip(data) as archive:
            names = set(archive.namelist())
    except MALFORMED:
        return "broken-zip"
    if "[Content_Types].xml" not in names:
        return "zip"
    return next((content for part, content in _MAIN_PARTS if part in names), "zip")
