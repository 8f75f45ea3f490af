"""Comparing two groups: published figures, agreement of interval and p-value, error rates."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.campaign.conftest import shoppers
from tests.reference.campaign import TEA_TASTING, TEA_TASTING_LIFTS

from marketbook.campaign.comparison import Metric, compare
from marketbook.campaign.moments import Moments

MEAN = Metric("revenue", "Revenue", "revenue", "revenue")
RATIO = Metric("order_value", "Order value", "order value", "revenue", "orders")
CASES = {"mean": (MEAN, ()), "cuped": (MEAN, ("before",)), "ratio": (RATIO, ())}


@pytest.mark.parametrize("case", CASES)
def test_it_reproduces_tea_tasting(case: str, pair: tuple[Moments, Moments]) -> None:
    metric, covariates = CASES[case]
    found = compare(*pair, metric, covariates=covariates)
    shown = (found.control, found.treatment, *found.difference_ci, found.p_value)
    assert shown == pytest.approx(TEA_TASTING[case], rel=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_the_interval_of_the_lift_is_near_the_delta_methods(case: str, pair: tuple[Moments, Moments]) -> None:
    metric, covariates = CASES[case]
    assert compare(*pair, metric, covariates=covariates).lift_ci == pytest.approx(TEA_TASTING_LIFTS[case], abs=0.003)


@settings(max_examples=60, deadline=None)
@given(shift=st.floats(-1.5, 1.5), level=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_intervals_never_contradict_the_p_value(shift: float, level: float) -> None:
    control = Moments(400, ("revenue",), np.array([5.0]), np.array([[30.0]]))
    treatment = Moments(150, ("revenue",), np.array([5.0 + shift]), np.array([[70.0]]))
    found = compare(control, treatment, MEAN, level=level)
    significant = found.p_value < 1 - level
    assert significant == (found.difference_ci[0] > 0 or found.difference_ci[1] < 0)
    assert significant == (found.lift_ci[0] > 0 or found.lift_ci[1] < 0)
    assert (found.direction != 0) == significant


def test_a_lift_over_a_control_that_may_be_zero_has_no_interval() -> None:
    control = Moments(50, ("revenue",), np.array([0.1]), np.array([[9.0]]))
    treatment = Moments(50, ("revenue",), np.array([2.0]), np.array([[9.0]]))
    assert math.isnan(compare(control, treatment, MEAN).lift_ci[0])


def test_a_covariate_that_never_varies_changes_nothing(pair: tuple[Moments, Moments]) -> None:
    flat = [Moments(g.n, (*g.names, "flat"), np.append(g.mean, 1.0), np.pad(g.cov, (0, 1))) for g in pair]
    assert compare(*flat, MEAN, covariates=("flat",)).p_value == pytest.approx(compare(*pair, MEAN).p_value)


@pytest.mark.parametrize("covariates", [(), ("orders_before", "revenue_before")], ids=["plain", "cuped"])
def test_where_nothing_happened_one_in_ten_looks_changed_at_ninety_percent(covariates: tuple[str, ...]) -> None:
    rng = np.random.default_rng(11)
    rejected = [
        compare(*shoppers(rng, 600).values(), RATIO, level=0.9, covariates=covariates).direction != 0
        for _ in range(800)
    ]
    assert np.mean(rejected) == pytest.approx(0.1, abs=0.032)


def test_intervals_of_the_lift_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(12)
    metric = Metric("orders", "Orders", "orders", "orders")
    held = [
        low <= 0.2 <= high
        for low, high in (
            compare(*shoppers(rng, 600, lift=0.2).values(), metric, level=0.9, covariates=("orders_before",)).lift_ci
            for _ in range(800)
        )
    ]
    assert np.mean(held) == pytest.approx(0.9, abs=0.032)


def test_cuped_narrows_the_interval_without_moving_the_answer() -> None:
    found = shoppers(np.random.default_rng(13), 40_000, lift=0.1)
    plain = compare(*found.values(), MEAN)
    adjusted = compare(*found.values(), MEAN, covariates=("orders_before", "revenue_before"))
    assert adjusted.variance < 0.85 * plain.variance
    assert adjusted.lift == pytest.approx(0.1, abs=0.04)
