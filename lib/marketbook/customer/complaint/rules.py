"""What a complaint must have for each step, and what a step does to its clock. `guards` hold to the same."""

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from sqlalchemy import Select, Table, func, select
from sqlalchemy.orm import Session

from marketbook.customer.complaint import params, ticker
from marketbook.customer.complaint.tables import CAUSES, SEVERE, Complaint
from marketbook.kit.config import settings
from marketbook.kit.language import format_date, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Record, RecordType, StatusChange, documents, parameters, roles, types
from marketbook.kit.store import now
from marketbook.office.activity import Activity

DESK = ("service", "manager")
"""The roles that take complaints in and work on them."""

READERS = frozenset({*DESK, "sales"})
"""The roles that read all of them, beside those that read every record."""

_TABLE = cast("Table", Complaint.__table__)


def actions(session: Session, *, complaint_id: int) -> list[Activity]:
    """Return what is done about a complaint, by the day it is due; what was cancelled is left out."""
    query = select(Activity).where(Activity.about_id == complaint_id, Activity.status != "cancelled")
    return list(session.scalars(query.order_by(Activity.due_on, Activity.id)))


def alike(session: Session, one: Complaint, cause: str) -> int:
    """Return how many complaints had a cause lately, this one among them."""
    others = _lately(session, cause).where(_TABLE.c.id != one.id).subquery()
    return int(session.scalar(select(func.count()).select_from(others)) or 0) + 1


def needs_action(session: Session, one: Complaint, cause: str) -> str:
    """Return why a complaint needs a corrective action that nobody has entered; empty where it needs none."""
    if any(action.kind == "corrective_action" for action in actions(session, complaint_id=one.id)):
        return ""
    if one.severity in SEVERE:
        return _("It is severe and needs a corrective action.")
    count, most = (
        alike(session, one, cause),
        parameters.value(session, params.CAUSE_COUNT.name, on=roles.today()),
    )
    if count < most or _acted_on(session, cause):
        return ""
    return _("“{cause}” has come up {count} times lately and needs a corrective action.").format(
        cause=_(CAUSES[cause]), count=count
    )


def _lately(session: Session, cause: str) -> Select[tuple[int]]:
    """Return the complaints that had a cause lately."""
    days = parameters.value(session, params.CAUSE_DAYS.name, on=roles.today())
    return select(_TABLE.c.id).where(_TABLE.c.cause == cause, _TABLE.c.received_at >= now() - timedelta(days=days))


def _acted_on(session: Session, cause: str) -> bool:
    """Whether something is being done already about complaints that had a cause lately."""
    query = select(Activity.id).where(Activity.kind == "corrective_action", Activity.status != "cancelled")
    return session.scalar(query.where(Activity.about_id.in_(_lately(session, cause))).limit(1)) is not None


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, Complaint):
        return
    if to in ("resolved", "closed") and not record.resolution:
        yield _("It does not say how it was solved.")
    if to == "closed":
        yield from _unexplained(session, record)
    if to == "in_progress" and record.status in ("resolved", "closed"):
        yield from _too_late(session, record)


def _unexplained(session: Session, one: Complaint) -> Iterable[str]:
    if one.cause is None:
        yield _("Its cause is missing.")
    elif missing := needs_action(session, one, one.cause):
        yield missing


def _too_late(session: Session, one: Complaint) -> Iterable[str]:
    days = parameters.value(session, params.REOPEN_DAYS.name, on=roles.today())
    last = documents.history(session, record_id=one.id)[-1].at
    until = last + timedelta(days=days)
    if now() > until:
        day = format_date(until.astimezone(settings().zone).date())
        told = ngettext(
            "It could be opened again for {count} day, until {day}; enter another complaint.",
            "It could be opened again for {count} days, until {day}; enter another complaint.",
            days,
        )
        yield told.format(count=days, day=day)


def _effect(session: Session, record: Record, change: StatusChange) -> None:
    if not isinstance(record, Complaint):
        return
    if change.to_status == "in_progress":
        record.handler_id = record.handler_id or change.actor_id
        record.resolved_at = None
    if change.to_status in ("waiting_customer", "resolved"):
        record.responded_at = record.responded_at or change.at
    if change.to_status == "resolved":
        record.resolved_at = change.at
    session.flush()
    ticker.wind(session, record)


COMPLAINT = types.register(
    RecordType(
        name="complaint",
        title=mark("Complaint"),
        prefix="CO",
        first="open",
        statuses={
            "open": mark("just in"),
            "in_progress": mark("in process"),
            "waiting_customer": mark("waiting for the customer"),
            "resolved": mark("solved"),
            "closed": mark("closed"),
        },
        missing=_missing,
        effect=_effect,
        tables=("complaint",),
        steps={
            "in_progress": mark("Work on it"),
            "waiting_customer": mark("Wait for the customer"),
            "resolved": mark("It is solved"),
            "closed": mark("Close"),
        },
        readers=READERS,
    )
)
