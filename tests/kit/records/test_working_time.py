"""The working clock, held to cases that were counted by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketbook.kit.records.calendar import is_announced, is_workday
from marketbook.kit.records.working_time import Hours, WorkingTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = [(time(9), time(12)), (time(13, 30), time(18))]
"""Seven and a half hours a day."""

CLOCK = WorkingTime(lambda day: HOURS if is_workday(day) else (), SHANGHAI)


def at(text: str) -> datetime:
    """A moment in Shanghai, of 2026: `02-14 09:00`."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def hours(text: str) -> timedelta:
    whole, minutes = text.split(":")
    return timedelta(hours=int(whole), minutes=int(minutes))


SPRING_FESTIVAL = [date(2026, 2, day) for day in range(15, 24)]


def test_13_to_24_february_2026_has_three_working_days() -> None:
    """国务院办公厅关于2026年部分节假日安排的通知: 2月15日至23日放假调休，共9天。2月14日、2月28日（星期六）上班。"""
    days = [date(2026, 2, day) for day in range(13, 25)]
    assert [day.day for day in days if CLOCK.is_working_day(day)] == [13, 14, 24]
    assert not any(CLOCK.is_working_day(day) for day in SPRING_FESTIVAL)
    assert CLOCK.days_between(days[0], days[-1]) == 3
    assert CLOCK.is_working_day(date(2026, 2, 28))


BETWEEN = [
    ("02-13 09:00", "02-13 18:00", "7:30"),  # a Friday
    ("02-13 09:00", "02-24 18:00", "22:30"),  # three working days, one of them a Saturday
    ("02-14 09:00", "02-14 18:00", "7:30"),  # the Saturday that makes up for one
    ("02-14 17:00", "02-24 10:00", "2:00"),  # over the whole festival
    ("02-15 00:00", "02-23 23:59", "0:00"),  # within it
    ("02-13 11:00", "02-13 14:00", "1:30"),  # over lunch
    ("02-13 12:00", "02-13 13:30", "0:00"),  # lunch
    ("02-13 12:30", "02-13 13:00", "0:00"),  # within lunch
    ("02-13 07:00", "02-13 09:20", "0:20"),  # from before work
    ("02-13 17:50", "02-14 09:05", "0:15"),  # over a night
    ("02-13 18:00", "02-14 09:00", "0:00"),  # a night
    ("02-13 09:17", "02-13 09:18", "0:01"),
    ("02-13 10:00", "02-13 10:00", "0:00"),
    ("02-13 11:00", "02-13 10:00", "0:00"),  # backwards
    ("05-01 09:00", "05-05 18:00", "0:00"),  # Labour Day, five days
    ("05-09 08:00", "05-09 19:00", "7:30"),  # its make-up Saturday
    ("09-20 13:00", "09-20 14:00", "0:30"),  # National Day's make-up Sunday
    ("10-01 00:00", "10-10 23:00", "22:30"),  # the 8th, the 9th, and the 10th, a make-up Saturday
    ("02-09 09:00", "02-13 18:00", "37:30"),  # a plain week
]


@pytest.mark.parametrize(("start", "end", "expected"), BETWEEN)
def test_working_time_between_two_moments(start: str, end: str, expected: str) -> None:
    assert CLOCK.between(at(start), at(end)) == hours(expected)


AFTER = [
    ("02-13 09:00", "1:00", "02-13 10:00"),
    ("02-13 11:00", "2:00", "02-13 14:30"),  # over lunch
    ("02-13 11:00", "1:00", "02-13 12:00"),  # to its very beginning
    ("02-13 12:10", "0:30", "02-13 14:00"),  # within lunch
    ("02-13 17:00", "2:00", "02-14 10:00"),  # into the make-up Saturday
    ("02-14 17:00", "2:00", "02-24 10:00"),  # over the festival
    ("02-18 20:00", "0:15", "02-24 09:15"),  # within the festival
    ("02-13 09:00", "22:30", "02-24 18:00"),  # three whole days
    ("02-13 09:00", "7:30", "02-13 18:00"),  # to the end of work, not the next day's beginning
    ("02-13 20:00", "0:00", "02-14 09:00"),  # nothing: when the clock starts
    ("02-13 10:00", "0:00", "02-13 10:00"),
    ("02-28 17:59", "0:02", "03-02 09:01"),  # from a make-up Saturday over a Sunday
]


@pytest.mark.parametrize(("start", "duration", "expected"), AFTER)
def test_when_some_working_time_is_over(start: str, duration: str, expected: str) -> None:
    due = CLOCK.after(at(start), hours(duration))
    assert (due.at, due.at.tzinfo) == (at(expected), UTC)
    assert CLOCK.between(at(start), due.at) == hours(duration)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [("02-13", 1, "02-14"), ("02-13", 2, "02-24"), ("02-14", 1, "02-24"), ("02-16", 1, "02-24"), ("02-24", 4, "02-28")],
)
def test_working_days_after_a_day(day: str, count: int, expected: str) -> None:
    assert CLOCK.days_after(at(f"{day} 00:00").date(), count) == at(f"{expected} 00:00").date()


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("02-13 09:00", True), ("02-13 08:59", False), ("02-13 12:00", False), ("02-13 13:30", True),
        ("02-13 18:00", False), ("02-14 10:00", True), ("02-16 10:00", False),
    ],
)  # fmt: skip
def test_when_it_is_open(moment: str, is_open: bool) -> None:
    assert CLOCK.is_open(at(moment)) is is_open


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    assert CLOCK.after(datetime(2026, 2, 13, 1, tzinfo=UTC), hours("1:00")).at == at("02-13 10:00")


def test_a_calendar_without_work_is_a_mistake() -> None:
    def never(_day: date) -> Hours:
        return ()

    idle = WorkingTime(never, SHANGHAI)
    with pytest.raises(ValueError, match="no working time"):
        idle.after(at("02-13 09:00"), hours("1:00"))
    with pytest.raises(ValueError, match="no working days"):
        idle.days_after(date(2026, 2, 13), 1)
    with pytest.raises(ValueError, match="must be >= 0"):
        CLOCK.after(at("02-13 09:00"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="must be >= 1"):
        CLOCK.days_after(date(2026, 2, 13), 0)


def test_a_year_that_is_not_announced_follows_the_weekday_rule() -> None:
    year = next(year for year in range(2020, 2100) if not is_announced(year))
    first = date(year, 1, 1)
    assert [is_workday(first + timedelta(days=n)) for n in range(7)] == [
        (first + timedelta(days=n)).weekday() < 5 for n in range(7)
    ]
