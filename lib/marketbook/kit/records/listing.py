"""Lists of records, a page at a time: by the id of the last one, never by counting over those before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from marketbook.kit.records.record import Record


@dataclass(frozen=True)
class Listed:
    """A record in a list."""

    id: int
    type: str
    number: str
    title: str
    status: str
    category: str
    owner_id: int
    amount_minor: int | None
    version: int
    entered_at: datetime


@dataclass(frozen=True)
class Page:
    """A page of a list, the newest first; `next` is None on the last one."""

    rows: list[Listed]
    next: int | None


def page(
    session: Session, *where: ColumnElement[bool], type: str = "", status: str = "", owner_id: int | None = None,  # noqa: A002
    before: int | None = None, size: int = 50,
) -> Page:  # fmt: skip
    """Return a page of records.

    Args:
        session: A session of either kind.
        where: Further conditions on `Record`.
        type: Of which type; of every one where it is empty.
        status: In which status.
        owner_id: Whose.
        before: Where the page before ended.
        size: How many rows a page has.
    """
    query = _columns().where(*where)
    for column, wanted in ((Record.type, type), (Record.status, status), (Record.owner_id, owner_id)):
        if wanted:
            query = query.where(column == wanted)
    if before is not None:
        query = query.where(Record.id < before)
    found = session.execute(query.order_by(Record.id.desc()).limit(size + 1)).mappings()
    rows = [Listed(**row) for row in found]
    return Page(rows[:size], rows[size - 1].id if len(rows) > size else None)


def find(session: Session, *, number: str) -> Listed | None:
    """Return the record with a number."""
    row = session.execute(_columns().where(Record.number == number)).mappings().first()
    return Listed(**row) if row else None


def _columns() -> Select[Any]:
    return select(*(getattr(Record, name) for name in Listed.__dataclass_fields__))
