"""The board and the lists of sales: whose they are, in the order of their next steps, found and sorted by indexes."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from tests.customer.sales.counter import customer
from tests.kit.forms import explaining
from tests.office.selling import MONEY, Shop, brought, entered, finish, move, read, step, win

from marketbook.customer.sales import lanes, orders
from marketbook.kit.forms import rows as rows_module
from marketbook.kit.forms.board import Card, Lane
from marketbook.kit.forms.rows import Order, Rows
from marketbook.kit.records import roles
from marketbook.kit.store import at, now

DAYS = (9, 2, 5)
"""In how many days the next steps of three prospects are due."""


@pytest.fixture(scope="module")
def many(counter: Shop) -> list[int]:
    """Sales of a customer of their own: three prospects, one of each later stage, one of a colleague."""
    own = replace(counter, customer=customer(counter, "司马文渊"))
    made = [entered(own, next_step=step(days).model_dump(), amount_minor=1_000_000) for days in DAYS]
    made += [brought(own, status) for status in ("qualified", "proposal", "won", "lost")]
    return [*made, entered(own, who="chen")]


def cards(shop: Shop, lane: Lane) -> list[Card]:
    """Read a lane page by page."""
    found: list[Card] = []
    with shop.store.reading() as session:
        after = None
        while True:
            page = lane.page(session, after)
            found += page.cards
            if (after := page.after) is None:
                return found


def sums(shop: Shop, lane: Lane) -> tuple[str, str]:
    with shop.store.reading() as session:
        return lane.sums(session)


def own_lanes(shop: Shop, who: str = "lin") -> list[Lane]:
    return lanes.lanes(frozenset((shop.people[who],)))


def test_cards_stand_by_the_day_of_their_next_step(counter: Shop, many: list[int]) -> None:
    ninth, second, fifth, *_rest = many
    assert [one.id for one in cards(counter, own_lanes(counter)[0])] == [second, fifth, ninth]
    assert sums(counter, own_lanes(counter)[0]) == ("3", "CN¥30,000.00")


def test_each_stage_has_its_own_and_orders_are_looked_after(counter: Shop, many: list[int]) -> None:
    qualified, proposal, won = many[3:6]
    found = [[one.id for one in cards(counter, lane)] for lane in own_lanes(counter)[1:]]
    assert found == [[qualified], [proposal], [won]]
    assert sums(counter, own_lanes(counter)[3]) == ("1", "CN¥36,000.00")
    assert MONEY == 3_600_000


def test_what_is_overdue_says_so(counter: Shop, many: list[int]) -> None:
    with at(now() + timedelta(days=3)):
        found = {one.id: (one.due, one.late) for one in cards(counter, own_lanes(counter)[0])}
    assert (found[many[1]][1], found[many[0]][1]) == (True, False)
    with at(now() + timedelta(days=4)):
        assert {one.id: one.due for one in cards(counter, own_lanes(counter)[0])}[many[2]] == "tomorrow"


def test_a_lane_of_very_many_is_read_by_an_index_page_by_page(
    counter: Shop, many: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "FEW", 2)
    monkeypatch.setattr(lanes.board, "PAGE", 2)
    assert [one.id for one in cards(counter, own_lanes(counter)[0])] == sorted(many[:3], reverse=True)


@pytest.mark.parametrize(
    ("who", "titles", "prospects"), [("lin", ["Mine"], 3), ("chen", ["Mine"], 1), ("manager", ["Mine", "Team"], 4)]
)
def test_everybody_sees_his_own_and_a_superior_his_team_s(
    counter: Shop, many: list[int], who: str, titles: list[str], prospects: int
) -> None:
    assert many
    with counter.store.reading() as session:
        found = lanes.boards(session, party_id=counter.people[who])
        assert [one.title for one in found] == titles
    assert len(cards(counter, found[-1].lanes[0])) == prospects


def listed(shop: Shop, rows: Rows, **asked: Any) -> list[int]:
    with shop.store.reading() as session:
        return [row["id"] for row in rows.page(session, Order(**asked)).rows]


@pytest.mark.parametrize("search", ["司马", "smwy", "simawen", "企业礼盒"])
def test_it_is_found_by_its_customer_and_its_product(counter: Shop, many: list[int], search: str) -> None:
    assert set(many) <= set(listed(counter, lanes.everything(None), search=search))
    number = read(counter, many[0]).number
    assert listed(counter, lanes.everything(None), search=number) == [many[0]]
    mine = lanes.everything(frozenset((counter.people["chen"],)))
    assert listed(counter, mine, search=search) == [many[-1]]


def test_an_index_answers_every_order(counter: Shop, many: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert many
    monkeypatch.setattr(rows_module, "FEW", -1)
    monkeypatch.setattr(explaining, "LONG", (*explaining.LONG, "opportunity"))
    for found in (lanes.everything(None), lanes.everything(frozenset((counter.people["lin"],)))):
        for sort, descending in product(("", "number", "title", "status", "amount_minor"), (False, True)):
            assert explaining.faults(counter.store, found, Order(sort=sort, descending=descending)) == [], sort


def not_followed(shop: Shop) -> set[int]:
    with shop.store.reading() as session:
        return set(session.scalars(orders.not_followed(roles.today(), 7, frozenset((shop.people["stranger"],)))))


def test_an_order_is_listed_after_seven_days_until_something_is_done(counter: Shop) -> None:
    number = _won(counter)
    for days, listed_ in ((0, set()), (6, set()), (7, {number})):
        with at(now() + timedelta(days=days)):
            assert not_followed(counter) == listed_
    with at(now() + timedelta(days=8)):
        finish(counter, number, who="stranger")
        assert not_followed(counter) == set()


def _won(shop: Shop) -> int:
    number = entered(shop, who="stranger")
    for stage in ("qualified", "proposal"):
        move(shop, number, stage, who="stranger")
    win(shop, number, who="stranger")
    return number


def test_who_was_not_contacted_is_listed_until_he_is(counter: Shop, many: list[int]) -> None:
    with counter.store.reading() as session:
        found = set(session.scalars(orders.not_contacted(frozenset((counter.people["lin"],)))))
    assert set(many[:3]) <= found
