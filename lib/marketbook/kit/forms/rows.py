"""A list's rows: a query, searched, sorted by a heading, read page by page from the last row seen (no total count).

A page of a long list is read in the order of an index until it is full. Where what is asked for is rare, that would
read the whole list: so whatever names few rows, an index of what is looked for or of whose the rows are, is read first,
and those few are sorted.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, String, func, or_, select
from sqlalchemy.orm import Session

from marketbook.kit.forms import typed
from marketbook.kit.forms.fields import FormField
from marketbook.kit.forms.reading import AT_ONCE, EVERYTHING, Place, Reading, Row
from marketbook.kit.records.search import folded

__all__ = ["LONGEST", "MOST", "Complete", "Hits", "Leaving", "Order", "Page", "Place", "Row", "Rows", "version"]

Complete = Callable[[Session, list[Row]], None]
Hits = Callable[[Session, str], Select[Any]]

FEW = 5_000
"""So many rows are looked up and sorted about as fast as a page is read in the order of an index."""
LONGEST = 100
"""How many letters of what is looked for count."""
MOST = 20_000
"""How many rows leave as a workbook, and come back, at once."""


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
    after: Place | None


@dataclass(frozen=True)
class Leaving:
    """What leaves of a list, where others have a say in it.

    Attributes:
        rows: Those that may.
        text: What is told of it.
    """

    rows: Sequence[Row]
    text: str


@dataclass(frozen=True)
class Rows:
    """Where a list's rows come from.

    Attributes:
        query: Selects `id` and a column for each field, under the fields' names.
        complete: Fills in what no query gives (several values of one row); these cannot be searched or sorted by.
        newest_first: The last id comes first, where nothing else is asked for.
        texts: The columns that are searched; all that are texts where none is given, and no search where it is empty.
        hits: Returns a query of the ids that have a text in one of these columns, from an index; a list without is
            searched row by row, so it must be short.
        few: A query of the ids of its rows (or of more), where these may be few among many.
        sorts: The columns that it can be sorted by, which an index must answer in a long list; all where none is given.
        as_entered: Those of them that have the same order as the ids, such as a number that is given at entry.
        keys: For columns of another table than the id's: the column that is the id in that table.
        always: What one of the columns always is, with which the indexes of all columns but those of `keys` begin.
    """

    query: Select[Any]
    complete: Complete | None = None
    newest_first: bool = False
    texts: Collection[str] | None = None
    hits: Hits | None = None
    few: Select[Any] | None = None
    sorts: Collection[str] | None = None
    as_entered: Collection[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    always: tuple[str, str] | None = None
    _table: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make a table of the query, so that its columns can be compared by their names."""
        object.__setattr__(self, "_table", self.query.subquery())

    @property
    def columns(self) -> frozenset[str]:
        """The names of what can be sorted by."""
        there = frozenset(self._table.c.keys())
        return there if self.sorts is None else there & {*self.sorts, "id"}

    @property
    def searches(self) -> bool:
        """Whether it can be searched."""
        return self.texts is None or bool(self.texts)

    def page(self, session: Session, order: Order, *, after: Place | None = None, size: int = 50) -> Page:
        """Read a page.

        Args:
            session: A reading session.
            order: What is asked.
            after: Where the page before ended: `Page.after`.
            size: How many rows.
        """
        rows = self._reading(session, order).rows(after, size + 1)
        shown = self._completed(session, rows[:size])
        last = shown[-1] if len(rows) > size else None
        return Page(shown, (last[self._sorted_by(order)], last["id"]) if last else None)

    def some(self, session: Session, ids: Collection[int]) -> dict[int, Row]:
        """Read the rows of some ids, by id."""
        found: dict[int, Row] = {}
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), AT_ONCE):
            asked = select(self._table).where(self._table.c.id.in_(wanted[start : start + AT_ONCE]))
            rows = self._completed(session, [dict(one) for one in session.execute(asked).mappings()])
            found.update({row["id"]: row for row in rows})
        return found

    def _sorted_by(self, order: Order) -> str:
        return order.sort if order.sort in self.columns and order.sort not in self.as_entered else "id"

    def _reading(self, session: Session, order: Order) -> Reading:
        """Choose how it is read: what names few rows decides, else a text is looked for on the way."""
        text = order.search[:LONGEST] if self.searches and folded(order.search) else ""
        hits = self.hits(session, text) if self.hits and text else None
        for ids, rest in ((hits, ""), (self.few, text)):
            if ids is not None and _are_few(session, ids):
                some = select(self._table).where(self._table.c.id.in_(ids))
                return replace(self._way(session, order, some.limit(EVERYTHING).subquery(), rest), gathered=True)
        return self._way(session, order, self._table, text, hits)

    def _way(
        self, session: Session, order: Order, of: FromClause, text: str, hits: Select[Any] | None = None
    ) -> Reading:
        name, asked = self._sorted_by(order), select(of)
        if text and not self.hits:
            asked, text = asked.where(self._has(of, text)), ""
        if self.always is not None and name not in self.keys:
            asked = asked.where(of.c[self.always[0]] == self.always[1])
        descending = order.descending or (self.newest_first and not order.sort)
        key = of.c[self.keys.get(name, "id")]
        return Reading(session, self._table, asked, of.c[name], key, descending, folded(text), self._texts(), hits)

    def _texts(self) -> list[str]:
        every = [column.name for column in self._table.c if isinstance(column.type, String)]
        return every if self.texts is None else [*self.texts]

    def _has(self, of: FromClause, text: str) -> ColumnElement[bool]:
        wanted = " ".join(text.split())
        return or_(*(of.c[name].icontains(wanted, autoescape=True) for name in self._texts()))

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


def _are_few(session: Session, ids: Select[Any]) -> bool:
    count = session.scalar(select(func.count()).select_from(ids.limit(FEW + 1).subquery()))
    return (count or 0) <= FEW
