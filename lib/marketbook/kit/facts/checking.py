"""Rows of a chunk checked by the dataset's model: all at once, and only where some fail apart from the others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import pyarrow as pa
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from marketbook.kit.facts.cells import Column, Unread
from marketbook.kit.facts.schema import Dataset
from marketbook.kit.facts.sources import Source, SourceColumn
from marketbook.kit.faults import allowed

_EMPTY = {"type": "string_too_short", "ctx": {"min_length": 1}, "msg": ""}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: in which column (empty: with the whole row), and what is allowed."""

    column: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """A chunk taken apart.

    Attributes:
        table: The rows that satisfy the model, in the dataset's columns and types.
        good: Their places in the chunk.
        faults: All faults of each other row, by its place.
    """

    table: pa.Table
    good: list[int]
    faults: dict[int, list[Fault]]


def columns_of(dataset: Dataset, source: Source | None) -> dict[str, Column]:
    """Return how each column of a dataset is read from a file of this source."""
    missing = frozenset(source.missing) if source else frozenset()
    given = source.columns if source else {}
    return {name: _column(dataset, name, given.get(name, SourceColumn()), missing) for name in dataset.columns}


def check(dataset: Dataset, columns: Mapping[str, Sequence[Any]]) -> Checked:
    """Check rows against the dataset's model, strictly: reading cells as their kind is done before.

    Args:
        dataset: Its declaration.
        columns: Values of each column that is there, all of one length.

    Returns:
        The good rows as a table, and all faults of the others.
    """
    sort = _check_rows if _speaks_of_rows(dataset.row) else _check_columns
    return sort(dataset, columns)


def _speaks_of_rows(row: type[BaseModel]) -> bool:
    """A model with validators of its own is asked row by row; one of plain fields column by column, which is faster."""
    own = row.__pydantic_decorators__
    return bool(own.model_validators or own.field_validators or own.validators or own.root_validators)


def _check_columns(dataset: Dataset, columns: Mapping[str, Sequence[Any]]) -> Checked:
    faults: dict[int, list[Fault]] = defaultdict(list)
    for name, values in columns.items():
        try:
            _column_adapter(dataset.row, name).validate_python(values, strict=True)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                faults[int(fault["loc"][0])].append(Fault(name, _reason(fault)))
    count = len(next(iter(columns.values())))
    good = [at for at in range(count) if at not in faults] if faults else list(range(count))
    arrays = [pa.array(_values(dataset, columns, field.name, good), field.type) for field in dataset.schema]
    return Checked(pa.table(arrays, schema=dataset.schema), good, dict(faults))


def _values(dataset: Dataset, columns: Mapping[str, Sequence[Any]], name: str, good: list[int]) -> Sequence[Any]:
    if name not in columns:
        return [dataset.row.model_fields[name].get_default(call_default_factory=True)] * len(good)
    values = columns[name]
    return values if len(good) == len(values) else [values[at] for at in good]


def _check_rows(dataset: Dataset, columns: Mapping[str, Sequence[Any]]) -> Checked:
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    adapter = _row_adapter(dataset.row)
    faults: dict[int, list[Fault]] = defaultdict(list)
    try:
        models = adapter.validate_python(rows, strict=True)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            place, *column = fault["loc"]
            faults[int(place)].append(Fault(str(column[0]) if column else "", _reason(fault)))
        models = adapter.validate_python([row for at, row in enumerate(rows) if at not in faults], strict=True)
    arrays = [pa.array([getattr(model, field.name) for model in models], field.type) for field in dataset.schema]
    good = [at for at in range(len(rows)) if at not in faults]
    return Checked(pa.table(arrays, schema=dataset.schema), good, dict(faults))


@lru_cache(maxsize=32)
def _row_adapter(row: type[BaseModel]) -> TypeAdapter[list[BaseModel]]:
    return TypeAdapter(list[row])  # type: ignore[valid-type]


@lru_cache(maxsize=256)
def _column_adapter(row: type[BaseModel], name: str) -> TypeAdapter[list[Any]]:
    field = row.model_fields[name]
    kind = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(list[kind])  # type: ignore[valid-type]


def _reason(fault: ErrorDetails) -> str:
    if isinstance(fault["input"], Unread):
        return fault["input"].reason
    return allowed(_EMPTY if fault["input"] is None else fault)


def _column(dataset: Dataset, name: str, given: SourceColumn, missing: frozenset[str]) -> Column:
    field = dataset.row.model_fields[name]
    kind = dataset.kind(name)
    if not field.is_required():
        blank = field.get_default(call_default_factory=True)
    else:
        blank = "" if kind is str and not dataset.schema.field(name).nullable else None
    identifies = kind is str and (name in dataset.key or name.endswith("_id"))
    return Column(name, kind, blank, identifies, given.unit, given.format, missing)
