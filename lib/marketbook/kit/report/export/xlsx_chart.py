"""Native charts of the workbook: their data on a sheet of its own, so that a reader can change either."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from marketbook.kit.language import gettext as _
from marketbook.kit.report.export.numbers import axis_format, number_format
from marketbook.kit.report.export.plot import MANY, Plot, Series, plot_of
from marketbook.kit.report.finding import Finding
from marketbook.kit.report.theme import ACCENT, AXIS, INK, LINE, SERIES

_TYPES: dict[str, dict[str, str]] = {
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "line": {"type": "line"},
    "dots": {"type": "line"},
    "curve": {"type": "scatter", "subtype": "straight"},
    "scatter": {"type": "scatter"},
}


class ChartData:
    """The sheet that holds what is drawn, one block of columns for each chart."""

    def __init__(self, book: Any, sheet: Any, font: str, style: Callable[..., Any]) -> None:  # noqa: ANN401  # untyped
        self.book, self.sheet, self.font, self.style = book, sheet, font, style
        self.next = 0
        sheet.hide_gridlines(2)
        sheet.freeze_panes(2, 0)
        sheet.fit_to_pages(1, 0)

    def add(self, finding: Finding) -> Any:  # noqa: ANN401  # xlsxwriter's chart
        """Write a finding's series and return its chart; None where it has no picture."""
        plot = plot_of(finding)
        if plot is None:
            return None
        self.sheet.write_string(0, self.next, plot.title, self.style(bold=True, font_color=ACCENT))
        chart = self.book.add_chart(_TYPES[plot.kind])
        items = self._items(plot) if plot.has_categories else ""
        for index, series in enumerate(plot.series):
            chart.add_series(self._series(plot, series, items, index, finding.currency))
        self._dress(chart, plot, finding.currency)
        self.next += 1
        return chart

    def _items(self, plot: Plot) -> str:
        return self._column(plot.item_title, list(plot.categories), number_format(plot.item_kind))

    def _column(self, title: str, values: Sequence[str | date | float | None], form: str) -> str:
        """Write one column and return its place."""
        column, style = self.next, self.style(num_format=form)
        self.next += 1
        self.sheet.write_string(1, column, title, self.style(bold=True, bottom=1, bottom_color=LINE))
        for row, value in enumerate(values, start=2):
            if isinstance(value, str):
                self.sheet.write_string(row, column, value, self.style(quote_prefix=True))
            elif isinstance(value, date):
                self.sheet.write_datetime(row, column, datetime.combine(value, time()), style)
            elif value is not None:
                self.sheet.write_number(row, column, value, style)
        self.sheet.set_column(column, column, 16)
        return self._place(column, len(values))

    def _place(self, column: int, count: int) -> str:
        from xlsxwriter.utility import xl_range_abs

        name = self.sheet.get_name().replace("'", "''")
        return f"='{name}'!{xl_range_abs(2, column, max(2, count + 1), column)}"

    def _series(self, plot: Plot, series: Series, items: str, index: int, currency: str) -> dict[str, Any]:
        form, colour = number_format(plot.value_kind, currency=currency), SERIES[index % len(SERIES)]
        if not plot.has_categories:
            items = self._column(plot.item_title, series.xs, number_format(plot.item_kind, currency=currency))
        values = self._column(series.name, series.values, form)
        dressed = {"name": series.name, "categories": items, "values": values, "gap": 60}
        if plot.is_one_each and len(plot.series) > 1:
            dressed["overlap"] = 100
        if any(series.plus) or any(series.minus):
            plus = self._column(_("Up to the upper end"), series.plus, form)
            minus = self._column(_("Down to the lower end"), series.minus, form)
            bars = {"type": "custom", "plus_values": plus, "minus_values": minus, "line": {"color": INK, "width": 1}}
            dressed["y_error_bars"] = bars
        return dressed | _look(plot, colour, bound=series.is_bound)

    def _dress(self, chart: Any, plot: Plot, currency: str) -> None:  # noqa: ANN401  # xlsxwriter's chart
        value, item = self._value_axis(plot, currency), self._item_axis(plot, currency)
        if plot.kind == "bar":
            chart.set_y_axis(item | {"reverse": True})
            chart.set_x_axis(value | {"label_position": "high"})
        else:
            chart.set_x_axis(item)
            chart.set_y_axis(value)
        chart.set_title({"name": plot.title, "name_font": self._font(12, bold=True), "overlay": False})
        chart.set_legend({"position": "top", "font": self._font()} if len(plot.series) > 1 else {"none": True})
        chart.set_chartarea({"border": {"none": True}})
        bars = len(plot.categories) * len(plot.series) if plot.kind == "bar" else 0
        chart.set_size({"width": 760, "height": max(380, 22 * bars + 120)})

    def _font(self, size: float = 9.5, *, bold: bool = False) -> dict[str, Any]:
        return {"name": self.font, "size": size, "color": INK, "bold": bold}

    def _value_axis(self, plot: Plot, currency: str) -> dict[str, Any]:
        sizes = [abs(value) for series in plot.series for value in series.values if value is not None]
        bounds = {name: end for name, end in zip(("min", "max"), plot.bounds, strict=True) if end is not None}
        grid = {"visible": True, "line": {"color": LINE}}
        form = axis_format(plot.value_kind, max(sizes, default=0.0), currency=currency)
        named = {"name": plot.value_title, "name_font": self._font(), "num_font": self._font()}
        return {"num_format": form, "major_gridlines": grid, "line": {"none": True}, **named, **bounds}

    def _item_axis(self, plot: Plot, currency: str) -> dict[str, Any]:
        axis: dict[str, Any] = {"num_font": self._font(), "line": {"color": AXIS}, "label_position": "low"}
        if plot.has_days:
            ticks = {"major_unit": plot.months_a_tick, "major_unit_type": "months"}
            return axis | {"date_axis": True, "num_format": axis_format("date", 0.0)} | ticks
        if plot.has_categories:
            return axis
        xs = [abs(x) for series in plot.series for x in series.xs]
        form = axis_format(plot.item_kind, max(xs, default=0.0), currency=currency)
        return axis | {"num_format": form, "name": plot.item_title, "name_font": self._font()}


def _look(plot: Plot, colour: str, *, bound: bool) -> dict[str, Any]:
    if bound:
        return {"line": {"color": SERIES[4], "width": 1, "dash_type": "dash"}, "marker": {"type": "none"}}
    if plot.kind in ("bar", "column"):
        return {"fill": {"color": colour}, "border": {"none": True}}
    if plot.kind in ("line", "curve"):
        return {"line": {"color": colour, "width": 2.25}, "marker": {"type": "none"}}
    size = 7 if max(len(series.values) for series in plot.series) <= MANY else 3
    marker = {"type": "circle", "size": size, "fill": {"color": colour}, "border": {"none": True}}
    return {"line": {"none": True}, "marker": marker}
