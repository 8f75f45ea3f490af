"""Views: rows that a report of records stands on, read out of the record store when they are asked for.

A view is declared like a dataset (`expense.data`), so that a number of a report opens its records as it opens a
dataset's rows. Conditions become SQL: a page of rows costs a page, however many records there are.
"""

import hashlib
import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Select, SelectBase, func, select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.facts.connection import note_source
from marketbook.kit.facts.rows import Condition, Rows
from marketbook.kit.facts.schema import Dataset
from marketbook.kit.store.audit import AuditLog

if TYPE_CHECKING:
    from sqlalchemy.sql.selectable import Subquery

DAY = timedelta(days=1)
_HOUSE = Path(__file__).parents[2]


@dataclass(frozen=True)
class View(Dataset):
    """A declared view.

    Attributes:
        query: The rows; its columns are labelled as the row's fields.
        tables: The tables that it reads: a change in them changes its fingerprint; none named: any change does.
    """

    query: SelectBase = field(kw_only=True, hash=False, compare=False, repr=False)
    tables: tuple[str, ...] = field(kw_only=True, default=())


def read(session: Session, view: View, rows: Rows | None = None) -> pd.DataFrame:
    """Read rows of a view as a frame, and note it as one of the report's sources.

    Args:
        session: A session of either kind.
        view: Which view.
        rows: Which of its rows; None: all.

    Returns:
        One row each, in the order of the view's key; amounts in fen.
    """
    note(session, view)
    query = _chosen(view, rows or Rows(view.name), view.columns)
    frame: pd.DataFrame = _table(view, view.columns, session.execute(query)).to_pandas()
    return frame


def note(session: Session, view: View) -> None:
    """Note a view as one of the report's sources."""
    note_source(view.name, fingerprint(session, view))


def fingerprint(session: Session, view: View) -> str:
    """Return what a view's content is told by: the last change of its tables in the audit log, 16 hex digits."""
    log = AuditLog.__table__.c
    last = select(func.max(log.seq))
    found = session.scalar(last.where(log.table_name.in_(view.tables)) if view.tables else last) or 0
    return hashlib.sha256(f"{view.name}:{found}".encode()).hexdigest()[:16]


def totals(session: Session, view: View, rows: Rows) -> tuple[int, dict[str, int]]:
    """Return how many rows there are, and the sum of each column of amounts."""
    amounts = [name for name in view.open_columns if name.endswith("_minor")]
    chosen = _chosen(view, rows, view.columns, ordered=False).subquery()
    query = select(func.count(), *(func.sum(chosen.c[name]) for name in amounts)).select_from(chosen)
    count, *sums = session.execute(query).one()
    return int(count), {name: int(total or 0) for name, total in zip(amounts, sums, strict=True)}


def latest(session: Session, view: View, rows: Rows, column: str) -> Any:  # noqa: ANN401  # of the column's kind
    """Return the greatest value of a column among some rows; None where there are none."""
    chosen = _chosen(view, rows, view.columns, ordered=False).subquery()
    found = session.scalar(select(func.max(chosen.c[column])))
    return _local(found) if isinstance(found, datetime) else found


def everything() -> dict[str, View]:
    """Return the views of every chapter by name; each declares them in its `data` module."""
    files = sorted(_HOUSE.glob("*/data.py"))
    modules = [importlib.import_module(f"marketbook.{file.parent.name}.data") for file in files]
    return {view.name: view for module in modules for view in getattr(module, "VIEWS", ())}


def page(session: Session, view: View, rows: Rows, *, limit: int, offset: int) -> pa.Table:
    """Return a page of rows, in the order of the view's key."""
    query = _chosen(view, rows, view.open_columns).limit(limit).offset(offset)
    return _table(view, view.open_columns, session.execute(query))


def batches(session: Session, view: View, rows: Rows, *, most: int, chunk: int) -> Iterator[pa.RecordBatch]:
    """Return the first rows in chunks, in the order of the view's key."""
    query = _chosen(view, rows, view.open_columns).limit(most).execution_options(yield_per=chunk)
    for part in session.execute(query).partitions():
        yield from _table(view, view.open_columns, part).to_batches()


def _chosen(view: View, rows: Rows, columns: Sequence[str], *, ordered: bool = True) -> Select[Any]:
    found = view.query.subquery()
    query = select(*(found.c[name] for name in columns))
    query = query.where(*(_holds(found, condition, view.kind(condition.column)) for condition in rows.where))
    return query.order_by(*(found.c[name] for name in view.key)) if ordered else query


def _holds(found: "Subquery", condition: Condition, kind: type) -> ColumnElement[bool]:
    column, values = found.c[condition.column], list(condition.values)
    if kind is datetime and condition.operator != "null":
        return _on_days(column, condition)
    holds: dict[str, Callable[[], ColumnElement[bool]]] = {
        "is": lambda: column == values[0],
        "in": lambda: column.in_(values),
        "out": lambda: column.is_(None) | column.not_in(values),
        "within": lambda: _any(column.between(*span) for span in _pairs(values)),
        "ge": lambda: column >= values[0],
        "le": lambda: column <= values[0],
        "null": lambda: column.is_(None) if values[0] else column.is_not(None),
    }
    return holds[condition.operator]()


def _on_days(column: ColumnElement[Any], condition: Condition) -> ColumnElement[bool]:
    """A moment is compared by its day in the company's time zone."""
    values = [value for value in condition.values if isinstance(value, date)]
    if condition.operator == "ge":
        return column >= _midnight(values[0])
    if condition.operator == "le":
        return column < _midnight(values[0] + DAY)
    spans = _pairs(values) if condition.operator == "within" else [(value, value) for value in values]
    held = _any((column >= _midnight(first)) & (column < _midnight(last + DAY)) for first, last in spans)
    return column.is_(None) | ~held if condition.operator == "out" else held


def _any(parts: Iterator[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = next(parts)
    for part in parts:
        found = found | part
    return found


def _pairs(values: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(values[::2], values[1::2], strict=True))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), settings().zone)


def _table(view: View, columns: Sequence[str], rows: Any) -> pa.Table:  # noqa: ANN401  # a result or a part of it
    schema = pa.schema([view.schema.field(name) for name in columns])
    return pa.Table.from_pylist([_plain(row._mapping) for row in rows], schema=schema)  # noqa: SLF001  # SQLAlchemy's public name


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _local(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _local(moment: datetime) -> datetime:
    return moment.astimezone(settings().zone).replace(tzinfo=None)
