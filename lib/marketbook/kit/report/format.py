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
| text | text | the label in the reader's language |
| anything else | number | 1.23 |

A name that ends with `_ci` is an interval (low, high), `_low`, `_high` and `_se` belong to what they are the low end,
high end and standard error of: each is written as the name before it.
"""

import math
from contextlib import suppress
from datetime import date
from typing import Any, Literal

import pandas as pd

from marketbook.kit import language

Kind = Literal["share", "minor", "money", "count", "p", "date", "month", "text", "number"]

_PREFIXES: tuple[tuple[tuple[str, ...], Kind], ...] = (
    (("share_", "rate_", "lift_"), "share"),
    (("cost_", "amount_", "revenue_", "spend_", "profit_"), "money"),
    (("count_", "n_"), "count"),
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
    "day": "date", "week": "date", "month": "month",
}  # fmt: skip


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


def write(value: Any, kind: Kind, *, currency: str = "CNY", short: bool = False) -> str:  # noqa: ANN401  # any cell of a frame
    """Write one value as its kind asks, in the current language; missing is an en dash.

    Args:
        value: A cell, or a pair (low, high) for an interval.
        kind: How it is written.
        currency: ISO code of amounts.
        short: Write large amounts for a headline: ¥1.2 亿, CN¥120M.
    """
    if isinstance(value, (tuple, list)):
        low, high = (write(end, kind, currency=currency, short=short) for end in value)
        return f"[{low}, {high}]"
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return language.gettext("yes") if value else language.gettext("no")
    if isinstance(value, str):
        return _text(value, kind)
    if isinstance(value, date):
        return language.format_month(value) if kind == "month" else language.format_date(value)
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
    if kind == "p":
        return "<0.001" if value < 0.001 else language.format_number(value, decimals=3)
    return language.format_number(value, decimals=_decimals(value))


def _decimals(value: float) -> int:
    size = abs(value)
    return 0 if size >= 1000 else 1 if size >= 100 else 2
