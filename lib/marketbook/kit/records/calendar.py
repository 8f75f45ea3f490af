"""The company's working calendar: lunch breaks, public holidays and the Saturdays that make up for them.

What the State Council has announced comes from `chinesecalendar`. A year that is not announced yet follows the weekday
rule and is provisional; it is written anew when it is known, and nothing is refused for it in the meantime.
"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import cache
from typing import Annotated

import chinese_calendar
from chinese_calendar import constants
from pydantic import AfterValidator, Field
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import parameters, roles
from marketbook.kit.records.tables import CalendarInterval, CalendarYear
from marketbook.kit.records.working_time import Hours, WorkingTime
from marketbook.kit.store import acting, now

_Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def _in_order(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    edges = [edge for interval in found for edge in interval]
    if edges != sorted(set(edges)):
        raise ValueError(_("the hours must follow one another"))
    return found


HOURS = parameters.declare(
    parameters.Declared(
        name="calendar.hours",
        title=mark("Working hours"),
        kind=Annotated[list[tuple[_Clock, _Clock]], Field(min_length=1, max_length=4), AfterValidator(_in_order)],
        default=[["09:00", "12:00"], ["13:30", "18:00"]],
        source=mark("the house's default"),
    )
)


def read(session: Session) -> WorkingTime:
    """Return the company's working clock; it reads a month, or a day that is not written down, when it comes to it.

    Args:
        session: A session of either kind, open while the clock is used.
    """
    years = {row.year: row.provisional for row in session.scalars(select(CalendarYear))}
    months: dict[date, dict[date, Hours]] = {}

    @cache
    def hours(day: date) -> Hours:
        if day.year not in years:
            return _usual(session, day) if is_workday(day) else ()
        month = day.replace(day=1)
        if month not in months:
            months[month] = _month(session, month)
        return months[month].get(day, ())

    return WorkingTime(hours, settings().zone, lambda day: years.get(day.year, not is_announced(day.year)))


def load(session: Session, *, year: int) -> bool:
    """Write down a year's working days, or write a provisional one anew.

    Args:
        session: A writing session.
        year: Which one.

    Returns:
        Whether it is announced; false where it is provisional.
    """
    there, announced = session.get(CalendarYear, year), is_announced(year)
    if there is not None and (not there.provisional or not announced):
        return not there.provisional
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    made = there or CalendarYear(year=year)
    made.provisional, made.loaded_at = not announced, now()
    session.add(made)
    session.execute(delete(CalendarInterval).where(CalendarInterval.day.between(days[0], days[-1])))
    rows = [row for day in days if is_workday(day) for row in _rows(day, _usual(session, day))]
    session.execute(insert(CalendarInterval), rows)
    session.flush()
    return announced


def load_announced(session: Session) -> list[int]:
    """Write anew the provisional years that were announced by now; return them."""
    provisional = select(CalendarYear.year).where(CalendarYear.provisional).order_by(CalendarYear.year)
    return [year for year in session.scalars(provisional).all() if is_announced(year) and load(session, year=year)]


def set_day(session: Session, *, day: date, hours: Sequence[tuple[str, str]], actor: int) -> None:
    """Give a day hours of its own: the company's holiday, an evening of 双十一. Its year must be written down.

    Args:
        session: A writing session.
        day: Which one.
        hours: Like `[("09:00", "12:00")]`; none make it a day off.
        actor: An administrator.

    Raises:
        AccessError: The actor is no administrator.
        RecordError: The year is not written down, or the hours cannot be.
    """
    if "admin" not in roles.held(session, party_id=actor):
        raise AccessError(_("Only an administrator changes the calendar."))
    if session.get(CalendarYear, day.year) is None:
        raise RecordError(_("The calendar of {year} is not loaded yet.").format(year=day.year))
    kept = HOURS.check(list(hours)) if hours else []
    with acting(session, actor):
        session.execute(delete(CalendarInterval).where(CalendarInterval.day == day))
        if kept:
            session.execute(insert(CalendarInterval), [{"day": day, "opens": o, "closes": c} for o, c in kept])


def is_announced(year: int) -> bool:
    """Whether a year's public holidays are known here."""
    return bool(min(constants.holidays).year <= year <= max(constants.holidays).year)


def is_workday(day: date) -> bool:
    """Whether there is work on a day: as announced, and Monday to Friday where nothing is.

    Example:
        >>> is_workday(date(2026, 2, 14)), is_workday(date(2026, 2, 16))
        (True, False)
    """
    return bool(chinese_calendar.is_workday(day)) if is_announced(day.year) else day.weekday() < 5


def _usual(session: Session, day: date) -> Hours:
    return _times(parameters.value(session, HOURS.name, on=day))


def _times(hours: Sequence[Sequence[str]]) -> Hours:
    return [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in hours]


def _rows(day: date, hours: Hours) -> list[dict[str, object]]:
    return [{"day": day, "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"} for opens, closes in hours]


def _month(session: Session, first: date) -> dict[date, Hours]:
    after = (first + timedelta(days=31)).replace(day=1)
    query = select(CalendarInterval).where(CalendarInterval.day >= first, CalendarInterval.day < after)
    found: dict[date, list[tuple[time, time]]] = {}
    for row in session.scalars(query.order_by(CalendarInterval.day, CalendarInterval.opens)):
        found.setdefault(row.day, []).extend(_times([(row.opens, row.closes)]))
    return dict(found)
