"""Public holidays and the great sales as events: what moves sales on known days, by name."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import chinese_calendar
import holidays as calendars
import pandas as pd

from marketbook.budget.history import History
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

GREAT_SALES = {"618": ((6, 1), (6, 18)), "双十一": ((10, 24), (11, 11))}
"""The days of the great sales in China, month and day of the first and the last."""


def holiday_events(periods: pd.DatetimeIndex, country: str = "CN") -> pd.DataFrame:
    """Return the holidays of a country as events of a history.

    In China they are the days off around each public holiday as the State Council announced them (movable ones such as
    春节 follow the lunar calendar; a year not announced yet holds the legal days alone), 618 and Double 11; elsewhere
    each public holiday's day.

    Args:
        periods: First day of each week or day.
        country: ISO code of two letters.

    Returns:
        Periods x holidays: the share of the period's days that belong to it; holidays outside the periods are left out.

    Raises:
        ParamsError: The country is not known.

    Example:
        >>> weeks = pd.date_range("2025-01-20", periods=3, freq="7D")
        >>> holiday_events(weeks).round(2)["春节"].tolist()
        [0.0, 0.86, 0.29]
    """
    if country not in calendars.list_supported_countries():
        raise ParamsError(
            _("country: found '{found}'; must be an ISO code of two letters, such as CN.").format(found=country)
        )
    length = int((periods[1] - periods[0]).days) if len(periods) > 1 else 7
    days = {day: _on(day.date(), country) for day in _days(periods, length)}
    names = dict.fromkeys(name for found in days.values() for name in found)
    marked = pd.DataFrame({name: [float(name in found) for found in days.values()] for name in names}, list(days))
    shares = marked.to_numpy(float).reshape(len(periods), length, len(names)).mean(axis=1)
    return pd.DataFrame(shares, index=periods, columns=list(names))


def with_holidays(history: History, country: str) -> History:
    """Return a history whose events hold a country's holidays, too; what it records under the same name stays.

    Args:
        history: Sales and media.
        country: ISO code of two letters; empty: the history as it is.
    """
    if not country:
        return history
    found = holiday_events(history.weeks, country)
    fresh = found[[name for name in found if name not in history.events]]
    return replace(history, events=pd.concat([history.events, fresh], axis=1))


def _days(periods: pd.DatetimeIndex, length: int) -> Iterator[pd.Timestamp]:
    for first in periods:
        yield from (first + timedelta(days=n) for n in range(length))


def _on(day: date, country: str) -> list[str]:
    if country != "CN":
        return [_calendar(country)[day].split(";")[0]] if day in _calendar(country) else []
    sales = [name for name, (first, last) in GREAT_SALES.items() if first <= (day.month, day.day) <= last]
    return sales + _in_china(day)


def _in_china(day: date) -> list[str]:
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # a year that is not announced yet
        legal = _calendar("CN").get(day, "").replace("农历除夕", "春节")
        return [found.chinese for found in chinese_calendar.Holiday if found.chinese in legal]
    return [chinese_calendar.Holiday(name).chinese] if off and name else []


@cache
def _calendar(country: str) -> calendars.HolidayBase:
    found: calendars.HolidayBase = calendars.country_holidays(country, language="zh_CN" if country == "CN" else None)
    return found
