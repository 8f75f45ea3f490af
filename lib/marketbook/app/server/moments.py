"""Moments as a person tells them: three hours ago, on Monday at seven."""

from datetime import datetime, timedelta

from babel import dates

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.language.hant import traditional
from marketbook.kit.store import now

WEEK = 7
"""Days ahead that are told by their weekday."""


def ago(moment: datetime) -> str:
    """Say how long ago a moment was, in the coarsest fitting unit."""
    passed = max(now() - moment, timedelta(0))
    if passed < timedelta(minutes=1):
        return _("just now")
    return str(dates.format_timedelta(-passed, add_direction=True, threshold=1.2, locale=language.current()))


def ahead(moment: datetime) -> str:
    """Say when a moment will be: today, tomorrow, a weekday of the next six, else the day; with the time."""
    here = moment.astimezone(settings().zone)
    days = (here.date() - now().astimezone(settings().zone).date()).days
    if days == 0:
        return _("today {time}").format(time=f"{here:%H:%M}")
    if days == 1:
        return _("tomorrow {time}").format(time=f"{here:%H:%M}")
    if 1 < days < WEEK:
        return _("{weekday} {time}").format(weekday=_weekday(here), time=f"{here:%H:%M}")
    return exact(moment)


def exact(moment: datetime) -> str:
    """Write a moment to the minute, on the company's clock."""
    return language.format_datetime(moment.astimezone(settings().zone))


def is_today(moment: datetime) -> bool:
    """Tell whether a moment lies in the company's today."""
    return moment.astimezone(settings().zone).date() == now().astimezone(settings().zone).date()


def greeting() -> str:
    """Greet by the hour of the company's clock."""
    hour = now().astimezone(settings().zone).hour
    if 5 <= hour < 12:
        return _("Good morning")
    return _("Good afternoon") if 12 <= hour < 18 else _("Good evening")


def took(seconds: float) -> str:
    """Say how long something took."""
    if seconds < 60:
        return _("{seconds} s").format(seconds=language.format_number(seconds, decimals=1 if seconds < 10 else 0))
    minutes, rest = divmod(round(seconds), 60)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)


def _weekday(moment: datetime) -> str:
    """Babel writes 週, the company 周."""
    told = str(dates.format_date(moment.date(), "EEE", locale=language.current()))
    return traditional(told) if language.current() == "zh_Hant" else told
