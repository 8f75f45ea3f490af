"""The working clock: how much working time lies between two moments, and when some of it is over.

Pure: it is given the working intervals of a day. `calendar` gives it the company's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Hours = Sequence[tuple[time, time]]
"""The working intervals of a day, in order; none on a day off."""

FURTHEST = timedelta(days=3_660)
"""How far a search goes before a calendar without working time is taken for a mistake."""


@dataclass(frozen=True)
class Due:
    """When working time is over.

    Attributes:
        at: The moment, in UTC.
        provisional: It lies on, or was counted over, days that are not announced yet.
    """

    at: datetime
    provisional: bool


@dataclass(frozen=True)
class WorkingTime:
    """A working clock.

    Attributes:
        hours: The working intervals of a day.
        zone: Of the company.
        provisional: Whether a day only follows the weekday rule.

    Example:
        >>> clock = WorkingTime(lambda day: [(time(9), time(12)), (time(13), time(18))], ZoneInfo("Asia/Shanghai"))
        >>> start = datetime(2026, 2, 13, 11, tzinfo=ZoneInfo("Asia/Shanghai"))
        >>> clock.after(start, timedelta(hours=2)).at.isoformat()
        '2026-02-13T06:00:00+00:00'
    """

    hours: Callable[[date], Hours]
    zone: ZoneInfo
    provisional: Callable[[date], bool] = lambda _day: False

    def is_open(self, moment: datetime) -> bool:
        """Whether a moment is working time; the moment at which work ends is not."""
        day = moment.astimezone(self.zone).date()
        return any(opens <= moment < closes for opens, closes in self._intervals(day))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; none where the end is not after the start."""
        day, last, found = start.astimezone(self.zone).date(), end.astimezone(self.zone).date(), timedelta()
        while day <= last:
            for opens, closes in self._intervals(day):
                found += max(min(closes, end) - max(opens, start), timedelta())
            day += timedelta(days=1)
        return found

    def after(self, start: datetime, duration: timedelta) -> Due:
        """Return when some working time after a moment is over.

        Args:
            start: The moment; outside of working time the clock starts when work does.
            duration: The working time; none gives the moment at which the clock starts.

        Raises:
            ValueError: The duration is negative, or the calendar has no working time.
        """
        if duration < timedelta():
            raise ValueError(f"duration == {duration}, must be >= 0.")
        start, left, provisional = start.astimezone(UTC), duration, False
        for day in self._days_from(start.astimezone(self.zone).date()):
            provisional = provisional or self.provisional(day)
            for opens, closes in self._intervals(day):
                begun = max(opens, start)
                if begun < closes and left <= closes - begun:
                    return Due(begun + left, provisional)
                left -= max(closes - begun, timedelta())
        raise ValueError("the calendar has no working time")

    def is_working_day(self, day: date) -> bool:
        """Whether there is work on a day."""
        return bool(self.hours(day))

    def days_after(self, day: date, count: int) -> date:
        """Return the working day that is a count of working days after a day.

        Args:
            day: From which it is counted, and which is not counted.
            count: At least 1.

        Raises:
            ValueError: The count is below 1, or the calendar has no working days.
        """
        if count < 1:
            raise ValueError(f"count == {count}, must be >= 1.")
        for one in self._days_from(day + timedelta(days=1)):
            count -= self.is_working_day(one)
            if count == 0:
                return one
        raise ValueError("the calendar has no working days")

    def days_between(self, first: date, last: date) -> int:
        """Return how many working days there are from a day to a day, both counted."""
        span = (last - first).days + 1
        return sum(self.is_working_day(first + timedelta(days=n)) for n in range(span))

    def _days_from(self, day: date) -> Iterator[date]:
        for count in range(FURTHEST.days):
            yield day + timedelta(days=count)

    def _intervals(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for opens, closes in self.hours(day):
            yield self._moment(day, opens), self._moment(day, closes)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)
