"""The ticker: it keeps the hands of the complaints' clocks and gives each warning once, in working time only.

A look costs one step into an index where there is nothing to warn of. The app server looks every few seconds; what came
due while no server ran is given when work begins, or at once within working time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from marketbook.customer.complaint import clock, params
from marketbook.customer.complaint.clock import LEVELS, Alert, Pause
from marketbook.customer.complaint.tables import Complaint, ComplaintClock, ComplaintWarning
from marketbook.kit.config import settings
from marketbook.kit.records import calendar, daily, documents, line, notices, often, parameters, roles
from marketbook.kit.records.line import Company
from marketbook.kit.records.working_time import Due, WorkingTime
from marketbook.kit.store import Moment, Store, now

RUNNING = ("open", "in_progress")
"""The statuses in which the clock runs."""

STANDING = ("waiting_customer", "resolved", "closed")
"""The statuses in which it stands: the customer is asked, or has his solution."""

GRACE = timedelta(minutes=1)
"""How long after the end of work a warning of its last minute is still given."""

AT_ONCE = 200

_DUE = ComplaintClock.warn_at <= bindparam("moment", type_=Moment)
_LATEST = select(func.max(ComplaintClock.warn_at)).where(_DUE)
_TO_WARN = select(ComplaintClock.complaint_id).where(_DUE).order_by(ComplaintClock.warn_at).limit(AT_ONCE)
"""What is asked at every look; made once."""


@dataclass(frozen=True)
class Times:
    """What a complaint's clock says.

    Attributes:
        respond, resolve: Until when it is to be answered and solved, pauses counted; None where the clock stands.
        pauses: When it stood.
        alerts: The warnings, the first one first.
    """

    respond: Due | None
    resolve: Due | None
    pauses: Sequence[Pause]
    alerts: Sequence[Alert]


def times(session: Session, one: Complaint, working: WorkingTime | None = None) -> Times:
    """Return what a complaint's clock says, by its steps up to now."""
    working = working or calendar.read(session)
    steps = [(step.at, step.to_status) for step in documents.history(session, record_id=one.id)]
    return reckoned(session, one, working, clock.pauses(steps, STANDING))


def reckoned(session: Session, one: Complaint, working: WorkingTime, pauses: Sequence[Pause]) -> Times:
    """Return what a complaint's clock says that stood as given."""
    respond, resolve = _allowed(session, one.severity, one.received_at)
    shares = parameters.value(session, params.WARN_AT.name, on=_day(one.received_at))
    alerts = [
        alert
        for goal, allowed in (("respond", respond), ("resolve", resolve))
        for alert in clock.alerts(working, one.received_at, allowed, pauses, goal=goal, shares=shares)
        if goal == "resolve" or one.responded_at is None
    ]
    return Times(
        clock.deadline(working, one.received_at, respond, pauses),
        clock.deadline(working, one.received_at, resolve, pauses),
        pauses,
        sorted(alerts, key=lambda alert: alert.at),
    )


def write_due(session: Session, one: Complaint) -> None:
    """Write until when a complaint is to be answered and solved, as it is at intake."""
    working = calendar.read(session)
    allowed = _allowed(session, one.severity, one.received_at)
    respond, resolve = (working.after(one.received_at, time) for time in allowed)
    one.respond_by, one.resolve_by = respond.at, resolve.at
    one.provisional = respond.provisional or resolve.provisional


def wind(session: Session, one: Complaint, working: WorkingTime | None = None) -> None:
    """Write the hands of a complaint's clock anew, or take them away where it stands."""
    found = session.get(ComplaintClock, one.id)
    if one.status not in RUNNING:
        if found is not None:
            session.delete(found)
        return
    told = times(session, one, working)
    given = _given(session, one.id)
    due = told.resolve if one.responded_at is not None else told.respond
    made = found or ComplaintClock(complaint_id=one.id)
    made.due_at = due.at if due is not None else one.resolve_by
    made.warn_at = next((alert.at for alert in told.alerts if (alert.goal, alert.level) not in given), None)
    session.add(made)
    session.flush()


def tick(store: Store) -> int:
    """Give the warnings that are to be given now; return how many there were."""
    with store.reading() as session:
        if not _is_any(session):
            return 0
    with store.writing() as session:
        return give(session)


def give(session: Session) -> int:
    """Give in a writing session the warnings that are to be given now; return how many there were."""
    numbers = session.scalars(_TO_WARN, {"moment": now()}).all()
    if not numbers:
        return 0
    working, company = calendar.read(session), line.read(session, on=roles.today())
    return sum(_warn(session, company, working, number) for number in numbers)


def told(company: Company, one: Complaint, level: str) -> set[int]:
    """Return who is warned: who works on it and its owner, then the manager, then the director; deputies too."""
    if level == LEVELS[0]:
        wanted = {one.owner_id, one.handler_id or one.owner_id}
    else:
        wanted = _above(company, one.owner_id, "manager" if level == LEVELS[1] else "director")
    return wanted | {deputy for party in wanted for deputy in company.deputies_of(party)}


def recount(session: Session) -> int:
    """Count again what was counted over days that were not announced; return for how many complaints it changed.

    The hands of all clocks that run are written anew too, as an administrator may have changed a day.
    """
    changed, working = 0, calendar.read(session)
    for one in session.scalars(select(Complaint).where(Complaint.provisional).order_by(Complaint.id)).all():
        before = (one.respond_by, one.resolve_by, one.provisional)
        write_due(session, one)
        changed += before != (one.respond_by, one.resolve_by, one.provisional)
    session.flush()
    for one in session.scalars(
        select(Complaint).join(ComplaintClock, ComplaintClock.complaint_id == Complaint.id)
    ).all():
        wind(session, one, working)
    return changed


def _is_any(session: Session) -> bool:
    """Whether there is something to warn of that may be told at this moment."""
    latest = session.scalar(_LATEST, {"moment": now()})
    return latest is not None and _is_time(calendar.read(session), latest)


def _is_time(working: WorkingTime, at: datetime) -> bool:
    return working.is_open(now()) or now() - at <= GRACE


def _warn(session: Session, company: Company, working: WorkingTime, number: int) -> int:
    """Give what is to be said of a complaint, and set its clock to the next warning."""
    one, given = session.get_one(Complaint, number), _given(session, number)
    found = [
        alert for alert in times(session, one, working).alerts
        if alert.at <= now() and (alert.goal, alert.level) not in given and _is_time(working, alert.at)
    ]  # fmt: skip
    for alert in found:
        about = {"goal": alert.goal, "level": alert.level, "due_at": alert.at, "at": now()}
        session.add(ComplaintWarning(complaint_id=number, **about))
        kind = f"{alert.goal}_{alert.level}"
        notices.add(session, record_id=number, recipients=told(company, one, alert.level), kind=kind)
    session.flush()
    wind(session, one, working)
    return len(found)


def _above(company: Company, owner: int, role: str) -> set[int]:
    """Return the owner's superior who holds a role; where there is none, everybody who holds it."""
    found = next((party for party in company.line(owner) if role in company.own.get(party, ())), None)
    return {found} if found is not None else set(company.holders(role))


def _given(session: Session, number: int) -> set[tuple[str, str]]:
    query = select(ComplaintWarning.goal, ComplaintWarning.level).where(ComplaintWarning.complaint_id == number)
    return {(goal, level) for goal, level in session.execute(query)}


def _allowed(session: Session, severity: str, received_at: datetime) -> tuple[timedelta, timedelta]:
    respond, resolve = params.minutes(session, severity=severity, received_at=received_at)
    return timedelta(minutes=respond), timedelta(minutes=resolve)


def _day(moment: datetime) -> date:
    return moment.astimezone(settings().zone).date()


often.register("complaint-warnings", tick)
daily.register("complaint-times", lambda session, _day: recount(session))
