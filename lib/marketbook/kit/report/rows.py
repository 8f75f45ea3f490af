"""Rows as a person reads them: their conditions in words, their columns' headings, their cells as they are written."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.facts import Dataset, Rows
from marketbook.kit.facts.behind import Page, Wording
from marketbook.kit.facts.rows import Condition
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import Kind, decimals_of, kind_of, write

MOST_NAMED = 12
_UNIT = re.compile(r"\s*[（(][^（）()]*[）)]$")


@dataclass(frozen=True)
class Heading:
    """A column as it is shown.

    Attributes:
        name: Its name.
        title: Its title, without the unit of amounts.
        kind: How its cells are written.
        moment: Whether they have hours.
        codes: What its codes are called (message ids).
    """

    name: str
    title: str
    kind: Kind
    moment: bool
    codes: Mapping[str, str]

    def spoken(self, text: str) -> str:
        """Return a text cell in the reader's language."""
        return _(self.codes[text]) if text in self.codes else language.label(text)

    @property
    def numeric(self) -> bool:
        """Whether its cells stand with their digits under one another."""
        return self.kind not in ("text", "date")


def heading(dataset: Dataset, name: str) -> Heading:
    """Describe a column."""
    title = dataset.title_of(name)
    return Heading(
        name=name,
        title=_UNIT.sub("", title) if name.endswith("_minor") else title,
        kind=_kind(dataset, name),
        moment=dataset.kind(name) is datetime,
        codes=dataset.codes.get(name, {}),
    )


def headings(dataset: Dataset) -> list[Heading]:
    """Describe the columns that may be shown."""
    return [heading(dataset, name) for name in dataset.open_columns]


def cells(page: Page) -> list[list[str]]:
    """Write a page's rows, in the current language; codes come with their words."""
    columns = []
    for column in (heading(page.dataset, name) for name in page.table.column_names):
        texts = _written(column, page.table[column.name].to_pylist())
        if column.name in page.wordings:
            wording = page.wordings[column.name]
            keys = zip(*(page.table[name].to_pylist() for name in wording.key), strict=True)
            texts = [_worded(text, wording, key) for text, key in zip(texts, keys, strict=True)]
        columns.append(texts)
    return [list(row) for row in zip(*columns, strict=True)]


def said(rows: Rows, declared: Mapping[str, Dataset], wordings: Mapping[str, Wording]) -> list[tuple[str, str]]:
    """Say each condition: what it is about, and what must be so; what is said of one column stands together.

    Args:
        rows: Which rows.
        declared: The datasets' declarations.
        wordings: What the codes in columns mean, by column.
    """
    paths = list(dict.fromkeys(condition.path for condition in rows.where))
    together = [[condition for condition in rows.where if condition.path == path] for path in paths]
    return [_said(rows, declared, conditions, wordings) for conditions in together]


def _said(
    rows: Rows, declared: Mapping[str, Dataset], conditions: list[Condition], wordings: Mapping[str, Wording]
) -> tuple[str, str]:
    dataset, name = declared[conditions[0].dataset or rows.dataset], conditions[0].column
    if name in dataset.marks:
        mark = dataset.marks[name]
        return _(mark.title), _("; ").join(mark.said(str(c.values[0])) for c in conditions)
    title = heading(dataset, name).title
    if dataset.name != rows.dataset:
        return f"{_(dataset.title)} · {title}", _("; ").join(_words(dataset, name, conditions, str))
    return title, _("; ").join(_words(dataset, name, conditions, _speller(rows, name, wordings.get(name))))


def _speller(rows: Rows, name: str, wording: Wording | None) -> Callable[[str], str]:
    """Return what puts a code into words; the rest of its key is told by the other conditions."""
    known = {condition.column: condition.values[0] for condition in rows.where if condition.operator == "is"}
    if wording is None or not set(wording.key) - {name} <= set(known):
        return str
    return lambda code: _worded(code, wording, [code if part == name else known[part] for part in wording.key])


def _worded(code: str, wording: Wording, key: Iterable[Any]) -> str:
    text = wording.texts.get(tuple(key))
    return f"{code} {language.label(text)}" if text else code


def _words(dataset: Dataset, name: str, conditions: list[Condition], spell: Callable[[str], str]) -> Iterable[str]:
    ends = {c.operator: written(dataset, name, c.values[0]) for c in conditions if c.operator in ("ge", "le")}
    if len(ends) == 2:
        yield _("{low} to {high}").format(low=ends["ge"], high=ends["le"])
    elif ends:
        pattern = _("{value} or more") if "ge" in ends else _("{value} or less")
        if dataset.kind(name) in (date, datetime):
            pattern = _("from {value}") if "ge" in ends else _("up to {value}")
        yield pattern.format(value=next(iter(ends.values())))
    for condition in conditions:
        if condition.operator not in ("ge", "le"):
            yield _one(dataset, condition, spell)


def _one(dataset: Dataset, condition: Condition, spell: Callable[[str], str]) -> str:
    if condition.operator == "null":
        return _("missing") if condition.values[0] else _("given")
    values = [spell(written(dataset, condition.column, value)) for value in condition.values]
    if condition.operator == "within":
        spans = (
            _("{low} to {high}").format(low=low, high=high) for low, high in zip(values[::2], values[1::2], strict=True)
        )
        return _(" or ").join(spans)
    named = _(", ").join(values[:MOST_NAMED])
    if len(values) > MOST_NAMED:
        named = _("{names} and {count} more").format(names=named, count=len(values) - MOST_NAMED)
    return _("all but {names}").format(names=named) if condition.operator == "out" else named or _("none")


def written(dataset: Dataset, name: str, value: Any) -> str:  # noqa: ANN401  # any cell of a dataset
    """Write one value of a column."""
    return _written(heading(dataset, name), [value])[0]


def _written(column: Heading, values: Sequence[Any]) -> list[str]:
    decimals = decimals_of(v for v in values if not isinstance(v, bool)) if column.kind == "number" else 0
    return [_cell(value, column, decimals) for value in values]


def _cell(value: Any, column: Heading, decimals: int) -> str:  # noqa: ANN401  # any cell of a dataset
    if isinstance(value, datetime):
        return language.format_datetime(value)
    if isinstance(value, str):
        return column.spoken(value) if value else "–"
    return write(value, column.kind, currency=settings().currency, decimals=decimals)


def _kind(dataset: Dataset, name: str) -> Kind:
    kind = dataset.kind(name)
    if kind in (str, bool):
        return "text"
    return "date" if kind in (date, datetime) else kind_of(name)
