"""What a file for a dataset must hold: its columns in the reader's words, an example of each, and a file to fill in."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args, get_origin

import xlsxwriter
from pydantic.fields import FieldInfo

from marketbook.kit.facts import Dataset, Source
from marketbook.kit.facts.rejects import written
from marketbook.kit.facts.spreadsheet import shield
from marketbook.kit.faults import allowed
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

KINDS: Mapping[type, str] = {
    str: mark("Text"),
    bool: mark("Yes or no"),
    int: mark("Whole number"),
    float: mark("Number"),
    date: mark("Day"),
    datetime: mark("Day and time"),
}
_BOUNDS = (("ge", "greater_than_equal"), ("gt", "greater_than"), ("le", "less_than_equal"), ("lt", "less_than"))
_MONDAY = date(2026, 1, 5)
_MOMENT = datetime(2026, 1, 5, 9, 30)  # noqa: DTZ001  # local to the company


@dataclass(frozen=True)
class Column:
    """A column as a person should know it.

    Attributes:
        name, title: How it is called, for files of programs and of people.
        kind: What it holds, in a word.
        required: Whether a file must have it.
        key: Whether it is part of what tells one row from another.
        limits: What a value must be.
        description: What else there is to know.
        example: A value, as it may be written.
    """

    name: str
    title: str
    kind: str
    required: bool
    key: bool
    limits: tuple[str, ...]
    description: str
    example: str


def described(dataset: Dataset) -> list[Column]:
    """Return a dataset's columns in order, in the current language."""
    row = example(dataset)
    return [
        Column(
            name=name,
            title=dataset.title_of(name),
            kind=_kind(dataset, name),
            required=field.is_required(),
            key=name in dataset.key,
            limits=tuple(_limits(field)),
            description=_(field.description) if field.description else "",
            example=written(row[name]),
        )
        for name, field in dataset.row.model_fields.items()
    ]


def example(dataset: Dataset) -> dict[str, Any]:
    """Return a row that a file may hold: what the columns name as examples, else something of their kind."""
    return {name: _example(dataset, name, field) for name, field in dataset.row.model_fields.items()}


def csv_template(dataset: Dataset) -> bytes:
    """Return a text file with headings in the current language and one row, for spreadsheets to open."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([dataset.title_of(name) for name in dataset.columns])
    writer.writerow([shield(written(value)) for value in example(dataset).values()])
    return stream.getvalue().encode("utf-8-sig")


def xlsx_template(dataset: Dataset) -> bytes:
    """Return a workbook with headings in the current language and one row; columns of text stay text."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        page.freeze_panes(1, 0)
        heading = book.add_format({"bold": True, "bottom": 1})
        for at, (name, value) in enumerate(example(dataset).items()):
            kind = book.add_format({"num_format": _FORMATS.get(dataset.kind(name), "General")})
            title = dataset.title_of(name)
            page.set_column(at, at, max(14, 2 * len(title)), kind)
            page.write_string(0, at, title, heading)
            _writer(page, value)(1, at, value, kind)
    return stream.getvalue()


_FORMATS: Mapping[type, str] = {str: "@", date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss"}


def _writer(page: Any, value: Any) -> Callable[..., Any]:  # noqa: ANN401  # xlsxwriter is untyped
    if isinstance(value, date):
        return page.write_datetime  # type: ignore[no-any-return]
    found: Callable[..., Any] = page.write_string if isinstance(value, str) else page.write
    return found


def headings_of(dataset: Dataset, source: Source) -> list[tuple[str, str]]:
    """Return what a source's files call the columns: the column's title, and the headings that are looked for."""
    named = {name: column.heading for name, column in source.columns.items() if column.heading}
    return [(dataset.title_of(name), " / ".join(headings)) for name, headings in named.items()]


def _kind(dataset: Dataset, name: str) -> str:
    if name.endswith("_minor"):
        return _("Amount in fen")
    return _(KINDS[dataset.kind(name)])


def _limits(field: FieldInfo) -> Iterator[str]:
    """The rules of a field in the words in which a refused value is told."""
    if choices := _choices(field):
        yield _("one of: {choices}").format(choices=" · ".join(map(str, choices)))
    for rule in field.metadata:
        for attribute, kind in _BOUNDS:
            if (bound := getattr(rule, attribute, None)) is not None:
                yield allowed({"type": kind, "ctx": {attribute: bound}, "msg": ""})
        if most := getattr(rule, "max_length", None):
            yield allowed({"type": "string_too_long", "ctx": {"max_length": most}, "msg": ""})
        if pattern := getattr(rule, "pattern", None):
            yield allowed({"type": "string_pattern_mismatch", "ctx": {"pattern": pattern}, "msg": ""})


def _choices(field: FieldInfo) -> tuple[Any, ...]:
    kinds = [field.annotation, *get_args(field.annotation)]
    return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())


def _example(dataset: Dataset, name: str, field: FieldInfo) -> Any:  # noqa: ANN401  # of any kind
    if field.examples:
        return field.examples[0]
    if choices := _choices(field):
        return choices[0]
    kind = dataset.kind(name)
    if kind is str:
        return "A0001" if name.endswith("_id") else _("Example")
    return {bool: True, date: _MONDAY, datetime: _MOMENT}.get(kind) or _number(field, kind)


def _number(field: FieldInfo, kind: type) -> float:
    """A number within the bounds: 100 where there are none."""
    bounds = {name: getattr(rule, name) for rule in field.metadata for name, _kind in _BOUNDS if hasattr(rule, name)}
    highest = min(bounds.get("le", 100), bounds.get("lt", 200) / 2)
    found = max(highest if kind is int else highest / 2, bounds.get("ge", 0))
    return kind(found)  # type: ignore[no-any-return]
