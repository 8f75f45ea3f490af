"""A sales team with customers who have cards, and sales of theirs at each stage."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.engines import Tables
from tests.office.selling import Shop, furnish

from marketbook.customer import cards
from marketbook.customer.entries import CustomerEntry
from marketbook.customer.sales import brief, winning  # noqa: F401  # what a sale sets in motion


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def counter(request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = tables(request.param, tmp_path_factory.mktemp("counter"), "counter")
    shop = furnish(made)
    yield replace(shop, customer=customer(shop, "欧阳静怡"))
    made.close()


def customer(shop: Shop, name: str) -> int:
    """Enter a customer with a card."""
    with shop.store.writing() as session:
        return cards.enter(session, CustomerEntry(name=name), actor=shop.people["lin"]).id
