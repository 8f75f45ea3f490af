"""Opportunities: what may become a sale, from the first word to an order or a reason why not.

Partnerships and hires are kinds to come: `record.category` says the kind, and each kind has steps of its own.
"""

from datetime import date
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, StatusChange, advance, calendar, documents, parameters, roles
from marketbook.kit.store import Minor
from marketbook.kit.store.money import whole
from marketbook.office import activity, later, opportunity_access, opportunity_params
from marketbook.office.activity import Activity
from marketbook.office.opportunity_params import DoneEntry, LostEntry, OpportunityEntry, SaleEntry, StepEntry, WonEntry
from marketbook.office.params import ActivityEntry, ResultEntry

SALE = "sale"
"""The kind of opportunities that are sales."""

OPEN = ("prospect", "qualified", "proposal")
"""The stages of a sale that is neither won nor lost, in order."""

SELLERS = ("sales", "manager")
"""The roles that keep sales."""

SOURCES = {
    "visit": mark("Own visit or call"),
    "inbound": mark("The customer came to us"),
    "referral": mark("Recommended by a customer"),
    "event": mark("Event or fair"),
    "website": mark("Website"),
    "social": mark("Social media"),
    "shop": mark("Shop platform"),
    "repeat": mark("Bought before"),
    "partner": mark("Partner"),
}
"""Where it comes from."""

LOST = {
    "price": mark("Price"),
    "competitor": mark("Chose a competitor"),
    "product": mark("Product does not fit"),
    "delivery": mark("Delivery time or terms"),
    "budget": mark("No budget"),
    "postponed": mark("Put off"),
    "no_answer": mark("No answer any more"),
    "no_need": mark("No need"),
    "other": mark("Another reason"),
}
"""Why a sale is lost."""

CONTACTS = ("call", "visit")
"""The activities by which a customer is contacted."""

UNDER_WAY = ("planned", "in_progress", "blocked")
"""The statuses of a step that is still to be done."""


def _listed(names: dict[str, str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


class Opportunity(Record):
    """What may become an order: its title is the product, its owner sells it, its amount is the estimate.

    Attributes:
        party_id: The customer.
        source: One of `SOURCES`.
        needs: What the customer needs, in words.
        expected_on: When the order is expected.
        contact_by: Until when the customer is to be contacted first; written at entry.
        order_no, order_minor: The order and its amount, once it is won.
        lost_reason, lost_text: Why it was lost, coded and in words.
        closed_on: When it was won or lost; written with that step.
    """

    found_by = ("owner_id", "party_id")

    __tablename__ = "opportunity"
    __table_args__ = (
        CheckConstraint(f"source IN ({_listed(SOURCES)})", name="source"),
        CheckConstraint(f"lost_reason IN ({_listed(LOST)})", name="lost_reason"),
        CheckConstraint("order_no <> ''", name="order_no"),
        CheckConstraint(f"order_minor > 0 AND {whole('order_minor')}", name="order_minor"),
        CheckConstraint("(order_no IS NULL) = (order_minor IS NULL)", name="ordered"),
        Index("uq_opportunity_order_no", "order_no", unique=True),
        Index("ix_opportunity_party", "party_id", "id"),
        Index("ix_opportunity_contact", "contact_by", "id"),
        Index("ix_opportunity_expected", "expected_on", "id"),
        Index("ix_opportunity_closed", "closed_on", "id"),
    )
    __mapper_args__ = {"polymorphic_identity": "opportunity"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    source: Mapped[str] = mapped_column(String(20))
    needs: Mapped[str] = mapped_column(Text, default="")
    expected_on: Mapped[date | None]
    contact_by: Mapped[date]
    order_no: Mapped[str | None] = mapped_column(String(50))
    order_minor: Mapped[int | None] = mapped_column(Minor)
    lost_reason: Mapped[str | None] = mapped_column(String(20))
    lost_text: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]


TABLE = cast("Table", Opportunity.__table__)


def enter(session: Session, entry: OpportunityEntry, *, actor: int) -> Opportunity:
    """Enter a sale with its next step, and what was said already; it is the actor's own unless it names another owner.

    Raises:
        RecordError: There is no such customer, or a day has passed.
        AccessError: The actor, or whose it is to be, keeps no sales.
    """
    _check_seller(session, actor)
    owner = _check_seller(session, entry.owner_id or actor).id
    _check_to_come(entry.next_step.due_on)
    made = Opportunity(
        **_content(entry), category=SALE, owner_id=owner, party_id=_customer(session, entry.party_id),
        contact_by=contact_by(session, roles.today()),
    )  # fmt: skip
    documents.enter(session, made, actor=actor)
    _add(session, made, entry.next_step, actor)
    if entry.said:
        _said(session, made, entry.said, actor)
    return made


def correct(session: Session, one: Opportunity, entry: SaleEntry, *, actor: int, version: int) -> Opportunity:
    """Write anew what is known of an open sale.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is won or lost, or would lack what its stage asks for.
        AccessError: It is another's.
    """
    content = _content(entry)
    if one.status != OPEN[0] and None in (content["amount_minor"], content["expected_on"]):
        raise RecordError(_("From “qualified” on a sale has an amount and an expected day."))
    return documents.edit(session, one, content, actor=actor, version=version)


def add_step(session: Session, one: Opportunity, entry: StepEntry, *, actor: int) -> Activity:
    """Enter a further thing to do: a next step of a sale, or a follow-up of its order.

    Raises:
        RecordError: The sale is lost, or the day has passed.
        AccessError: The actor may take no step with it.
    """
    if one.status == "lost":
        raise RecordError(_("{number} is lost; there is nothing more to do.").format(number=one.number))
    _check_mine(session, one, actor)
    _check_to_come(entry.due_on)
    return _add(session, one, entry, actor)


def finish_step(
    session: Session, one: Opportunity, step: Activity, entry: DoneEntry, *, actor: int, version: int
) -> Activity | None:
    """Note what came of a step, and enter the next one; an open sale always has one.

    Args:
        session: A writing session.
        one: The sale.
        step: What was done.
        entry: What came of it, and what is next.
        actor: Whose step it is, or a superior.
        version: Of the step, as the actor saw it.

    Returns:
        The next step.

    Raises:
        StaleError: Someone changed the step since the actor saw it.
        RecordError: It is another sale's, it is done already, or nothing is next.
        AccessError: It is another's.
    """
    if step.about_id != one.id:
        raise RecordError(_("{step} is no step of {number}.").format(step=step.number, number=one.number))
    if entry.next_step is not None:
        _check_to_come(entry.next_step.due_on)
    following = _add(session, one, entry.next_step, actor) if entry.next_step is not None else None
    if step.status != "in_progress":
        advance(session, step, "in_progress", actor=actor, version=version)
        version = step.version
    result = ResultEntry(outcome=entry.outcome, qty_done=step.qty_planned)
    activity.finish(session, step, result, actor=actor, version=version)
    return following


def win(session: Session, one: Opportunity, entry: WonEntry, *, actor: int, version: int) -> StatusChange:
    """Close a sale with its order.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is at another stage, or the order is another sale's.
        AccessError: It is another's.
    """
    _check_order(session, one, entry.order_no)
    with later.written(session, one, actor=actor, version=version):
        one.order_no, one.order_minor = entry.order_no, entry.order_minor
    change = advance(session, one, "won", actor=actor, version=one.version)
    if entry.follow_up is not None:
        add_step(session, one, entry.follow_up, actor=actor)
    return change


def lose(session: Session, one: Opportunity, entry: LostEntry, *, actor: int, version: int) -> StatusChange:
    """Close a sale with the reason why it was lost; what was still to be done is cancelled.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is won or lost already.
        AccessError: It is another's.
    """
    with later.written(session, one, actor=actor, version=version):
        one.lost_reason, one.lost_text = entry.reason, entry.text
    told = _(": ").join(filter(None, (_(LOST[entry.reason]), entry.text)))
    return advance(session, one, "lost", actor=actor, version=one.version, reason=told)


def steps(session: Session, one: Opportunity) -> list[Activity]:
    """Return what is still to be done about a sale, by the day it is due."""
    query = select(Activity).where(Activity.about_id == one.id, Activity.status.in_(UNDER_WAY))
    return list(session.scalars(query.order_by(Activity.due_on, Activity.id)))


def contacted_on(session: Session, one: Opportunity) -> date | None:
    """Return when the customer was contacted first about a sale."""
    query = select(Activity.done_on).where(
        Activity.about_id == one.id, Activity.kind.in_(CONTACTS), Activity.status == "done"
    )
    return session.scalar(query.order_by(Activity.done_on).limit(1))


def contact_by(session: Session, day: date) -> date:
    """Return until when a customer who was entered on a day is to be contacted first."""
    count = parameters.value(session, opportunity_params.FIRST_CONTACT.name, on=day)
    return calendar.read(session).days_after(day, count)


def _add(session: Session, one: Opportunity, entry: StepEntry, actor: int) -> Activity:
    wanted = ActivityEntry(
        kind=entry.kind, title=entry.title, due_on=entry.due_on, about_id=one.id,
        owner_id=one.owner_id if entry.owner_id is None else entry.owner_id,
    )  # fmt: skip
    return activity.enter(session, wanted, actor=actor)


def _said(session: Session, one: Opportunity, said: str, actor: int) -> None:
    """Note a contact that has been already: who enters a sale has it from the customer himself."""
    wanted = ActivityEntry(kind="call", title=_("First contact"), due_on=roles.today(), about_id=one.id, owner_id=actor)
    made = activity.enter(session, wanted, actor=actor)
    advance(session, made, "in_progress", actor=actor, version=made.version)
    activity.finish(session, made, ResultEntry(outcome=said), actor=actor, version=made.version)


def _content(entry: SaleEntry) -> dict[str, object]:
    return {
        "title": entry.product, "source": entry.source, "needs": entry.needs, "amount_minor": entry.amount_minor,
        "expected_on": entry.expected_on,
    }  # fmt: skip


def _customer(session: Session, number: int) -> int:
    found = session.get(Party, number)
    if found is None or found.kind != "customer":
        raise RecordError(_("There is no customer {number}.").format(number=number))
    return found.merged_into_id or found.id


def _check_seller(session: Session, party_id: int) -> Party:
    party = documents.at_work(session, party_id)
    if not roles.held(session, party_id=party_id) & set(SELLERS):
        raise AccessError(_("{name} keeps no sales: those are sales' and the manager's.").format(name=party.name))
    return party


def _check_mine(session: Session, one: Opportunity, actor: int) -> None:
    """An order that was won has no further steps, so whose it is is asked of the people."""
    documents.at_work(session, actor)
    if not opportunity_access.may_work(session, owner_id=one.owner_id, party_id=actor):
        raise AccessError(_("{number} is not yours to write in.").format(number=one.number))


def _check_to_come(day: date) -> None:
    if day < roles.today():
        raise RecordError(_("The next step is due on {day}, which has passed.").format(day=day))


def _check_order(session: Session, one: Opportunity, order_no: str) -> None:
    other = session.scalar(select(Record.number).join(TABLE, TABLE.c.id == Record.id).where(
        TABLE.c.order_no == order_no, TABLE.c.id != one.id
    ))  # fmt: skip
    if other is not None:
        raise RecordError(_("Order {order} is that of {number} already.").format(order=order_no, number=other))
