"""The lab's extract of the records: read only, without contact data, and with numbers of customers that nobody knows.

On SQLite it is a file of its own beside the store; on PostgreSQL it is views in the schema `lab`, which the role
`marketbook_lab` may read, and nothing else. Either has the store's tables and columns, so that notebooks and `read_..`
functions work on it as they are. Customers are shuffled anew each time: a number of one extract says nothing of
another, and nothing of the card. Once there is one it is made anew every day (`renew`).
"""

import random
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Column, Connection, Table, text
from sqlalchemy.exc import DBAPIError

from marketbook.app import history  # noqa: F401  # declares its table
from marketbook.app.lab_columns import NAMED, TEXTS, TITLED, TOLD
from marketbook.kit.errors import ConfigError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import daily, types
from marketbook.kit.store import SETUP, Base, Store

ROLE, SCHEMA, KEYS = "marketbook_lab", "lab", "lab_keys"
NAME = "lab.db"
LOCK_SECONDS = 10
"""How long PostgreSQL waits for who reads the extract before: writers of records wait meanwhile."""
ABANDONED_SECONDS = 86_400
"""After how long the folder of an extract that was never finished is taken away."""
PEOPLE = frozenset({"party", "customer"})
"""Whose ids are people's numbers: so is every column that refers to them."""

CONTACT = r"[^ ]+@[^ ]+|[+]?[0-9][0-9 -]{5,}[0-9]"
"""What a title that is kept never shows: addresses, and numbers long enough to reach somebody by."""


def make(store: Store) -> str:
    """Make the extract anew, in place of the one before.

    Args:
        store: The records; its tables are up to date.

    Returns:
        The URL by which the lab reads it: `MARKETBOOK_STORE_URL` of whoever works there.

    Raises:
        ConfigError: The role cannot be made by who asks for it, or somebody reads the extract without end.
    """
    types.load()
    return _views(store) if store.file is None else _copy(store.file)


def renew(store: Store, _day: date) -> None:
    """Make the extract anew where there is one: who has never asked for one has no copy of the records.

    Raises:
        ConfigError: As for `make`; the extract before stays as it was.
    """
    if is_there(store):
        make(store)


def is_there(store: Store) -> bool:
    """Tell whether an extract was made."""
    if store.file is not None:
        return store.file.with_name(NAME).exists()
    with store.reading() as session:
        known = text("SELECT count(*) FROM information_schema.schemata WHERE schema_name = :name")
        return bool(session.scalar(known, {"name": SCHEMA}))


def _copy(file: Path) -> str:
    """Copy what the lab may read into a file of its own, which takes the place of the one before when it is whole."""
    made = file.with_name(NAME)
    _tidy(file.parent)
    with TemporaryDirectory(prefix=f"{NAME}.", dir=file.parent) as folder:
        fresh = Path(folder) / NAME
        _fill(fresh, file)
        fresh.chmod(0o440)
        for log in ("-wal", "-shm"):  # of whoever may write, and reads the one before: they would be read with this one
            made.with_name(NAME + log).unlink(missing_ok=True)
        fresh.replace(made)
    return f"sqlite:///{made.resolve()}"


def _tidy(folder: Path) -> None:
    """Take away what processes left that were ended while they made an extract."""
    for left in folder.glob(f"{NAME}.*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(left)


def _fill(fresh: Path, file: Path) -> None:
    with closing(sqlite3.connect(fresh, isolation_level=None, uri=True)) as connection:
        connection.create_function("hidden", 1, _hidden, deterministic=True)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("ATTACH ? AS store", (f"{file.resolve().as_uri()}?mode=ro",))
        connection.execute("BEGIN")
        connection.execute("CREATE TEMP TABLE numbers (old INTEGER PRIMARY KEY, new INTEGER)")
        people = connection.execute("SELECT id, kind FROM store.party ORDER BY id").fetchall()
        connection.executemany("INSERT INTO numbers VALUES (?, ?)", _shuffled(people))
        for table in tables():
            connection.execute(f"CREATE TABLE {_quoted(table.name)} AS {reading(table, 'store.', 'temp.numbers')}")
            for name, columns in _indexes(table):
                connection.execute(f"CREATE INDEX {name} ON {_quoted(table.name)} ({columns})")
        connection.execute("COMMIT")
        connection.execute("DROP TABLE temp.numbers")
        connection.execute("ANALYZE main")


def _views(store: Store) -> str:
    """Make views of what the lab may read, and let the lab's role read them."""
    try:
        with store.writing(actor=SETUP) as session:
            _build(session.connection())
    except DBAPIError as error:
        raise _refusal(error) from None
    options = {"options": f"-csearch_path={SCHEMA}"}
    return store.url.set(drivername="postgresql", username=ROLE, password=None, query=options).render_as_string()


def _refusal(error: DBAPIError) -> Exception:
    state = getattr(error.orig, "sqlstate", "")
    if state == "42501":
        told = _("The role {role} cannot be made by who is signed in to the database; create it as its administrator.")
        return ConfigError(told.format(role=ROLE))
    if state == "55P03":
        return ConfigError(_("Somebody reads the lab's extract just now; it stays as it was."))
    return error


def _build(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    if not connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": ROLE}):
        connection.execute(text(f"CREATE ROLE {ROLE} NOLOGIN"))
    for name in (SCHEMA, KEYS):
        connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {name}"))
    connection.execute(text(f"CREATE TABLE {KEYS}.numbers (old integer PRIMARY KEY, new integer NOT NULL)"))
    people = connection.execute(text("SELECT id, kind FROM public.party ORDER BY id")).all()
    rows = [{"old": old, "new": new} for old, new in _shuffled([(one.id, one.kind) for one in people])]
    if rows:
        connection.execute(text(f"INSERT INTO {KEYS}.numbers VALUES (:old, :new)"), rows)
    connection.execute(text(f"CREATE FUNCTION {KEYS}.hidden(said text) RETURNS text IMMUTABLE LANGUAGE sql "
                            f"AS $$ SELECT regexp_replace(said, '{CONTACT}', '…', 'g') $$"))  # fmt: skip
    for table in tables():
        chosen = reading(table, "public.", f"{KEYS}.numbers").replace("hidden(", f"{KEYS}.hidden(")
        connection.exec_driver_sql(f"CREATE VIEW {SCHEMA}.{_quoted(table.name)} AS {chosen}".replace("%", "%%"))
    connection.execute(text(f"REVOKE ALL ON SCHEMA public FROM {ROLE}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {ROLE}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {ROLE}"))


def tables() -> list[Table]:
    """Return the store's tables; of those of which the lab reads nothing there are the columns, and no row."""
    return [Base.metadata.tables[name] for name in sorted(Base.metadata.tables)]


def reading(table: Table, where: str, numbers: str) -> str:
    """Write the query of what the lab reads of a table.

    Args:
        table: Which one.
        where: Before its name: a schema or a file, with a point.
        numbers: The table of the numbers of people, old and new.
    """
    if table.name not in TEXTS:
        return f"SELECT * FROM {where}{_quoted(table.name)} WHERE 1 = 0"
    chosen = ", ".join(f"{_chosen(table, one, numbers)} AS {_quoted(one.name)}" for one in table.columns)
    known = f" JOIN {numbers} AS k ON k.old = t.id" if table.name in PEOPLE else ""
    return f"SELECT {chosen} FROM {where}{_quoted(table.name)} AS t{known}"


def _chosen(table: Table, column: Column[object], numbers: str) -> str:
    name, kept = f"t.{_quoted(column.name)}", column.name in TEXTS[table.name]
    if _is_person(table, column):
        own = column.primary_key and table.name in PEOPLE
        return "k.new" if own else f"(SELECT new FROM {numbers} WHERE old = {name})"
    if (table.name, column.name) in TOLD:
        return TOLD[table.name, column.name]
    if (table.name, column.name) == ("party", "name"):
        return f"CASE WHEN t.kind IN ({_listed(NAMED)}) THEN t.name ELSE t.kind || ' ' || k.new END"
    if (table.name, column.name) == ("record", "title"):
        return f"CASE WHEN t.type IN ({_listed(TITLED)}) THEN hidden(t.title) ELSE t.number END"
    if kept or not _is_text(column):
        return name
    return "NULL" if column.nullable else "'{}'" if "JSON" in type(column.type).__name__ else "''"


def _is_person(table: Table, column: Column[object]) -> bool:
    refers = {key.column.table.name for key in column.foreign_keys}
    return bool(refers & PEOPLE) or (table.name in PEOPLE and column.primary_key)


def _is_text(column: Column[object]) -> bool:
    """Whether a column holds text, or anything that may: JSON too; days and moments are no text."""
    kind = type(column.type).__name__
    return kind not in ("Integer", "BigInteger", "Boolean", "Date", "Moment", "Double", "Minor")


def _shuffled(people: list[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Return each person's number in the extract: customers change places, everybody else stays."""
    customers = [number for number, kind in people if kind == "customer"]
    others = customers.copy()
    random.SystemRandom().shuffle(others)
    yield from zip(customers, others, strict=True)
    yield from ((number, number) for number, kind in people if kind != "customer")


def _indexes(table: Table) -> Iterator[tuple[str, str]]:
    """Return what the extract is looked up by: its keys, and what refers to others."""
    keys = [one.name for one in table.primary_key.columns]
    yield f"pk_{table.name}", ", ".join(map(_quoted, keys))
    for column in table.columns:
        if column.foreign_keys and [column.name] != keys:
            yield f"ix_{table.name}_{column.name}", _quoted(column.name)


def _hidden(said: str | None) -> str | None:
    return None if said is None else re.sub(CONTACT, "…", said)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


daily.register_apart("lab-extract", renew)
