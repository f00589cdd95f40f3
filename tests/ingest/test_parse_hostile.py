"""Archives and documents made to hurt: each is refused with its own sentence, or read safely."""

from __future__ import annotations

import io
import re
import stat
import zipfile

import docx
import pytest
from fpdf import FPDF

import ingest.archive
from ingest.parse import Parsed, Upload, parse_uploads


def packed(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def parse(name: str, data: bytes) -> Parsed:
    return parse_uploads([Upload(name, data)])


def reasons(parsed: Parsed) -> dict[str, str]:
    return {refusal.name: refusal.reason.en for refusal in parsed.refused}


def names(parsed: Parsed) -> list[str]:
    return [found.name for found in parsed.documents]


def pdf(text: str = "Some words.", *, password: str | None = None) -> bytes:
    made = FPDF()
    if password:
        made.set_encryption(owner_password="owner", user_password=password)
    made.add_page()
    made.set_font("Helvetica", size=11)
    if text:
        made.cell(0, 10, text)
    return bytes(made.output())


def word() -> bytes:
    data = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Some words.")
    made.save(data)
    return data.getvalue()


def with_part(package: bytes, name: str, change: tuple[bytes, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    assert change[0] in parts[name]
    return packed({**parts, name: parts[name].replace(*change, 1)})


def test_an_archive_is_read_under_its_relative_names() -> None:
    files = {"b.md": "# B", "docs/a.md": "# A", "logo.png": b"\x89PNG\r\n", ".git/config": "x",
             "c/.env": "K=1", "empty.md": "", "plan.pdf": pdf(), "plan.docx": word()}  # fmt: skip
    parsed = parse("p.zip", packed(files))
    assert names(parsed) == ["b.md", "docs/a.md", "plan.docx", "plan.pdf"]
    said = reasons(parsed)
    assert set(said) == {"c/.env", "p.zip"}
    assert "real keys" in said["c/.env"]
    assert "logo.png" in said["p.zip"]


def test_names_that_leave_the_archive_are_listed_and_not_read() -> None:
    files = {"../../etc/cron.md": "x", "/abs.md": "x", "C:\\w.md": "x", "ok.md": "# Fine"}
    parsed = parse("a.zip", packed(files))
    assert names(parsed) == ["ok.md"]
    assert list(reasons(parsed)) == ["etc/cron.md", "abs.md", "w.md"]
    assert all("outside the archive" in why for why in reasons(parsed).values())


def test_links_are_not_followed() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    parsed = parse("a.zip", data.getvalue())
    assert parsed.documents == ()
    assert "link" in reasons(parsed)["link.md"]


def test_a_bomb_is_stopped_while_it_is_read() -> None:
    parsed = parse("a.zip", packed({"a.txt": b"0" * 20_000_000, "ok.md": "# Fine"}))
    assert names(parsed) == ["ok.md"]
    assert "decompression" in reasons(parsed)["a.txt"]


def test_a_declared_size_is_not_trusted() -> None:
    data = bytearray(packed({"a.txt": b"0" * 3_000_000}))
    size = (3_000_000).to_bytes(4, "little")
    patched = bytes(data).replace(size, (10).to_bytes(4, "little"))
    assert patched != bytes(data)
    parsed = parse("a.zip", patched)
    assert parsed.documents == ()
    assert len(parsed.refused) == 1


def test_a_member_over_the_limit_is_refused() -> None:
    parsed = parse("a.zip", packed({"a.txt": b"0" * 50_000_001}))
    assert "50 MB unpacked" in reasons(parsed)["a.txt"]


def test_all_archives_of_a_batch_share_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.archive.Budget, "__init__", _small_budget)
    one = packed({f"{n}.txt": f"text {n} " * 10 for n in range(3)})
    two = packed({f"{n}.md": f"# text {n}" for n in range(3)})
    parsed = parse_uploads([Upload("1.zip", one), Upload("2.zip", two)])
    assert names(parsed) == ["0.txt", "1.txt", "2.txt", "0.md"]
    assert "limit of 500 files" in reasons(parsed)["1.md"]


def _small_budget(self: ingest.archive.Budget) -> None:
    self.files, self.inflated = 4, 10_000


def test_a_directory_beyond_reason_is_not_opened() -> None:
    assert "damaged" in reasons(parse("a.zip", b"PK\x03\x04" + b"PK\x01\x02" * 30_000))["a.zip"]


def test_archives_in_archives_end() -> None:
    data = packed({"deep.md": "# Deep"})
    for level in range(2):
        data = packed({f"in{level}.zip": data})
    assert names(parse("a.zip", data)) == ["in1.zip/in0.zip/deep.md"]
    parsed = parse("a.zip", packed({"in2.zip": data}))
    assert parsed.documents == ()
    assert "3 levels" in next(iter(reasons(parsed).values()))


def test_an_encrypted_member_is_said() -> None:
    data = packed({"a.md": "# A"}, zipfile.ZIP_STORED)
    # The flag of encryption, in the local header and in the directory.
    data = re.sub(rb"(PK\x03\x04..)\x00", b"\\1\x01", data, flags=re.DOTALL)
    data = re.sub(rb"(PK\x01\x02....)\x00", b"\\1\x01", data, flags=re.DOTALL)
    assert "encrypted" in reasons(parse("a.zip", data))["a.md"]


@pytest.mark.parametrize("files", [{}, {"a/": ""}, {"empty.md": ""}])
def test_an_archive_without_documents_is_said(files: dict[str, bytes | str]) -> None:
    assert "no documents" in reasons(parse("a.zip", packed(files)))["a.zip"]


def test_an_office_file_under_another_name_is_refused() -> None:
    for name in ("a.zip", "a.pptx", "a.txt"):
        assert "a Word document" in reasons(parse(name, word()))[name]
    assert "a zip archive" in reasons(parse("a.docx", packed({"x": "y"})))["a.docx"]


def test_the_four_faults_of_a_pdf_are_told_apart() -> None:
    cases = {
        "locked.pdf": (pdf(password="secret"), "password"),
        "scan.pdf": (pdf(""), "OCR"),
        "cut.pdf": (pdf()[:300], "damaged"),
    }
    for name, (data, word_of_reason) in cases.items():
        parsed = parse(name, data)
        assert parsed.documents == ()
        assert word_of_reason in reasons(parsed)[name]


def test_a_pdf_with_only_an_owner_password_is_read() -> None:
    made = FPDF()
    made.set_encryption(owner_password="owner")
    made.add_page()
    made.set_font("Helvetica", size=11)
    made.cell(0, 10, "Open to read.")
    assert parse("a.pdf", bytes(made.output())).documents[0].text == "Open to read."


def test_a_pdf_without_its_end_is_read_with_a_warning() -> None:
    data = pdf()
    cut = data[: data.rindex(b"xref")]
    parsed = parse("a.pdf", cut)
    assert parsed.documents[0].text == "Some words."
    assert "end of 'a.pdf' is missing" in parsed.documents[0].warnings[0].en


def test_a_document_type_definition_in_office_xml_is_refused() -> None:
    entity = b'<!DOCTYPE w [<!ENTITY a "aaaa">]><w:document'
    data = with_part(word(), "word/document.xml", (b"<w:document", entity))
    assert "document type definition" in reasons(parse("a.docx", data))["a.docx"]


def test_office_xml_that_is_none_is_damaged() -> None:
    data = with_part(word(), "word/document.xml", (b"</w:document>", b"</w:other>"))
    assert "damaged" in reasons(parse("a.docx", data))["a.docx"]


def test_an_office_file_that_inflates_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        parts: dict[str, bytes | str] = {n: archive.read(n) for n in archive.namelist()}
    data = packed({**parts, "word/media/image.bin": b"0" * 20_000_000})
    assert "decompression" in reasons(parse("a.docx", data))["a.docx"]


def test_an_office_file_without_text_is_refused() -> None:
    data = io.BytesIO()
    docx.Document().save(data)
    assert "no text" in reasons(parse("a.docx", data.getvalue()))["a.docx"]


def test_html_nested_beyond_reason_is_refused() -> None:
    assert "nested" in reasons(parse("a.html", b"<div>" * 3_000 + b"text"))["a.html"]


@pytest.mark.parametrize(
    "unit",
    ["- ", "> ", "[", "[a]: /x\n", "<!--", "*a_", "`a``b", "|a|b\n|-|-\n", "<div>\n\n", "a\n=\n"],
)
def test_hostile_markdown_ends(unit: str) -> None:
    data = (unit * (100_000 // len(unit)) + "\n\nwords\n").encode()
    parsed = parse("a.md", data)
    assert len(parsed.documents) + len(parsed.refused) == 1
    assert not any("in time" in why for why in reasons(parsed).values())
