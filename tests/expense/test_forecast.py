"""The forecast: the ratio estimator's published values, its limits, and a simulated truth that is found again."""

import numpy as np
import pandas as pd
import pytest

from marketbook.expense.budget_year import BudgetYear
from marketbook.expense.forecast import BudgetForecast, forecast, pace_of


def year(plan: list[int], used: list[int], over: int) -> BudgetYear:
    months = [f"2026-{n:02d}" for n in range(1, 13)]
    lines = pd.DataFrame({"month": months, "allocated": plan, "spent": used, "committed": 0, "item": "甲"})
    return BudgetYear(f"2026-{over:02d}", ("P",), lines, lines, lines)


def of(plan: list[int], used: list[int], over: int) -> BudgetForecast:
    return forecast(year(plan, [*used, *[0] * (12 - len(used))], over))


def test_the_pace_is_weighted_least_squares_through_the_origin() -> None:
    """Reckoned beside: numpy's least squares of used on plan, each divided by the root of the plan."""
    plan, used = np.array([120.0, 80.0, 200.0, 150.0]), np.array([100.0, 70.0, 190.0, 110.0])
    root = np.sqrt(plan)
    (slope,), (left,), *_ = np.linalg.lstsq((plan / root)[:, None], used / root, rcond=None)
    found = pace_of(plan, used)
    assert (found.ratio, found.scatter) == (pytest.approx(slope), pytest.approx(left / 3))


def test_it_is_what_was_reckoned_by_hand() -> None:
    found = of([1_000] * 12, [900, 700, 800], 3)
    assert (found.expected, found.naive, found.pace.ratio) == (9_600, 9_600, 0.8)
    # scatter 10 a month of 1,000; 9,000 to come: sqrt(10 * (9,000 + 9,000^2 / 3,000)) = 600; t(2, 95 %) = 2.91999
    assert found.high - found.expected == pytest.approx(1_751.99, abs=0.01)
    assert found.low == pytest.approx(9_600 - 1_751.99, abs=0.01)


def test_a_seasonal_plan_is_followed_where_the_average_month_is_not() -> None:
    plan = [100] * 10 + [1_000, 1_000]
    found = of(plan, [90] * 6, 6)
    assert (found.expected, found.naive) == (540 + 360 + 1_800, 1_080)


def test_a_budget_bounds_it_and_what_is_promised_counts() -> None:
    plan, used = [1_000] * 12, [500, 600, 550, *[0] * 8, 990]
    found = forecast(year(plan, used, 3))
    assert found.expected == 1_650 + 8 * 550 + 990
    assert found.low >= 1_650 + 990
    assert forecast(year(plan, [1_400, 1_300, 1_500, *[0] * 9], 3)).high <= 4_200 + 9_000


def test_a_year_that_is_over_is_known() -> None:
    found = of([100] * 12, [90] * 12, 12)
    assert (found.expected, found.low, found.high) == (1_080, 1_080, 1_080)


@pytest.mark.parametrize("over", [1, 2])
def test_with_few_months_there_is_no_interval(over: int) -> None:
    found = of([100] * 12, [90] * over, over)
    assert np.isnan(found.low)
    assert np.isnan(found.error)
    assert "no interval can be given" in found.text


def test_a_year_without_money_is_no_error() -> None:
    assert of([0] * 12, [], 5).expected == 0
    assert of([0] * 5 + [100] * 7, [], 5).expected == 700


def test_the_interval_holds_a_simulated_truth_as_often_as_it_says() -> None:
    rng, held = np.random.default_rng(7), []
    plan = np.array([80, 40, 90, 100, 120, 160, 80, 90, 120, 100, 220, 90]) * 10_000
    for _each in range(600):
        truth = np.maximum(0.8 * plan + rng.normal(0, 30 * np.sqrt(plan)), 0)
        found = of(plan.tolist(), truth[:6].round().astype(int).tolist(), 6)
        held.append(found.low <= truth.sum() <= found.high)
    assert 0.86 < np.mean(held) < 0.94


def test_it_was_tried_on_the_months_that_are_over() -> None:
    found = of([100, 100, 100, 200, 400, 100, *[100] * 6], [80, 80, 80, 160, 320, 80], 6)
    assert found.error == pytest.approx(0)
    assert found.naive_error == pytest.approx((0.5 + 220 / 320 + 64 / 80) / 3)
