"""The database of conversations and reviews: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from app.errors import StoreError
from ingest.schema import Text


class Base(DeclarativeBase):
    """All tables of the database."""


def open_engine(url: str) -> Engine:
    """The database at a SQLAlchemy URL. Raises StoreError."""
    try:
        parsed = make_url(url)
        if parsed.drivername.startswith("sqlite") and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, ImportError, OSError) as error:
        raise _failed() from error
    if parsed.drivername.startswith("sqlite"):
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    """Readers do not wait for the writer, and a second writer waits instead of failing."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@contextmanager
def translated() -> Iterator[None]:
    """What the database raises, as StoreError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _failed() from error


def _failed() -> StoreError:
    return StoreError(
        Text(
            en="The conversation database cannot be read or written.",
            es="No se puede leer o escribir la base de datos de conversaciones.",
        ),
        Text(
            en="Check MLEXPERT_DATABASE_URL, and permissions and space of the data folder.",
            es="Revisa MLEXPERT_DATABASE_URL y los permisos y el espacio de la carpeta de datos.",
        ),
    )


def now() -> str:
    """This moment in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
