"""The one error tree. Each error says one sentence and one hint, in both languages.

ExpertError                     ingest/errors.py
├── KnowledgeError              the curated knowledge does not load
├── DocumentError               a user's file cannot be read
├── ModelFileError              the embedding model's files are missing or damaged
├── IndexFault                  the index is missing, damaged, locked or cannot be written
├── BadInput                    a question, option or brief that cannot be used
├── SettingError                a setting that is unknown or out of bounds
├── StoreError                  conversations cannot be read or written (exit code 3)
└── ModelError                  the LLM endpoint (exit code 3)
    ├── ModelUnreachable        nobody answers there
    ├── ModelRefused            wrong key, unknown model, too long a prompt
    ├── ModelBusy               429 or 5xx after the retries
    ├── ModelUnexpected         something that is no answer
    └── ModelCut                the stream ended early; `.partial` holds what came
"""

from __future__ import annotations

from ingest.errors import DocumentError, ExpertError, IndexFault, KnowledgeError, ModelFileError
from ingest.schema import Text

__all__ = [
    "BadInput",
    "DocumentError",
    "ExpertError",
    "IndexFault",
    "KnowledgeError",
    "ModelBusy",
    "ModelCut",
    "ModelError",
    "ModelFileError",
    "ModelRefused",
    "ModelUnexpected",
    "ModelUnreachable",
    "SettingError",
    "StoreError",
]


class BadInput(ExpertError):
    """A question, option or brief that cannot be used."""


class SettingError(ExpertError):
    """A setting that is unknown or out of bounds."""


class StoreError(ExpertError):
    """Conversations cannot be read or written."""

    exit_code = 3


class ModelError(ExpertError):
    """The LLM endpoint failed."""

    exit_code = 3


class ModelUnreachable(ModelError):
    """Nobody answers at the endpoint."""


class ModelRefused(ModelError):
    """The endpoint refuses: wrong key, unknown model, too long a prompt."""


class ModelBusy(ModelError):
    """429 or 5xx after the retries."""


class ModelUnexpected(ModelError):
    """The endpoint sent something that is no answer."""


class ModelCut(ModelError):
    """The stream ended before the answer did."""

    def __init__(self, says: Text, hint: Text, partial: str = "") -> None:
        super().__init__(says, hint)
        self.partial = partial
