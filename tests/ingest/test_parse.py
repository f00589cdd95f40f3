"""A batch of files: limits, names, encodings, languages and what is refused."""

from __future__ import annotations

import json

import pytest

import ingest.parse
from ingest.clean_text import clean, clean_name
from ingest.parse import Parsed, Upload, parse_uploads
from ingest.schema import ParsedDocument


def parse(name: str, data: bytes | str) -> Parsed:
    return parse_uploads([Upload(name, data.encode() if isinstance(data, str) else data)])


def document(name: str, data: bytes | str) -> ParsedDocument:
    parsed = parse(name, data)
    assert parsed.refused == ()
    return parsed.documents[0]


def reason(name: str, data: bytes | str) -> str:
    parsed = parse(name, data)
    assert parsed.documents == ()
    (refusal,) = parsed.refused
    assert refusal.reason.es != refusal.reason.en
    return refusal.reason.en


def test_one_bad_file_costs_the_others_nothing() -> None:
    files = {"a.md": b"# One", "b.pdf": b"%PDF-1.7 garbage", "c.txt": b"", "d.txt": b"Four words."}
    parsed = parse_uploads([Upload(name, data) for name, data in files.items()])
    assert [d.name for d in parsed.documents] == ["a.md", "d.txt"]
    assert [r.name for r in parsed.refused] == ["b.pdf", "c.txt"]


def test_nothing_gives_nothing() -> None:
    assert parse_uploads([]) == Parsed((), ())


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.md", b"", "empty"),
        ("a.md", b" \n\x00\n", "empty"),
        ("a.pdf", b"just text", "'.pdf' (pdf) but the content is plain text"),
        ("a.md", b"%PDF-1.4\n", "'.md' (markdown) but the content is a PDF"),
        ("a.txt", b"MZ\x90\x00" + b"\x00" * 600, "content is a program"),
        ("notes", b"\x7fELF\x02\x01" + b"\x00" * 600, "binary"),
        ("a.docx", b"text", "'.docx' (docx) but the content is plain text"),
        ("a.docx", b"PK\x03\x04" + b"x" * 50, "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, "old Office format"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "binary"),
        ("a.txt", bytes(range(256)) * 20, "content is binary data"),
        ("a.md", b"<!-- only hidden -->", "no text"),
        ("a.md", b"word " * 1_000_001, "more than 5 MB of text"),
    ],
)
def test_what_is_refused_says_why(name: str, data: bytes, words: str) -> None:
    assert words in reason(name, data)


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    assert "25 MB" in reason("a.txt", b"x" * 50_000_000)


def test_the_batch_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.parse, "MAX_BATCH", 40)
    monkeypatch.setattr(ingest.parse, "MAX_FILES", 3)
    names = ["a", "b", "c", "d"]
    parsed = parse_uploads([Upload(f"{n}.txt", n.encode() * 19) for n in names])
    assert [d.name for d in parsed.documents] == ["a.txt", "b.txt"]
    assert ["100 MB" in r.reason.en for r in parsed.refused] == [True, False]


def test_a_single_line_is_split_by_characters() -> None:
    parsed = document("a.txt", "x" * 50_000)
    assert max(len(block.text) for block in parsed.blocks) <= 2_000
    assert "".join(block.text for block in parsed.blocks) == parsed.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_accents_survive_every_encoding(encoding: str) -> None:
    text = "El año pasó y la señal cambió de camión."
    parsed = document("a.txt", text.encode(encoding))
    assert parsed.text == text
    assert parsed.language == "es"
    assert bool(parsed.warnings) == (encoding == "cp1252")


def test_replaced_bytes_are_said() -> None:
    parsed = document("a.md", "El año señala qué día ".encode() + b"\xff")
    assert "replaced" in parsed.warnings[0].en
    assert "año señala" in parsed.text


def test_text_is_cleaned_once_before_blocks_are_made() -> None:
    dirty = "# T\u202eitle\r\n\r\nwo\x00rd\U000e0041 e\u0301\x1b end\u2066"
    parsed = document("a.md", dirty)
    assert parsed.text == "# Title\n\nword é end"
    assert [block.text for block in parsed.blocks] == ["# Title", "word é end"]


def test_cleaning_a_part_again_changes_nothing() -> None:
    text = clean("e\u0301\u0301n\u0303\r\r\n\x0c a\u0308\ud800b\u2028c")
    assert all(clean(text[i:j]) == text[i:j] for i in range(len(text)) for j in range(i, len(text)))


def test_long_runs_of_accents_take_no_time() -> None:
    assert len(clean("a" + "\u0301\u0323" * 1_000_000)) > 1_000_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\docs\\plan.md", "docs/plan.md"),
        ("evil\u202efdp.md", "evilfdp.md"),
        ("a\n  b.md", "a b.md"),
        ("..", "unnamed"),
    ],
)
def test_names_are_fit_to_be_shown(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_a_long_name_keeps_its_extension() -> None:
    parsed = document("n" * 300 + ".md", "# Title\n\nWords.")
    assert (len(parsed.name), parsed.name[-3:], parsed.kind) == (120, ".md", "markdown")


def test_files_of_the_same_name_are_told_apart() -> None:
    uploads = [Upload("a.txt", data) for data in (b"First text.", b"Second text.", b"First text.")]
    assert [d.name for d in parse_uploads(uploads).documents] == ["a.txt", "a (2).txt"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We train the model every night and the metrics are logged.", "en"),
        ("Entrenamos el modelo cada noche y las métricas se registran.", "es"),
        ("Modelos entrenados: revisar métricas", "es"),
        ("Trained models: check metrics", "en"),
    ],
)
def test_the_language_is_that_of_the_prose(text: str, language: str) -> None:
    assert document("a.md", text).language == language


def test_code_has_no_language_of_its_own() -> None:
    assert document("a.py", "# el año de la métrica\nx = 1\n").language == "en"


def test_the_same_batch_gives_the_same_blocks() -> None:
    files = [Upload("a.md", b"# T\n\n- one\n- two\n"), Upload("b.html", b"<p>x<p>y")]
    assert parse_uploads(files) == parse_uploads(files)


def test_notebooks_drop_what_they_printed() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Data\n", "Where it comes from."]},
        {"cell_type": "code", "source": "x = 1", "outputs": [{"text": "A" * 9_000_000}]},
        {"cell_type": "code", "source": "\ud800y = 2", "outputs": []},
    ]
    parsed = document("a.ipynb", json.dumps({"cells": cells}))
    assert [(b.text, b.kind, b.locator.heading) for b in parsed.blocks] == [
        ("# Data", "heading", "cell 1 · Data"),
        ("Where it comes from.", "paragraph", "cell 1 · Data"),
        ("x = 1", "code", "cell 2 · Data"),
        ("y = 2", "code", "cell 3 · Data"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("[" * 100_000, "nested"),
        ("[1, 2]", "damaged"),
        ("{'a'", "damaged"),
        ('{"cells": 3}', "dam"),
    ],
)
def test_what_is_no_notebook_is_refused(data: str, words: str) -> None:
    assert words in reason("a.ipynb", data)
