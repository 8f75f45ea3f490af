"""The days of birthdays and festivals, of the solar and of the Chinese lunar calendar.

A lunar day is celebrated in the month itself, not in the leap month of the same number that may follow. The 30th of a
month that has 29 days is its 29th; 29 February is 28 February where there is none.

References:
    GB/T 33661-2017, Calculation and promulgation of the Chinese calendar.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from marketbook.kit.language import mark

FESTIVALS: Mapping[str, str] = {
    "new_year": mark("New Year"),
    "spring": mark("Spring Festival"),
    "lantern": mark("Lantern Festival"),
    "dragon_boat": mark("Dragon Boat Festival"),
    "mid_autumn": mark("Mid-Autumn Festival"),
    "double_ninth": mark("Double Ninth Festival"),
    "national": mark("National Day"),
}
"""The festivals."""

_SOLAR = {"new_year": (1, 1), "national": (10, 1)}
_LUNAR = {"spring": (1, 1), "lantern": (1, 15), "dragon_boat": (5, 5), "mid_autumn": (8, 15), "double_ninth": (9, 9)}


@dataclass(frozen=True)
class Day:
    """A day that is celebrated.

    Attributes:
        on: When.
        year: Of which year it is, of its own calendar: what makes it the only one.
    """

    on: date
    year: int


def birthday(text: str, year: int, *, lunar: bool = False) -> date:
    """Return when a birthday is celebrated in a year.

    Args:
        text: Month and day, `mm-dd`.
        year: Of the calendar in which it is celebrated: a lunar year begins with the Spring Festival.
        lunar: It is one of the lunar calendar.

    Example:
        >>> birthday("02-29", 2026), birthday("02-29", 2028)
        (datetime.date(2026, 2, 28), datetime.date(2028, 2, 29))
        >>> birthday("12-30", 2025, lunar=True)  # the 12th month of that year has 29 days
        datetime.date(2026, 2, 16)
    """
    month, day = (int(part) for part in text.split("-"))
    if lunar:
        return lunar_day(year, month, day)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 2, 28)


def festival(name: str, year: int) -> date:
    """Return the day of a festival of `FESTIVALS` in a year.

    Example:
        >>> festival("mid_autumn", 2026)
        datetime.date(2026, 9, 25)
    """
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    return lunar_day(year, *_LUNAR[name])


def coming_festival(name: str, *, on: date, ahead: int) -> Day | None:
    """Return the day of a festival that lies in the days ahead, that of today among them; None where none does."""
    found = (Day(festival(name, year), year) for year in (on.year, on.year + 1))
    return next((one for one in found if _is_ahead(one.on, on, ahead)), None)


def coming_birthday(text: str, *, lunar: bool, on: date, ahead: int) -> Day | None:
    """Return the day of a birthday that lies in the days ahead, that of today among them; None where none does."""
    found = (Day(birthday(text, year, lunar=lunar), year) for year in (on.year - 1, on.year, on.year + 1))
    return next((one for one in found if _is_ahead(one.on, on, ahead)), None)


def birthdays_between(on: date, ahead: int) -> tuple[set[str], set[str]]:
    """Return which birthdays, of the solar and of the lunar calendar, may be celebrated in the days ahead.

    What is returned may hold more than is celebrated, and never less: so that customers are looked up by it.
    """
    window = [on + timedelta(number) for number in range(ahead + 1)]
    solar = {f"{day:%m-%d}" for day in window}
    lunar = {f"{month:02}-{day:02}" for month, day in map(_lunar_of, window)}
    return solar | _next(solar, "02-28", "02-29"), lunar | {f"{one[:3]}30" for one in lunar if one.endswith("29")}


@lru_cache(maxsize=4_096)
def lunar_day(year: int, month: int, day: int) -> date:
    """Return a day of the lunar calendar as one of the solar calendar; the 30th of a short month is its 29th."""
    from lunar_python import Lunar, LunarMonth

    last = LunarMonth.fromYm(year, month).getDayCount()
    found = Lunar.fromYmd(year, month, min(day, last)).getSolar()
    return date(found.getYear(), found.getMonth(), found.getDay())


def _lunar_of(day: date) -> tuple[int, int]:
    from lunar_python import Solar

    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return abs(found.getMonth()), found.getDay()


def _next(found: Iterable[str], one: str, more: str) -> set[str]:
    return {more} if one in found else set()


def _is_ahead(day: date, on: date, ahead: int) -> bool:
    return on <= day <= on + timedelta(ahead)
