"""Transfers that a plan asks for: each month keeps its sum, and no line gives more than it has left."""

import random

import pytest

from marketbook.budget.planner.moves import SMALLEST, Held, Line, Move, moves, reach

MONTH = "2026-05"


def line(number: int, channel: str, allocated: int, available: int | None = None, month: str = MONTH) -> Line:
    return Line(number, month, channel, allocated, allocated if available is None else available)


def test_lines_are_split_as_the_plan_is_and_the_month_keeps_its_sum() -> None:
    tv, search = line(1, "电视", 6_000_000), line(2, "搜索", 4_000_000)
    found = moves([tv, search], {MONTH: {"电视": 300, "搜索": 700}})
    assert found == [Move(tv, search, 3_000_000)]


def test_what_is_promised_or_spent_is_not_given_away() -> None:
    tv, search = line(1, "电视", 6_000_000, available=1_000_000), line(2, "搜索", 4_000_000)
    assert moves([tv, search], {MONTH: {"电视": 0, "搜索": 1}}) == [Move(tv, search, 1_000_000)]


def test_small_change_and_months_without_a_plan_are_left_alone() -> None:
    lines = [line(1, "电视", 5_000_000), line(2, "搜索", 5_000_000), line(3, "电视", 5_000_000, month="2026-06")]
    assert moves(lines, {MONTH: {"电视": 1_009, "搜索": 991}}) == []


@pytest.mark.parametrize("seed", range(30))
def test_any_budget_comes_as_near_to_its_plan_as_its_lines_allow(seed: int) -> None:
    rng = random.Random(seed)
    names = "abcdefgh"
    lines = [
        line(place, name, rng.randrange(10**7, 10**8), rng.randrange(0, 10**7)) for place, name in enumerate(names)
    ]
    wanted = {name: rng.randrange(1, 1000) for name in names}
    found = moves(lines, {MONTH: wanted})
    left = {one.id: one.allocated for one in lines}
    for move in found:
        assert move.amount >= SMALLEST
        giver, taker = move.ends
        assert giver is not None
        assert taker is not None
        left[giver] -= move.amount
        left[taker] += move.amount
    together, planned = sum(one.allocated for one in lines), sum(wanted.values())
    assert sum(left.values()) == together
    for one in lines:
        aim = together * wanted[one.channel] // planned
        assert left[one.id] >= min(one.allocated, max(one.allocated - one.available, aim))
        assert left[one.id] <= max(one.allocated, aim)


def test_no_more_transfers_than_needed() -> None:
    lines = [line(place, name, 10_000_000) for place, name in enumerate("abcd")]
    assert len(moves(lines, {MONTH: {"a": 4, "b": 4, "c": 1, "d": 1}})) == 2


def test_money_goes_from_line_to_line_first_and_the_budget_is_raised_by_the_rest() -> None:
    tv, search, social = line(1, "电视", 6_000_000), line(2, "搜索", 4_000_000), line(3, "社交", 1_000_001)
    found = reach([tv, search, social], {MONTH: {"电视": 5_000_000, "搜索": 7_000_003, "社交": 1_000_002}})
    assert found.moves == [Move(tv, search, 1_000_000), Move(None, search, 2_000_003), Move(None, social, 1)]
    assert found.held == []


def test_the_budget_is_cut_by_what_nobody_takes_and_only_by_what_is_left() -> None:
    tv, search = line(1, "电视", 6_000_000, available=1_000_000), line(2, "搜索", 4_000_000)
    found = reach([tv, search], {MONTH: {"电视": 4_500_000, "搜索": 4_200_000}})
    assert found.moves == [Move(tv, search, 200_000), Move(tv, None, 800_000)]
    assert found.held == [Held(tv, 500_000)]
    assert {move.month for move in found.moves} == {MONTH}


@pytest.mark.parametrize("seed", range(30))
def test_every_line_comes_to_have_its_aim_to_the_fen_or_it_is_told_why_not(seed: int) -> None:
    rng = random.Random(seed)
    months = [MONTH, "2026-06", "2026-07"]
    lines = [
        line(place, name, size := rng.randrange(0, 10**8), rng.randrange(0, size + 1), month=month)
        for place, (month, name) in enumerate((month, name) for month in months for name in "abcdefg")
    ]
    aims = {month: {name: rng.choice([0, 1, rng.randrange(10**8)]) for name in "abcdefg"} for month in months[:2]}
    found = reach(lines, aims)
    after = {one: one.allocated for one in lines}
    for move in found.moves:
        assert move.amount > 0
        for one, sign in ((move.giver, -1), (move.taker, 1)):
            if one is not None:
                after[one] += sign * move.amount
    held = {one.line: one.amount for one in found.held}
    assert all(after[one] - held.get(one, 0) == aims[one.month][one.channel] for one in lines if one.month in aims)
    assert all(after[one] == one.allocated for one in lines if one.month not in aims)
    assert all(after[one] >= one.allocated - one.available for one in lines)
