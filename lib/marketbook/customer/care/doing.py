"""Who does what is to be done with a customer, and what the activities of this room have in common."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import access, family
from marketbook.customer.card import Consent
from marketbook.customer.care.tables import CUSTOMER
from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, advance, advancing
from marketbook.office import activity
from marketbook.office.activity import Activity, Participation
from marketbook.office.params import ActivityEntry

OPEN = ("planned", "in_progress", "blocked")
"""The statuses of what is still to be done."""

AT_ONCE = 500

T = TypeVar("T")


def portions(values: Iterable[T]) -> Iterator[list[T]]:
    """Return many values in lists of `AT_ONCE`."""
    left = iter(values)
    while part := list(islice(left, AT_ONCE)):
        yield part


def doer(session: Session, owner_id: int) -> int | None:
    """Return who acts for a customer's owner: the owner, or the next superior at work; None where nobody is."""
    number: int | None = owner_id
    seen: set[int] = set()
    while number is not None and number not in seen:
        seen.add(number)
        party = session.get_one(Party, number)
        if party.kind == "employee" and party.status == "active":
            return number
        number = party.manager_id
    return None


def enter(session: Session, customer_id: int, entry: ActivityEntry, *, actor: int) -> Activity:
    """Put something that is to be done with a customer on the list of the entry's owner.

    A duty acts in the name of the one whose list it is.
    """
    made = activity.enter(session, entry, actor=actor)
    activity.invite(session, made, party_id=customer_id, role=CUSTOMER, actor=actor)
    return made


def customer_of(session: Session, one: Activity) -> int:
    """Return whom an activity is about: the card that was kept, where it was merged.

    Raises:
        AccessError: It is about no customer.
    """
    query = select(Participation.party_id).where(
        Participation.activity_id == one.id, Participation.role == CUSTOMER
    )  # fmt: skip
    found = session.scalar(query)
    if found is None:
        raise AccessError(_("{number} is about no customer.").format(number=one.number))
    return family.kept(session, found)


def check(session: Session, one: Activity, actor: int) -> None:
    """Refuse whoever may take no step with an activity, or works with no customers.

    Raises:
        AccessError: It is another's, or is over.
    """
    access.check_writer(session, actor)
    if not advancing.open_steps(session, one, actor=actor):
        raise AccessError(_("{number} is not yours to write in.").format(number=one.number))


def begin(session: Session, one: Activity, *, actor: int, version: int) -> int:
    """Begin an activity that was not begun; what is under way goes on. Return the version to go on with.

    Raises:
        StaleError: Somebody changed it since the actor saw it.
        AccessError: It is another's.
    """
    if one.status != "planned":
        return version
    advance(session, one, "in_progress", actor=actor, version=version)
    return one.version


def allowed(session: Session, customer_ids: Iterable[int], purpose: str) -> set[int]:
    """Return which of many customers allow a purpose now; what merged cards said last counts."""
    found: set[int] = set()
    for part in portions(customer_ids):
        of = family.of_many(session, part)
        query = select(Consent.customer_id, Consent.given).where(
            Consent.customer_id.in_(of), Consent.purpose == purpose
        )
        said = {of[one]: given for one, given in session.execute(query.order_by(Consent.said_on, Consent.id))}
        found |= {one for one, given in said.items() if given}
    return found
