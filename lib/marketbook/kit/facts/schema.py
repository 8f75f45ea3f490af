"""Declared datasets: a pydantic model of a row, a key, and a title; the Parquet schema follows from the model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from marketbook.kit import language
from marketbook.kit.language.current import LANGUAGES

if TYPE_CHECKING:
    from marketbook.kit.facts.connection import Facts

_ARROW: dict[type, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    date: pa.date32(),
    datetime: pa.timestamp("ms"),
}


class Row(BaseModel):
    """One row of a dataset. Subclass it: a field is a column, its `title` the heading a person knows it by.

    Money is integer minor units (`amount_minor`), a share is 0 to 1, days are dates, moments are local to the company.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True)
class Mark:
    """A set of a dataset's rows that no column tells, found again from a few words: the customers of a segment.

    Attributes:
        title: What such a set is called (a message id).
        find: The rows of the set: their values in the dataset's key columns.
        said: The words as the reader should see them.
    """

    title: str
    find: "Callable[[Facts, str], pa.Table]"
    said: Callable[[str], str]


@dataclass(frozen=True)
class Dataset:
    """A declared dataset.

    Attributes:
        name: As in `marketbook import NAME FILE`.
        row: The pydantic model that a row must satisfy.
        key: Columns that no two rows share.
        title: What it is called (a message id).
        description: What one row is (a message id).
        words: Where the codes in a column are put into words: `{"option": "survey_options.wording"}`.
        codes: What the codes in a column are called (message ids), where there are few: by column and code.
        marks: Sets of its rows that no column tells, by name; they stand in an address as if they were columns.
        importers: Roles that may bring in its rows; none named: those of the reports that need it.
    """

    name: str
    row: type[Row]
    key: tuple[str, ...]
    title: str
    description: str
    words: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False, repr=False)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False, compare=False, repr=False)
    marks: Mapping[str, Mark] = field(default_factory=dict, hash=False, compare=False, repr=False)
    importers: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> pa.Schema:
        """The Parquet schema; a column is nullable where its field admits None."""
        return pa.schema([_arrow_field(name, field.annotation) for name, field in self.row.model_fields.items()])

    @property
    def columns(self) -> list[str]:
        """The columns' names in order."""
        return list(self.row.model_fields)

    @property
    def open_columns(self) -> list[str]:
        """The columns that may be shown: all but those whose field says `json_schema_extra={"personal": True}`."""
        extras = {name: field.json_schema_extra for name, field in self.row.model_fields.items()}
        return [name for name, extra in extras.items() if not (isinstance(extra, dict) and extra.get("personal"))]

    def title_of(self, name: str) -> str:
        """Return what a column is called, in the current language."""
        return language.gettext(self.row.model_fields[name].title or name)

    def headings(self, name: str) -> tuple[str, ...]:
        """Return what a column may be called at the head of a file: its name, and its title in every language."""
        return (name, *spellings(self.row.model_fields[name].title or name))

    def kind(self, name: str) -> type:
        """Return the Python type of a column's values."""
        kind, _nullable = _kind(self.row.model_fields[name].annotation)
        return kind


@lru_cache(maxsize=512)
def spellings(message: str) -> tuple[str, ...]:
    """Return a message in every language, each spelling once."""
    found: dict[str, None] = {}
    for tongue in LANGUAGES:
        with language.speaking(tongue):
            found[language.gettext(message)] = None
    return tuple(found)


def _arrow_field(name: str, annotation: Any) -> pa.Field:  # noqa: ANN401  # an annotation is any object
    kind, nullable = _kind(annotation)
    return pa.field(name, _ARROW[kind], nullable=nullable)


def _kind(annotation: Any) -> tuple[type, bool]:  # noqa: ANN401
    options = [a for a in get_args(annotation) if a is not NoneType]
    nullable = get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation)
    kind = options[0] if nullable else annotation
    return (type(get_args(kind)[0]) if get_origin(kind) is Literal else kind), nullable
