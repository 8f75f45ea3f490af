"""A list's rows: a query, searched, sorted by a heading, read page by page from the last row seen (no total count)."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, or_, select
from sqlalchemy.orm import Session

from marketbook.kit.forms import typed
from marketbook.kit.forms.fields import FormField

Row = dict[str, Any]
Complete = Callable[[Session, list[Row]], None]


@dataclass(frozen=True)
class Order:
    """What is asked of a list.

    Attributes:
        search: A text that one of its text columns must hold; everything where it is empty.
        sort: The column it is sorted by; its id where it is empty.
        descending: From the last to the first.
    """

    search: str = ""
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next ones begin; `after` is None on the last page."""

    rows: list[Row]
    after: tuple[Any, int] | None


@dataclass(frozen=True)
class Rows:
    """Where a list's rows come from.

    Attributes:
        query: Selects `id` and a column for each field, under the fields' names.
        complete: Fills in what no query gives (several values of one row); these cannot be searched or sorted by.
        newest_first: The last id comes first, where nothing else is asked for.
    """

    query: Select[Any]
    complete: Complete | None = None
    newest_first: bool = False
    _table: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make a table of the query, so that its columns can be compared by their names."""
        object.__setattr__(self, "_table", self.query.subquery())

    @property
    def columns(self) -> frozenset[str]:
        """The names of what can be sorted by."""
        return frozenset(self._table.c.keys())

    def page(self, session: Session, order: Order, *, after: tuple[Any, int] | None = None, size: int = 50) -> Page:
        """Read a page.

        Args:
            session: A reading session.
            order: What is asked.
            after: Where the page before ended: `Page.after`.
            size: How many rows.
        """
        column, key = self._sorted_by(order), self._table.c.id
        descending = order.descending or (self.newest_first and not order.sort)
        asked = self._searched(order.search)
        if after is not None:
            asked = asked.where(_beyond(column, key, after, descending=descending))
        found = session.execute(asked.order_by(*_ends(column, key, descending=descending)).limit(size + 1)).mappings()
        rows = [dict(one) for one in found]
        shown = self._completed(session, rows[:size])
        last = shown[-1] if len(rows) > size else None
        return Page(shown, (last[column.name], last["id"]) if last else None)

    def some(self, session: Session, ids: Collection[int]) -> dict[int, Row]:
        """Read the rows of some ids, by id."""
        found: dict[int, Row] = {}
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), 500):
            asked = select(self._table).where(self._table.c.id.in_(wanted[start : start + 500]))
            rows = self._completed(session, [dict(one) for one in session.execute(asked).mappings()])
            found.update({row["id"]: row for row in rows})
        return found

    def _sorted_by(self, order: Order) -> Any:  # noqa: ANN401  # a column
        return self._table.c[order.sort if order.sort in self.columns else "id"]

    def _searched(self, text: str) -> Select[Any]:
        asked = select(self._table)
        texts = [column for column in self._table.c if isinstance(column.type, String)]
        wanted = " ".join(text.split())[:100]
        return asked.where(or_(*(column.icontains(wanted, autoescape=True) for column in texts))) if wanted else asked

    def _completed(self, session: Session, rows: list[Row]) -> list[Row]:
        if self.complete is not None and rows:
            self.complete(session, rows)
        return rows


def version(asked: Sequence[FormField], row: Mapping[str, Any]) -> str:
    """Return what changes whenever one of a row's values does.

    Args:
        asked: The list's fields.
        row: Its values, by field.
    """
    written = json.dumps(typed.write(asked, row), ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def _ends(column: Any, key: Any, *, descending: bool) -> list[Any]:  # noqa: ANN401
    """An id is never empty, and sorting by nothing else lets an index answer."""
    ends = [key] if column is key else [column, key]
    sorted_by = [one.desc() for one in ends] if descending else ends
    return sorted_by if column is key else [column.is_(None), *sorted_by]


def _beyond(column: Any, key: Any, after: tuple[Any, int], *, descending: bool) -> ColumnElement[bool]:  # noqa: ANN401
    """Empty values come last, on SQLite and PostgreSQL alike."""
    value, number = after
    later: ColumnElement[bool] = key < number if descending else key > number
    if column is key:
        return later
    if value is None:
        return and_(column.is_(None), later)
    further: ColumnElement[bool] = column < value if descending else column > value
    return or_(further, and_(column == value, later), column.is_(None))
