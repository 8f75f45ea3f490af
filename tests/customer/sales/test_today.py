"""The home of sales: open sales by their next step, prospects to contact, orders to look after; own and a team's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from tests.customer.sales.counter import customer
from tests.office.selling import Shop, brought, entered, finish, step

from marketbook.customer.sales import today
from marketbook.kit.store import at, now
from marketbook.office.agenda import Piece

Making = Callable[[Session, int], Piece | None]


@pytest.fixture(scope="module")
def many(counter: Shop) -> list[int]:
    own = replace(counter, customer=customer(counter, "司马文渊"))
    return [
        entered(own, next_step=step(9).model_dump()), entered(own, next_step=step(2).model_dump()), brought(own, "won"),
        entered(own, who="chen", next_step=step(1).model_dump()), brought(own, "lost"),
    ]  # fmt: skip


def piece(shop: Shop, make: Making, who: str = "lin", days: int = 0) -> Piece:
    with at(now() + timedelta(days=days)), shop.store.reading() as session:
        found = make(session, shop.people[who])
    assert found is not None
    return found


def test_open_sales_stand_by_their_next_step(counter: Shop, many: list[int]) -> None:
    found = piece(counter, today.next_steps)
    assert [one.record_id for one in found.lines] == [many[1], many[0]]
    assert (found.count, found.figures) == (2, [])
    late = piece(counter, today.next_steps, days=3)
    assert [one.late for one in late.lines] == [True, False]
    assert list(late.figures) == [("late", "1")]


def test_a_superior_sees_his_team_s(counter: Shop, many: list[int]) -> None:
    found = piece(counter, today.next_steps, who="manager")
    assert [one.record_id for one in found.lines] == [many[3], many[1], many[0]]
    assert piece(counter, today.next_steps, who="stranger").nothing == "No opportunity is open."


def test_prospects_stand_there_until_somebody_has_contacted_them(counter: Shop, many: list[int]) -> None:
    assert [one.record_id for one in piece(counter, today.prospects).lines] == many[:2]
    number = entered(counter)
    assert piece(counter, today.prospects).count == 3
    finish(counter, number, step(20))
    assert piece(counter, today.prospects).count == 2
    assert all(one.late for one in piece(counter, today.prospects, days=10).lines)


def test_an_order_stands_there_until_something_is_done_and_is_late_after_seven_days(
    counter: Shop, many: list[int]
) -> None:
    own = replace(counter, customer=customer(counter, "令狐冲"))
    number = brought(own, "won")
    lines = piece(own, today.followed).lines
    assert {one.record_id for one in lines} == {many[2], number}
    assert not any(one.late for one in piece(own, today.followed, days=6).lines)
    assert all(one.late for one in piece(own, today.followed, days=7).lines)
    finish(own, number)
    assert [one.record_id for one in piece(own, today.followed).lines] == [many[2]]


def test_it_names_nobody_s_number(counter: Shop, many: list[int]) -> None:
    assert many
    line = piece(counter, today.next_steps).lines[0]
    assert line.about.startswith("OP-")
    assert line.about.endswith("企业礼盒 · prospect")
