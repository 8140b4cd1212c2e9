"""The only place that opens the database: pragmas, transactions, migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import StoreError, ValuesRefusedError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
LOCK_WAIT_MS = 30_000
"""How long one process waits for another's write on SQLite before it gives up and tries again later."""


class Database:
    """One database; every read and every write goes through a `Connection` from here."""

    def __init__(self, url: str) -> None:
        """`StoreError` where it is no URL of a database known here; whether that answers is seen at the first read."""
        with _known_here():
            self.engine = create_engine(_driver(url), pool_pre_ping=not url.startswith("sqlite"))
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_pragmas)
            event.listen(self.engine, "begin", _begin)
        self._writer = self.engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with _ours(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is on disk when the block ends, or none of it."""
        with _ours(self._writer) as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the schema to this version; safe to run by several processes at once."""
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7225)")
            config = _alembic()
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StoreError("database: made by a newer version of this program; install that one") from error

    def schema_versions(self) -> tuple[str | None, str | None]:
        """The schema's version in the database, and the one this program wants."""
        with self.reading() as connection:
            here = MigrationContext.configure(connection).get_current_revision()
        return here, ScriptDirectory.from_config(_alembic()).get_current_head()

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _known_here() -> Iterator[None]:
    """A URL that cannot be read, of a database that SQLAlchemy does not know or that has no driver here."""
    try:
        yield
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise StoreError("database: SAKSGANG_DATABASE is no URL of a database known here") from error


@contextmanager
def _ours(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        kind = ValuesRefusedError if _refuses_values(error) else StoreError
        raise kind(f"database: {type(error).__name__}: {_first_line(error)}") from error
    except (OverflowError, UnicodeError) as error:  # sqlite3's word for a number or a text that it cannot hold
        raise ValuesRefusedError(f"database: {type(error).__name__}") from error


def _refuses_values(error: SQLAlchemyError) -> bool:
    """Whether waiting will not help. PostgreSQL files a value too long for an index under "program limit" (SQLSTATE 54)."""
    over_a_limit = str(getattr(getattr(error, "orig", None), "sqlstate", None)).startswith("54")
    return over_a_limit or isinstance(error, DataError | IntegrityError)


def _first_line(error: SQLAlchemyError) -> str:
    """What the driver said, without the statement's values: those may be mail text."""
    cause = getattr(error, "orig", None)
    return str(cause or type(error).__name__).splitlines()[0]


def read_url(url: str) -> URL:
    """`StoreError` where it is none."""
    with _known_here():
        return make_url(url)


def shown_url(url: str) -> str:
    """A database's URL as people may see it: no password, and nothing of the query, where another may stand."""
    return read_url(url).set(query={}).render_as_string(hide_password=True)


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={LOCK_WAIT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",  # a commit survives a power cut: the mailbox is touched right after it
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Writers take the lock at once: a read that turns into a write would fail where another wrote between."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
