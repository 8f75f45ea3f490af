"""The clock of complaints, held to cases that were counted by hand over the holidays of 2025 and 2026, and into 2027.

国务院办公厅关于2025年、2026年部分节假日安排的通知. Work is from 9:00 to 12:00 and from 13:30 to 18:00. 2027 is not
announced: it follows the weekday rule here, whatever the installed calendar knows by now.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketbook.customer.complaint import clock
from marketbook.customer.complaint.clock import Pause
from marketbook.kit.records.calendar import is_workday
from marketbook.kit.records.working_time import Hours, WorkingTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = [(time(9), time(12)), (time(13, 30), time(18))]
ANNOUNCED = 2026


def hours(day: date) -> Hours:
    works = is_workday(day) if day.year <= ANNOUNCED else day.weekday() < 5
    return HOURS if works else ()


WORKING = WorkingTime(hours, SHANGHAI, lambda day: day.year > ANNOUNCED)


def at(text: str) -> datetime:
    """A moment in Shanghai, or in the zone that it names."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def stood(*texts: str) -> list[Pause]:
    """Pauses from texts like `2026-03-02 10:00 to 2026-03-02 11:00`; the last one may have no end."""
    ends = [text.split(" to ") for text in texts]
    return [(at(one[0]), at(one[1]) if len(one) > 1 else None) for one in ends]


WITHOUT_PAUSES = [
    # 2025: New Year on the 1st; Spring Festival 28 January to 4 February, work on Sunday 26 January and on 8 February
    ("2025-01-02 09:00", 30, "2025-01-02 09:30"),
    ("2025-01-02 11:45", 30, "2025-01-02 13:45"),  # 15 minutes to lunch, 15 after it
    ("2025-01-02 12:15", 30, "2025-01-02 14:00"),  # within lunch
    ("2025-01-02 17:50", 30, "2025-01-03 09:20"),  # 10 minutes, and 20 in the morning
    ("2025-01-03 17:00", 240, "2025-01-06 12:00"),  # a Friday: an hour, and three on Monday to the last minute
    ("2025-01-25 10:00", 120, "2025-01-26 11:00"),  # a Saturday off, before a Sunday of work
    ("2025-01-27 16:00", 240, "2025-02-05 11:00"),  # over the Spring Festival
    ("2025-02-07 15:00", 480, "2025-02-08 15:30"),  # into the Saturday that makes up for it
    ("2025-02-08 17:30", 120, "2025-02-10 10:30"),
    ("2025-04-03 17:00", 240, "2025-04-07 12:00"),  # Qingming, 4 to 6 April
    ("2025-04-27 09:00", 480, "2025-04-28 09:30"),  # a Sunday of work: seven and a half hours, and half an hour
    ("2025-04-30 16:00", 1_440, "2025-05-08 17:30"),  # Labour Day, 1 to 5 May: 2 h, 7.5, 7.5, and 7 on the 8th
    ("2025-05-30 17:45", 30, "2025-06-03 09:15"),  # Dragon Boat, 31 May to 2 June
    ("2025-09-28 13:00", 240, "2025-09-28 17:30"),  # a Sunday of work, from lunch on
    ("2025-09-30 15:00", 480, "2025-10-09 15:30"),  # National Day and Mid-Autumn, 1 to 8 October
    ("2025-10-10 17:00", 240, "2025-10-11 12:00"),  # a Saturday of work
    ("2025-10-11 16:00", 2_880, "2025-10-21 10:00"),  # 2 h, six days of 7.5 h, and an hour
    # other zones: Shanghai has no summer time, New York has
    ("2025-03-03 01:00+00:00", 30, "2025-03-03 09:30"),
    ("2025-03-02 20:00-05:00", 240, "2025-03-03 14:30"),
    ("2025-03-09 21:00-04:00", 30, "2025-03-10 09:30"),
    ("2025-03-03 19:00+09:00", 30, "2025-03-04 09:30"),  # 18:00 in Shanghai: work is over
    # 2026: New Year 1 to 3 January, work on the 4th; Spring Festival 15 to 23 February, work on the 14th and 28th
    ("2025-12-31 17:00", 240, "2026-01-04 12:00"),
    ("2026-01-04 10:00", 120, "2026-01-04 12:00"),
    ("2026-02-13 16:30", 480, "2026-02-14 17:00"),  # 1.5 h, and 6.5 on the Saturday
    ("2026-02-14 17:00", 240, "2026-02-24 12:00"),
    ("2026-02-18 09:30", 30, "2026-02-24 09:30"),  # within the festival
    ("2026-02-28 11:00", 120, "2026-02-28 14:30"),
    ("2026-04-03 17:30", 120, "2026-04-07 10:30"),  # Qingming, 4 to 6 April
    ("2026-04-30 17:00", 120, "2026-05-06 10:00"),
    ("2026-05-08 16:00", 480, "2026-05-09 16:30"),
    ("2026-06-18 15:00", 480, "2026-06-22 15:30"),  # Dragon Boat, 19 to 21 June
    ("2026-09-19 10:00", 30, "2026-09-20 09:30"),  # a Saturday off, before a Sunday of work
    ("2026-09-24 17:00", 120, "2026-09-28 10:00"),  # Mid-Autumn, 25 to 27 September
    ("2026-09-30 12:00", 480, "2026-10-08 14:00"),  # 4.5 h, and 3.5 after National Day
    ("2026-10-09 17:00", 1_440, "2026-10-14 09:30"),  # 1 h, the Saturday, Monday and Tuesday, and half an hour
    ("2026-12-31 17:00", 30, "2026-12-31 17:30"),
    # 2027: the weekday rule, provisional
    ("2026-12-31 17:45", 30, "2027-01-01 09:15 provisional"),  # a Friday
    ("2026-12-30 16:00", 2_880, "2027-01-08 10:00 provisional"),  # 2 h, six days of 7.5 h, and an hour
    ("2027-01-01 10:00", 120, "2027-01-01 12:00 provisional"),
    ("2027-02-05 17:00", 240, "2027-02-08 12:00 provisional"),
    ("2027-02-06 10:00", 30, "2027-02-08 09:30 provisional"),  # a Saturday
    ("2027-10-01 09:00", 480, "2027-10-04 09:30 provisional"),
]

WITH_PAUSES = [
    ("2026-03-02 09:00", 240, ["2026-03-02 10:00 to 2026-03-02 11:00"], "2026-03-02 15:30"),
    ("2026-03-02 09:00", 240, ["2026-03-02 11:30 to 2026-03-02 14:00"], "2026-03-02 15:30"),  # over lunch: an hour
    ("2026-03-02 09:00", 240, ["2026-03-02 12:10 to 2026-03-02 13:10"], "2026-03-02 14:30"),  # within lunch: nothing
    ("2026-03-02 16:00", 240, ["2026-03-02 17:00 to 2026-03-03 10:00"], "2026-03-03 14:30"),  # over a night
    ("2026-03-02 17:00", 120, ["2026-03-02 20:00 to 2026-03-03 11:00"], "2026-03-03 12:00"),  # from the night on
    ("2026-03-06 15:00", 240, ["2026-03-06 16:00 to 2026-03-09 09:00"], "2026-03-09 12:00"),  # over a week-end
    ("2026-03-02 09:00", 120, ["2026-03-02 14:00 to 2026-03-02 15:00"], "2026-03-02 11:00"),  # after it was due
    ("2026-03-02 09:00", 120, ["2026-03-02 11:00 to 2026-03-02 12:00"], "2026-03-02 11:00"),  # when it was due
    ("2026-03-02 09:00", 240, ["2026-03-02 10:00"], None),  # it still stands
    ("2026-03-02 09:00", 120, ["2026-03-02 11:30"], "2026-03-02 11:00"),  # it stands after it was due
    (
        "2026-03-02 09:00", 240, ["2026-03-02 09:30 to 2026-03-02 10:00", "2026-03-02 10:30 to 2026-03-02 11:30"],
        "2026-03-02 16:00",
    ),
    ("2026-02-13 09:00", 480, ["2026-02-13 15:00 to 2026-02-24 10:00"], "2026-02-24 15:00"),  # over the festival
    ("2026-05-08 17:00", 240, ["2026-05-08 17:30 to 2026-05-09 10:30"], "2026-05-09 15:30"),  # to a Saturday of work
    ("2026-12-31 15:00", 240, ["2026-12-31 16:00 to 2027-01-04 09:00"], "2027-01-04 12:00 provisional"),
    (
        "2026-03-02 01:00+00:00", 240, ["2026-03-01 21:00-05:00 to 2026-03-01 22:00-05:00"],
        "2026-03-02 15:30",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("start", "minutes", "expected"), WITHOUT_PAUSES)
def test_when_a_complaint_is_due(start: str, minutes: int, expected: str) -> None:
    due = clock.deadline(WORKING, at(start), timedelta(minutes=minutes))
    assert due is not None
    assert (due.at, due.provisional) == (at(expected[:16]), expected.endswith("provisional"))


@pytest.mark.parametrize(("start", "minutes", "pauses", "expected"), WITH_PAUSES)
def test_when_it_is_due_after_it_stood(start: str, minutes: int, pauses: list[str], expected: str | None) -> None:
    due = clock.deadline(WORKING, at(start), timedelta(minutes=minutes), stood(*pauses))
    found = None if due is None else (due.at, due.provisional)
    assert found == (None if expected is None else (at(expected[:16]), expected.endswith("provisional")))


@pytest.mark.parametrize(("start", "minutes", "pauses", "expected"), WITH_PAUSES)
def test_the_time_that_was_spent_by_then_is_what_was_allowed(
    start: str, minutes: int, pauses: list[str], expected: str | None
) -> None:
    if expected is None:
        return
    assert clock.spent(WORKING, at(start), at(expected[:16]), stood(*pauses)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("now", "due", "minutes"),
    [
        ("2026-02-13 17:00", "2026-02-14 10:00", 120),
        ("2026-02-14 17:30", "2026-02-24 09:30", 60),  # over the festival
        ("2026-02-24 09:30", "2026-02-14 17:30", -60),
        ("2026-02-16 03:00", "2026-02-15 03:00", 0),  # late, but not by working time
        ("2026-03-02 12:00", "2026-03-02 13:30", 0),
        ("2026-03-02 09:00", "2026-03-02 09:00", 0),
    ],
)
def test_how_much_working_time_is_left(now: str, due: str, minutes: int) -> None:
    assert clock.left(WORKING, at(now), at(due)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("start", "minutes", "pauses", "expected"),
    [
        ("2025-01-02 11:45", 30, [], ["2025-01-02 13:39", "2025-01-02 13:45", "2025-01-02 14:00"]),
        # the end of a day is the next morning; 80 % of 450 minutes is 360, 150 % is 675
        ("2025-01-02 09:00", 450, [], ["2025-01-02 16:30", "2025-01-03 09:00", "2025-01-03 14:15"]),
        (
            "2026-02-14 13:30",
            270,
            [],
            ["2026-02-14 17:06", "2026-02-24 09:00", "2026-02-24 11:15"],
        ),  # or ten days later
        ("2026-03-02 09:00", 240, ["2026-03-02 10:00"], []),
        ("2026-03-02 09:00", 120, ["2026-03-02 11:00"], ["2026-03-02 10:36", "2026-03-02 11:00"]),
    ],
)
def test_when_is_warned(start: str, minutes: int, pauses: list[str], expected: list[str]) -> None:
    allowed = timedelta(minutes=minutes)
    found = clock.alerts(WORKING, at(start), allowed, stood(*pauses), goal="resolve", shares=[80, 100, 150])
    assert [one.at for one in found] == [at(text) for text in expected]
    assert [one.level for one in found] == list(clock.LEVELS)[: len(expected)]
    assert all(WORKING.is_open(one.at) for one in found)
