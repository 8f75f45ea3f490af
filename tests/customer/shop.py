"""A company with customers: who works with them, and cards to try things on."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests.engines import Tables
from tests.kit.records.claims import hire

from marketbook.customer import cards, consents, merging
from marketbook.customer.card import Consent, ContactPoint, Customer, CustomerMerge, DistinctPair
from marketbook.customer.entries import ContactEntry, CustomerEntry
from marketbook.kit.records import Party, person, roles
from marketbook.kit.store import Store, audit

_serial = itertools.count(10_000_000)


@dataclass(frozen=True)
class Shop:
    """Who works at the company, by name."""

    store: Store
    people: dict[str, int]


def furnish(store: Store) -> Shop:
    people = dict(vars(hire(store)))
    with store.writing() as session:
        for name in ("service", "specialist"):
            if name not in people:
                people[name] = person.add(session, kind="employee", name=name, manager_id=people["manager"]).id
                roles.grant(session, party_id=people[name], role=name, valid_from=roles.today() - timedelta(400))
    return Shop(store, people)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = tables(request.param, tmp_path_factory.mktemp("shop"), "shop")
    yield furnish(made)
    made.close()


def mobile() -> str:
    """A number that nobody has yet."""
    return f"138{next(_serial)}"


def entry(name: str = "王芳", *numbers: str, shared: bool = False, **more: object) -> CustomerEntry:
    contacts = [ContactEntry(value=one, shared=shared) for one in numbers]
    return CustomerEntry.model_validate({"name": name, "contacts": contacts, **more})


def entered(shop: Shop, name: str = "王芳", *numbers: str, by: str = "sales", **more: object) -> int:
    """Enter a customer and return its id."""
    with shop.store.writing() as session:
        return cards.enter(session, entry(name, *numbers, **more), actor=shop.people[by]).id


def changed(shop: Shop, number: int, given: CustomerEntry, *, version: int = 0, by: str = "sales") -> None:
    with shop.store.writing() as session:
        customer = session.get_one(Customer, number)
        cards.change(session, customer, given, actor=shop.people[by], version=version or customer.version)


def merged(shop: Shop, kept: int, other: int, *, by: str = "sales", **more: object) -> None:
    with shop.store.writing() as session:
        one, two = session.get_one(Customer, kept), session.get_one(Customer, other)
        about = {"versions": (one.version, two.version), "reason": "同一人", **more}
        merging.merge(session, one, two, actor=shop.people[by], **about)  # type: ignore[arg-type]


def undone(shop: Shop, other: int, *, by: str = "sales") -> None:
    with shop.store.writing() as session:
        merging.undo(session, session.get_one(Customer, other), actor=shop.people[by])


def said(shop: Shop, number: int, *, given: bool, purpose: str = "care", by: str = "service", **more: object) -> None:
    with shop.store.writing() as session:
        customer = session.get_one(Customer, number)
        about = {"purpose": purpose, "given": given, "method": "phone", **more}
        consents.record(session, customer, actor=shop.people[by], **about)  # type: ignore[arg-type]


def facts(session: Session, number: int) -> dict[str, object]:
    """What of a card a person would call the card."""
    customer, party = session.get_one(Customer, number), session.get_one(Party, number)
    names = ("company", "owner_id", "needs", "preferences", "reading", "met_on", "grade", "value_minor")
    points = select(ContactPoint.kind, ContactPoint.value, ContactPoint.shared).where(
        ContactPoint.customer_id == number, ContactPoint.removed_at.is_(None)
    )
    return {
        **{name: getattr(customer, name) for name in names}, "name": party.name, "birthday": party.birthday,
        "status": party.status, "merged_into": party.merged_into_id, "checked_on": party.checked_on,
        "points": sorted(map(tuple, session.execute(points))),
    }  # fmt: skip


def trace(store: Store) -> tuple[object, ...]:
    """What tells whether something was written."""
    tables = (Party, Customer, ContactPoint, Consent, CustomerMerge, DistinctPair)
    with store.reading() as session:
        return audit.head(session), *(session.scalar(select(func.count()).select_from(one)) for one in tables)
