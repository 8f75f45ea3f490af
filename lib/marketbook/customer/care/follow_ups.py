"""Follow-ups: customers are contacted again within the days of their class, and what came of it is written down.

One row a customer says when that is (`ContactClock`); a daily duty puts who is due on the list of who answers for the
card. What hangs on a merged card stays there: the kept one's clock goes by the last contact with either.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, select, update
from sqlalchemy.orm import Session

from marketbook.customer import cards, family
from marketbook.customer.card import Customer
from marketbook.customer.care import doing, params
from marketbook.customer.care.tables import CONTACTS, ContactClock
from marketbook.customer.grade import GRADES
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, StatusChange, daily, documents, parameters, roles
from marketbook.office import activity
from marketbook.office.activity import Activity
from marketbook.office.params import ActivityEntry, ResultEntry

AHEAD = 7
"""How many days before it is due a follow-up is put on a list."""

LATEST = 730
"""So many days ahead a next contact may be agreed on at most."""


def refresh(session: Session, day: date) -> int:
    """Do what is done once a day: keep the clocks, and put who is due on the lists; return how many were put there."""
    wind(session, on=day)
    return ahead(session, on=day)


def wind(session: Session, *, on: date) -> None:
    """Give every customer a clock, and those their new day whose class or whose class's interval is another now.

    Args:
        session: A writing session.
        on: The day whose parameters hold.
    """
    _begin(session, on)
    _adjust(session, on)


def ahead(session: Session, *, on: date) -> int:
    """Put customers who are due on the lists of who answers for them, the best class first, as many as a day holds.

    Returns:
        How many there are more.
    """
    most = parameters.value(session, params.A_DAY.name, on=on)
    loads = _loads(session)
    made = 0
    for clock, customer in _due(session, on + timedelta(AHEAD), most):
        owner = doing.doer(session, customer.owner_id)
        if owner is not None and loads[owner] < most and _is_due(session, clock, on):
            _put(session, clock, customer, owner=owner, actor=owner, on=on)
            loads[owner] += 1
            made += 1
    return made


def finish(
    session: Session, one: Activity, *, result: str, actor: int, version: int, next_on: date | None = None
) -> ContactClock:  # fmt: skip
    """Write down what came of a follow-up, and when the customer is contacted next.

    Args:
        session: A writing session.
        one: The follow-up.
        result: What came of it.
        actor: Who did it.
        version: Which one the actor saw.
        next_on: When the customer is contacted next; by class, if none is given.

    Returns:
        The clock of the customer, of the kept card where it was merged.

    Raises:
        StaleError: Somebody changed it since the actor saw it.
        RecordError: It does not say what came of it, is over, or the next day is not one to come.
        AccessError: It is another's.
    """
    doing.check(session, one, actor)
    _check_next(next_on)
    seen = doing.begin(session, one, actor=actor, version=version)
    activity.finish(session, one, ResultEntry(outcome=result), actor=actor, version=seen)
    clock = session.get_one(ContactClock, doing.customer_of(session, one))
    if next_on is not None:
        clock.due_on = next_on
        _put_soon(session, clock, actor)
    session.flush()
    return clock


def postpone(session: Session, one: Activity, *, to: date, actor: int, version: int) -> Activity:
    """Put a follow-up off to another day: nobody was reached.

    Raises:
        StaleError: Somebody changed it since the actor saw it.
        RecordError: It was begun, or the day is not one to come.
        AccessError: It is another's.
    """
    doing.check(session, one, actor)
    _check_next(to)
    return documents.edit(session, one, {"due_on": to}, actor=actor, version=version)


def followed(session: Session, one: Activity, change: StatusChange) -> None:
    """Set a customer's clock anew where a follow-up is over, from whichever screen."""
    clock = session.scalar(select(ContactClock).where(ContactClock.activity_id == one.id))
    if clock is None or change.to_status not in ("done", "cancelled"):
        return
    day = one.done_on if change.to_status == "done" and one.done_on else roles.today()
    kept = session.get(ContactClock, family.kept(session, clock.customer_id)) or clock
    with session.no_autoflush:
        clock.activity_id = None
        for each in {clock.customer_id: clock, kept.customer_id: kept}.values():
            _restart(session, each, day, contacted=change.to_status == "done")


def _restart(session: Session, clock: ContactClock, day: date, *, contacted: bool) -> None:
    """Have a customer be due again within the days of the class, counted from a day."""
    days = params.days(session, session.get_one(Customer, clock.customer_id).grade, on=day)
    last = max(clock.last_on, day) if contacted else clock.last_on
    clock.last_on, clock.days, clock.due_on = last, days, max(day, last) + timedelta(days)


def _check_next(day: date | None) -> None:
    today = roles.today()
    if day is not None and not today < day <= today + timedelta(LATEST):
        raise RecordError(
            _("The next contact cannot be on {day}; it must be after today, and within {count} days.").format(
                day=day, count=LATEST
            )
        )


def _begin(session: Session, on: date) -> None:
    query = (
        select(Customer.id, Customer.met_on, Customer.grade)
        .join(Party, Party.id == Customer.id)
        .outerjoin(ContactClock, ContactClock.customer_id == Customer.id)
        .where(ContactClock.customer_id.is_(None), Party.merged_into_id.is_(None))
    )
    days = _by_grade(session, on)
    rows = ((number, met_on, days[grade]) for number, met_on, grade in session.execute(query).all())
    for part in doing.portions(rows):
        session.execute(insert(ContactClock), [_row(*one) for one in part])


def _adjust(session: Session, on: date) -> None:
    days = _by_grade(session, on)
    wanted = case(*((Customer.grade == letter, days[letter]) for letter in GRADES), else_=days[None])
    query = (
        select(ContactClock.customer_id, ContactClock.last_on, Customer.grade)
        .join(Customer, Customer.id == ContactClock.customer_id)
        .where(ContactClock.days != wanted)
    )
    rows = ((number, last_on, days[grade]) for number, last_on, grade in session.execute(query).all())
    for part in doing.portions(rows):
        session.execute(update(ContactClock), [_row(*one) for one in part])


def _row(number: int, last_on: date, days: int) -> dict[str, Any]:
    return {"customer_id": number, "last_on": last_on, "days": days, "due_on": last_on + timedelta(days)}


def _by_grade(session: Session, on: date) -> Mapping[str | None, int]:
    return {letter: params.days(session, letter, on=on) for letter in (*GRADES, None)}


def _loads(session: Session) -> Counter[int]:
    """Return how many follow-ups are on each list already."""
    query = (
        select(Record.owner_id, func.count().label("load"))
        .join(ContactClock, ContactClock.activity_id == Record.id)
        .group_by(Record.owner_id)
    )
    return Counter({row.owner_id: row.load for row in session.execute(query)})


def _due(session: Session, until: date, most: int) -> Sequence[tuple[ContactClock, Customer]]:
    """Return who is due and on no list, for each owner as many as a list holds."""
    rank = func.row_number().over(
        partition_by=Customer.owner_id,
        order_by=(func.coalesce(Customer.grade, "C"), ContactClock.due_on, ContactClock.customer_id),
    )
    ranked = (
        select(ContactClock.customer_id, rank.label("place"))
        .join(Customer, Customer.id == ContactClock.customer_id)
        .join(Party, Party.id == Customer.id)
        .where(_waits(until), Party.merged_into_id.is_(None))
        .subquery()
    )
    query = (
        select(ContactClock, Customer)
        .join(Customer, Customer.id == ContactClock.customer_id)
        .join(ranked, and_(ranked.c.customer_id == ContactClock.customer_id, ranked.c.place <= most))
        .order_by(ranked.c.place, ContactClock.customer_id)
    )
    return [(clock, customer) for clock, customer in session.execute(query)]


def _waits(until: date) -> ColumnElement[bool]:
    return and_(ContactClock.activity_id.is_(None), ContactClock.due_on <= until)


def _is_due(session: Session, clock: ContactClock, on: date) -> bool:
    """Whether a customer is due indeed, by all cards that are this customer's; its clock is set by them."""
    others = _clocks(session, family.members(session, clock.customer_id)[1:])
    if any(one.activity_id is not None for one in others):
        return False
    last = max([clock.last_on, *(one.last_on for one in others)])
    if last > clock.last_on:
        clock.last_on, clock.due_on = last, max(clock.due_on, last + timedelta(clock.days))
    return clock.due_on <= on + timedelta(AHEAD)


def _clocks(session: Session, customer_ids: Iterable[int]) -> list[ContactClock]:
    return list(session.scalars(select(ContactClock).where(ContactClock.customer_id.in_(list(customer_ids)))))


def _put(session: Session, clock: ContactClock, customer: Customer, *, owner: int, actor: int, on: date) -> None:
    visited = customer.company and customer.grade == "A"
    entry = ActivityEntry(
        kind="visit" if visited else "call",
        title=_("Follow-up of customer {number}").format(number=customer.id),
        method="in_person" if visited else "phone",
        due_on=max(clock.due_on, on),
        owner_id=owner,
    )
    made = doing.enter(session, customer.id, entry, actor=actor)
    clock.activity_id = made.id
    session.flush()


def _put_soon(session: Session, clock: ContactClock, actor: int) -> None:
    """Put a customer on the list at once who is to be contacted in the days ahead."""
    customer = cards.named(session, clock.customer_id)
    owner = doing.doer(session, customer.owner_id)
    if owner is not None and clock.activity_id is None and _is_due(session, clock, roles.today()):
        _put(session, clock, customer, owner=owner, actor=actor, on=roles.today())


activity.follow(CONTACTS, followed)
daily.register("customer-follow-ups", refresh)
