"""A finding: a result as it leaves the notebook, in plain JSON values and in the language of the run.

Page, workbook, slides, headline numbers and home page are all made from findings; no method runs twice.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

import pandas as pd
from pydantic import BaseModel, ConfigDict

from marketbook.kit import language
from marketbook.kit.config import LanguageName
from marketbook.kit.facts import sources_read
from marketbook.kit.report.behind import Addresses, Behind
from marketbook.kit.report.chart import Chart, ChartKind
from marketbook.kit.report.format import Kind, kind_of, write

Cell = str | int | float | bool | None
"""A table's cell: text already in the reader's language, days and moments as ISO text, missing as None."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Number(_Part):
    """A headline number: its name, its value with interval, and how it is written."""

    name: str
    title: str
    kind: Kind
    value: float | None
    low: float | None = None
    high: float | None = None
    written: str
    written_ci: str = ""


class Column(_Part):
    """A table's column: its name, its heading and how its cells are written."""

    name: str
    title: str
    kind: Kind


class Table(_Part):
    """Figures as columns and rows of plain values."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def place(self, name: str) -> int:
        """Return the position of a column."""
        return [column.name for column in self.columns].index(name)

    def column(self, name: str) -> Column:
        """Return a column's description."""
        return self.columns[self.place(name)]

    def values(self, name: str) -> list[Cell]:
        """Return a column's cells."""
        place = self.place(name)
        return [row[place] for row in self.rows]


class Picture(_Part):
    """A chart's description with its data; see `Chart` for the fields."""

    kind: ChartKind
    data: Table
    x: str
    y: str
    title: str
    color: str | None
    low: str | None
    high: str | None
    rule: float | None
    mark_on: Cell

    @property
    def horizontal(self) -> bool:
        """Whether items stand one under another, their values running to the right."""
        return self.data.column(self.y).kind == "text" and self.data.column(self.x).kind != "text"

    @property
    def item(self) -> Column:
        """The column of what is compared: categories, days, or the number on the horizontal axis."""
        return self.data.column(self.y if self.horizontal else self.x)

    @property
    def measure(self) -> Column:
        """The column of the values along the numeric axis."""
        return self.data.column(self.x if self.horizontal else self.y)


class Tellable(Protocol):
    """What a finding is made of: see `Result`, which every method's result is."""

    @property
    def titles(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def currency(self) -> str: ...  # noqa: D102
    @property
    def heading(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def table(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def caveats(self) -> Sequence[str]: ...  # noqa: D102
    def chart(self) -> Chart | None: ...  # noqa: D102
    def numbers(self) -> Mapping[str, Any]: ...  # noqa: D102
    def behind(self) -> Behind | None: ...  # noqa: D102
    def remembered(self) -> Mapping[str, Any]: ...  # noqa: D102


class Finding(_Part):
    """One result, ready to be shown anywhere."""

    name: str
    heading: str
    text: str
    caveats: tuple[str, ...]
    numbers: tuple[Number, ...]
    table: Table
    picture: Picture | None
    currency: str
    language: LanguageName
    sources: dict[str, str]
    behind: Addresses = Addresses()
    remembered: dict[str, Any] = {}

    @classmethod
    def of(cls, result: Tellable) -> "Finding":
        """Describe a result in the current language."""
        chart, rows, sources = result.chart(), result.behind(), sources_read()
        return cls(
            name=called(type(result)),
            heading=result.heading,
            text=result.text,
            caveats=tuple(result.caveats),
            numbers=tuple(_numbers(result)),
            table=_table(result.table, {name: language.gettext(title) for name, title in result.titles.items()}),
            picture=_picture(chart) if chart else None,
            currency=result.currency,
            language=language.current(),
            sources=sources,
            behind=Addresses.of(rows, sources) if rows else Addresses(),
            remembered=dict(result.remembered()),
        )


def _numbers(result: Tellable) -> list[Number]:
    found = result.numbers()
    return [_number(result, name, found) for name in found if not name.endswith("_ci")]


def _number(result: Tellable, name: str, found: Any) -> Number:  # noqa: ANN401  # values are numbers or pairs
    value, interval, kind = found[name], found.get(f"{name}_ci"), kind_of(name)
    low, high = interval if interval is not None else (None, None)
    return Number(
        name=name,
        title=language.gettext(result.titles[name]),
        kind=kind,
        value=_plain(value),
        low=_plain(low),
        high=_plain(high),
        written=write(value, kind, currency=result.currency, short=True),
        written_ci=write(interval, kind, currency=result.currency, short=True) if interval is not None else "",
    )


def _table(frame: pd.DataFrame, titles: dict[str, str]) -> Table:
    columns = tuple(Column(name=str(c), title=titles[str(c)], kind=_kind(str(c), frame[c])) for c in frame.columns)
    rows = tuple(tuple(_cell(value) for value in row) for row in frame.itertuples(index=False, name=None))
    return Table(columns=columns, rows=rows)


def _kind(name: str, values: pd.Series) -> Kind:
    if pd.api.types.is_string_dtype(values) or isinstance(values.dtype, pd.CategoricalDtype):
        return "text"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "month" if kind_of(name) == "month" else "date"
    return kind_of(name)


def _picture(chart: Chart) -> Picture:
    used = [c for c in dict.fromkeys((chart.x, chart.y, chart.color, chart.low, chart.high)) if c is not None]
    titles = {name: chart.titles.get(name, name) for name in used}
    return Picture(
        kind=chart.kind,
        data=_table(chart.data[used], titles),
        x=chart.x,
        y=chart.y,
        title=chart.title,
        color=chart.color,
        low=chart.low,
        high=chart.high,
        rule=chart.rule,
        mark_on=_cell(chart.mark_on),
    )


def _cell(value: Any) -> Cell:  # noqa: ANN401  # any cell of a frame
    if isinstance(value, str):
        return language.label(value)
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, (datetime, date)):
        return None if value is pd.NaT else value.isoformat().removesuffix("T00:00:00")
    return _plain(value)


def _plain(value: Any) -> int | float | None:  # noqa: ANN401  # numpy's numbers and ours
    if value is None or value is pd.NA:
        return None
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def called(kind: type) -> str:
    """Return what findings of a kind of result are called: its name in small letters."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()
