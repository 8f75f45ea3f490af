"""A picture as the series of a native chart, for workbook and slides alike; charts compute nothing, nor does this."""

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from marketbook.kit.language import gettext as _
from marketbook.kit.report import axes
from marketbook.kit.report.finding import Cell, Finding, Picture
from marketbook.kit.report.format import Kind, write
from marketbook.kit.report.thin import sampled

PlotKind = Literal["bar", "column", "line", "dots", "curve", "scatter"]

MANY = 60
"""Points of a series from which on they are drawn small."""

_TICKS = 7
_ROOM_BELOW = 46.0
"""Ems under a chart of a slide's width: labels that need more stand at the left of horizontal bars."""


@dataclass(frozen=True)
class Series:
    """One series: its values, for `curve` and `scatter` where they stand, and how far intervals reach up and down.

    A line's interval is two more series, its bounds.
    """

    name: str
    values: tuple[float | None, ...]
    xs: tuple[float, ...] = ()
    plus: tuple[float, ...] = ()
    minus: tuple[float, ...] = ()
    is_bound: bool = False

    @property
    def ends(self) -> list[float]:
        """How far the values reach, intervals included."""
        reach = [self.minus or (0.0,) * len(self.values), self.plus or (0.0,) * len(self.values)]
        points = [(v, down, up) for v, down, up in zip(self.values, *reach, strict=True) if v is not None]
        return [end for v, down, up in points for end in (v - down, v + up)]


@dataclass(frozen=True)
class Plot:
    """A native chart: amounts in major units, categories as text or as days."""

    kind: PlotKind
    title: str
    series: tuple[Series, ...]
    item_title: str
    item_kind: Kind
    value_title: str
    value_kind: Kind
    notes: tuple[str, ...]
    categories: tuple[str | date, ...] = ()

    @property
    def has_categories(self) -> bool:
        """Whether series share categories, or each point has a number on either axis."""
        return self.kind not in ("curve", "scatter")

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Where the axis of values begins and ends, where Office would cut intervals off or flatten the picture."""
        ends = [end for one in self.series for end in one.ends]
        if not ends or min(ends) == max(ends):
            return None, None
        low, high = min(ends), max(ends)
        reaches = any(one.plus for one in self.series)
        far_from_zero = self.kind in ("line", "dots", "curve") and low > 0 and high - low < 0.7 * high
        if not far_from_zero and not reaches:
            return None, None
        step = _step((high - low) if far_from_zero else max(high, 0.0) - min(low, 0.0))
        least = math.floor(low / step) * step if far_from_zero else min(0.0, math.floor(low / step) * step)
        return round(least, 12), round(max(0.0, math.ceil(high / step) * step), 12)

    @property
    def months_a_tick(self) -> int:
        """How many months lie between the ticks of an axis of days."""
        days = [day for day in self.categories if isinstance(day, date)]
        months = (max(days) - min(days)).days / 30.4 if days else 0
        return next((step for step in (1, 2, 3, 6) if months / step <= _TICKS), 12)

    @property
    def is_one_each(self) -> bool:
        """Whether each category holds one value only, its series a mere colour."""
        held = (
            sum(value is not None for value in values) for values in zip(*(s.values for s in self.series), strict=True)
        )
        return self.has_categories and all(count <= 1 for count in held)

    @property
    def has_days(self) -> bool:
        """Whether the categories are days."""
        return bool(self.categories) and isinstance(self.categories[0], date)


def plot_of(finding: Finding) -> Plot | None:
    """Return a finding's picture as a native chart, in the current language; None where there is nothing to draw."""
    if finding.picture is None or not finding.picture.data.rows:
        return None
    picture, note = sampled(finding.picture)
    kind = _kind(picture, finding.currency)
    items = _items(picture) if kind not in ("curve", "scatter") else []
    return Plot(
        kind=kind,
        title=picture.title,
        series=tuple(_bounded(_series(picture, items), kind)),
        item_title=picture.item.title,
        item_kind=picture.item.kind,
        value_title=picture.measure.title,
        value_kind=picture.measure.kind,
        notes=tuple(filter(None, (note, *_marks(picture, finding.currency)))),
        categories=_categories(picture, items, finding.currency),
    )


def _kind(picture: Picture, currency: str) -> PlotKind:
    if not axes.is_category(picture) and not axes.is_time(picture):
        return "curve" if picture.kind == "line" else "scatter"
    if picture.kind == "line":
        return "line"
    labels = list(axes.item_labels(_items(picture), picture.item, currency).values())
    if picture.horizontal or (axes.is_category(picture) and not axes.fits_below(labels, _ROOM_BELOW, 1)):
        return "bar"
    return "column" if picture.kind == "bar" else "dots"


def _step(span: float) -> float:
    """Return a round distance that a span holds four to ten times."""
    power = 10.0 ** math.floor(math.log10(span))
    return power * next(part for part in (0.1, 0.2, 0.25, 0.5, 1.0) if span / (power * part) <= 10)


def _items(picture: Picture) -> list[Cell]:
    items = list(dict.fromkeys(picture.data.values(picture.item.name)))
    return sorted(items, key=str) if axes.is_time(picture) else items


def _categories(picture: Picture, items: list[Cell], currency: str) -> tuple[str | date, ...]:
    if axes.is_time(picture):
        return tuple(date.fromisoformat(str(item)[:10]) for item in items)
    return tuple(axes.item_labels(items, picture.item, currency)[item] for item in items)


def _series(picture: Picture, items: list[Cell]) -> list[Series]:
    colour = None if picture.color in (None, picture.item.name) else picture.color
    names = list(dict.fromkeys(picture.data.values(colour))) if colour else [None]
    return [_one(picture, items, colour, name) for name in names]


def _bounded(series: list[Series], kind: PlotKind) -> list[Series]:
    """Put a single line's interval beside it as two lines; several lines go without theirs."""
    if kind not in ("line", "curve"):
        return series
    plain = [replace(one, plus=(), minus=()) for one in series]
    if len(series) > 1 or not series[0].plus or not series[0].minus:
        return plain
    line = series[0]
    upper = tuple(None if v is None else v + plus for v, plus in zip(line.values, line.plus, strict=True))
    lower = tuple(None if v is None else v - minus for v, minus in zip(line.values, line.minus, strict=True))
    ends = ((_("{name}: upper end"), upper), (_("{name}: lower end"), lower))
    return [*plain, *(Series(t.format(name=line.name), values, line.xs, is_bound=True) for t, values in ends)]


def _one(picture: Picture, items: list[Cell], colour: str | None, name: Cell) -> Series:
    """Read one series; rows that lack what is drawn are left out, categories without a row stay empty."""
    place = {column.name: index for index, column in enumerate(picture.data.columns)}
    rows = [row for row in picture.data.rows if colour is None or row[place[colour]] == name]
    item, measure = place[picture.item.name], place[picture.measure.name]
    found = {row[item]: row for row in rows}
    points = [found.get(key) for key in items] if items else rows
    scale = _scale(picture.measure.kind)
    values = [None if row is None else _number(row[measure], scale) for row in points]
    xs = [_number(row[item], _scale(picture.item.kind)) or 0.0 for row in points if row is not None]
    ends = {
        end: tuple(0.0 if row is None else _reach(row[place[column]], row[measure], scale) for row in points)
        for end, column in (("plus", picture.high), ("minus", picture.low))
        if column in place
    }
    title = picture.measure.title if name is None else write(name, "text")
    return Series(title, tuple(values), () if items else tuple(xs), ends.get("plus", ()), ends.get("minus", ()))


def _reach(end: Cell, value: Cell, scale: int) -> float:
    end_number, number = _number(end, scale), _number(value, scale)
    return 0.0 if end_number is None or number is None else abs(end_number - number)


def _number(value: Cell, scale: int) -> float | None:
    return float(value) / scale if isinstance(value, int | float) else None


def _scale(kind: Kind) -> int:
    return 100 if kind == "minor" else 1


def _marks(picture: Picture, currency: str) -> list[str]:
    notes = []
    if picture.rule:
        rule = write(picture.rule, picture.measure.kind, currency=currency, short=True)
        notes.append(_("Reference value: {value}.").format(value=rule))
    if picture.mark_on is not None:
        notes.append(_("Marked: {item}.").format(item=write(picture.mark_on, picture.item.kind, currency=currency)))
    return notes
