"""Periods as texts that sort: a year `2026`, a quarter `2026-Q1`, a month `2026-03`, a week `2026-W07`, a day."""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _

RULE = "length({0}) IN (4, 7, 8, 10) AND ltrim({0}, '0123456789-QW') = ''"
"""What a database on either engine can hold of it."""

_FORM = re.compile(
    r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-W(?P<week>\d\d)|-(?P<month>\d\d)(-(?P<day>\d\d))?)?", re.ASCII
)


def days(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period.

    Raises:
        RecordError: It is none.

    Example:
        >>> [day.isoformat() for day in days("2026-Q1")]
        ['2026-01-01', '2026-03-31']
    """
    if found := _FORM.fullmatch(period):
        with suppress(ValueError):
            return _between({name: int(part) for name, part in found.groupdict().items() if part})
    raise RecordError(
        _("period: {found!r} is none; write 2026, 2026-Q1, 2026-03, 2026-W07 or 2026-03-15.").format(found=period)
    )


def _between(parts: dict[str, int]) -> tuple[date, date]:
    year = parts["year"]
    if "week" in parts:
        return date.fromisocalendar(year, parts["week"], 1), date.fromisocalendar(year, parts["week"], 7)
    if "day" in parts:
        day = date(year, parts["month"], parts["day"])
        return day, day
    if "month" in parts:
        first, last = parts["month"], parts["month"]
    elif "quarter" in parts:
        first, last = parts["quarter"] * 3 - 2, parts["quarter"] * 3
    else:
        first, last = 1, 12
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
