"""The clock of a complaint: until when it is to be answered and solved, in working time.

It stands while the company waits for the customer, and at no other time; what is solved is over, and goes on where it
stopped when it is opened again. Pure: it is given the working clock and the pauses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketbook.kit.records.working_time import Due, WorkingTime

Pause = tuple[datetime, datetime | None]
"""From when to when the clock stood; no end where it still stands."""

LEVELS = ("soon", "late", "very_late")
"""The three warnings, in their order."""

GOALS = ("respond", "resolve")
"""What is owed to whoever complains: a first answer, and a solution."""


@dataclass(frozen=True)
class Alert:
    """A warning and when it is given.

    Attributes:
        goal: What is owed, of `GOALS`.
        level: Of `LEVELS`.
        at: A moment of working time, in UTC.
    """

    goal: str
    level: str
    at: datetime


def deadline(clock: WorkingTime, start: datetime, allowed: timedelta, pauses: Iterable[Pause] = ()) -> Due | None:
    """Return when some working time is over, pauses left out; None where it stands before that.

    Args:
        clock: The company's.
        start: When the complaint came.
        allowed: The working time.
        pauses: The first one first, none within another.
    """
    provisional = False
    for begun, ended in pauses:
        ran = clock.between(start, begun)
        if ran >= allowed:
            break
        if ended is None:
            return None
        provisional = provisional or clock.after(start, ran).provisional
        allowed, start = allowed - ran, ended
    due = clock.after(start, allowed)
    return Due(due.at, due.provisional or provisional)


def spent(clock: WorkingTime, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
    """Return the working time between two moments, pauses left out."""
    stood = sum((clock.between(max(begun, start), min(ended or end, end)) for begun, ended in pauses), timedelta())
    return clock.between(start, end) - stood


def left(clock: WorkingTime, now: datetime, due: datetime) -> timedelta:
    """Return the working time until a moment; below zero where it is over."""
    return clock.between(now, due) if now <= due else -clock.between(due, now)


def alerts(
    clock: WorkingTime,
    start: datetime,
    allowed: timedelta,
    pauses: Sequence[Pause],
    *,
    goal: str,
    shares: Sequence[int],
) -> list[Alert]:
    """Return the warnings about a goal with their moments; none of those before which the clock stands.

    Args:
        clock: The company's.
        start: When the complaint came.
        allowed: The working time for the goal.
        pauses: As for `deadline`.
        goal: Of `GOALS`.
        shares: Of the allowed time, in percent, one for each of `LEVELS`.
    """
    dues = (deadline(clock, start, allowed * share / 100, pauses) for share in shares)
    return [
        Alert(goal, level, opening(clock, due.at))
        for level, due in zip(LEVELS, dues, strict=True) if due is not None
    ]  # fmt: skip


def opening(clock: WorkingTime, moment: datetime) -> datetime:
    """Return a moment itself in working time, else when work begins again: at its very end nobody is told any more."""
    return clock.after(moment, timedelta()).at


def pauses(steps: Iterable[tuple[datetime, str]], standing: Iterable[str]) -> list[Pause]:
    """Return when the clock stood, from the steps of a complaint.

    Args:
        steps: When each was taken, and to which status; the first one first.
        standing: The statuses in which it stands.

    Example:
        >>> asked, answered = datetime(2026, 3, 2, 10), datetime(2026, 3, 3, 9)
        >>> found = pauses([(asked, "waiting_customer"), (answered, "in_progress")], ["waiting_customer"])
        >>> found == [(asked, answered)]
        True
    """
    found: list[Pause] = []
    begun: datetime | None = None
    for at, status in steps:
        if status in standing:
            begun = begun or at
        elif begun is not None:
            found.append((begun, at))
            begun = None
    return [*found, (begun, None)] if begun is not None else found
