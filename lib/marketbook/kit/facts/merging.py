"""New rows put to those a dataset has, by its key: added, found unchanged, put in place of another, or in conflict."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Places = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Merged:
    """What became of new rows.

    Attributes:
        table: The dataset's rows from now on.
        added: How many new rows have a new key.
        unchanged: How many say what is there already (or what another new row says).
        updated: How many take the place of a row with their key.
        conflicts: Places of new rows that differ from one with their key, each with the place of that row among the
            new ones, or -1 where it is one that the dataset had.
    """

    table: pa.Table
    added: int
    unchanged: int
    updated: int
    conflicts: dict[int, int]


def merge(present: pa.Table, new: pa.Table, key: Sequence[str], *, update: bool = False) -> Merged:
    """Put new rows to those that are there, one after the other as they stand in the file.

    A row whose key is there is unchanged where it says the same. Where it differs it is in conflict, unless `update`
    puts it in place of the one that was there; two new rows that differ are in conflict all the same.

    Args:
        present: Rows that the dataset has, no two with one key.
        new: Rows of the same columns and types.
        key: Columns that no two rows may share.
        update: Put a new row that differs in place of the one that is there.

    Returns:
        The rows from now on: those that were there in their order, then those added in theirs.
    """
    rows, start = pa.concat_tables([present, new]), len(present)
    places = np.arange(start, len(rows), dtype=np.int64)
    code = codes(rows, key)
    home, lead = _homes(code, start), _leads(code[start:]) + start
    heads = lead == places
    added = heads & (home < 0)
    beside = np.where((home >= 0) & (heads | (not update)), home, lead)
    differs = np.zeros(len(places), dtype=bool)
    differs[~added] = _differ(rows, places[~added], beside[~added])
    updated = differs & heads & update
    clash = differs & ~updated
    conflicts = np.where(beside < start, -1, beside - start)
    return Merged(
        table=_placed(rows, start, added=places[added], replaced=home[updated], updates=places[updated]),
        added=int(added.sum()),
        unchanged=int((~added & ~differs).sum()),
        updated=int(updated.sum()),
        conflicts=dict(zip(np.flatnonzero(clash).tolist(), conflicts[clash].tolist(), strict=True)),
    )


def codes(rows: pa.Table, columns: Sequence[str]) -> Places:
    """Return a number for each row, the same where all these columns are the same.

    Example:
        >>> codes(pa.table({"day": [1, 1, 2], "shop": ["a", "a", "a"]}), ["day", "shop"]).tolist()
        [0, 0, 1]
    """
    found = np.zeros(len(rows), dtype=np.int64)
    for name in columns:
        values = rows[name].combine_chunks().dictionary_encode(null_encoding="encode")
        values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        combined = found * len(values.dictionary) + values.indices.to_numpy(zero_copy_only=False)
        found = combined if len(columns) == 1 else np.unique(combined, return_inverse=True)[1].astype(np.int64)
    return found


def _homes(code: Places, start: int) -> Places:
    """For each new row the place of the present one with its key, or -1."""
    where = np.full(int(code.max(initial=-1)) + 1, -1, dtype=np.int64)
    where[code[:start]] = np.arange(start)
    return where[code[start:]]


def _leads(code: Places) -> Places:
    """For each new row the place of the first new one with its key."""
    _found, first, back = np.unique(code, return_index=True, return_inverse=True)
    return first[back].astype(np.int64)


def _differ(rows: pa.Table, left: Places, right: Places) -> Marks:
    """Compare rows pair by pair; two empty cells are the same."""
    found = np.zeros(len(left), dtype=bool)
    for column in rows.columns if len(left) else ():
        one, other = column.take(left), column.take(right)
        unlike = pc.or_(pc.fill_null(pc.not_equal(one, other), False), pc.xor(one.is_null(), other.is_null()))
        found |= unlike.to_numpy()
    return found


def _placed(rows: pa.Table, start: int, *, added: Places, replaced: Places, updates: Places) -> pa.Table:
    if not len(replaced):
        kept = rows.slice(0, start)
        return pa.concat_tables([kept, rows.take(added) if len(added) < len(rows) - start else rows.slice(start)])
    order = np.arange(start, dtype=np.int64)
    order[replaced] = updates
    return rows.take(np.concatenate([order, added]))
