"""Care: greetings for birthdays and festivals, and return visits, put on a list ahead of the day.

Nothing is put there without the customer's consent, and nothing leaves without it: it is asked for again in the
transaction in which something is sent, or in which somebody is shown a number. Once for each occasion: the database
holds that, and of merged cards either one counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from marketbook.customer import consents, contact_points, family
from marketbook.customer.card import Customer
from marketbook.customer.care import days, doing, params, recommending
from marketbook.customer.care.tables import OCCASIONS, CareOccasion, ContactReveal
from marketbook.customer.complaint.tables import Complaint
from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, StatusChange, advance, daily, parameters
from marketbook.kit.store import acting, now
from marketbook.office import activity
from marketbook.office.activity import Activity
from marketbook.office.params import ActivityEntry, ResultEntry

TOO_LATE = 7
"""So many days after its day a greeting that nobody sent is taken off the list."""

WITHIN = 30
"""A return visit is made within so many days after it was due."""


@dataclass(frozen=True)
class Wanted:
    """A greeting that may be put on a list: the fields of `CareOccasion`."""

    customer_id: int
    occasion: str
    period: str
    purpose: str
    falls_on: date


def refresh(session: Session, day: date) -> int:
    """Do what is done once a day: take off the lists what may not be sent any more, then put there what comes next.

    Returns:
        How many were put there.
    """
    clear(session, on=day)
    return ahead(session, on=day)


def ahead(session: Session, *, on: date) -> int:
    """Put the greetings and return visits of the days ahead on the lists; return how many there are more."""
    wanted = [*_birthdays(session, on), *_festivals(session, on), *_return_visits(session, on)]
    allowed = {
        purpose: doing.allowed(session, {one.customer_id for one in wanted if one.purpose == purpose}, purpose)
        for purpose in {one.purpose for one in wanted}
    }
    permitted = (one for one in wanted if one.customer_id in allowed[one.purpose])
    return sum(_put(session, one, on) for one in permitted)


def clear(session: Session, *, on: date) -> int:
    """Take off the lists what the customer does not allow any more, and what is too late; return how much that was."""
    query = (
        select(CareOccasion)
        .join(Record, Record.id == CareOccasion.activity_id)
        .where(CareOccasion.sent_at.is_(None), Record.status.in_(doing.OPEN))
    )
    return sum(_cleared(session, one, on) for one in session.scalars(query.order_by(CareOccasion.id)).all())


def send(session: Session, one: Activity, *, result: str, actor: int, version: int) -> str:
    """Note that a greeting was sent or said; where the customer does not allow it any more, it is cancelled instead.

    Args:
        session: A writing session.
        one: The activity.
        result: How it was sent, and what the customer said.
        actor: Who sent it.
        version: Which one the actor saw.

    Returns:
        Why nothing may be sent; empty where it was. Either is written: the caller commits.

    Raises:
        StaleError: Somebody changed it since the actor saw it.
        RecordError: It does not say how it was sent, or is over.
        AccessError: It is another's.
    """
    doing.check(session, one, actor)
    occasion = occasion_of(session, one)
    if refusal := refused(session, occasion):
        advance(session, one, "cancelled", actor=actor, version=version, reason=refusal)
        return refusal
    seen = doing.begin(session, one, actor=actor, version=version)
    with acting(session, actor):
        occasion.sent_by_id, occasion.sent_at = actor, now()
    activity.finish(session, one, ResultEntry(outcome=result), actor=actor, version=seen)
    return ""


def leave_out(session: Session, one: Activity, *, reason: str, actor: int, version: int) -> StatusChange:
    """Cancel a greeting that is not needed, with a reason.

    Raises:
        StaleError: Somebody changed it since the actor saw it.
        RecordError: There is no reason, or it is over.
        AccessError: It is another's.
    """
    doing.check(session, one, actor)
    return advance(session, one, "cancelled", actor=actor, version=version, reason=reason)


def reveal(session: Session, one: Activity, *, actor: int, version: int) -> tuple[list[tuple[str, str]], str]:
    """Show how the customer of a follow-up or a greeting is reached, and log that it was shown, and to whom.

    Args:
        session: A writing session.
        one: The activity.
        actor: Who is shown it.
        version: Which one the actor saw.

    Returns:
        Kind and value of each contact point; and why none may be shown, where the customer does not allow the greeting
        any more: then it is cancelled. Either is written: the caller commits.

    Raises:
        AccessError: It is another's, or is over.
    """
    doing.check(session, one, actor)
    if refusal := _refused_now(session, one):
        advance(session, one, "cancelled", actor=actor, version=version, reason=refusal)
        return [], refusal
    customer_id = doing.customer_of(session, one)
    with acting(session, actor):
        session.add(ContactReveal(customer_id=customer_id, activity_id=one.id, party_id=actor, at=now()))
    points = contact_points.live(session, family.members(session, customer_id))
    return [(point.kind, point.value) for point in points], ""


def occasion_of(session: Session, one: Activity) -> CareOccasion:
    """Return for what a greeting is.

    Raises:
        AccessError: It is for no occasion.
    """
    found = session.scalar(select(CareOccasion).where(CareOccasion.activity_id == one.id))
    if found is None:
        raise AccessError(_("{number} is no greeting and no return visit.").format(number=one.number))
    return found


def refused(session: Session, occasion: CareOccasion) -> str:
    """Return why a greeting may not be sent now: no consent, or it was sent for another card of the same customer."""
    kept = family.kept(session, occasion.customer_id)
    try:
        consents.check(session, kept, occasion.purpose)
    except RecordError as error:
        return str(error)
    twin = _same(session, kept, occasion.occasion, occasion.period)
    if any(one.sent_at is not None and one.id != occasion.id for one in twin):
        return _("The customer was greeted already, by another card that is the same customer's.")
    return ""


def _refused_now(session: Session, one: Activity) -> str:
    """Return why a customer may not be reached for an activity that needs consent; empty where it may be."""
    occasion = session.scalar(select(CareOccasion).where(CareOccasion.activity_id == one.id))
    if occasion is not None:
        return refused(session, occasion)
    made = recommending.of(session, one)
    return recommending.refused(session, made) if made is not None else ""


def missing(session: Session, one: Activity, to: str) -> Iterator[str]:
    """Say what a greeting lacks for a step: nothing of it is done that was not sent."""
    if to != "done":
        return
    occasion = session.scalar(select(CareOccasion).where(CareOccasion.activity_id == one.id))
    if occasion is not None and occasion.sent_at is None:
        yield _("It was not sent: it is sent from the list of follow-ups, where the customer's consent is looked at.")


def _birthdays(session: Session, on: date) -> Iterator[Wanted]:
    most = parameters.value(session, params.AHEAD.name, on=on)
    solar, lunar = days.birthdays_between(on, most)
    by_lunar = Customer.lunar_birthday.is_(True)
    either = or_(
        and_(Customer.lunar_birthday.is_not(True), Party.birthday.in_(sorted(solar))),
        and_(by_lunar, Party.birthday.in_(sorted(lunar))),
    )
    query = (
        select(Party.id, Party.birthday, Customer.lunar_birthday)
        .join(Customer, Customer.id == Party.id)
        .where(Party.kind == "customer", Party.merged_into_id.is_(None), either)
    )
    for number, text, is_lunar in session.execute(query.order_by(Party.id)).all():
        if found := days.coming_birthday(text or "", lunar=bool(is_lunar), on=on, ahead=most):
            yield Wanted(number, "birthday", str(found.year), "care", found.on)


def _festivals(session: Session, on: date) -> Iterator[Wanted]:
    most = parameters.value(session, params.AHEAD.name, on=on)
    names = parameters.value(session, params.FESTIVALS.name, on=on)
    coming = [(name, day) for name in names if (day := days.coming_festival(name, on=on, ahead=most))]
    if not coming:
        return
    grades = parameters.value(session, params.GREETED.name, on=on)
    query = (
        select(Customer.id)
        .join(Party, Party.id == Customer.id)
        .where(Customer.grade.in_(grades), Party.merged_into_id.is_(None))
    )
    for number in session.scalars(query.order_by(Customer.id)).all():
        for name, day in coming:
            yield Wanted(number, name, str(day.year), "care", day.on)


def _return_visits(session: Session, on: date) -> Iterator[Wanted]:
    after = parameters.value(session, params.RETURN_AFTER.name, on=on)
    query = (
        select(Complaint.party_id, Complaint.number, StatusChange.at)
        .join(StatusChange, StatusChange.record_id == Complaint.id)
        .where(
            Complaint.status == "closed",
            StatusChange.to_status == "closed",
            StatusChange.at >= _midnight(on - timedelta(after + WITHIN)),
        )
        .order_by(Complaint.id, StatusChange.at)
    )
    last = {number: (party, at.astimezone(settings().zone).date()) for party, number, at in session.execute(query)}
    for number, (party, closed_on) in last.items():
        due = closed_on + timedelta(after)
        if on <= due + timedelta(WITHIN) and due <= on + timedelta(parameters.value(session, params.AHEAD.name, on=on)):
            yield Wanted(family.kept(session, party), "return_visit", number, "survey", max(due, on))


def _put(session: Session, wanted: Wanted, on: date) -> bool:
    """Put a greeting on the list of who answers for the card, unless it is there, or was."""
    if _same(session, wanted.customer_id, wanted.occasion, wanted.period):
        return False
    customer = session.get(Customer, wanted.customer_id)
    owner = doing.doer(session, customer.owner_id) if customer is not None else None
    if customer is None or owner is None:
        return False
    entry = ActivityEntry(
        kind="care",
        title=_("{occasion}: customer {number}").format(occasion=_(OCCASIONS[wanted.occasion]), number=customer.id),
        method=wanted.occasion,
        starts_on=min(on, wanted.falls_on),
        due_on=wanted.falls_on,
        owner_id=owner,
    )
    made = doing.enter(session, customer.id, entry, actor=owner)
    with acting(session, owner):
        session.add(CareOccasion(**vars(wanted), activity_id=made.id))
    return True


def _same(session: Session, customer_id: int, occasion: str, period: str) -> list[CareOccasion]:
    """Return what there is of an occasion, of all cards that are one customer's."""
    query = select(CareOccasion).where(
        CareOccasion.customer_id.in_(family.members(session, family.kept(session, customer_id))),
        CareOccasion.occasion == occasion,
        CareOccasion.period == period,
    )
    return list(session.scalars(query))


def _cleared(session: Session, occasion: CareOccasion, on: date) -> bool:
    """Cancel a greeting that may not be sent any more, in the name of the one on whose list it is."""
    one = session.get_one(Activity, occasion.activity_id)
    late = _("Its day has passed.") if on > occasion.falls_on + timedelta(TOO_LATE) else ""
    reason, actor = refused(session, occasion) or late, doing.doer(session, one.owner_id)
    if not reason or actor is None:
        return False
    try:
        advance(session, one, "cancelled", actor=actor, version=one.version, reason=reason)
    except AccessError:
        return False
    return True


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=settings().zone)


activity.ask(("care",), missing)
daily.register("customer-care", refresh)
