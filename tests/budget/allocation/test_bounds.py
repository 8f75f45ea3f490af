"""Bounds in percent and in amounts, of channels and of groups; those that clash are named."""

import numpy as np
import pandas as pd
import pytest

from marketbook.budget.allocation.bounds import (
    Bounds,
    amount_group,
    clashing,
    constraints,
    percent_bounds,
    percent_group,
)
from marketbook.budget.allocation.quadratic import Constraints
from marketbook.kit.errors import ParamsError

TODAY = pd.Series({"电视": 600_000.0, "搜索": 300_000.0, "社交": 100_000.0})
NAMES = list(TODAY.index)
TOTAL = 1_000_000.0


def check(bounds: Bounds, total: float = TOTAL) -> Constraints:
    return constraints(bounds, NAMES, total, currency="CNY")


def test_percent_is_of_todays_spend_and_a_channel_may_have_its_own() -> None:
    found = percent_bounds(TODAY, 50, 150, fixed=["电视"], own={"搜索": (0, 200)})
    assert found.lower.tolist() == [600_000, 0, 50_000]
    assert found.upper.tolist() == [600_000, 600_000, 150_000]


def test_a_groups_bounds_are_those_of_its_channels_together() -> None:
    found = check(percent_bounds(TODAY, 0, 300).grouped(percent_group(TODAY, "线上", ["搜索", "社交"], 90, 110)))
    assert found.rows.tolist() == [[1, 1, 1], [0, 1, 1]]
    assert (found.least[1], found.most[1]) == pytest.approx((360_000, 440_000))


def test_groups_may_overlap() -> None:
    wide = percent_bounds(TODAY, 0, 300)
    found = check(
        wide.grouped(
            amount_group(TODAY, "线上", ["搜索", "社交"], 300_000, 500_000),
            amount_group(TODAY, "品牌", ["电视", "社交"], 0, 800_000),
        )
    )
    assert clashing(found) == []


def test_a_group_whose_channels_must_spend_more_is_named_with_them() -> None:
    bounds = percent_bounds(TODAY, 80, 150).grouped(amount_group(TODAY, "线上", ["搜索", "社交"], 0, 300_000))
    with pytest.raises(ParamsError) as refused:
        check(bounds)
    assert str(refused.value) == (
        "These limits cannot be met together: at least CN¥240,000 for 搜索, at least CN¥80,000 for 社交 and at most "
        "CN¥300,000 for 线上. Loosen one of them."
    )


def test_groups_that_leave_no_room_for_the_total_are_named_and_nothing_else() -> None:
    bounds = percent_bounds(TODAY, 0, 300).grouped(
        amount_group(TODAY, "线上", ["搜索", "社交"], 0, 200_000), amount_group(TODAY, "线下", ["电视"], 0, 700_000)
    )
    with pytest.raises(ParamsError) as refused:
        check(bounds)
    assert str(refused.value) == (
        "These limits cannot be met together: the total of CN¥1,000,000, at most CN¥200,000 for 线上 and at most "
        "CN¥700,000 for 线下. Loosen one of them."
    )


@pytest.mark.parametrize("seed", range(20))
def test_what_is_named_clashes_and_without_any_of_it_nothing_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lower = rng.uniform(0, 5, 6)
    rows = np.vstack([np.ones(6), rng.random((2, 6)) < 0.5])
    inside = rows @ (lower + 1)
    allowed = Constraints(lower, lower + 3, rows, inside * [1, 0.9, 1.6], inside * [1, 0.95, 2.0])
    found = clashing(allowed)
    for kind, place in found:
        ends = {name: getattr(allowed, name).copy() for name in ("lower", "upper", "least", "most")}
        ends[kind][place] += -1e3 if kind in ("lower", "least") else 1e3
        assert set(clashing(Constraints(ends["lower"], ends["upper"], rows, ends["least"], ends["most"]))) != set(found)


def test_bounds_that_cross_or_are_missing_are_named() -> None:
    with pytest.raises(ParamsError, match="Bounds of 搜索: the least must be given"):
        check(Bounds(TODAY.drop("搜索") * 0.5, TODAY * 1.5))
    with pytest.raises(ParamsError, match="Bounds of 线上: the least"):
        check(percent_bounds(TODAY, 0, 300).grouped(amount_group(TODAY, "线上", ["搜索"], 5, 4)))


def test_unknown_channels_are_named_where_they_stand() -> None:
    with pytest.raises(ParamsError, match="线上: 报纸 unknown; the channels are 电视, 搜索 and 社交"):
        percent_group(TODAY, "线上", ["报纸"], 0, 100)
    with pytest.raises(ParamsError, match="channel_bounds_percent: 报纸 unknown"):
        percent_bounds(TODAY, 0, 100, own={"报纸": (0, 1)})
