"""Formatting by name: what a number is called says how it is written.

| name | kind | written |
|---|---|---|
| `share_..`, `.._share`, `rate_..`, `.._rate`, `lift_..`, `.._lift` | share | 12.3% |
| `.._minor` | minor | fen as yuan, ¥1,234 |
| `cost_..`, `amount_..`, `revenue_..`, `spend_..`, `profit_..` | money | yuan, ¥1,234 |
| `count_..`, `n`, `n_..`, `rank` | count | 1,234 |
| `p_value`, `.._p_value` | p | 0.012, <0.001 |
| `date`, `day`, `week`, `.._on` | date | 3 Nov 2026 |
| `month` | month | Nov 2026 |
| `points_..`, `nps` | points | 3.1 (percentage points, score points) |
| text | text | the label in the reader's language |
| anything else | number | 1.23 |

A name that ends with `_ci` is an interval (low, high), `_low`, `_high` and `_se` belong to what they are the low end,
high end and standard error of: each is written as the name before it.
"""

import math
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from numbers import Integral, Real
from statistics import median_high
from typing import Any, Literal

import pandas as pd

from marketbook.kit import language

Kind = Literal["share", "minor", "money", "count", "p", "date", "month", "points", "text", "number"]

_PREFIXES: tuple[tuple[tuple[str, ...], Kind], ...] = (
    (("share_", "rate_", "lift_"), "share"),
    (("cost_", "amount_", "revenue_", "spend_", "profit_"), "money"),
    (("count_", "n_"), "count"),
    (("points_",), "points"),
)
_SUFFIXES: tuple[tuple[tuple[str, ...], Kind], ...] = (
    (("_minor",), "minor"),
    (("p_value",), "p"),
    (("_share", "_rate", "_lift"), "share"),
    (("_on",), "date"),
)
_NAMES: dict[str, Kind] = {
    "share": "share", "rate": "share", "lift": "share", "cost": "money", "amount": "money", "revenue": "money",
    "spend": "money", "profit": "money", "n": "count", "count": "count", "rank": "count", "date": "date",
    "day": "date", "week": "date", "month": "month", "nps": "points",
}  # fmt: skip


_DECIMALS = ((1000, 0), (100, 1), (0.1, 2), (0.01, 3), (0, 4))
"""Decimals of a plain number by its least size."""


def kind_of(name: str) -> Kind:
    """Return how a number of this name is written.

    Example:
        >>> kind_of("share_aware_low"), kind_of("cost_minor"), kind_of("roas")
        ('share', 'minor', 'number')
    """
    stem = name
    for ending in ("_ci", "_low", "_high", "_se"):
        stem = stem.removesuffix(ending)
    if stem in _NAMES:
        return _NAMES[stem]
    for suffixes, kind in _SUFFIXES:
        if stem.endswith(suffixes):
            return kind
    for prefixes, kind in _PREFIXES:
        if stem.startswith(prefixes):
            return kind
    return "number"


def write(
    value: Any,  # noqa: ANN401  # any cell of a frame
    kind: Kind,
    *,
    currency: str = "CNY",
    short: bool = False,
    decimals: int | None = None,
) -> str:
    """Write one value as its kind asks, in the current language; missing is an en dash.

    Args:
        value: A cell, or a pair (low, high) for an interval.
        kind: How it is written.
        currency: ISO code of amounts.
        short: Write large amounts for a headline: ¥1.2 亿, CN¥120M.
        decimals: Count of decimals of a plain number; by its size when not given.
    """
    if isinstance(value, (tuple, list)):
        decimals = decimals_of(value) if decimals is None else decimals
        low, high = (write(end, kind, currency=currency, short=short, decimals=decimals) for end in value)
        return f"[{low}, {high}]"
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return language.gettext("yes") if value else language.gettext("no")
    if isinstance(value, str):
        return _text(value, kind)
    if isinstance(value, date):
        return language.format_month(value) if kind == "month" else language.format_date(value)
    if kind == "points":
        return language.format_number(value, decimals=1)
    if kind == "number":
        return language.format_number(value, decimals=decimals_of([value]) if decimals is None else decimals)
    return _number(float(value), kind, currency, short=short)


def by_name(name: str, value: Any, *, currency: str = "CNY", short: bool = False) -> str:  # noqa: ANN401  # any cell of a frame
    """Write a value as its name asks.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("en"):
        ...     by_name("share_aware", 0.1234), by_name("cost_minor_ci", (120000, 340000))
        ('12.3%', '[CN¥1,200, CN¥3,400]')
    """
    return write(value, kind_of(name), currency=currency, short=short)


def decimals_of(values: Iterable[Any]) -> int:
    """Return how many decimals plain numbers that stand together should have.

    Example:
        >>> decimals_of([3, 12]), decimals_of([3.5, 120.25]), decimals_of([0.012, -0.3]), decimals_of([0.004])
        (0, 1, 2, 4)
        >>> decimals_of([3.0]), decimals_of([3.0, 12.0])
        (2, 0)
    """
    numbers = [value for value in values if isinstance(value, Real) and math.isfinite(value)]
    sizes = [abs(float(value)) for value in numbers]
    if all(isinstance(value, Integral) for value in numbers) or (
        len(sizes) > 1 and all(size % 1 == 0 for size in sizes)
    ):
        return 0
    typical = median_high([size for size in sizes if size] or [1.0])
    return next(decimals for least, decimals in _DECIMALS if typical >= least)


def _text(value: str, kind: Kind) -> str:
    """Days come out of a finding as ISO text."""
    if kind in ("date", "month"):
        with suppress(ValueError):
            return write(date.fromisoformat(value[:10]), kind)
    return language.label(value)


def _number(value: float, kind: Kind, currency: str, *, short: bool) -> str:
    if kind == "share":
        return language.format_percent(value)
    if kind in ("minor", "money"):
        amount = value / 100 if kind == "minor" else value
        cents = 2 if abs(amount) < 100 and amount != round(amount) else 0
        return language.format_money(amount, currency, decimals=cents, short=short)
    if kind == "count":
        return language.format_integer(value)
    return "<0.001" if value < 0.001 else language.format_number(value, decimals=3)
