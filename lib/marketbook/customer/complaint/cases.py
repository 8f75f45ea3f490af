"""The complaints of some weeks as a report reads them: what was owed when, by the working clock, and what was done."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketbook.customer.complaint import clock
from marketbook.customer.complaint.data import COMPLAINT_WARNINGS, COMPLAINTS
from marketbook.customer.complaint.tables import Complaint, ComplaintWarning
from marketbook.customer.complaint.ticker import RUNNING, STANDING
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Rows, view
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Record, StatusChange, calendar, roles
from marketbook.kit.records.working_time import WorkingTime
from marketbook.kit.store import Store, now

COLUMNS = (
    "complaint", "severity", "department", "source", "owner", "status", "week", "received_at", "respond_due",
    "responded_at", "answered", "resolve_due", "resolved_at", "solved", "count_reopened", "left",
)  # fmt: skip

OVER = ("resolved", "closed")
"""The statuses from which a complaint is opened again."""

Steps = Sequence[tuple[datetime, str]]


@dataclass(frozen=True)
class ComplaintCases:
    """The complaints of some weeks, and those that are open, at a moment.

    Attributes:
        as_of: The day.
        since: The Monday from which complaints are counted.
        cases: One row per complaint that came from then on: its `week` (a Monday), `respond_due` and `resolve_due` with
            the pauses counted; `answered`, `solved`: whether it was in time, None where it is still owed in time or
            the clock stands; `count_reopened`.
        open: One row per complaint that was not solved, whenever it came, what is due first in front: the same columns,
            and `left`, the working minutes until what is owed next, below 0 where it is late, none where it stands.
        warnings: One row per warning that was given from `since` on: `complaint`, `severity`, `department`, `goal`,
            `level`, `given_at`.
    """

    as_of: date
    since: date
    cases: pd.DataFrame = field(repr=False)
    open: pd.DataFrame = field(repr=False)
    warnings: pd.DataFrame = field(repr=False)

    @property
    def rows(self) -> Rows:
        """The complaints of the weeks as rows that a number opens."""
        return Rows("complaints").between("received_at", self.since, self.as_of)


def read_cases(store: Store, *, as_of: date | None = None, weeks: int = 8) -> ComplaintCases:
    """Read the complaints of the week of a day and of the weeks before it.

    Args:
        store: The records.
        as_of: Which day; None: today, up to now.
        weeks: How many weeks before that day's week.

    Raises:
        DataError: The day is to come.
    """
    day = as_of or roles.today()
    if day > roles.today():
        raise DataError(_("as_of: {day} is still to come.").format(day=format_date(day)))
    since = day - timedelta(days=day.weekday() + 7 * weeks)
    moment = min(now(), _midnight(day + timedelta(days=1)))
    with store.reading() as session:
        view.note(session, COMPLAINTS)
        rows = list(_cases(session, calendar.read(session), _midnight(since), moment))
        warnings = _warnings(session, _midnight(since), moment)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    stands = frame[~frame["status"].isin(OVER)].sort_values(["left", "complaint"])
    came = frame[frame["received_at"] >= _midnight(since)]
    return ComplaintCases(day, since, came.reset_index(drop=True), stands.reset_index(drop=True), warnings)


def _cases(session: Session, working: WorkingTime, since: datetime, moment: datetime) -> Iterator[dict[str, Any]]:
    one = Complaint.__table__.c
    wanted = [
        one.received_at < moment,
        or_(one.received_at >= since, Record.__table__.c.status != "closed", one.resolved_at >= moment),
    ]
    steps = _steps(session, moment, wanted)
    query = COMPLAINTS.query.where(*wanted)  # type: ignore[attr-defined]  # a select
    for row in session.execute(query.order_by(one.received_at, one.id)).mappings():
        yield _case(working, dict(row), steps.get(row["complaint"], ()), moment)


def _steps(session: Session, moment: datetime, wanted: Iterable[ColumnElement[bool]]) -> dict[str, list[Any]]:
    """Return the steps of some complaints up to a moment, by number."""
    record, complaint, step = Record.__table__, Complaint.__table__, StatusChange.__table__.c
    query = (
        select(record.c.number, step.at, step.from_status, step.to_status)
        .select_from(complaint)
        .join(record, record.c.id == complaint.c.id)
        .join(StatusChange.__table__, step.record_id == complaint.c.id)
        .where(*wanted, step.at < moment)
        .order_by(step.record_id, step.version)
    )
    found: dict[str, list[Any]] = {}
    for number, at, before, after in session.execute(query):
        found.setdefault(number, []).append((at, before, after))
    return found


def _case(working: WorkingTime, row: Mapping[str, Any], steps: Sequence[Any], moment: datetime) -> dict[str, Any]:
    """Tell how a complaint stood at a moment."""
    taken = [(at, after) for at, _before, after in steps]
    status = taken[-1][1] if taken else "open"
    stood = clock.pauses(taken, STANDING)
    responded = _by(row["responded_at"], moment)
    resolved = taken[-1][0] if status == "resolved" else _last(taken, "resolved") if status == "closed" else None
    respond_due, resolve_due = (
        _due(working, row["received_at"], row[name], stood, done)
        for name, done in (("respond_by", responded), ("resolve_by", resolved))
    )
    owed = respond_due if responded is None else resolve_due
    runs = status in RUNNING and owed is not None
    return {
        **{name: row[name] for name in ("complaint", "severity", "department", "source", "owner", "received_at")},
        "status": status, "week": _week(row["received_at"]),
        "respond_due": respond_due, "responded_at": responded, "answered": _in_time(responded, respond_due, moment),
        "resolve_due": resolve_due, "resolved_at": resolved, "solved": _in_time(resolved, resolve_due, moment),
        "count_reopened": sum(before in OVER and after == "in_progress" for _at, before, after in steps),
        "left": clock.left(working, moment, owed) / timedelta(minutes=1) if owed is not None and runs else None,
    }  # fmt: skip


def _due(
    working: WorkingTime, came: datetime, written: datetime, stood: Sequence[clock.Pause], done: datetime | None
) -> datetime | None:
    """Return when something was owed: as it was written at intake, moved by the pauses before it was done."""
    before = [pause for pause in stood if done is None or pause[0] < done]
    if not before:
        return written
    due = clock.deadline(working, came, working.between(came, written), before)
    return None if due is None else due.at


def _in_time(done: datetime | None, due: datetime | None, moment: datetime) -> bool | None:
    if done is not None:
        return due is None or done <= due
    return False if due is not None and due < moment else None


def _by(at: datetime | None, moment: datetime) -> datetime | None:
    return at if at is not None and at < moment else None


def _last(steps: Steps, status: str) -> datetime | None:
    return next((at for at, after in reversed(steps) if after == status), None)


def _warnings(session: Session, since: datetime, moment: datetime) -> pd.DataFrame:
    view.note(session, COMPLAINT_WARNINGS)
    given = ComplaintWarning.__table__.c
    query = COMPLAINT_WARNINGS.query.where(given.at >= since, given.at < moment)  # type: ignore[attr-defined]  # a select
    names = ["complaint", "severity", "department", "goal", "level", "given_at"]
    return pd.DataFrame(
        [{name: row[name] for name in names} for row in session.execute(query).mappings()], columns=names
    )


def _week(at: datetime) -> pd.Timestamp:
    day = at.astimezone(settings().zone).date()
    return pd.Timestamp(day - timedelta(days=day.weekday()))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), settings().zone)
