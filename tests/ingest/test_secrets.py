"""Secrets in documents: found by kind and line, never shown; placeholders are none."""

from __future__ import annotations

import socket

import pytest

from ingest.parse import Upload, parse_uploads
from ingest.secrets import SecretLine, find_secrets


def secrets_of(name: str, text: str) -> list[tuple[str, int]]:
    parsed = parse_uploads([Upload(name, text.encode())])
    return [(found.kind, found.line) for found in find_secrets(parsed.documents)]


AWS = "AKIA" + "Q3EGXZ7WLTP5MNBD"
GITHUB = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f"aws_access_key_id = {AWS}", "AWS Access Key"),
        (f"token: {GITHUB}", "GitHub Token"),
        ("-----BEGIN RSA PRIVATE KEY-----", "Private Key"),
        ("url = postgresql://ml:h4rdT0guess@db.internal/ml", "Basic Auth Credentials"),
        ("DB_PASSWORD=correcthorse", "Secret Keyword"),
        ('password = "hunter2hunter2"', "Secret Keyword"),
        ("api_key: 9f8e7d6c5b4a", "Secret Keyword"),
        ('x = "q8Zr3LkV0tYw7HsB2nXe5JmUa9Pd4GcF1oRi6T"', "High Entropy String"),
    ],
)
def test_a_secret_is_found_with_its_kind_and_line(line: str, kind: str) -> None:
    found = secrets_of("notes.md", f"# Set up\n\nRun this:\n\n    {line}\n")
    assert (kind, 5) in found


@pytest.mark.parametrize(
    "line",
    [
        "password: ${DB_PASSWORD}",
        "password: <your password>",
        "api_key: your-api-key-1",
        "OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxx",
        'password = os.environ["DB_PASSWORD"]',
        "password = get_secret(name)",
        "password: changeme123",
        "secret: {{ .Values.secretName1 }}",
        "Secrets are kept in Vault, and the password: never in the code.",
        "The key: a model of 2024 that everyone knows.",
        "secretName: db-credentials",
        'image = "registry.example.org/team/model:1.2.3"',
        'commit = "9fceb02d0ae598e95dc970b74767f19372d61af8"',
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        "postgresql://user:${PASSWORD}@db/ml",
    ],
)
def test_placeholders_and_prose_are_no_secrets(line: str) -> None:
    assert secrets_of("notes.md", f"{line}\n") == []


def test_lines_of_code_and_html_are_those_of_the_file() -> None:
    assert secrets_of("a.yaml", f"\n\nkey: {AWS}\n") == [("AWS Access Key", 3)]
    assert secrets_of("a.html", f"<html>\n<body>\n\n<p>Key {AWS}</p>") == [("AWS Access Key", 4)]


def test_a_secret_deep_in_a_long_line_is_found_once() -> None:
    assert secrets_of("a.txt", "word " * 1_199 + AWS + " word" * 900) == [("AWS Access Key", 1)]


def test_the_value_is_nowhere_and_nothing_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = parse_uploads([Upload("a.md", f"{GITHUB}\n{AWS} and {AWS}\n".encode())])

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    found = find_secrets(parsed.documents)
    assert found == (
        SecretLine("a.md", "GitHub Token", 1),
        SecretLine("a.md", "AWS Access Key", 2),
    )
    assert GITHUB not in repr(found)


def test_lock_files_hold_hashes_and_no_secrets() -> None:
    line = '"integrity": "q8Zr3LkV0tYw7HsB2nXe5JmUa9Pd4GcF1oRi6T"'
    assert secrets_of("package-lock.json", line) == []
