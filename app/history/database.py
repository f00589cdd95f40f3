"""The database of conversations and reviews: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, Table, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.schema import CreateColumn

from app.errors import StoreError
from ingest.schema import Text

_ATTEMPTS = 5


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


def prepare(engine: Engine) -> None:
    """Creates the tables; a database of an earlier version gets the columns that it lacks.

    Only ever adds, so that an earlier version can still read what it wrote. Raises StoreError.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return _add_missing(engine)
        except SQLAlchemyError as error:
            # Another process may be adding the same at this moment: what it added is there now.
            if not isinstance(error, DBAPIError) or attempt == _ATTEMPTS - 1:
                raise _failed() from error
    return None


def _add_missing(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    for table in Base.metadata.sorted_tables:
        for statement in _missing_columns(engine, table):
            with engine.begin() as connection:
                connection.execute(text(statement))
        for index in table.indexes:
            index.create(engine, checkfirst=True)


def _missing_columns(engine: Engine, table: Table) -> list[str]:
    there = {column["name"] for column in inspect(engine).get_columns(table.name)}
    name = engine.dialect.identifier_preparer.format_table(table)
    return [
        f"ALTER TABLE {name} ADD COLUMN {CreateColumn(column).compile(dialect=engine.dialect)}"
        for column in table.columns
        if column.name not in there
    ]


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
