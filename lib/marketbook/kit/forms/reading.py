"""A way through a list, in one order: page by page from the last row seen, on SQLite and PostgreSQL alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from sqlalchemy import FromClause, Select, select
from sqlalchemy.orm import Session

from marketbook.kit.records.search import folded

Row = dict[str, Any]
Place = tuple[Any, int]
"""Where a page ends: the value that it is sorted by, and the id, of its last row."""

AT_ONCE, MOST_AT_ONCE = 500, 5_000
"""How many rows are looked through first, and then, where those do not have enough of what is looked for."""
EVERYTHING = 2**31 - 1
"""A limit that is never reached; it keeps an engine from reading on in some order until it finds what is asked for."""


@dataclass(frozen=True)
class Reading:
    """A way through a list, in one order.

    Attributes:
        listed: The list.
        asked: What of it is asked for.
        column, key: What it is sorted by, and the id beside it.
        text: What a row must have in one of `texts`; any row will do where it is empty.
        hits: A query of all ids that have the text, where these are many.
        gathered: All its rows are looked up before any is returned: no index leads anywhere.
    """

    session: Session
    listed: FromClause
    asked: Select[Any]
    column: Any
    key: Any
    descending: bool
    text: str
    texts: list[str]
    hits: Select[Any] | None
    gathered: bool = False

    def rows(self, after: Place | None, count: int) -> list[Row]:
        """Return the next rows, as many as are asked for if there are so many."""
        if not self.text:
            return self._next(after, count)
        place = {number: place for place, number in enumerate(self._found(after, count))}
        whole = self.session.execute(select(self.listed).where(self.listed.c.id.in_(place))).mappings()
        return sorted((dict(row) for row in whole), key=lambda row: place[row["id"]])

    def _found(self, after: Place | None, count: int) -> list[int]:
        """Return the ids of the next rows that have the text."""
        if self.hits is None:
            return _first(self._walk(after), count)
        if self.column.name == "id":
            return _first(self._hit(after), count)
        found = _first(islice(self._walk(after), 1), count)
        if len(found) == count:
            return found
        hits = self._over(self._narrow().where(self.key.in_(self.hits)).limit(EVERYTHING))
        return [row["id"] for row in replace(hits, gathered=True).rows(after, count)]

    def _narrow(self, texts: Iterable[str] = ()) -> Select[Any]:
        """What of the rows says where they stand, and some texts."""
        names = {"id", self.column.name, self.key.name, *texts}
        return self.asked.with_only_columns(*(one for one in self.asked.selected_columns if one.name in names))

    def _over(self, asked: Select[Any]) -> "Reading":
        """Return the same way through other rows, all of them."""
        of = asked.subquery()
        return replace(
            self, asked=select(of), column=of.c[self.column.name], key=of.c[self.key.name], text="", hits=None
        )

    def _walk(self, after: Place | None) -> Iterator[list[int]]:
        """Go through the rows in order, some at a time, and keep those that have the text."""
        every, step = self._over(self._narrow(self.texts)), AT_ONCE if self.hits is not None else MOST_AT_ONCE
        while True:
            rows = every.rows(after, step)
            yield [row["id"] for row in rows if self._has_text(row)]
            if len(rows) < step:
                return
            after, step = (rows[-1][self.column.name], rows[-1]["id"]), MOST_AT_ONCE

    def _hit(self, after: Place | None) -> Iterator[list[int]]:
        """Go through all that have the text, in the order of their ids."""
        ids: Any = self.hits.subquery().c.id if self.hits is not None else self.key
        query, step = select(ids).order_by(ids.desc() if self.descending else ids), AT_ONCE
        while True:
            next_ = query.where(self._beyond(ids, after[1])) if after else query
            found = self.session.scalars(next_.limit(step)).all()
            listed = self.session.scalars(self.asked.where(self.key.in_(found)).with_only_columns(self.key))
            yield sorted(listed, reverse=self.descending)
            if len(found) < step:
                return
            after, step = (None, found[-1]), MOST_AT_ONCE

    def _next(self, after: Place | None, count: int) -> list[Row]:
        """Return the next rows in order."""
        rows: list[Row] = []
        for asked, *ends in self._parts(after):
            in_order = asked.order_by(*(one.desc() if self.descending else one for one in ends))
            rows += map(dict, self.session.execute(in_order.limit(count - len(rows))).mappings())
            if len(rows) >= count:
                break
        return rows

    def _parts(self, after: Place | None) -> Iterator[tuple[Any, ...]]:
        """Return what comes next and how it is ordered, each so that an index leads straight to it.

        Rows with the value of the last one, with further ones and, on either engine last, with none.
        """
        value, later = (after[0], self._beyond(self.key, after[1])) if after else (None, None)
        asked, column, key = self.asked, self.column, self.key
        if column.name == "id":
            yield (asked if later is None else asked.where(later), key)
            return
        if self.gathered and value is not None:
            further = self._beyond(column, value) | ((column == value) & later)
            yield asked.where(further), column, key
            yield asked.where(column.is_(None)), key
            return
        empty = asked.where(column.is_(None))
        if later is None:
            yield asked.where(column.is_not(None)), column, key
        elif value is not None:
            yield asked.where(column == value, later), key
            yield asked.where(self._beyond(column, value)), column, key
        yield (empty if later is None or value is not None else empty.where(later), key)

    def _beyond(self, what: Any, value: Any) -> Any:  # noqa: ANN401  # a column
        return what < value if self.descending else what > value

    def _has_text(self, row: Row) -> bool:
        return not self.text or any(self.text in folded(row[name] or "") for name in self.texts)


def _first(found: Iterable[list[int]], count: int) -> list[int]:
    """Return the first ids of several lots, and ask for no more lots than that takes."""
    return list(islice(chain.from_iterable(found), count))
