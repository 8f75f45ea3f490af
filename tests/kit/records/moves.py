"""Records in each state, and what tells whether a refused move left a trace."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from tests.kit.records.claims import claim, walk
from tests.kit.records.conftest import House

from marketbook.kit.records import Record, StatusChange
from marketbook.kit.store import Store, audit

Move = Callable[[House, int], object]
Errors = type[Exception] | tuple[type[Exception], ...]


def submitted(house: House, amount: int = 120_000, owner: int = 0, **about: str) -> int:
    number = claim(house.store, owner or house.people.sales, amount, **about)
    walk(house.store, number, ("submitted", owner or house.people.sales))
    return number


def approved(house: House, amount: int = 120_000) -> int:
    number = submitted(house, amount)
    walk(house.store, number, ("manager_approved", house.people.manager))
    return number


def paid(house: House) -> int:
    number = approved(house)
    walk(house.store, number, ("reviewed", house.people.finance), ("paid", house.people.payer))
    return number


def trace(store: Store) -> tuple[object, ...]:
    with store.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Record, StatusChange)]
        return audit.head(session), *counts


def check_refused(house: House, number: int, move: Move, error: Errors, match: str) -> None:
    before = trace(house.store)
    with pytest.raises(error, match=match):
        move(house, number)
    assert trace(house.store) == before
