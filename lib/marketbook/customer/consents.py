"""What customers allow: each purpose by itself, given and withdrawn, never assumed. What was said last holds."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import access, cards, family
from marketbook.customer.card import METHODS, PURPOSES, Consent, Customer
from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, roles
from marketbook.kit.store import acting, now


def record(
    session: Session, customer: Customer, *, purpose: str, given: bool, method: str, actor: int,
    said_on: date | None = None,
) -> Consent:  # fmt: skip
    """Note that a customer allows a purpose, or does not allow it any more.

    Args:
        session: A writing session.
        customer: Who said so.
        purpose: Of `PURPOSES`.
        given: Allowed, or withdrawn.
        method: How it was said, of `METHODS`.
        actor: Who notes it.
        said_on: The day on which it was said; today if none is given.

    Raises:
        AccessError: The actor may not.
        RecordError: The purpose, the method or the day cannot be, or the customer is merged into another.
    """
    access.check_writer(session, actor)
    cards.check_open(session, customer)
    for name, known, found in (("purpose", PURPOSES, purpose), ("method", METHODS, method)):
        if found not in known:
            allowed = ", ".join(known)
            raise RecordError(
                _("{name}: {found!r} is not known; allowed are {allowed}.").format(
                    name=name, found=found, allowed=allowed
                )
            )
    day = said_on or roles.today()
    if day > roles.today():
        raise RecordError(_("A customer cannot have said so after today."))
    made = Consent(
        customer_id=customer.id, purpose=purpose, given=given, method=method, said_on=day, recorded_by_id=actor,
        recorded_at=now(),
    )  # fmt: skip
    with acting(session, actor):
        session.add(made)
    return made


def standing(session: Session, customer_id: int) -> dict[str, Consent]:
    """Return what was said last, by purpose; a purpose is missing of which nothing was said.

    What was said on a later day holds; of one day, what was noted later. Of merged cards all that was said counts.
    """
    return said_last(session, family.members(session, family.kept(session, customer_id)))


def said_last(session: Session, customer_ids: Iterable[int]) -> dict[str, Consent]:
    """Return what was said last of some cards that are one customer's."""
    query = select(Consent).where(Consent.customer_id.in_(list(customer_ids)))
    return {one.purpose: one for one in session.scalars(query.order_by(Consent.said_on, Consent.id))}


def allowed(session: Session, customer_id: int, purpose: str) -> bool:
    """Tell whether a customer allows a purpose now; silence is no."""
    found = standing(session, customer_id).get(purpose)
    return found is not None and found.given


def allowing(session: Session, customer_ids: Iterable[int], purpose: str) -> set[int]:
    """Return which of some customers allow a purpose now; silence is no.

    Args:
        session: A session of either kind.
        customer_ids: Of cards that are not merged into others; what was said of those merged into them counts.
        purpose: Of `PURPOSES`.
    """
    of = family.of_many(session, customer_ids)
    query = select(Consent.customer_id, Consent.given).where(Consent.customer_id.in_(of), Consent.purpose == purpose)
    last = {of[row.customer_id]: row.given for row in session.execute(query.order_by(Consent.said_on, Consent.id))}
    return {customer for customer, given in last.items() if given}


def check(session: Session, customer_id: int, purpose: str) -> None:
    """Refuse what a customer does not allow; called in the transaction that uses it, not before.

    Raises:
        RecordError: It was withdrawn, or never given.
    """
    found = standing(session, customer_id).get(purpose)
    if found is not None and found.given:
        return
    name, what = session.get_one(Party, customer_id).name, _(PURPOSES[purpose])
    if found is None:
        raise RecordError(_("{name} never allowed “{purpose}”.").format(name=name, purpose=what))
    day = format_date(found.said_on)
    raise RecordError(_("{name} withdrew “{purpose}” on {day}.").format(name=name, purpose=what, day=day))
