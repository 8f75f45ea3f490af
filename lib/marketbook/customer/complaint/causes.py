"""A month's complaints with their causes, and what is done about them, as a report reads them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketbook.customer.complaint import params
from marketbook.customer.complaint.data import COMPLAINT_ACTIONS, COMPLAINTS
from marketbook.customer.complaint.tables import Complaint
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Rows, view
from marketbook.kit.language import format_month
from marketbook.kit.language import gettext as _
from marketbook.kit.records import calendar, parameters, roles
from marketbook.kit.records.working_time import WorkingTime
from marketbook.kit.store import Store

HISTORY = timedelta(days=400)
"""How far back complaints and what was done about them are read."""


@dataclass(frozen=True)
class ComplaintCauses:
    """Complaints with their causes, and what is done about them, up to the end of a month.

    Attributes:
        month: Like 2026-06.
        as_of: The month's last day, or today while it runs.
        complaints: One row each, of the month and of the 400 days before it: `complaint`, `cause` (None: not explained
            yet), `severity`, `customer_id`, `day`, as timestamps.
        actions: One row per activity about them that was not cancelled: `activity`, `kind`, `title`, `owner`, `cause`,
            `department`, `complaint`, `received`, `entered`, `due_on`, `done_on` (by `as_of`), as timestamps; `passed`:
            by when feedback should have been passed on.
        cause_days, cause_count: From how many complaints in how many days on a cause asks for a corrective action.
        feedback_days: Within how many working days feedback is passed on.
    """

    month: str
    as_of: date
    complaints: pd.DataFrame = field(repr=False)
    actions: pd.DataFrame = field(repr=False)
    cause_days: int
    cause_count: int
    feedback_days: int

    @property
    def first(self) -> pd.Timestamp:
        """The month's first day."""
        return pd.Timestamp(f"{self.month}-01")

    @property
    def of_month(self) -> pd.DataFrame:
        """The complaints that came in the month."""
        return self.complaints[self.complaints["day"] >= self.first]

    @property
    def rows(self) -> Rows:
        """The month's complaints as rows that a number opens."""
        return Rows("complaints").between("received_at", self.first.date(), self.as_of)

    @property
    def name(self) -> str:
        """The month, as it is written."""
        return format_month(self.first.date())


def read_causes(store: Store, *, month: str | None = None) -> ComplaintCauses:
    """Read the complaints of a month and what came before.

    Args:
        store: The records.
        month: Like 2026-06; None: the last that is over in which a complaint came.

    Raises:
        DataError: The month is to come, or no complaint came in any month that is over.
    """
    with store.reading() as session:
        chosen = pd.Period(month or _latest(session), "M")
        if chosen.start_time.date() > roles.today():
            raise DataError(_("month: {month} is still to come.").format(month=month))
        as_of = min(chosen.end_time.date(), roles.today())
        since, until = chosen.start_time.date() - HISTORY, as_of + timedelta(days=1)
        on = {name: parameters.value(session, name, on=as_of) for name in _PARAMETERS}
        days, count, feedback = on.values()
        complaints = _complaints(session, _midnight(since), _midnight(until))
        actions = _actions(session, calendar.read(session), _midnight(since), as_of, feedback)
    return ComplaintCauses(str(chosen), as_of, complaints, actions, days, count, feedback)


_PARAMETERS = (params.CAUSE_DAYS.name, params.CAUSE_COUNT.name, params.FEEDBACK_DAYS.name)


def _latest(session: Session) -> str:
    """Return the last month that is over in which a complaint came."""
    first = _midnight(roles.today().replace(day=1))
    last = session.scalar(select(func.max(Complaint.received_at)).where(Complaint.received_at < first))
    if last is None:
        raise DataError(_("There is no complaint yet that came in a month that is over."))
    return f"{last.astimezone(settings().zone):%Y-%m}"


def _complaints(session: Session, since: datetime, until: datetime) -> pd.DataFrame:
    view.note(session, COMPLAINTS)
    one = Complaint.__table__.c
    query = COMPLAINTS.query.where(one.received_at >= since, one.received_at < until)  # type: ignore[attr-defined]
    rows = [
        (row.complaint, row.cause, row.severity, row.customer_id, _day(row.received_at))
        for row in session.execute(query.order_by(one.received_at, one.id))
    ]
    return pd.DataFrame(rows, columns=["complaint", "cause", "severity", "customer_id", "day"]).astype(
        {"day": "datetime64[ns]", "cause": object}
    )


def _actions(session: Session, working: WorkingTime, since: datetime, as_of: date, feedback: int) -> pd.DataFrame:
    view.note(session, COMPLAINT_ACTIONS)
    query = COMPLAINT_ACTIONS.query.where(Complaint.__table__.c.received_at >= since)  # type: ignore[attr-defined]
    plain = ("activity", "kind", "title", "owner", "cause", "department", "complaint")
    rows = [
        {
            **{name: getattr(row, name) for name in plain},
            "received": _day(row.received_at), "entered": _day(row.entered_at), "due_on": row.due_on,
            "done_on": row.done_on if row.status == "done" and row.done_on and row.done_on <= as_of else None,
            "passed": working.days_after(_day(row.received_at).date(), feedback),
        }
        for row in session.execute(query)
        if row.status != "cancelled" and _day(row.entered_at) <= pd.Timestamp(as_of)
    ]  # fmt: skip
    dated = ("received", "entered", "due_on", "done_on", "passed")
    return pd.DataFrame(rows, columns=[*plain, *dated]).astype(dict.fromkeys(dated, "datetime64[ns]"))


def _day(at: datetime) -> pd.Timestamp:
    return pd.Timestamp(at.astimezone(settings().zone).date())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), settings().zone)
