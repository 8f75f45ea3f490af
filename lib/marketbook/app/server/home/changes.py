"""What a headline number has done since the run before, in words, by its kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketbook.kit import language
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import Kind, decimals_of, write

SILENT: frozenset[Kind] = frozenset({"p", "date", "month", "text"})
"""Kinds of which a difference says nothing."""


@dataclass(frozen=True)
class Change:
    """A number beside what it was.

    Attributes:
        written: The difference with its sign, or that there is none.
        rise: Above 0 where it grew, below where it fell, 0 where it is the same as far as it is written.
        size: The difference as a part of what it was: what changed most is told by it.
    """

    written: str
    rise: int
    size: float


def change(number: Mapping[str, Any], before: Mapping[str, Any], *, currency: str = "CNY") -> Change | None:
    """Compare a headline number with itself in an earlier run.

    Args:
        number: As `NotebookRun.numbers` holds it: `kind` and `value` among others.
        before: The same of the earlier run.
        currency: ISO code of amounts.

    Returns:
        The change; None where one of them is missing or a difference of this kind says nothing.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("en"):
        ...     change({"kind": "share", "value": 0.503}, {"kind": "share", "value": 0.48}).written
        '+2.3 percentage points'
    """
    value, was, kind = number.get("value"), before.get("value"), number["kind"]
    if value is None or was is None or kind in SILENT or kind != before["kind"]:
        return None
    difference = value - was
    decimals = decimals_of([value, was]) if kind == "number" else None
    written = _written(abs(difference), kind, currency, decimals)
    if written == _written(0.0, kind, currency, decimals):
        return Change(_("the same as before"), 0, 0.0)
    sign, rise = ("+", 1) if difference > 0 else ("−", -1)
    return Change(f"{sign}{written}", rise, abs(difference / was) if was else 0.0)


def _written(size: float, kind: Kind, currency: str, decimals: int | None) -> str:
    if kind == "share":
        return _("{points} percentage points").format(points=language.format_number(100 * size, decimals=1))
    return write(size, kind, currency=currency, short=True, decimals=decimals)
