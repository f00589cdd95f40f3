"""The root of the one error tree (drawn in app/errors.py) and the errors of ingest.

Every error says one sentence and one hint, in both languages, fit for a reader.
"""

from __future__ import annotations

from ingest.schema import Language, Text


class ExpertError(Exception):
    """Something a reader can meet: what happened and what to do."""

    exit_code = 2

    def __init__(self, says: Text, hint: Text) -> None:
        super().__init__(f"{says.en} {hint.en}")
        self.says = says
        self.hint = hint

    def in_language(self, language: Language) -> str:
        return f"{self.says.in_language(language)} {self.hint.in_language(language)}"


class KnowledgeError(ExpertError):
    """The curated knowledge does not load."""


class DocumentError(ExpertError):
    """A user's file cannot be read."""


class ModelFileError(ExpertError):
    """The embedding model's files are missing or damaged."""


class IndexFault(ExpertError):
    """The index is missing, damaged, locked or cannot be written."""
