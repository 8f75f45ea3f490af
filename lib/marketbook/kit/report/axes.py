"""The axes of a drawn picture: what is written at the ticks, how long labels break, how dense dates stand.

Written in Vega's expression language, which the drawing runs.
"""

from datetime import date
from typing import Any

from marketbook.kit import language
from marketbook.kit.report.finding import Cell, Column, Picture
from marketbook.kit.report.format import Kind, write
from marketbook.kit.report.measure import width_of, wrap

Spec = dict[str, Any]

_DAYS_OF_MONTH = 30.4


def is_time(picture: Picture) -> bool:
    """Tell whether the picture runs along calendar time (bars stand one by one instead)."""
    return picture.kind != "bar" and picture.item.kind in ("date", "month")


def is_category(picture: Picture) -> bool:
    """Tell whether the picture compares items that stand side by side."""
    return picture.kind == "bar" or picture.item.kind == "text"


def item_labels(items: list[Cell], column: Column, currency: str) -> dict[Cell, str]:
    """Write what each item is called on its axis; months of one year go without it."""
    years = {str(item)[:4] for item in items}
    if column.kind == "month" and len(years) == 1:
        return {item: _month(str(item)) for item in items}
    return {item: write(item, column.kind, currency=currency, short=True) for item in items}


def category_axis(longest: float) -> Spec:
    """The axis of items; their labels are broken into lines before, by `broken`."""
    return {"title": None, "labelExpr": "split(datum.label, '\\n')", "labelLimit": 0, "labelLineHeight": 15,
            "labelAngle": 0, "ticks": False, "domain": False, "grid": False, "labelPadding": 8,
            "labelOverlap": longest == 0}  # fmt: skip


def broken(label: str, ems: float) -> str:
    """Break a long label into lines."""
    return "\n".join(wrap(label, ems))


def fits_below(labels: list[str], width: float, size: float) -> bool:
    """Tell whether labels can stand under a chart side by side, in at most two lines each."""
    room = width / max(1, len(labels)) / size - 0.6
    return bool(labels) and all(len(wrap(label, room)) <= 2 and _longest_line(label, room) <= room for label in labels)


def _longest_line(label: str, room: float) -> float:
    return max(width_of(line) for line in wrap(label, room))


def number_axis(kind: Kind, currency: str, *, ticks: int) -> Spec:
    """The axis of a number, its ticks written as the number's kind asks."""
    return {"title": None, "labelExpr": _ticks(kind, currency), "tickCount": ticks, "ticks": False, "domain": False,
            "labelFlush": False, "labelOverlap": True}  # fmt: skip


def time_axis(days: list[date], *, most: int) -> Spec:
    """The axis of days: as many ticks as can be read, the year where it begins."""
    span = (max(days) - min(days)).days if days else 0
    english = language.current() == "en"
    axis: Spec = {"title": None, "ticks": True, "grid": False, "labelOverlap": True, "labelFlush": False}
    if span <= 2 * _DAYS_OF_MONTH:
        return axis | {"labelExpr": f"utcFormat(datum.value, '{'%-d %b' if english else _zh('%-m月%-d日')}')",
                       "tickCount": most}  # fmt: skip
    year, month = ("%Y", "%b") if english else (_zh("%Y年"), _zh("%-m月"))
    named = f"utcFormat(datum.value, '{month}')"
    label = f"utcmonth(datum.value) == 0 ? utcFormat(datum.value, '{year}') : {named}"
    months = span / _DAYS_OF_MONTH
    step = next((s for s in (1, 2, 3, 6) if months / s <= most), 12)
    every = {"interval": "month", "step": step} if step < 12 else {"interval": "year", "step": max(1, span // 3650)}
    return axis | {"labelExpr": label, "tickCount": every}


def _month(day: str) -> str:
    moment = date.fromisoformat(day[:10])
    return f"{moment:%b}" if language.current() == "en" else f"{moment.month}月"


def _ticks(kind: Kind, currency: str) -> str:
    if kind == "share":
        return "format(datum.value, '.1~%')"
    sign = _sign(currency) if kind in ("money", "minor") else ""
    size = "abs(datum.value)"
    minus = "(datum.value < 0 ? '-' : '')"
    plain = f"format({size}, ',.3~f')"
    for least, unit in _units():
        plain = f"({size} >= {least} ? format({size} / {least}, ',.2~f') + '{unit}' : {plain})"
    return f"{minus} + '{sign}' + {plain}"


def _units() -> list[tuple[float, str]]:
    if language.current() == "en":
        return [(1e4 / 10, "K"), (1e6, "M"), (1e9, "B")]
    return [(1e4, _zh("万")), (1e8, _zh("亿"))]


def _sign(currency: str) -> str:
    return language.format_money(0, currency).rstrip("0").strip().replace("'", "")


def _zh(text: str) -> str:
    return language.label(text)
