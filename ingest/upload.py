"""What comes in: a file in memory, and the limits that it must keep."""

from __future__ import annotations

from dataclasses import dataclass

MAX_FILE = 25_000_000
MAX_BATCH = 100_000_000
MAX_FILES = 500
MAX_INFLATED = 200_000_000
MAX_MEMBER = 50_000_000
MAX_RATIO = 100
# Below this size a high ratio is normal for text.
RATIO_FROM = 1_000_000
MAX_DEPTH = 3
# Folders that hold no documents: version control, environments, caches.
SKIPPED_FOLDERS = frozenset(
    ".git .hg .svn .venv venv .tox .nox node_modules __pycache__ __MACOSX .mypy_cache .ruff_cache "
    ".pytest_cache .ipynb_checkpoints .terraform .eggs .cache .idea site-packages".split()
)


@dataclass(frozen=True)
class Upload:
    """A file in memory. `name` is what the sender called it: text to show, never a path."""

    name: str
    data: bytes


def holds_real_keys(name: str) -> bool:
    """Whether a file by this name holds secrets by custom; found in a folder, it is left alone."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    if not last.startswith(".env"):
        return False
    return not last.endswith((".example", ".sample", ".template", ".dist"))
