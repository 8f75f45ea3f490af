"""The follow-ups on the home pages of sales, service and their manager: what is overdue first."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from marketbook.customer.care import lists
from marketbook.kit.forms.rows import Order, Row
from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.records import roles
from marketbook.office import agenda
from marketbook.office.agenda import Line, Piece

SCREEN = "customer/follow-up-customers"


def own(session: Session, party_id: int) -> Piece:
    """Return what is due for somebody."""
    return _piece(lists.first(session, party_id, size=lists.MOST))


def everybodys(session: Session, _party_id: int) -> Piece:
    """Return what is due for everybody."""
    return _piece(lists.everybodys().page(session, Order(), size=lists.MOST).rows)


def _piece(rows: Sequence[Row]) -> Piece:
    late = sum(row["due_on"] < roles.today() for row in rows)
    return Piece(
        title=_("Follow-ups of today"),
        screen=SCREEN,
        button=_("Open the follow-ups"),
        lines=[_line(row) for row in rows[: agenda.SHOWN]],
        count=len(rows),
        nothing=_("Nobody is due today."),
        figures=[(_("late"), format_integer(late))] if late else [],
    )


def _line(row: Row) -> Line:
    about = _("{what} · class {grade}") if row["grade"] else "{what}"
    return Line(
        record_id=row["id"],
        title=row["customer"],
        about=about.format(what=row["what"], grade=row["grade"]),
        when=row["when"],
        late=row["due_on"] < roles.today(),
    )


agenda.register("follow-ups", own, roles=("sales", "service"), place=20)
agenda.register("follow-ups-of-all", everybodys, roles=("manager",), place=20)
