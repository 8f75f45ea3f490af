"""The complaints on the home pages of service and its manager, by the working time that is left."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true
from sqlalchemy.orm import Session

from marketbook.customer.complaint import clock
from marketbook.customer.complaint.brief import remaining
from marketbook.customer.complaint.tables import SEVERITIES, Complaint, ComplaintClock
from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, calendar
from marketbook.kit.records.working_time import WorkingTime
from marketbook.kit.store import now
from marketbook.office import agenda
from marketbook.office.agenda import Line, Piece

SCREEN = "customer/keep-complaints"

_COMPLAINT, _CLOCK = Complaint.__table__.c, ComplaintClock.__table__.c


def own(session: Session, party_id: int) -> Piece | None:
    """Return what somebody works on or nobody works on yet, what is due first in front."""
    return _piece(session, or_(_COMPLAINT.handler_id == party_id, _COMPLAINT.handler_id.is_(None)))


def everybodys(session: Session, _party_id: int) -> Piece | None:
    """Return all complaints whose clock runs, what is due first in front."""
    return _piece(session, true())


def _piece(session: Session, which: ColumnElement[bool]) -> Piece:
    working, moment = calendar.read(session), now()
    count, late = session.execute(_counted(which, moment)).one()
    return Piece(
        title=_("Complaints by the time that is left"),
        screen=SCREEN,
        button=_("Open the queue of complaints"),
        lines=[_line(working, moment, row) for row in session.execute(_first(which))],
        count=count,
        nothing=_("No complaint is open."),
        figures=[(_("late"), format_integer(late))] if late else [],
    )


def _counted(which: ColumnElement[bool], moment: datetime) -> Select[int, int]:
    late = func.count().filter(_CLOCK.due_at < moment)
    return (
        select(func.count(), late)
        .select_from(ComplaintClock.__table__.join(Complaint.__table__, _COMPLAINT.id == _CLOCK.complaint_id))
        .where(which)
    )


def _first(which: ColumnElement[bool]) -> Select[Any]:
    record, party = Record.__table__.c, Party.__table__.c
    return (
        select(
            _COMPLAINT.id, record.number, record.title, _COMPLAINT.severity, party.name, _CLOCK.due_at,
            _COMPLAINT.responded_at,
        )
        .select_from(ComplaintClock.__table__.join(Complaint.__table__, _COMPLAINT.id == _CLOCK.complaint_id))
        .join(Record.__table__, record.id == _COMPLAINT.id)
        .join(Party.__table__, party.id == _COMPLAINT.party_id)
        .where(which)
        .order_by(_CLOCK.due_at, _CLOCK.complaint_id)
        .limit(agenda.SHOWN)
    )  # fmt: skip


def _line(working: WorkingTime, moment: datetime, row: Row[Any]) -> Line:
    time = clock.left(working, moment, row.due_at)
    owed = _("answer: {time}") if row.responded_at is None else _("solution: {time}")
    return Line(
        record_id=row.id,
        title=row.title,
        about=_("{number} · {severity} · {customer}").format(
            number=row.number, severity=_(SEVERITIES[row.severity]), customer=row.name
        ),
        when=owed.format(time=remaining(time)),
        late=time < timedelta(),
    )


agenda.register("complaints", own, roles=("service",), place=10)
agenda.register("complaints-of-all", everybodys, roles=("manager",), place=10)
