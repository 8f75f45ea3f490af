"""Native charts of the slides: editable in PowerPoint, with intervals as error bars, dressed like the page's."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from marketbook.kit.report.export.numbers import axis_format, number_format
from marketbook.kit.report.export.plot import MANY, Plot, Series
from marketbook.kit.report.export.slides_theme import dress, rgb
from marketbook.kit.report.theme import INK, LINE, MUTED, SERIES

_TYPES = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "line": XL_CHART_TYPE.LINE,
    "dots": XL_CHART_TYPE.LINE_MARKERS,
    "curve": XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS,
    "scatter": XL_CHART_TYPE.XY_SCATTER,
}
_LABELLED = 16


def add(slide: Any, plot: Plot, box: tuple[float, float, float, float], *, currency: str, font: str, tag: str) -> Any:  # noqa: ANN401
    """Add a plot to a slide as a native chart (box: left, top, width, height in inches)."""
    data = _categories(plot, currency) if plot.has_categories else _points(plot, currency)
    frame = slide.shapes.add_chart(_TYPES[plot.kind], *(Inches(side) for side in box), data)
    frame.name = plot.title
    chart = frame.chart
    chart.has_title = False
    chart.has_legend = len(plot.series) > 1
    chart.font.size, chart.font.color.rgb = Pt(12), rgb(INK)
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _dress_axes(chart, plot, currency)
    for index, (drawn, series) in enumerate(zip(chart.plots[0].series, plot.series, strict=True)):
        _dress_series(drawn, series, plot, SERIES[index % len(SERIES)])
    _label(chart, plot, currency)
    for properties in chart._chartSpace.iter(qn("a:defRPr"), qn("a:rPr")):  # noqa: SLF001  # no public way
        dress(properties, font, tag)
    return chart


def _categories(plot: Plot, currency: str) -> Any:  # noqa: ANN401  # pptx is half typed
    data: Any = CategoryChartData(  # type: ignore[no-untyped-call]
        number_format=number_format(plot.value_kind, currency=currency)
    )
    if plot.has_days:
        data.categories.number_format = "yyyy-mm-dd"
    data.categories = plot.categories
    for series in plot.series:
        data.add_series(series.name, series.values)
    return data


def _points(plot: Plot, currency: str) -> Any:  # noqa: ANN401  # pptx is half typed
    data: Any = XyChartData(  # type: ignore[no-untyped-call]
        number_format=number_format(plot.value_kind, currency=currency)
    )
    for series in plot.series:
        added = data.add_series(series.name)
        for x, y in zip(series.xs, series.values, strict=True):
            if y is not None:
                added.add_data_point(x, y)
    return data


def _dress_axes(chart: Any, plot: Plot, currency: str) -> None:  # noqa: ANN401  # pptx is untyped
    value, item = chart.value_axis, chart.category_axis
    sizes = [abs(v) for series in plot.series for v in series.values if v is not None]
    _dress_axis(value, axis_format(plot.value_kind, max(sizes, default=0.0), currency=currency))
    value.major_gridlines.format.line.color.rgb = rgb(LINE)
    value.format.line.fill.background()
    item.has_major_gridlines = False
    item.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    value.minimum_scale, value.maximum_scale = plot.bounds
    if plot.has_days:
        _dress_axis(item, axis_format("date", 0.0))
        _tick_months(item, plot.months_a_tick)
    if not plot.has_categories:
        xs = [abs(x) for series in plot.series for x in series.xs]
        _dress_axis(item, axis_format(plot.item_kind, max(xs, default=0.0), currency=currency))
        _title(item, plot.item_title)
    if plot.kind == "bar":
        item.reverse_order, value.tick_label_position = True, XL_TICK_LABEL_POSITION.HIGH
        _name_all(item, len(plot.categories))
    _title(value, plot.value_title)


def _name_all(axis: Any, categories: int) -> None:  # noqa: ANN401  # pptx is untyped
    """Write every category's name, smaller where they are many: Office leaves out every other one."""
    axis.tick_labels.font.size = Pt(12 if categories <= 10 else 10 if categories <= 18 else 8)
    every = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')
    after = axis._element.find(qn("c:noMultiLvlLbl"))  # noqa: SLF001
    axis._element.append(every) if after is None else after.addprevious(every)  # noqa: SLF001


def _dress_axis(axis: Any, form: str) -> None:  # noqa: ANN401  # pptx is untyped
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False


def _title(axis: Any, text: str) -> None:  # noqa: ANN401  # pptx is untyped
    axis.has_title = True
    run = axis.axis_title.text_frame.paragraphs[0].add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.color.rgb = Pt(11), False, rgb(MUTED)


def _tick_months(axis: Any, months: int) -> None:  # noqa: ANN401  # pptx is untyped
    """Put ticks at months; python-pptx knows no unit of time."""
    element = axis._element  # noqa: SLF001
    for name in ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit"):
        for old in element.findall(qn(name)):
            element.remove(old)
    for name, value in (("baseTimeUnit", "days"), ("majorUnit", str(months)), ("majorTimeUnit", "months")):
        element.append(parse_xml(f'<c:{name} {nsdecls("c")} val="{value}"/>'))


def _dress_series(drawn: Any, series: Series, plot: Plot, color: str) -> None:  # noqa: ANN401  # pptx is untyped
    if plot.kind in ("bar", "column"):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = rgb(color)
        drawn.invert_if_negative = False
    elif series.is_bound or plot.kind in ("line", "curve"):
        line = drawn.format.line
        line.color.rgb, line.width = rgb(SERIES[4] if series.is_bound else color), Pt(1 if series.is_bound else 2.25)
        line.dash_style = MSO_LINE.DASH if series.is_bound else None
        drawn.marker.style, drawn.smooth = XL_MARKER_STYLE.NONE, False
    else:
        drawn.format.line.fill.background()
        drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 8 if len(series.values) <= MANY else 4
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = rgb(color)
        drawn.marker.format.line.fill.background()
    if any(series.plus) or any(series.minus):
        _add_intervals(drawn._element, series, vertical=plot.kind in ("scatter", "curve"))  # noqa: SLF001


def _add_intervals(element: Any, series: Series, *, vertical: bool) -> None:  # noqa: ANN401  # a c:ser element
    """Add error bars, which python-pptx does not know; they stand before the series' categories."""
    direction = '<c:errDir val="y"/>' if vertical else ""
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}>{direction}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{_literal(series.plus)}</c:plus><c:minus>{_literal(series.minus)}</c:minus>'
        f'<c:spPr><a:ln w="12700"><a:solidFill><a:srgbClr val="{INK.lstrip("#").upper()}"/></a:solidFill></a:ln>'
        "</c:spPr></c:errBars>"
    )
    first = next(child for child in element if child.tag in (qn("c:cat"), qn("c:xVal"), qn("c:val"), qn("c:yVal")))
    first.addprevious(bars)


def _literal(values: Sequence[float]) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>' for i, value in enumerate(values))
    return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numLit>'


def _label(chart: Any, plot: Plot, currency: str) -> None:  # noqa: ANN401  # pptx is untyped
    """Write values at bars that are few; beside an interval's whisker they would not be legible."""
    drawn = chart.plots[0]
    if plot.kind not in ("bar", "column"):
        return
    drawn.gap_width, drawn.overlap = 55, 100 if plot.is_one_each else 0
    whiskers = any(any(series.plus) for series in plot.series)
    if whiskers or len(plot.categories) * (len(plot.series) if plot.is_one_each else len(plot.series) ** 2) > _LABELLED:
        return
    drawn.has_data_labels = True
    sizes = [abs(v) for series in plot.series for v in series.values if v is not None]
    form = (
        "0.0%"
        if plot.value_kind == "share"
        else axis_format(plot.value_kind, max(sizes, default=0.0), currency=currency)
    )
    drawn.data_labels.number_format, drawn.data_labels.number_format_is_linked = form, False
    drawn.data_labels.font.size = Pt(11)
