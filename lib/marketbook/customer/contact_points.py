"""Contact points: added, marked as shared, taken out of use. One is one customer's, unless it is shared."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import contacts
from marketbook.customer.card import ContactPoint, Customer
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party
from marketbook.kit.store import now

Point = tuple[str, str]


def live(session: Session, customer_ids: Iterable[int]) -> list[ContactPoint]:
    """Return the contact points that are in use, in the order in which they were added."""
    query = select(ContactPoint).where(
        ContactPoint.customer_id.in_(list(customer_ids)), ContactPoint.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(ContactPoint.id)))


def at(session: Session, kind: str, value: str) -> list[ContactPoint]:
    """Return whose a contact point is: nobody's, one customer's, or that of those who share it."""
    query = select(ContactPoint).where(
        ContactPoint.kind == kind, ContactPoint.value == value, ContactPoint.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(ContactPoint.id)))


def keep(
    session: Session, customer: Customer, wanted: Mapping[Point, bool], *, actor: int, of: Iterable[int] = ()
) -> bool:
    """Make a customer's contact points those that are wanted.

    Args:
        session: A writing session in which the actor acts.
        customer: Whose.
        wanted: Whether each is shared.
        actor: Who says so.
        of: The cards that are merged into this one, whose contact points are this customer's too.

    Returns:
        Whether anything was changed.

    Raises:
        RecordError: One is another customer's, and not shared.
    """
    there = {(one.kind, one.value): one for one in live(session, [customer.id, *of])}
    gone = [one for point, one in there.items() if point not in wanted]
    for one in gone:
        one.removed_by_id, one.removed_at = actor, now()
    session.flush()
    added = [_add(session, customer, point, actor, shared=wanted[point]) for point in wanted if point not in there]
    turned = [_share(session, there[point], shared=wanted[point]) for point in there if point in wanted]
    session.flush()
    return bool(gone or added or any(turned))


def _add(session: Session, customer: Customer, point: Point, actor: int, *, shared: bool) -> ContactPoint:
    others = at(session, *point)
    if others and not shared:
        raise _taken(session, point, others[0])
    for one in others:
        one.shared = True
    session.flush()
    made = ContactPoint(
        customer_id=customer.id, kind=point[0], value=point[1], shared=shared, added_by_id=actor, added_at=now()
    )
    session.add(made)
    session.flush()
    return made


def _share(session: Session, one: ContactPoint, *, shared: bool) -> bool:
    """Mark it as shared or as one customer's alone; where it is shared indeed, it stays so."""
    if one.shared == shared:
        return False
    others = [other for other in at(session, one.kind, one.value) if other.id != one.id]
    if others and not shared:
        raise _taken(session, (one.kind, one.value), others[0])
    one.shared = shared
    return True


def _taken(session: Session, point: Point, other: ContactPoint) -> RecordError:
    party = session.get_one(Party, other.customer_id)
    text = _("{contact} is {name}'s already (customer {number}); open that card, or mark it as shared.")
    return RecordError(text.format(contact=contacts.masked(*point), name=party.name, number=party.id))
