"""The lists of complaints: the queue by the working time that is left, and what else a reader looks for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, Table, or_, select, union
from sqlalchemy.orm import Session, aliased

from marketbook.customer import index
from marketbook.customer.complaint import clock
from marketbook.customer.complaint.brief import remaining
from marketbook.customer.complaint.params import Department, Severity
from marketbook.customer.complaint.rules import COMPLAINT
from marketbook.customer.complaint.tables import DEPARTMENTS, SEVERITIES, Complaint, ComplaintClock
from marketbook.kit.forms.fields import Labels
from marketbook.kit.forms.listing import View
from marketbook.kit.forms.rows import Order, Page, Place, Row, Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, calendar, search
from marketbook.kit.store import now
from marketbook.office.story import moment

ALIVE = ("open", "in_progress", "waiting_customer", "resolved")
"""The statuses of what is not closed."""

STANDING = ("waiting_customer", "resolved")
"""Those of them in which the clock does not run."""

TEXTS = ("number", "title", "customer")
"""What of a row is looked through."""

_TABLE, _RECORD = cast("Table", Complaint.__table__), cast("Table", Record.__table__)

Status = Annotated[Literal["open", "in_progress", "waiting_customer", "resolved", "closed"], Labels(COMPLAINT.statuses)]


class ComplaintRow(BaseModel):
    """A row of a list of complaints."""

    model_config = ConfigDict(extra="forbid")

    left: Annotated[str, Field(title=mark("Working time left"))] = ""
    number: Annotated[str, Field(title=mark("Complaint number"))]
    customer: Annotated[str, Field(title=mark("Customer"))]
    title: Annotated[str, Field(title=mark("What it is about"))]
    severity: Annotated[Severity, Labels(SEVERITIES), Field(title=mark("Severity"))]
    owed: Annotated[str, Field(title=mark("Owed next"))] = ""
    handler: Annotated[str | None, Field(title=mark("Who works on it"))] = None
    department: Annotated[Department, Labels(DEPARTMENTS), Field(title=mark("Department"))]
    status: Annotated[Status, Field(title=mark("Status"))]


class Queue(Rows):
    """Rows whose clock runs: those come first that are due first, a moment of the working clock, so by what is left."""

    def page(self, session: Session, order: Order, *, after: Place | None = None, size: int = 50) -> Page:
        """Read a page, by what is due first where nothing else is asked for, in the order of the clocks' hands."""
        if order.sort:
            return super().page(session, order, after=after, size=size)
        of = self if order.search.strip() else replace(self, few=None)
        return Rows.page(of, session, replace(order, sort="due_at"), after=after, size=size)


@dataclass(frozen=True)
class Own(Rows):
    """A reader's own rows: those whose clock runs, then those that stand.

    Attributes:
        ticking, standing: Each part by itself: neither reads all of them for a page.
    """

    ticking: Rows | None = None
    standing: Rows | None = None

    def page(self, session: Session, order: Order, *, after: Place | None = None, size: int = 50) -> Page:
        """Read a page, by what is due first where nothing else is asked for."""
        if order.sort or order.search.strip() or self.ticking is None or self.standing is None:
            return super().page(session, replace(order, sort=order.sort or "due_at"), after=after, size=size)
        found = Page([], None)
        if after is None or after[0] is not None:
            found, after = self.ticking.page(session, order, after=after, size=size), None
            if found.after:
                return found
        room, behind = size - len(found.rows), after and (after[1], after[1])
        more = self.standing.page(session, order, after=behind, size=max(room, 1))
        if not room:
            return Page(found.rows, (None, 0) if more.rows else None)
        return Page([*found.rows, *more.rows], more.after and (None, more.after[1]))


def views(party_id: int) -> list[View]:
    """Return the lists of the screen.

    Args:
        party_id: The reader.
    """
    return [
        View(_("Queue"), queue()),
        View(_("Mine"), mine(party_id)),
        View(_("Waiting for the customer"), _being("waiting_customer")),
        View(_("Solved, to be closed"), _being("resolved")),
        View(_("All complaints"), everything()),
    ]


def queue() -> Rows:
    """Return the complaints whose clock runs."""
    return _running()


def mine(party_id: int) -> Rows:
    """Return what somebody works on, or has taken in and nobody works on yet."""
    own = or_(_TABLE.c.handler_id == party_id, _TABLE.c.handler_id.is_(None) & (_RECORD.c.owner_id == party_id))
    # + 0: no index by who works on it, which has all that were ever closed, but the short one of the clocks' hands
    shown = or_(_TABLE.c.handler_id + 0 == party_id, _TABLE.c.handler_id.is_(None) & (_RECORD.c.owner_id == party_id))
    return Own(
        _query(shown, Complaint.status != "closed"), complete=_complete, texts=TEXTS, hits=_hits,
        few=_in_status(ALIVE, own), ticking=_running(shown),
        standing=_short(_in_status(STANDING, own), shown, Complaint.status.in_(STANDING)),
    )  # fmt: skip


def everything() -> Rows:
    """Return all complaints, the newest first."""
    return Rows(
        _query(), complete=_complete, newest_first=True, texts=TEXTS, hits=_hits, sorts=("number", "title", "status"),
        always=("type", COMPLAINT.name), as_entered=("number",), keys={"id": "own_id"},
    )  # fmt: skip


def _running(*where: ColumnElement[bool]) -> "Queue":
    return Queue(
        _query(ComplaintClock.due_at.is_not(None), *where), complete=_complete, texts=TEXTS, hits=_hits,
        few=select(ComplaintClock.complaint_id.label("id")), keys={"due_at": "clock_id"},
    )  # fmt: skip


def _being(status: str) -> Rows:
    return replace(_short(_in_status((status,)), Complaint.status == status), newest_first=True)


def _short(few: Select[Any], *where: ColumnElement[bool]) -> Rows:
    """Return rows of which there are few among all."""
    return Rows(_query(*where), complete=_complete, texts=TEXTS, hits=_hits, few=few)


def _in_status(statuses: Collection[str], *where: ColumnElement[bool]) -> Select[Any]:
    """Return the ids of complaints in some statuses."""
    of = (_RECORD.c.type == COMPLAINT.name, _RECORD.c.status.in_(statuses))
    return select(_TABLE.c.id).join(_RECORD, _RECORD.c.id == _TABLE.c.id).where(*of, *where)


def _hits(session: Session, text: str) -> Select[Any]:
    """Return the ids of what is found by number or title, or by its customer as customers are found."""
    own = search.records(session, text, prefix=COMPLAINT.prefix)
    theirs = select(_TABLE.c.id).where(_TABLE.c.party_id.in_(index.hits(session, text)))
    both = union(own, theirs).subquery()
    return select(both.c.id)


def _query(*where: ColumnElement[bool]) -> Any:  # noqa: ANN401  # a query's type says more than it helps
    customer, handler = aliased(Party), aliased(Party)
    return (
        select(
            _RECORD.c.id.label("id"), Record.number.label("number"), Record.title.label("title"),
            customer.name.label("customer"), Complaint.severity.label("severity"), handler.name.label("handler"),
            Complaint.department.label("department"), Record.status.label("status"),
            Complaint.responded_at.label("responded_at"), ComplaintClock.due_at.label("due_at"),
            Record.type.label("type"), ComplaintClock.complaint_id.label("clock_id"), _TABLE.c.id.label("own_id"),
        )
        .join(customer, customer.id == Complaint.party_id)
        .outerjoin(handler, handler.id == Complaint.handler_id)
        .outerjoin(ComplaintClock, ComplaintClock.complaint_id == Complaint.id)
        .where(*where)
    )  # fmt: skip


def _complete(session: Session, rows: list[Row]) -> None:
    working = calendar.read(session)
    for row in rows:
        row |= {"left": "", "owed": ""}
        if row["due_at"] is not None:
            time: timedelta = clock.left(working, now(), row["due_at"])
            text = _("answer by {at}") if row["responded_at"] is None else _("solution by {at}")
            row |= {"left": remaining(time), "owed": text.format(at=moment(row["due_at"]))}
