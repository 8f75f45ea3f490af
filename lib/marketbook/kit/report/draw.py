"""Drawing a picture as SVG: a Vega-Lite description, written as plain JSON values and drawn by vl-convert.

Altair would write the same description after 0.6 s of import and 70 MB in every kernel. The first drawing of a process
starts a JavaScript engine with threads: never before a fork.
"""

import re
from datetime import date
from html import escape
from typing import Any

from marketbook.kit import language
from marketbook.kit.report import axes
from marketbook.kit.report.finding import Cell, Column, Picture
from marketbook.kit.report.format import write
from marketbook.kit.report.measure import width_of
from marketbook.kit.report.theme import AXIS, INK, LINE, MUTED, SERIES
from marketbook.kit.report.thin import COUNT

Spec = dict[str, Any]

WIDE, NARROW = 800, 350
_SIZE = 12.5
_LABELLED_BARS = 16
_MANY_BARS = 15


def svg(picture: Picture, *, currency: str = "CNY", width: int = WIDE) -> str:
    """Draw a picture, thinned already, in the current language.

    Args:
        picture: What is drawn.
        currency: ISO code of amounts.
        width: In pixels; the drawing scales down from there.

    Returns:
        An `<svg>` element without fonts, scripts or references.
    """
    import vl_convert  # only where something is drawn

    drawn: str = vl_convert.vegalite_to_svg(spec(picture, currency=currency, width=width), allowed_base_urls=[])
    return _embedded(drawn, picture.title)


def spec(picture: Picture, *, currency: str = "CNY", width: int = WIDE) -> Spec:
    """Describe a picture in Vega-Lite, ready to be drawn or shown live."""
    plan = _Plan(picture, currency, width)
    top = plan.measure.title if not plan.horizontal else ""
    return {
        "data": {"values": plan.rows()},
        "width": width,
        "height": plan.height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "right": 14, "top": 4, "bottom": 2},
        "background": None,
        "title": {"text": top, "anchor": "start", "frame": "bounds", "fontSize": 12, "fontWeight": "normal",
                  "color": MUTED, "offset": 10},
        "layer": plan.layers(),
        "config": _config(),
    }  # fmt: skip


def _config() -> Spec:
    return {
        "font": "Noto Sans CJK TC" if language.current() == "zh_Hant" else "Noto Sans CJK SC",
        "aria": False,
        "view": {"stroke": None},
        "axis": {"labelFontSize": _SIZE, "labelLimit": 0, "labelColor": INK, "gridColor": LINE, "domainColor": AXIS,
                 "tickColor": AXIS, "titleColor": MUTED, "titleFontSize": 12, "titleFontWeight": "normal",
                 "aria": False},
        "legend": {"orient": "top", "direction": "horizontal", "title": None, "labelFontSize": _SIZE,
                   "labelColor": INK, "labelLimit": 0, "symbolStrokeWidth": 3, "columnPadding": 18, "aria": False},
        "range": {"category": list(SERIES)},
    }  # fmt: skip


class _Plan:
    """One drawing: which way it runs, its rows under short names, its layers."""

    def __init__(self, picture: Picture, currency: str, width: int) -> None:
        self.picture, self.currency, self.width = picture, currency, width
        self.item, self.measure = picture.item, picture.measure
        self.category, self.time = axes.is_category(picture), axes.is_time(picture)
        self.items = list(dict.fromkeys(picture.data.values(self.item.name)))
        self.colours = list(dict.fromkeys(map(_text, picture.data.values(picture.color)))) if picture.color else []
        self.labels = axes.item_labels(self.items, self.item, currency) if self.category else {}
        self.horizontal = picture.horizontal or (
            self.category
            and picture.mark_on is None
            and not axes.fits_below(list(self.labels.values()), width - 60, _SIZE)
        )
        self.scale = 100 if self.measure.kind == "minor" else 1

    @property
    def height(self) -> float:
        if not self.horizontal:
            return 360 if self.width >= WIDE else 300
        bars = len(self.colours) if self.grouped else 1
        alone = 30 if len(self.items) <= _MANY_BARS else 22
        step = max(alone, (15 if self.picture.kind == "bar" else 13) * bars + 14)
        lines = max((len(axes.broken(label, self._room).splitlines()) for label in self.labels.values()), default=1)
        return max(step, 16 * lines + 8) * len(self.items) + 60 + (26 if self.colours else 0)

    def rows(self) -> list[Spec]:
        names = [self.item.name, self.measure.name, self.picture.color, self.picture.low, self.picture.high]
        given = {column.name for column in self.picture.data.columns}
        places = [self.picture.data.place(name) if name in given else None for name in (*names, COUNT)]
        rows = []
        for row in self.picture.data.rows:
            item, value, colour, low, high, count = (None if p is None else row[p] for p in places)
            rows.append(self._row(item, value, colour, low, high) | ({"n": count} if count is not None else {}))
        return [row for row in rows if row["v"] is not None]

    def _row(self, item: Cell, value: Cell, colour: Cell, low: Cell, high: Cell) -> Spec:
        row: Spec = {"a": self._item(item), "v": self._size(value)}
        if colour is not None:
            row["c"] = _text(colour)
        if low is not None and high is not None:
            row |= {"lo": self._size(low), "hi": self._size(high)}
        if self.labelled:
            row["t"] = self._written(value)
            row["e"] = max(0.0, *(row.get(k) or 0.0 for k in ("v", "hi")))
        return row

    def _item(self, item: Cell) -> Cell:
        if self.category:
            return axes.broken(self.labels[item], self._room)
        return item if self.time or self.item.kind != "minor" or not isinstance(item, int | float) else item / 100

    @property
    def _room(self) -> float:
        if self.horizontal:
            return self.width * 0.38 / _SIZE
        return (self.width - 60) / max(1, len(self.items)) / _SIZE - 0.6

    def _size(self, value: Cell) -> float | None:
        return float(value) / self.scale if isinstance(value, int | float) else None

    @property
    def labelled(self) -> bool:
        if self.picture.kind != "bar" or len(self.picture.data.rows) > _LABELLED_BARS:
            return False
        return self.horizontal or (not self.colours and self._values_fit)

    @property
    def _values_fit(self) -> bool:
        """Whether values can be written above bars that stand side by side."""
        written = [self._written(value) for value in self.picture.data.values(self.measure.name)]
        return max(map(width_of, written), default=0.0) * _SIZE < (self.width - 60) / max(1, len(self.items))

    def _written(self, value: Cell) -> str:
        return write(value, self.measure.kind, currency=self.currency, short=True)

    @property
    def grouped(self) -> bool:
        """Whether an item holds several marks, one for each colour, that stand beside one another."""
        if not self.colours or not self.category or self.picture.kind == "line":
            return False
        return len(self.picture.data.rows) > len(self.items)

    # Channels

    @property
    def _a(self) -> str:
        return "y" if self.horizontal else "x"

    @property
    def _v(self) -> str:
        return "x" if self.horizontal else "y"

    def item_channel(self) -> Spec:
        if self.category:
            order = list(dict.fromkeys(map(self._item, self.items)))
            padding = {"paddingInner": 0.3, "paddingOuter": 0.15} if self.picture.kind == "bar" else {}
            kind = (
                {"type": "band", **padding}
                if self.picture.kind == "bar" or self.grouped
                else {"type": "point", "padding": 0.5}
            )
            return {"field": "a", "type": "nominal", "sort": order, "scale": kind, "axis": axes.category_axis(1)}
        most = 8 if self.width >= WIDE else 4
        if self.time:
            days = [date.fromisoformat(str(day)[:10]) for day in self.items if day is not None]
            return {"field": "a", "type": "temporal", "scale": {"type": "utc"}, "axis": axes.time_axis(days, most=most)}
        axis = axes.number_axis(self.item.kind, self.currency, ticks=most) | {
            "title": self.item.title,
            "grid": False,
            "offset": 8,
        }
        return {"field": "a", "type": "quantitative", "scale": {"zero": False}, "axis": axis}

    def value_channel(self, field: str = "v") -> Spec:
        most = 6 if self.width >= WIDE or not self.horizontal else 4
        axis = axes.number_axis(self.measure.kind, self.currency, ticks=most) | {"title": None}
        if self.horizontal:
            axis["title"] = self.measure.title
        return {"field": field, "type": "quantitative", "axis": axis, "stack": None,
                "scale": {"zero": self.picture.kind == "bar", "nice": True}}  # fmt: skip

    def colour(self) -> Spec:
        if not self.colours:
            return {}
        columns = max(1, int(self.width // (40 + _SIZE * max(map(width_of, self.colours)))))
        lines = {"symbolType": "stroke", "symbolOpacity": 1} if self.picture.kind == "line" else {"symbolOpacity": 1}
        legend = None if self.picture.color == self.item.name else {"columns": columns, **lines}
        return {"color": {"field": "c", "type": "nominal", "sort": self.colours, "legend": legend,
                          "scale": {"domain": self.colours}}}  # fmt: skip

    def offset(self) -> Spec:
        if not self.grouped:
            return {}
        return {f"{self._a}Offset": {"field": "c", "type": "nominal", "sort": self.colours}}

    def both(self, field: str = "v") -> Spec:
        return {self._a: self.item_channel(), self._v: self.value_channel(field)}

    # Layers

    def layers(self) -> list[Spec]:
        drawn = [self._band(), *self._rule(), *self._mark_on(), *self._main(), self._interval(), self._text()]
        return [layer for layer in drawn if layer]

    @property
    def _bounded(self) -> bool:
        return bool(self.picture.low and self.picture.high)

    def _band(self) -> Spec:
        if not self._bounded or self.picture.kind != "line":
            return {}
        mark = {"type": "area", "opacity": 0.16, **({} if self.colours else {"color": SERIES[0]})}
        return {"mark": mark, "encoding": self.both("lo") | {f"{self._v}2": {"field": "hi"}} | self.colour()}

    def _rule(self) -> list[Spec]:
        if self.picture.rule is None:
            return []
        return [{"data": {"values": [{"v": self.picture.rule / self.scale}]},
                 "mark": {"type": "rule", "strokeDash": [5, 4], "color": MUTED, "strokeWidth": 1.2},
                 "encoding": {self._v: self.value_channel()}}]  # fmt: skip

    def _mark_on(self) -> list[Spec]:
        if self.picture.mark_on is None:
            return []
        at = {"a": self._item(self.picture.mark_on)} if not self.category else {"a": self._marked()}
        text = write(self.picture.mark_on, self.item.kind, currency=self.currency)
        encoding = {self._a: self.item_channel()}
        return [
            {"data": {"values": [at]}, "encoding": encoding,
             "mark": {"type": "rule", "strokeDash": [5, 4], "color": MUTED, "strokeWidth": 1.2}},
            {"data": {"values": [at | {"t": text}]},
             "encoding": encoding | {"y": {"value": 0}, "text": {"field": "t"}},
             "mark": {"type": "text", "baseline": "top", "color": MUTED, "fontSize": 12, **self._beside_mark()}},
        ]  # fmt: skip

    def _beside_mark(self) -> Spec:
        """Write at the right of the mark, but at its left where the picture ends soon."""
        after = sum(1 for item in self.items if str(item) > str(self.picture.mark_on))
        late = (self.time or self.category) and after < len(self.items) * 0.25
        return {"align": "right", "dx": -6} if late else {"align": "left", "dx": 6}

    def _marked(self) -> str:
        label = self.labels.get(self.picture.mark_on) or write(self.picture.mark_on, self.item.kind)
        return axes.broken(label, self._room)

    def _main(self) -> list[Spec]:
        plain = {} if self.colours else {"color": SERIES[0]}
        encoding = self.both() | self.colour() | self.offset()
        if self.picture.kind == "bar":
            return [{"mark": {"type": "bar", "cornerRadiusEnd": 2, **plain}, "encoding": encoding}]
        if self.picture.kind == "line":
            few = len(self.items) <= 12
            mark = {
                "type": "line",
                "strokeWidth": 2.4,
                "strokeJoin": "round",
                "point": {"size": 46, "filled": True, **plain} if few else False,
            }
            return [{"mark": mark | plain, "encoding": encoding | self._in_order()}]
        crowd = any(column.name == COUNT for column in self.picture.data.columns)
        size = (
            {"size": {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [8, 220]}}}
            if crowd
            else {}
        )
        many = len(self.picture.data.rows) > 60
        mark = {"type": "point", "filled": True, "opacity": 0.55 if many else 1, "size": 40 if many else 80}
        return [{"mark": mark | plain, "encoding": encoding | size}]

    def _in_order(self) -> Spec:
        return {} if self.time or self.category else {"order": {"field": "a"}}

    def _interval(self) -> Spec:
        if not self._bounded or self.picture.kind == "line":
            return {}
        colour = (
            {}
            if self.colours and self.picture.kind == "point"
            else {"color": INK if self.picture.kind == "bar" else SERIES[0]}
        )
        coloured = self.colour() if self.picture.kind == "point" else {}
        mark = {"type": "rule", "strokeWidth": 1.6, "opacity": 0.75, **colour}
        return {"mark": mark, "encoding": self.both("lo") | {f"{self._v}2": {"field": "hi"}} | coloured | self.offset()}

    def _text(self) -> Spec:
        if not self.labelled:
            return {}
        way = {"align": "left", "dx": 6} if self.horizontal else {"baseline": "bottom", "dy": -5}
        encoding = self.both("e") | self.offset() | {"text": {"field": "t"}}
        return {"mark": {"type": "text", "fontSize": 12, "color": INK, **way}, "encoding": encoding}


def _text(value: Cell | Column) -> str:
    return write(value, "text")


def _embedded(drawn: str, title: str) -> str:
    """Make a drawing part of a page: it inherits the page's font and shrinks with the window."""
    drawn = re.sub(r' font-family="[^"]*"', "", drawn)
    drawn = re.sub(r' (?:role|aria-[a-z]+|xmlns(?::xlink)?|version|pointer-events)="[^"]*"', "", drawn)
    drawn = re.sub(r"(\d+\.\d\d)\d+", r"\1", drawn)
    size = re.search(r' width="([\d.]+)" height="[\d.]+"', drawn)
    width = size[1] if size else str(WIDE)
    style = f' role="img" aria-label="{escape(title)}" style="width:100%;max-width:{width}px;height:auto"'
    return drawn.replace(size[0], style, 1) if size else drawn
