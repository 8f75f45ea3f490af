"""The lanes of the pipeline's board and its lists: sales by stage, and the orders that are looked after."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, func, select, union
from sqlalchemy.orm import Session, aliased

from marketbook.customer import index
from marketbook.customer.sales import orders
from marketbook.kit.config import settings
from marketbook.kit.forms import board
from marketbook.kit.forms.board import Card, Cards, Lane
from marketbook.kit.forms.fields import Labels
from marketbook.kit.forms.listing import View
from marketbook.kit.forms.rows import FEW, Order, Place, Row, Rows
from marketbook.kit.language import format_date, format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, parameters, roles, search
from marketbook.office import opportunity_access
from marketbook.office.budget_line import money
from marketbook.office.opportunity import OPEN, TABLE, Opportunity
from marketbook.office.opportunity_params import FOLLOW_UP
from marketbook.office.opportunity_rules import OPPORTUNITY

TEXTS = ("number", "title", "customer")
"""What of a row is looked through."""

Status = Annotated[Literal["prospect", "qualified", "proposal", "won", "lost"], Labels(OPPORTUNITY.statuses)]


class SaleRow(BaseModel):
    """A row of a list of sales."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(title=mark("Opportunity number"))]
    customer: Annotated[str, Field(title=mark("Customer"))]
    title: Annotated[str, Field(title=mark("Product"))]
    status: Annotated[Status, Field(title=mark("Stage"))]
    amount_minor: Annotated[int | None, Field(title=mark("Estimated amount"))] = None
    order_minor: Annotated[int | None, Field(title=mark("Order amount"))] = None
    next_on: Annotated[date | None, Field(title=mark("Next step on"))] = None
    owner: Annotated[str, Field(title=mark("Owner"))]
    entered_on: Annotated[date, Field(title=mark("Entered on"))]


def boards(session: Session, *, party_id: int) -> list[board.View]:
    """Return the boards that somebody may choose from: his own, and his team's where he has one."""
    seen, own = opportunity_access.owners(session, party_id=party_id), frozenset((party_id,))
    mine = board.View(_("Mine"), lanes(own))
    return [mine] if seen == own else [mine, board.View(_("Team"), lanes(seen, named=True))]


def lanes(owners: frozenset[int] | None, *, named: bool = False) -> list[Lane]:
    """Return the open stages, and the orders that are looked after.

    Args:
        owners: Whose sales; None for everybody's.
        named: Whether cards say whose they are.
    """
    stages = [_lane(OPPORTUNITY.called(one).capitalize(), orders.at_stage(one, owners), named=named) for one in OPEN]
    won = orders.looked_after(roles.today(), owners)
    return [*stages, _lane(_("Orders to look after"), won, named=named, won=True)]


def lists(session: Session, *, party_id: int) -> list[View]:
    """Return the lists below the board."""
    seen, today = opportunity_access.owners(session, party_id=party_id), roles.today()
    days = parameters.value(session, FOLLOW_UP.name, on=today)
    late = orders.not_followed(today, days, seen)
    return [
        View(_("All opportunities"), everything(seen)),
        View(_("Orders without a follow-up"), _rows(TABLE.c.id.in_(late), few=late)),
    ]


def everything(owners: frozenset[int] | None) -> Rows:
    """Return all sales of some owners, the newest first."""
    if owners is None:
        return _rows()
    few = select(Record.id).where(Record.type == OPPORTUNITY.name, Record.owner_id.in_(sorted(owners)))
    # + 0: where they are many, read on in order until a page is full instead of sorting all that the index by owner has
    return _rows((Opportunity.owner_id + 0).in_(sorted(owners)), few=few)


def _rows(*where: ColumnElement[bool], few: Select[Any] | None = None) -> Rows:
    return Rows(
        _query(*where), complete=_complete, newest_first=True, texts=TEXTS, hits=_hits, few=few,
        sorts=("number", "title", "status", "amount_minor"), always=("type", OPPORTUNITY.name), as_entered=("number",),
        keys={"id": "own_id"},
    )  # fmt: skip


def _query(*where: ColumnElement[bool]) -> Any:  # noqa: ANN401  # a query's type says more than it helps
    customer, owner = aliased(Party), aliased(Party)
    return (
        select(
            Record.id.label("id"), Record.number.label("number"), Record.title.label("title"),
            customer.name.label("customer"), Record.status.label("status"), Record.amount_minor.label("amount_minor"),
            Opportunity.order_minor.label("order_minor"), owner.name.label("owner"),
            Record.entered_at.label("entered_at"), Record.type.label("type"), TABLE.c.id.label("own_id"),
        )
        .select_from(Opportunity)
        .join(customer, customer.id == Opportunity.party_id)
        .join(owner, owner.id == Record.owner_id)
        .where(*where)
    )  # fmt: skip


def _hits(session: Session, text: str) -> Select[Any]:
    """Return the ids of what is found by number, title or the names of its owner and customer."""
    own = search.records(session, text, prefix=OPPORTUNITY.prefix)
    theirs = select(TABLE.c.id).where(TABLE.c.party_id.in_(index.hits(session, text)))
    both = union(own, theirs).subquery()
    return select(both.c.id)


def _complete(session: Session, rows: list[Row]) -> None:
    due = _due(session, [row["id"] for row in rows])
    for row in rows:
        row["entered_on"] = row.pop("entered_at").astimezone(settings().zone).date()
        row["next_on"] = due.get(row["id"])


def _due(session: Session, ids: list[int]) -> dict[int, date | None]:
    query = select(TABLE.c.id, orders.next_on(TABLE.c.id)).where(TABLE.c.id.in_(ids))
    return {number: due for number, due in session.execute(query)}  # noqa: C416  # rows are no pairs to mypy


# ---- the board


def _lane(title: str, ids: Select[Any], *, named: bool, won: bool = False) -> Lane:
    amount = TABLE.c.order_minor if won else Record.amount_minor

    def sums(session: Session) -> tuple[str, str]:
        some = ids.subquery()
        joined = some.join(TABLE, TABLE.c.id == some.c.id).join(Record, Record.id == some.c.id)
        count, total = session.execute(select(func.count(), func.sum(amount)).select_from(joined)).one()
        return format_integer(count), money(int(total or 0)) if count else ""

    def page(session: Session, after: Place | None) -> Cards:
        return _page(session, ids, after, named=named)

    return Lane(title, sums, page)


def _page(session: Session, ids: Select[Any], after: Place | None, *, named: bool) -> Cards:
    """Read cards by their next step's day; of very many the newest first, which an index gives."""
    many = (session.scalar(select(func.count()).select_from(ids.limit(FEW + 1).subquery())) or 0) > FEW
    dated = _query(TABLE.c.id.in_(ids)).add_columns(orders.next_on(TABLE.c.id).label("due_on"))
    rows = Rows(dated, newest_first=many, texts=(), few=None if many else ids)
    found = rows.page(session, Order() if many else Order(sort="due_on"), after=after, size=board.PAGE)
    return Cards([_card(row, named=named) for row in found.rows], found.after)


def _card(row: Row, *, named: bool) -> Card:
    today, due = roles.today(), row["due_on"]
    amount = row["order_minor"] or row["amount_minor"]
    return Card(
        id=row["id"],
        title=row["customer"],
        lines=[row["title"], money(amount) if amount is not None else "", row["owner"] if named else ""],
        due=_day(due, today),
        late=due is None or due < today,
    )


def _day(due: date | None, today: date) -> str:
    if due is None:
        return _("no next step")
    near = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    return near.get(due) or format_date(due)
