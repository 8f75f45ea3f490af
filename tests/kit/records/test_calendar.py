"""The company's calendar in the store: announced and provisional years, and days of its own."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from tests.kit.records.conftest import House

from marketbook.kit.records import calendar
from marketbook.kit.records.tables import CalendarInterval, CalendarYear
from marketbook.kit.store import Store

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNKNOWN = next(year for year in range(2020, 2100) if not calendar.is_announced(year))


def load(store: Store, year: int) -> bool:
    with store.writing() as session:
        return calendar.load(session, year=year)


def rows(store: Store, year: int) -> int:
    with store.reading() as session:
        within = CalendarInterval.day.between(date(year, 1, 1), date(year, 12, 31))
        return session.scalar(select(func.count()).where(within)) or 0


def test_an_announced_year_has_its_working_days_with_lunch(store: Store) -> None:
    assert load(store, 2026)
    assert rows(store, 2026) == 2 * sum(calendar.is_workday(date(2026, 1, 1) + timedelta(days=n)) for n in range(365))
    with store.reading() as session:
        clock = calendar.read(session)
        start = datetime(2026, 2, 14, 17, tzinfo=SHANGHAI)
        due = clock.after(start, timedelta(hours=2))
    assert (due.at, due.provisional) == (datetime(2026, 2, 24, 10, tzinfo=SHANGHAI), False)


def test_loading_again_changes_nothing(store: Store) -> None:
    load(store, 2026)
    before = rows(store, 2026)
    assert load(store, 2026)
    assert rows(store, 2026) == before


def test_an_unknown_year_is_provisional_until_it_is_announced(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load(store, UNKNOWN)
    with store.reading() as session:
        due = calendar.read(session).after(datetime(UNKNOWN, 6, 1, 9, tzinfo=SHANGHAI), timedelta(hours=1))
        assert due.provisional
    monkeypatch.setattr(calendar, "is_announced", lambda year: year <= UNKNOWN)
    monkeypatch.setattr(calendar, "is_workday", lambda day: day.day == 1)
    with store.writing() as session:
        assert calendar.load_announced(session) == [UNKNOWN]
        assert not session.get_one(CalendarYear, UNKNOWN).provisional
    assert rows(store, UNKNOWN) == 24


@pytest.mark.parametrize("year", [2026, UNKNOWN])
def test_intake_is_not_refused_where_nothing_is_loaded(store: Store, year: int) -> None:
    with store.reading() as session:
        clock = calendar.read(session)
        due = clock.after(datetime(year, 12, 31, 20, tzinfo=SHANGHAI), timedelta(minutes=5))
    assert (due.at.year, due.provisional) == (year + 1, True)
    assert clock.provisional(date(year, 5, 1)) is (year == UNKNOWN)


def test_the_company_gives_a_day_hours_of_its_own(house: House) -> None:
    load(house.store, 2026)
    open_day, closed = date(2026, 11, 11), date(2026, 11, 12)
    with house.store.writing() as session:
        calendar.set_day(session, day=open_day, hours=[("09:00", "23:30")], actor=house.people.admin)
        calendar.set_day(session, day=closed, hours=[], actor=house.people.admin)
    with house.store.reading() as session:
        clock = calendar.read(session)
        assert (clock.hours(open_day), clock.hours(closed)) == ([(time(9), time(23, 30))], ())


@pytest.mark.parametrize(
    ("who", "day", "hours", "message"),
    [
        ("manager", date(2026, 11, 11), [], "Only an administrator changes the calendar"),
        ("admin", date(2031, 11, 11), [], "The calendar of 2031 is not loaded yet"),
        ("admin", date(2026, 11, 11), [("12:00", "09:00")], "the hours must follow one another"),
        ("admin", date(2026, 11, 11), [("09:00", "12:00"), ("11:00", "18:00")], "the hours must follow one another"),
        ("admin", date(2026, 11, 11), [("9", "25:00")], "must match"),
    ],
)
def test_a_wrong_day_is_refused(house: House, who: str, day: date, hours: list[tuple[str, str]], message: str) -> None:
    load(house.store, 2026)
    with pytest.raises(Exception, match=message), house.store.writing() as session:
        calendar.set_day(session, day=day, hours=hours, actor=vars(house.people)[who])


@pytest.mark.parametrize("value", ["('2026-01-05', '9:00', '12:00')", "('2026-01-05', '12:00', '09:00')"])
def test_the_database_itself_refuses_wrong_hours(house: House, value: str) -> None:
    with pytest.raises(DBAPIError, match="ck_calendar"), house.store.writing() as session:
        session.connection().exec_driver_sql(f"INSERT INTO calendar VALUES {value}")
