"""A picture small enough to draw: long lines thinned, crowds of points binned, endless bars cut and a note made."""

from collections import Counter
from collections.abc import Sequence

from marketbook.kit.language import gettext as _
from marketbook.kit.report.finding import Cell, Column, Picture, Table

MOST_POINTS = 1000
MOST_BARS = 40
GRID = (56, 30)
COUNT = "n_in_cell"
"""The column that binned points get: how many stand in a cell of the grid."""

Row = tuple[Cell, ...]


def thin(picture: Picture) -> tuple[Picture, str]:
    """Return the picture with at most a thousand marks, and a note where something is left out of sight."""
    if picture.kind == "bar":
        return _cut(picture)
    if len(picture.data.rows) <= MOST_POINTS:
        return picture, ""
    if picture.kind == "line":
        return _with_rows(picture, _thinned(picture)), ""
    return _binned(picture)


def sampled(picture: Picture) -> tuple[Picture, str]:
    """Return the picture for a native chart, whose dots are all of one size: of a crowd, every n-th point."""
    if picture.kind != "point" or len(picture.data.rows) <= MOST_POINTS:
        return thin(picture)
    step = -(-len(picture.data.rows) // MOST_POINTS)
    return _with_rows(picture, picture.data.rows[::step]), _("One point in {step} is drawn.").format(step=step)


def _cut(picture: Picture) -> tuple[Picture, str]:
    item = picture.data.place(picture.y if picture.horizontal else picture.x)
    items = list(dict.fromkeys(row[item] for row in picture.data.rows))
    if len(items) <= MOST_BARS:
        return picture, ""
    kept = set(items[:MOST_BARS])
    note = _("The first {shown} of {all} are drawn; the table holds all.").format(shown=MOST_BARS, all=len(items))
    return _with_rows(picture, [row for row in picture.data.rows if row[item] in kept]), note


def _thinned(picture: Picture) -> list[Row]:
    """Keep of each stretch of a line its lowest and highest point, in their order."""
    series: dict[Cell, list[Row]] = {}
    colour = picture.data.place(picture.color) if picture.color else None
    for row in picture.data.rows:
        series.setdefault(None if colour is None else row[colour], []).append(row)
    stretches = max(1, MOST_POINTS // (2 * len(series)) - 1)
    y = picture.data.place(picture.y)
    return [row for rows in series.values() for row in _extremes(rows, y, stretches)]


def _extremes(rows: list[Row], y: int, stretches: int) -> list[Row]:
    size = -(-len(rows) // stretches)
    if size <= 2:
        return rows
    kept = {0, len(rows) - 1}
    for start in range(0, len(rows), size):
        stretch = range(start, min(start + size, len(rows)))
        kept |= {min(stretch, key=lambda i: _height(rows[i], y)), max(stretch, key=lambda i: _height(rows[i], y))}
    return [rows[i] for i in sorted(kept)]


def _height(row: Row, y: int) -> float:
    value = row[y]
    return float(value) if isinstance(value, int | float) else 0.0


def _binned(picture: Picture) -> tuple[Picture, str]:
    """Put points into a grid; each cell becomes one point at its middle that knows how many it stands for."""
    places = [picture.data.place(name) for name in (picture.x, picture.y)]
    points = [row for row in picture.data.rows if all(isinstance(row[p], int | float) for p in places)]
    if not points:
        return _with_rows(picture, picture.data.rows[:MOST_POINTS]), _("Only part of the points is drawn.")
    spans = [_span([float(row[p]) for row in points]) for p in places]  # type: ignore[arg-type]  # numbers, seen above
    colour = picture.data.place(picture.color) if picture.color else None
    cells = Counter(
        (
            *(_middle(float(row[p]), span, n) for p, span, n in zip(places, spans, GRID, strict=True)),  # type: ignore[arg-type]
            None if colour is None else row[colour],
        )
        for row in points
    )
    names = [picture.x, picture.y] + ([picture.color] if picture.color else [])
    columns = (*(picture.data.columns[picture.data.place(n)] for n in names), _counted())
    rows = tuple((*cell[: len(names)], count) for cell, count in cells.most_common(MOST_POINTS))
    note = _("Each dot stands for the cases around it: the larger, the more.")
    return picture.model_copy(update={"data": Table(columns=columns, rows=rows), "low": None, "high": None}), note


def _counted() -> Column:
    return Column(name=COUNT, title=_("Cases"), kind="count")


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return low, (high - low) or 1.0


def _middle(value: float, span: tuple[float, float], cells: int) -> float:
    low, width = span
    return low + width * (min(int((value - low) / width * cells), cells - 1) + 0.5) / cells


def _with_rows(picture: Picture, rows: Sequence[Row]) -> Picture:
    return picture.model_copy(update={"data": Table(columns=picture.data.columns, rows=tuple(rows))})
