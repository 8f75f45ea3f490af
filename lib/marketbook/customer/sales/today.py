"""The sales on the home pages of sales and its manager: next steps, prospects to contact, orders to look after."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from marketbook.customer.sales import orders
from marketbook.kit.language import format_date, format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, parameters, roles
from marketbook.office import agenda, opportunity_access
from marketbook.office.agenda import Line, Piece
from marketbook.office.opportunity import OPEN, TABLE
from marketbook.office.opportunity_params import FOLLOW_UP
from marketbook.office.opportunity_rules import OPPORTUNITY

SCREEN = "customer/keep-pipeline"
ROLES = ("sales", "manager")

_RECORD, _PARTY = Record.__table__.c, Party.__table__.c


def next_steps(session: Session, party_id: int) -> Piece:
    """Return the open sales of somebody and of his team, by their next step."""
    stages = [_RECORD.id.in_(orders.at_stage(one, _owners(session, party_id))) for one in OPEN]
    ids = select(_RECORD.id).where(or_(*stages))
    return _piece(
        session, ids, orders.next_on(TABLE.c.id), title=_("Opportunities by next step"),
        nothing=_("No opportunity is open."),
    )  # fmt: skip


def prospects(session: Session, party_id: int) -> Piece | None:
    """Return the prospects whom nobody has contacted yet, what is owed first in front."""
    ids = orders.not_contacted(_owners(session, party_id))
    return _piece(session, ids, TABLE.c.contact_by, title=_("New prospects to contact"))


def followed(session: Session, party_id: int) -> Piece | None:
    """Return the orders for which nothing was done yet, late from the day on which they are listed."""
    today = roles.today()
    days = parameters.value(session, FOLLOW_UP.name, on=today)
    ids = orders.not_followed(today, 0, _owners(session, party_id))
    return _piece(session, ids, TABLE.c.closed_on, title=_("Orders to look after"), after=days)


def _owners(session: Session, party_id: int) -> frozenset[int] | None:
    return opportunity_access.owners(session, party_id=party_id)


def _piece(
    session: Session, ids: Select[Any], due: Any, *, title: str, nothing: str = "", after: int = 0,  # noqa: ANN401  # a column
) -> Piece:  # fmt: skip
    """Return a piece of some sales by a day.

    Args:
        session: One that reads.
        ids: Of the sales.
        due: The day by which they stand.
        title: What they are.
        nothing: What is said where there are none.
        after: How many days after that day something is late; a day that is to come is what it is.
    """
    today = roles.today()
    days = select(due.label("due")).select_from(TABLE).where(TABLE.c.id.in_(ids)).subquery()
    count = session.scalar(select(func.count()).select_from(days)) or 0
    ends = date.fromordinal(today.toordinal() - after)
    overdue = days.c.due <= ends if after else days.c.due < ends
    late = session.scalar(select(func.count()).select_from(days).where(overdue)) or 0
    found = session.execute(_first(ids, due)).all()
    return Piece(
        title=title, screen=SCREEN, button=_("Open the pipeline"), count=count, nothing=nothing,
        lines=[_line(*row, late=row.due is None or (row.due <= ends if after else row.due < ends)) for row in found],
        figures=[(_("late"), format_integer(late))] if late else [],
    )  # fmt: skip


def _first(ids: Select[Any], due: Any) -> Select[Any]:  # noqa: ANN401  # a column
    return (
        select(TABLE.c.id, _RECORD.number, _RECORD.title, _RECORD.status, _PARTY.name, due.label("due"))
        .select_from(TABLE)
        .join(Record.__table__, _RECORD.id == TABLE.c.id)
        .join(Party.__table__, _PARTY.id == TABLE.c.party_id)
        .where(TABLE.c.id.in_(ids))
        .order_by(due.label("due"), TABLE.c.id)
        .limit(agenda.SHOWN)
    )


def _line(number: int, code: str, title: str, status: str, customer: str, due: date | None, *, late: bool) -> Line:
    return Line(
        record_id=number, title=customer, late=late, when=format_date(due) if due else _("no next step"),
        about=_("{number} · {title} · {stage}").format(number=code, title=title, stage=OPPORTUNITY.called(status)),
    )  # fmt: skip


agenda.register("pipeline", next_steps, roles=ROLES, place=30)
agenda.register("prospects", prospects, roles=ROLES, place=31)
agenda.register("orders", followed, roles=ROLES, place=32)
