"""The store's engine and sessions. Nothing is opened before the first session: a forked kernel opens its own.

SQLAlchemy begins each transaction by an event here, so that reading really is read-only and a writer takes the lock
before its first statement: a lock taken half-way through a transaction deadlocks.
"""

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from marketbook.kit.errors import ConfigError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.store.actor import named

BUSY_SECONDS = 30
WRITERS_LOCK = 0x6D61726B6574
"""The PostgreSQL advisory lock that every writing transaction takes first."""


class Store:
    """The records at one SQLAlchemy URL.

    Example:
        >>> Store("postgresql://localhost/market").url.drivername
        'postgresql+psycopg'
    """

    def __init__(self, url: str) -> None:
        """Name the store; nothing is opened yet.

        Raises:
            ConfigError: The URL names neither SQLite nor PostgreSQL.
        """
        self.url = _supported(url)

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None where the store is a PostgreSQL database."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    @cached_property
    def engine(self) -> Engine:
        """The engine, made at first use."""
        if self.file:
            return _sqlite(self.url, self.file)
        engine = create_engine(self.url, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "begin", _begin_on_postgresql)
        event.listen(engine, "handle_error", _without_the_row)
        return engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that may only read.

        Raises:
            RecordError: The SQLite file is not there yet.
        """
        if self.file and not self.file.exists():
            raise RecordError(
                _("The record store is not there yet ({file}); 'marketbook run' makes it.").format(file=self.file)
            )
        engine = self.engine.execution_options(writing=False)
        with Session(engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self, *, actor: int | str | None = None) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on an error; one writer at a time.

        Args:
            actor: The party who writes, or a text that starts with `system`; by default whom this kernel serves.
        """
        engine = self.engine.execution_options(writing=True, actor=named(actor))
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def upgrade(self) -> None:
        """Bring the tables up to date, in one transaction; costs next to nothing when they are."""
        from marketbook.kit.store import migrations  # Alembic is slow to import

        migrations.upgrade(self.engine)

    def close(self) -> None:
        """Close the connections that are open; the next session opens its own."""
        if "engine" in self.__dict__:
            self.engine.dispose()
            del self.__dict__["engine"]


def _supported(url: str) -> URL:
    try:
        made = make_url(url)
    except ArgumentError:
        raise ConfigError(_refused(url)) from None
    if made.get_backend_name() == "postgresql":
        return made.set(drivername="postgresql+psycopg")
    if made.get_backend_name() != "sqlite" or made.database in (None, "", ":memory:"):
        raise ConfigError(_refused(url))
    return made


def _refused(url: str) -> str:
    return _("store_url: {url!r} cannot be used; allowed are sqlite:///FILE and postgresql://HOST/DATABASE.").format(
        url=url
    )


def _sqlite(url: URL, file: Path) -> Engine:
    file.parent.mkdir(parents=True, exist_ok=True)
    patient = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=patient, hide_parameters=True)
    event.listen(engine, "connect", _connect_to_sqlite)
    event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def _connect_to_sqlite(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ANN401  # the pool's
    connection.isolation_level = None  # the driver would begin transactions of its own
    about = record.info
    connection.create_function("acting", 0, lambda: about.get("actor"))
    connection.create_function("sha256_hex", 1, _sha256_hex, deterministic=True)
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    _keep_a_write_ahead_log(connection)


def _keep_a_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Turn on write-ahead logging; SQLite itself waits for nobody here, so that two who make a store at once clash.

    A file that this user may only read, such as the lab's extract, needs none.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                return
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_on_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.info["actor"] = connection.get_execution_options().get("actor") if writing else None
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _without_the_row(context: ExceptionContext) -> None:
    """PostgreSQL tells the refused row in a second line, which no log may hold; nor does it hold the parameters."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])


def _begin_on_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writing", False):
        connection.info["actor"] = options.get("actor")
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({WRITERS_LOCK}), set_config('marketbook.actor', %s, true)",
            (options.get("actor") or "",),
        )
    else:
        connection.info["actor"] = None
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _sha256_hex(text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()
