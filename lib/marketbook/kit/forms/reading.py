"""A way through a list, in one order: page by page from the last row seen, on SQLite and PostgreSQL alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from marketbook.kit.records.search import folded

Row = dict[str, Any]
Place = tuple[Any, int]
"""Where a page ends: the value that it is sorted by, and the id, of its last row."""

AT_ONCE = 500


@dataclass(frozen=True)
class Reading:
    """A way through a list, in one order.

    Attributes:
        asked: What of it is asked for.
        column, key: What it is sorted by, and the id beside it.
        text: What a row must have in one of `texts`; any row will do where it is empty.
        hits: A query of all ids that have the text, where these are many.
    """

    session: Session
    asked: Select[Any]
    column: Any
    key: Any
    descending: bool
    text: str
    texts: list[str]
    hits: Select[Any] | None

    def rows(self, after: Place | None, count: int) -> list[Row]:
        """Return the next rows, as many as are asked for if there are so many."""
        found: list[Row] = []
        by_hits = self.hits is not None and self.column.name == "id"
        for rows in self._hit(after) if by_hits else self._walk(after, count):
            found += rows
            if len(found) >= count:
                break
        return found[:count]

    def _walk(self, after: Place | None, count: int) -> Iterator[list[Row]]:
        """Go through the rows in order, some at a time, and keep those that have the text."""
        step = AT_ONCE if self.text else count
        while True:
            rows = self._next(after, step)
            yield [row for row in rows if self._has_text(row)]
            if len(rows) < step:
                return
            after = rows[-1][self.column.name], rows[-1]["id"]

    def _hit(self, after: Place | None) -> Iterator[list[Row]]:
        """Go through all that have the text, in the order of their ids."""
        ids: Any = self.hits.subquery().c.id if self.hits is not None else self.key
        query = select(ids).order_by(ids.desc() if self.descending else ids).limit(AT_ONCE)
        while True:
            found = self.session.scalars(query.where(self._beyond(ids, after[1])) if after else query).all()
            rows = self.session.execute(self.asked.where(self.key.in_(found))).mappings()
            yield sorted((dict(row) for row in rows), key=lambda row: row["id"], reverse=self.descending)
            if len(found) < AT_ONCE:
                return
            after = None, found[-1]

    def _next(self, after: Place | None, count: int) -> list[Row]:
        """Return the next rows in order: those with a value first, then, on either engine, those without."""
        if self.column.name == "id":
            return self._part(self.asked, (self.key,), after and after[1:], count)
        rows = []
        if after is None or after[0] is not None:
            rows = self._part(self.asked.where(self.column.is_not(None)), (self.column, self.key), after, count)
            after = None
        if len(rows) < count:
            empty = self.asked.where(self.column.is_(None))
            rows += self._part(empty, (self.key,), after and after[1:], count - len(rows))
        return rows

    def _part(self, asked: Select[Any], ends: Sequence[Any], after: tuple[Any, ...] | None, count: int) -> list[Row]:
        if after:
            asked = asked.where(self._beyond(tuple_(*ends), after) if len(ends) > 1 else self._beyond(ends[0], *after))
        in_order = asked.order_by(*(one.desc() if self.descending else one for one in ends))
        return [dict(row) for row in self.session.execute(in_order.limit(count)).mappings()]

    def _beyond(self, what: Any, value: Any) -> Any:  # noqa: ANN401  # a column, or several
        return what < value if self.descending else what > value

    def _has_text(self, row: Row) -> bool:
        return not self.text or any(self.text in folded(row[name] or "") for name in self.texts)
