"""The rows behind a number: counted, added up and read page by page, where the data lies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis
import pyarrow as pa

from marketbook.kit.config import settings
from marketbook.kit.facts import view as views
from marketbook.kit.facts.connection import Facts
from marketbook.kit.facts.rows import Condition, Rows
from marketbook.kit.facts.schema import Dataset
from marketbook.kit.facts.view import View
from marketbook.kit.store import Store

MOST_EXPORTED = 100_000
CHUNK = 10_000


@dataclass(frozen=True)
class Wording:
    """What the codes in a column mean.

    Attributes:
        key: The columns that tell a code: of an option the question, too.
        texts: The words by the values of these columns.
    """

    key: tuple[str, ...]
    texts: Mapping[tuple[Any, ...], str]


@dataclass(frozen=True)
class Page:
    """A page of rows, in the order of the dataset's key.

    Attributes:
        dataset: The declaration of the rows.
        table: The rows of this page; columns not to be shown are left out.
        count: How many rows there are in all.
        sums: Sum of each column of amounts over all rows, in minor units.
        number: Which page this is, from 1.
        limit: Most rows on a page.
        wordings: What the codes in its columns mean, by column.
    """

    dataset: Dataset
    table: pa.Table
    count: int
    sums: Mapping[str, int]
    number: int
    limit: int
    wordings: Mapping[str, Wording]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // self.limit))

    @property
    def first(self) -> int:
        """The number of its first row, from 1."""
        return (self.number - 1) * self.limit + 1


def behind(
    facts: Facts, declared: Mapping[str, Dataset], rows: Rows, *, limit: int = 100, page: int = 1,
    store: Store | None = None,
) -> Page:  # fmt: skip
    """Read one page of the rows behind a number.

    Args:
        facts: Where the datasets are kept.
        declared: Their declarations by name.
        rows: Which rows; conditions as `Rows.decode` checks them.
        limit: Most rows on a page.
        page: Which page, from 1; past the end the last one.
        store: Where the records are, which views read.

    Raises:
        DataError: A dataset is not there.
    """
    dataset = declared[rows.dataset]
    if isinstance(dataset, View):
        return _of_view(_store(store), dataset, rows, limit, page)
    table = select(facts, declared, rows)
    count, sums = _totals(facts, dataset, table)
    number = _within(page, count, limit)
    chunk = table.order_by(list(dataset.key)).limit(limit, offset=(number - 1) * limit)
    found = facts.read_out(chunk.select(*dataset.open_columns))
    return Page(dataset, found, count, sums, number, limit, wordings(facts, declared, dataset))


def all_behind(
    facts: Facts, declared: Mapping[str, Dataset], rows: Rows, *, most: int = MOST_EXPORTED, store: Store | None = None
) -> Iterator[pa.RecordBatch]:
    """Read the rows behind a number in chunks, in the order of the dataset's key, cut off after the first `most`."""
    dataset = declared[rows.dataset]
    if isinstance(dataset, View):
        with _store(store).reading() as session:
            yield from views.batches(session, dataset, rows, most=most, chunk=CHUNK)
        return
    table = select(facts, declared, rows).order_by(list(dataset.key)).limit(most)
    yield from facts.read_out(table.select(*dataset.open_columns)).to_batches(max_chunksize=CHUNK)


def wordings(facts: Facts, declared: Mapping[str, Dataset], dataset: Dataset) -> dict[str, Wording]:
    """Read what the codes in a dataset's columns mean, as far as it is there."""
    found = {}
    for column, place in dataset.words.items():
        other, _point, name = place.partition(".")
        if facts.exists(other):
            key = declared[other].key
            rows = facts.read(other)[[*key, name]].itertuples(index=False, name=None)
            found[column] = Wording(key, {tuple(values): text for *values, text in rows})
    return found


def select(facts: Facts, declared: Mapping[str, Dataset], rows: Rows) -> ibis.Table:
    """Return the rows as an Ibis table, to be added up further."""
    table = _where(facts, declared[rows.dataset], [c for c in rows.where if not c.dataset])
    for other in rows.datasets[1:]:
        theirs = _where(facts, declared[other], [c for c in rows.where if c.dataset == other])
        table = table.semi_join(theirs, list(declared[other].key))
    return table


def _of_view(store: Store, view: View, rows: Rows, limit: int, page: int) -> Page:
    with store.reading() as session:
        count, sums = views.totals(session, view, rows)
        number = _within(page, count, limit)
        table = views.page(session, view, rows, limit=limit, offset=(number - 1) * limit)
    return Page(view, table, count, sums, number, limit, {})


def _store(store: Store | None) -> Store:
    return store or Store(settings().store)


def _within(page: int, count: int, limit: int) -> int:
    return min(max(page, 1), max(1, -(-count // limit)))


def _where(facts: Facts, dataset: Dataset, conditions: Sequence[Condition]) -> ibis.Table:
    table = facts.table(dataset.name)
    plain = [c for c in conditions if c.column not in dataset.marks]
    if plain:
        table = table.filter(*(_holds(table[c.column], c, dataset.kind(c.column)) for c in plain))
    for condition in conditions:
        if condition.column in dataset.marks:
            keys = dataset.marks[condition.column].find(facts, str(condition.values[0]))
            table = table.semi_join(ibis.memtable(keys), list(dataset.key))
    return table


def _holds(column: ibis.Value, condition: Condition, kind: type) -> ibis.Value:
    if kind is datetime and condition.operator != "null":
        column = column.date()
    values = [ibis.date(value.isoformat()) if isinstance(value, date) else value for value in condition.values]
    holds = {
        "is": lambda: column == values[0],
        "in": lambda: column.isin(values),
        "out": lambda: column.isnull() | ~column.isin(values),
        "within": lambda: ibis.or_(*(column.between(*span) for span in zip(values[::2], values[1::2], strict=True))),
        "ge": lambda: column >= values[0],
        "le": lambda: column <= values[0],
        "null": lambda: column.isnull() if values[0] else column.notnull(),
    }
    return holds[condition.operator]()


def _totals(facts: Facts, dataset: Dataset, table: ibis.Table) -> tuple[int, dict[str, int]]:
    amounts = [name for name in dataset.open_columns if name.endswith("_minor")]
    found = facts.read_out(table.aggregate(n=table.count(), **{name: table[name].sum() for name in amounts}))
    row = found.to_pylist()[0]
    return int(row["n"]), {name: int(row[name] or 0) for name in amounts}
