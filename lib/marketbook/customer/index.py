"""What customers are found by: their names, pinyin and initials, a whole number or address, and their own number."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketbook.customer import contacts, family, pinyin
from marketbook.customer.card import ContactPoint, Customer
from marketbook.kit.records import Party
from marketbook.kit.records.search import Entry, Index

CUSTOMERS = Index("customer_text")
"""Names and their readings; no number stands in it, so that nobody gathers numbers by typing parts of them."""

MOST = 100
"""How many customers one number is looked up for."""


def keep(session: Session, customer: Customer) -> None:
    """Keep what a customer is found by in step with its card; a merged one is found by the card that was kept."""
    session.flush()
    connection, party = session.connection(), session.get_one(Party, customer.id)
    if party.merged_into_id is not None:
        CUSTOMERS.forget(connection, [customer.id])
        return
    ids = family.members(session, customer.id)
    names = session.scalars(select(Party.name).where(Party.id.in_(ids)))
    CUSTOMERS.write(connection, [entry(customer.id, *names)])


def entry(customer_id: int, *names: str) -> Entry:
    """Return what a customer is found by who goes by some names."""
    readings = [pinyin.reading(one) for one in names]
    texts = [*names, *(part for one in readings for part in (*one.full, *one.initials))]
    return Entry(customer_id, list(dict.fromkeys(texts)))


def hits(session: Session, wanted: str) -> Select[Any]:
    """Return a query of the ids of the customers who are meant by what somebody typed.

    A whole number or address finds whose it is; the number of a card finds that card; anything else is part of a name,
    or of its pinyin or initials.
    """
    found = _reached_at(session, wanted) | _numbered(session, wanted)
    if found:
        return select(Party.id.label("id")).where(Party.id.in_(found))
    return CUSTOMERS.hits(session.connection(), pinyin.typed(wanted) if wanted.isascii() else wanted)


def _reached_at(session: Session, wanted: str) -> set[int]:
    values = contacts.looked_for(wanted)
    if not values:
        return set()
    query = select(ContactPoint.customer_id).where(ContactPoint.value.in_(values), ContactPoint.removed_at.is_(None))
    return {family.kept(session, one) for one in session.scalars(query.limit(MOST))}


def _numbered(session: Session, wanted: str) -> set[int]:
    text = wanted.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return set()
    found = session.get(Customer, int(text))
    return {family.kept(session, found.id)} if found is not None else set()
