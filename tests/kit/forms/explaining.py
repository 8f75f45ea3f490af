"""How an engine means to read a page of a list: whether an index gives its order, or all rows are read and sorted."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from marketbook.kit.forms.rows import Order, Rows
from marketbook.kit.store import Store


def faults(store: Store, rows: Rows, order: Order) -> list[str]:
    """Return the steps of the first and of a later page that sort or read a whole table."""
    found = []
    for after in (None, _somewhere(order)):
        with store.reading() as session:
            _indexes_alone(session)
            with _statements(session) as asked:
                rows.page(session, order, after=after)
            found += [step for asked_, told in asked for step in _faults(asked_, _plan(session, asked_, told))]
    return found


def _faults(asked: str, steps: list[str]) -> list[str]:
    """A table that SQLite goes through in the order of its own ids is left as soon as the page is full."""
    sorts = [step for step in steps if _sorts(step)]
    whole = [] if " IS NULL" in asked else [step for step in steps if is_read_whole(step)]
    in_order = not sorts and " ORDER BY " in asked and whole == steps[:1] and whole[0].startswith("SCAN ")
    return sorts if in_order else [*sorts, *whole]


@contextmanager
def crowded(store: Store) -> Iterator[None]:
    """Have SQLite believe that there are millions of records, as many of each type: so it reckons in a large store."""
    if store.file is None:
        yield
        return
    with sqlite3.connect(store.file) as connection:
        connection.execute("ANALYZE")
        found = connection.execute("SELECT rowid, stat FROM sqlite_stat1 WHERE tbl = 'record'").fetchall()
        for row, stat in found:
            rest = [str(int(one) * MANY) if int(one) > 1 else one for one in stat.split()]
            connection.execute("UPDATE sqlite_stat1 SET stat = ? WHERE rowid = ?", (" ".join(rest), row))
    store.close()
    yield
    with sqlite3.connect(store.file) as connection:
        connection.execute("DROP TABLE sqlite_stat1")
    store.close()


@contextmanager
def plans(session: Session) -> Iterator[list[str]]:
    """Gather the steps by which an engine means to answer what is asked, if it had indexes alone."""
    _indexes_alone(session)
    steps: list[str] = []
    with _statements(session) as asked:
        yield steps
    steps += [step for asked_, parameters in asked for step in _plan(session, asked_, parameters)]


def _somewhere(order: Order) -> Any:
    """A place that a page may have ended at."""
    if order.sort.endswith("_on"):
        return date(2026, 1, 1), 7
    return 7 if order.sort in ("", "id", "seq", "amount_minor") else "7", 7


def _indexes_alone(session: Session) -> None:
    """PostgreSQL would read small tables whole, whatever indexes there are."""
    if session.get_bind().dialect.name == "postgresql":
        for way in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))


@contextmanager
def _statements(session: Session) -> Iterator[list[tuple[str, Any]]]:
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        found.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


def _plan(session: Session, statement: str, parameters: Any) -> list[str]:
    sqlite = session.get_bind().dialect.name == "sqlite"
    asked = f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{statement}"
    return [str(row[-1]) for row in session.connection().exec_driver_sql(asked, parameters)]


def _sorts(step: str) -> bool:
    return "TEMP B-TREE" in step or "Sort " in step


def is_read_whole(step: str) -> bool:
    """Rows without a value in a column that always has one are none: SQLite calls that a scan, and reads nothing."""
    sqlite = "INDEX" not in step and any(step.startswith(f"SCAN {table}") for table in LONG)
    return sqlite or any(f"Seq Scan on {table}" in step for table in LONG)


MANY = 1_000_000

LONG = ("record", "expense_claim", "activity")
"""Long tables; the log is read in its own order, which SQLite calls a scan too."""
