"""The list of customers who may be the same one: found once a day or when asked, looked at, merged or told apart."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from marketbook.customer import access, duplicates
from marketbook.customer.card import ContactPoint, Customer, DistinctPair, DuplicatePair
from marketbook.customer.duplicates import Known, Pair
from marketbook.kit.records import Party, daily
from marketbook.kit.store import acting, now

AT_ONCE = 500


def refresh(session: Session) -> int:
    """Find anew who may be the same, and return how many pairs there are; who was told apart is left out.

    Names are gone through in their order, so that only customers of one name are held at once; a contact point that
    several share is found by itself.
    """
    apart = {(one.first_id, one.second_id) for one in session.scalars(select(DistinctPair))}
    found: dict[tuple[int, int], dict[str, None]] = {}
    for one in itertools.chain(_of_one_name(session), _of_one_contact(session)):
        if (one.first, one.second) not in apart:
            found.setdefault((one.first, one.second), {}).update(dict.fromkeys(one.reasons))
    session.execute(delete(DuplicatePair))
    rows: list[dict[str, Any]] = [
        {"first_id": first, "second_id": second, "reasons": [r for r in duplicates.REASONS if r in reasons]}
        for (first, second), reasons in sorted(found.items())
    ]
    for start in range(0, len(rows), AT_ONCE):
        session.execute(insert(DuplicatePair), rows[start : start + AT_ONCE])
    return len(rows)


def tell_apart(session: Session, one: int, other: int, *, actor: int) -> None:
    """Note that two customers are two, and that the list need not show them again.

    Raises:
        AccessError: The actor may not.
    """
    access.check_writer(session, actor)
    first, second = sorted((one, other))
    with acting(session, actor):
        if session.get(DistinctPair, (first, second)) is None:
            session.add(DistinctPair(first_id=first, second_id=second, said_by_id=actor, said_at=now()))
        there = (DuplicatePair.first_id == first) & (DuplicatePair.second_id == second)
        session.execute(delete(DuplicatePair).where(there))


def drop(session: Session, customer_id: int) -> None:
    """Take a customer off the list, who is merged into another now."""
    either = (DuplicatePair.first_id == customer_id) | (DuplicatePair.second_id == customer_id)
    session.execute(delete(DuplicatePair).where(either))


def alike(session: Session, one: Known) -> list[Pair]:
    """Return the customers whom one who is about to be entered may be, by name, birthday and contact points.

    Args:
        session: A session of either kind.
        one: With the id 0.
    """
    query = select(Party.id).where(Party.kind == "customer", Party.status != "merged", Party.name == one.name)
    ids = set(session.scalars(query.limit(AT_ONCE)))
    for kind, value in one.contacts:
        point = (ContactPoint.kind == kind, ContactPoint.value == value, ContactPoint.removed_at.is_(None))
        ids |= set(session.scalars(select(ContactPoint.customer_id).where(*point).limit(AT_ONCE)))
    return [pair for pair in duplicates.pairs([one, *_known(session, ids)]) if pair.first == one.id]


def _of_one_name(session: Session) -> Iterator[Pair]:
    query = (
        select(Party.id, Party.name)
        .join(Customer, Customer.id == Party.id)
        .where(Party.kind == "customer", Party.status != "merged")
        .order_by(Party.name, Party.id)
        .execution_options(yield_per=AT_ONCE)
    )
    held: list[int] = []
    for _name, group in itertools.groupby(session.execute(query), key=lambda row: row.name):
        ids = [row.id for row in group]
        if len(ids) > 1:
            held += ids
        if len(held) >= AT_ONCE:
            yield from duplicates.pairs(_known(session, held))
            held = []
    yield from duplicates.pairs(_known(session, held))


def _of_one_contact(session: Session) -> Iterator[Pair]:
    query = (
        select(ContactPoint.customer_id)
        .join(Party, Party.id == ContactPoint.customer_id)
        .where(ContactPoint.shared, ContactPoint.removed_at.is_(None), Party.status != "merged")
    )
    yield from duplicates.pairs(_known(session, set(session.scalars(query))))


def _known(session: Session, ids: Iterable[int]) -> list[Known]:
    wanted, found = sorted(ids), []
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        points = _points(session, part)
        query = select(Party.id, Party.name, Party.birthday).where(Party.id.in_(part), Party.status != "merged")
        found += [Known(one.id, one.name, points.get(one.id, []), one.birthday or "") for one in session.execute(query)]
    return found


def _points(session: Session, ids: list[int]) -> Mapping[int, list[tuple[str, str]]]:
    query = select(ContactPoint.customer_id, ContactPoint.kind, ContactPoint.value).where(
        ContactPoint.customer_id.in_(ids), ContactPoint.removed_at.is_(None)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for customer, kind, value in session.execute(query):
        found.setdefault(customer, []).append((kind, value))
    return found


daily.register("customer-duplicates", lambda session, _day: refresh(session))
