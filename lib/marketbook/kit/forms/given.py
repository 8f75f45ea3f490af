"""A list's rows that were worked out and stand in no table: some hundreds at most, as they are sent with each page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, Integer, String, column, false, select, values

from marketbook.kit.forms.rows import Rows

_EMPTY = {String: "", Integer: 0, BigInteger: 0, Date: date.min}


def given(columns: Mapping[str, Any], found: Sequence[Sequence[Any]]) -> Rows:
    """Return rows in their order; a row's id is its place, from 1 on.

    Args:
        columns: The fields' names and their types: `String`, `BigInteger` or `Date`.
        found: The values of each row, in the columns' order.
    """
    named = [column("id", Integer), *(column(name, kind) for name, kind in columns.items())]
    data = [(place, *row) for place, row in enumerate(found, 1)]
    nothing = [(0, *(_EMPTY[kind] for kind in columns.values()))]
    table = values(*named).data(data or nothing).cte("given")
    return Rows(select(table) if data else select(table).where(false()))
