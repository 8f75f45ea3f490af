"""Cron times in a time zone. Weekdays are cron's (0 and 7 are Sunday), not APScheduler's (0 is Monday)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from marketbook.kit.language import gettext as _
from marketbook.kit.suggestion import closest

_FIELDS = ("minute", "hour", "day", "month", "day_of_week")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def checked(cron: str) -> str:
    """Return a cron line that can be kept; used where params files are read.

    Raises:
        ValueError: It does not have five fields, or one of them cannot be read.

    Example:
        >>> checked("0 7 * * 1")
        '0 7 * * 1'
    """
    fields = cron.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            _("must have five fields: minute, hour, day, month, weekday; has {count}").format(count=len(fields))
        )
    try:
        triggers(cron, "UTC")
    except ValueError as error:
        raise ValueError(_("cannot be read as cron: {problem}").format(problem=error)) from None
    return cron


def checked_zone(name: str) -> str:
    """Return a time zone that is known.

    Raises:
        ValueError: It is not; the message suggests one.
    """
    if name not in available_timezones():
        near = closest(name, available_timezones()) or "Asia/Shanghai"
        raise ValueError(_("must be a time zone like '{near}'").format(near=near))
    return name


def triggers(cron: str, time_zone: str) -> list[Any]:
    """Return the APScheduler triggers of a cron line: two where day and weekday are both restricted, as cron does."""
    minute, hour, day, month, weekday = cron.split()
    days = _weekdays(weekday)
    if day != "*" and days != "*":
        return [_trigger((minute, hour, *rest), time_zone) for rest in ((day, month, "*"), ("*", month, days))]
    return [_trigger((minute, hour, day, month, days), time_zone)]


def following(cron: str, time_zone: str, after: datetime) -> datetime | None:
    """Return the first time after a moment, in the schedule's zone; None where it never comes.

    Example:
        >>> from datetime import UTC
        >>> following("0 7 * * 1", "Asia/Shanghai", datetime(2026, 11, 23, tzinfo=UTC)).isoformat()
        '2026-11-30T07:00:00+08:00'
    """
    start = after.astimezone(ZoneInfo(time_zone)) + timedelta(microseconds=1)
    found = [t.get_next_fire_time(None, start) for t in triggers(cron, time_zone)]
    return min((moment for moment in found if moment is not None), default=None)


def between(cron: str, time_zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the times after `start` up to and with `end`."""
    moment = following(cron, time_zone, start)
    while moment is not None and moment <= end:
        yield moment
        moment = following(cron, time_zone, moment)


def _trigger(fields: tuple[str, ...], time_zone: str) -> Any:  # noqa: ANN401  # APScheduler is untyped
    from apscheduler.triggers.cron import CronTrigger  # not needed to start the command line

    return CronTrigger(timezone=ZoneInfo(time_zone), **dict(zip(_FIELDS, fields, strict=True)))


def _weekdays(field: str) -> str:
    """Write cron's weekdays as a list of names.

    Example:
        >>> _weekdays("1-5"), _weekdays("0"), _weekdays("*/2"), _weekdays("fri-sun")
        ('mon,tue,wed,thu,fri', 'sun', 'sun,tue,thu,sat', 'fri,sat,sun')
    """
    if field == "*":
        return field
    return ",".join(_DAYS[n % 7] for part in field.split(",") for n in _numbers(part))


def _numbers(part: str) -> range:
    match = re.fullmatch(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?", part)
    if not match:
        raise ValueError(part)
    first, last, step = match.groups()
    if first == "*":
        return range(0, 7, int(step or 1))
    start = _number(first)
    end = _number(last) if last else 6 if step else start
    return range(start, (end + 7 if end < start else end) + 1, int(step or 1))


def _number(day: str) -> int:
    number = int(day) if day.isdigit() else _DAYS.index(day.lower()) if day.lower() in _DAYS else 8
    if number > 7:
        raise ValueError(_("{day!r} is not a weekday; 0 to 7 or {names}").format(day=day, names=", ".join(_DAYS)))
    return number
