"""Working days, and moments on them."""

from datetime import date, datetime, time, timedelta

from marketbook.kit.config import settings
from marketbook.kit.records.calendar import is_workday

ONE = timedelta(days=1)
OPENS = time(9)


def working(day: date, after: int = 0) -> date:
    """Return the first working day from a day on, or one that is so many working days after it.

    Example:
        >>> working(date(2025, 10, 1)), working(date(2025, 9, 30), after=1)
        (datetime.date(2025, 10, 9), datetime.date(2025, 10, 9))
    """
    while not is_workday(day):
        day += ONE
    for _each in range(after):
        day = working(day + ONE)
    return day


def before(day: date, count: int) -> date:
    """Return the working day that is so many working days before a day.

    Example:
        >>> before(date(2025, 10, 9), 1)
        datetime.date(2025, 9, 30)
    """
    while count:
        day -= ONE
        count -= is_workday(day)
    return day


def moment(day: date, minute: int) -> datetime:
    """Return the moment so many minutes after nine o'clock, where the company is."""
    return datetime.combine(day, OPENS, settings().zone) + timedelta(minutes=minute)


def month_of(day: date) -> str:
    """Return a day's month: `2025-03`."""
    return f"{day:%Y-%m}"
