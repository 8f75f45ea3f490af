"""Transfers are the only way past a budget: who decides on them, and what they leave behind."""

import pytest
from tests.office.company import (
    MONTH,
    YEAR,
    House,
    budget,
    category,
    figures,
    plan,
    status,
    submitted,
    transfer,
    walk,
)

from marketbook.kit.errors import AccessError, RecordError
from marketbook.office import budget_line, budget_transfer
from marketbook.office.budget_line import BudgetLine

JULY = f"{YEAR}-07"


def months(house: House, original: int = 1_000_000) -> list[int]:
    """Return the lines of one item in two months."""
    return plan(house, *({"item": "展会", "original": original, "month": month} for month in (MONTH, JULY)))


def test_a_manager_alone_moves_a_tenth_of_an_item_between_its_months(house: House) -> None:
    june, july = months(house)
    number = transfer(house, 200_000, june, july)
    assert category(house, number) == "within_item"
    walk(house, number, ("approved", house.people.manager))
    assert (figures(house, june), figures(house, july)) == ((800_000, 0, 0), (1_200_000, 0, 0))


def test_past_a_tenth_in_a_quarter_the_director_decides(house: House) -> None:
    june, july = months(house)
    walk(house, transfer(house, 150_000, june, july), ("approved", house.people.manager))
    number = transfer(house, 50_001, july, june)
    assert category(house, number) == ""
    with pytest.raises(AccessError, match="it is for Marketing director, here director"):
        walk(house, number, ("approved", house.people.manager))
    walk(house, number, ("approved", house.people.director))
    assert figures(house, june)[0] + figures(house, july)[0] == 2_000_000


def test_what_was_handed_in_side_by_side_does_not_pass_the_tenth(house: House) -> None:
    june, july = months(house)
    numbers = [transfer(house, 150_000, june, july) for _each in range(2)]
    walk(house, numbers[0], ("approved", house.people.manager))
    with pytest.raises(RecordError, match="is used up; hand it in anew for the director"):
        walk(house, numbers[1], ("approved", house.people.manager))
    walk(house, numbers[1], ("draft", house.people.manager))
    walk(house, numbers[1], ("submitted", house.people.sales), ("approved", house.people.director))
    assert figures(house, june) == (700_000, 0, 0)


@pytest.mark.parametrize(("used", "expected"), [(150_000, ""), (0, "within_item")])
def test_who_decides_follows_from_the_day_on_which_it_is_handed_in(house: House, used: int, expected: str) -> None:
    june, july = months(house)
    with house.store.writing() as session:
        about = {"title": "调剂", "from_line": june, "to_line": july, "purpose": "旺季提前"}
        number = budget_transfer.enter(session, amount=150_000, **about, actor=house.people.sales).id
    if used:
        walk(house, transfer(house, used, june, july), ("approved", house.people.manager))
    walk(house, number, ("submitted", house.people.sales))
    assert category(house, number) == expected
    walk(house, number, ("approved", house.people.manager if expected else house.people.director))


@pytest.mark.parametrize(("fromward", "toward", "left"), [(True, False, 999_999), (False, True, 1_000_001)])
def test_the_director_cuts_and_increases(house: House, fromward: bool, toward: bool, left: int) -> None:
    line = budget(house)
    number = transfer(house, 1, line if fromward else None, line if toward else None)
    walk(house, number, ("approved", house.people.director))
    assert figures(house, line) == (left, 0, 0)


def test_what_is_promised_is_not_taken_away(house: House) -> None:
    line, other = budget(house, 100_000), budget(house)
    number = transfer(house, 60_000, line, other)
    submitted(house, line, 50_000)
    with pytest.raises(RecordError, match=r"CN¥500\.00 is left, CN¥600\.00 is asked for"):
        walk(house, number, ("approved", house.people.director))
    assert (figures(house, line), status(house, number)) == ((100_000, 50_000, 0), "submitted")


def test_a_rejected_transfer_moves_nothing(house: House) -> None:
    june, july = months(house)
    walk(house, transfer(house, 100_000, june, july), ("rejected", house.people.manager))
    assert (figures(house, june), figures(house, july)) == ((1_000_000, 0, 0), (1_000_000, 0, 0))


def test_nobody_decides_on_his_own(house: House) -> None:
    june, july = months(house)
    number = transfer(house, 100_000, june, july, owner=house.people.manager)
    with pytest.raises(AccessError, match="answers for this record"):
        walk(house, number, ("approved", house.people.manager))
    walk(house, number, ("approved", house.people.director))


def test_what_was_not_foreseen_gets_its_money_from_a_transfer(house: House) -> None:
    line = budget(house)
    with house.store.writing() as session:
        plan_id = session.get_one(BudgetLine, line).plan_id
        fresh = budget_line.open_unplanned(
            session, plan_id=plan_id, category="advertising", month=JULY, item="热点", actor=house.people.sales
        ).id
    walk(house, transfer(house, 1_000, line, fresh), ("approved", house.people.director))
    assert (figures(house, fresh), figures(house, line)) == ((1_000, 0, 0), (999_000, 0, 0))


@pytest.mark.parametrize(
    ("amount", "inside", "expected"),
    [(200_000, True, ("within_item", "manager")), (200_001, True, ("", "director")), (1, False, ("", "director"))],
)
def test_it_is_said_beforehand_who_decides(
    house: House, amount: int, inside: bool, expected: tuple[str, str]
) -> None:  # fmt: skip
    june, july = months(house)
    other = july if inside else budget(house)
    with house.store.reading() as session:
        found = budget_transfer.deciders(
            session, from_line=june, to_line=other, amount=amount, actor=house.people.sales
        )
    assert (found.category, *found.names) == expected
    number = transfer(house, amount, june, other)
    assert category(house, number) == expected[0]
    walk(house, number, ("approved", getattr(house.people, expected[1])))


def test_of_a_managers_own_the_next_one_up_decides(house: House) -> None:
    june, july = months(house)
    with house.store.reading() as session:
        found = budget_transfer.deciders(session, from_line=june, to_line=july, amount=1, actor=house.people.manager)
    assert (found.category, found.role, found.names) == ("within_item", "Marketing director", ("director",))


def test_what_managers_may_still_move_shrinks_with_what_they_moved(house: House) -> None:
    june, july = months(house)
    walk(house, transfer(house, 150_000, june, july), ("approved", house.people.manager))
    with house.store.reading() as session:
        assert budget_transfer.left_to_managers(session, session.get_one(BudgetLine, june)) == 50_000
