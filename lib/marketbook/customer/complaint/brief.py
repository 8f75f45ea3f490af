"""A complaint at a glance: who complains of what, until when it is owed what, and what is being done."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer.complaint import rules, ticker
from marketbook.customer.complaint.rules import COMPLAINT
from marketbook.customer.complaint.tables import CAUSES, DEPARTMENTS, SEVERITIES, SOURCES, Complaint
from marketbook.customer.complaint.ticker import Times
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, calendar, types
from marketbook.kit.records.working_time import Due, WorkingTime
from marketbook.kit.store import now
from marketbook.office import activity, briefs
from marketbook.office.briefs import Brief, Table
from marketbook.office.story import moment

OTHERS = 5
"""How many other complaints of the customer are shown."""

Rows = Iterator[tuple[str, str]]


def of(session: Session, record: Record) -> Brief:
    """Return what there is to know of a complaint, in the current language."""
    if not isinstance(record, Complaint):
        return Brief()
    working = calendar.read(session)
    told = ticker.times(session, record, working)
    return Brief(
        rows=[(label, text) for label, text in _rows(session, record, told) if text],
        tables=[_actions(session, record), _others(session, record)],
        warnings=[*_missed(record, working, told), *_cause(session, record)],
    )


def duration(time: timedelta) -> str:
    """Write working time in hours and minutes.

    Example:
        >>> duration(timedelta(minutes=135)), duration(timedelta(minutes=40)), duration(timedelta(hours=3))
        ('2 h 15 min', '40 min', '3 h')
    """
    hours, minutes = divmod(int(abs(time).total_seconds()) // 60, 60)
    if not hours:
        return _("{minutes} min").format(minutes=minutes)
    return (
        _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
        if minutes
        else _("{hours} h").format(hours=hours)
    )


def remaining(time: timedelta) -> str:
    """Write how much working time is left, or for how long it has been over."""
    return _("{time} late").format(time=duration(time)) if time < timedelta() else duration(time)


def _rows(session: Session, one: Complaint, told: Times) -> Rows:
    yield _("Customer"), session.get_one(Party, one.party_id).name
    yield _("Complaint"), one.content
    yield _("Severity"), _(SEVERITIES[one.severity])
    yield _("Came by"), _("{source}, {at}").format(source=_(SOURCES[one.source]), at=moment(one.received_at))
    yield _("Department"), _(DEPARTMENTS[one.department])
    yield _("Who works on it"), session.get_one(Party, one.handler_id).name if one.handler_id else _("nobody yet")
    yield _("First answer"), _owed(told.respond, one.responded_at)
    yield _("Solution"), _owed(told.resolve, one.resolved_at)
    yield _("How it was solved"), one.resolution
    yield _("Cause"), _(CAUSES[one.cause]) if one.cause else ""
    yield _("Cause in words"), one.cause_text
    yield _("Satisfaction (1 to 5)"), str(one.satisfaction or "")


def _owed(due: Due | None, done: datetime | None) -> str:
    until = _("the clock stands") if due is None else _until(due)
    return until if done is None else _("{done}; {until}").format(done=moment(done), until=until)


def _until(due: Due) -> str:
    told = (
        _("owed until {at} (provisional: the year's holidays are not announced)")
        if due.provisional
        else _("owed until {at}")
    )
    return told.format(at=moment(due.at))


def _missed(one: Complaint, working: WorkingTime, told: Times) -> Iterator[str]:
    for due, done, text in (
        (told.respond, one.responded_at, _("The first answer is {time} late.")),
        (told.resolve, one.resolved_at, _("The solution is {time} late.")),
    ):
        over = done or now()
        if due is not None and over > due.at and (late := working.between(due.at, over)):
            yield text.format(time=duration(late))


def _cause(session: Session, one: Complaint) -> Iterator[str]:
    if one.cause is not None and one.status == "resolved" and (told := rules.needs_action(session, one, one.cause)):
        yield told


def _actions(session: Session, one: Complaint) -> Table:
    rows = [
        [
            found.number, _(activity.KINDS[found.kind]), found.title, session.get_one(Party, found.owner_id).name,
            format_date(found.due_on), types.named("activity").called(found.status),
        ]
        for found in rules.actions(session, complaint_id=one.id)
    ]  # fmt: skip
    return Table(
        _("What is done about it"), [_("No."), _("Kind"), _("Title"), _("Owner"), _("Due on"), _("Status")], rows
    )


def _others(session: Session, one: Complaint) -> Table:
    query = select(Complaint).where(Complaint.party_id == one.party_id, Complaint.id != one.id)
    rows = [
        [found.number, found.title, _(SEVERITIES[found.severity]), COMPLAINT.called(found.status)]
        for found in session.scalars(query.order_by(Complaint.id.desc()).limit(OTHERS))
    ]
    heads = [_("No."), _("Title"), _("Severity"), _("Status")]
    return Table(_("Other complaints of this customer"), heads, rows)


briefs.register("complaint", of)
