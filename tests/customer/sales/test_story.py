"""A card tells purchases to everybody who reads it, and how sales went to who sees them; merged cards' too."""

from dataclasses import replace

import pytest
from tests.customer.sales.counter import customer
from tests.office.selling import Shop, brought, entered, finish, step

from marketbook.customer import cards, face, telling
from marketbook.kit.language import speaking


def tables(shop: Shop, number: int, who: str) -> dict[str, list[tuple[str, ...]]]:
    with shop.store.reading() as session, speaking("en"):
        found = face.of(session, cards.named(session, number), reader=shop.people[who])
        return {one.title: [tuple(row) for row in one.rows] for one in found.tables}


def told(shop: Shop, number: int, who: str) -> list[tuple[str, str]]:
    with shop.store.reading() as session, speaking("en"):
        return [(one.what, one.text) for one in telling.of(session, number, reader=shop.people[who])]


@pytest.fixture(scope="module")
def known(counter: Shop) -> Shop:
    """A customer who has bought, whom somebody has lost once, and who wants more."""
    own = replace(counter, customer=customer(counter, "诸葛瑾"))
    brought(own, "won")
    brought(own, "lost")
    finish(own, entered(own, needs="印公司标志"), step(9))
    return own


@pytest.mark.parametrize("who", ["lin", "chen", "manager", "stranger"])
def test_purchases_are_read_by_everybody(known: Shop, who: str) -> None:
    rows = tables(known, known.customer, who)["Purchases"]
    assert [(row[1], row[2]) for row in rows] == [("企业礼盒", "CN¥36,000.00")]


@pytest.mark.parametrize(("who", "sees"), [("lin", True), ("manager", True), ("chen", False), ("stranger", False)])
def test_open_sales_and_how_they_went_are_read_by_who_sees_them(known: Shop, who: str, sees: bool) -> None:
    needs = [row[3] for row in tables(known, known.customer, who)["Open opportunities"]]
    whats = [what for what, _text in told(known, known.customer, who)]
    assert needs == (["印公司标志"] if sees else [])
    assert whats.count("opportunity") == (3 if sees else 0)
    assert ("won" in whats, "lost" in whats, "Call" in whats) == (sees, sees, sees)


def test_reasons_and_outcomes_are_told(known: Shop) -> None:
    whole = dict(told(known, known.customer, "lin"))
    assert whole["Call"] == "致电了解需求\n已沟通"
    assert whole["lost"].endswith("超出预算两成")
