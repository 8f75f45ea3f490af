"""Weekly plans: exact slopes, no grid or random plan is better, and what is carried in and out adds up."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from marketbook.budget.allocation import Objective, amount_group, percent_bounds
from marketbook.budget.allocation.flight_response import FlightResponse, flight_response
from marketbook.budget.allocation.flighting import WeekBounds, flight, plan_weeks, week_bounds
from marketbook.budget.allocation.plan import today_amounts
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.response.saturation import Hill
from marketbook.kit.errors import ParamsError


@pytest.fixture(scope="module")
def response(model: ResponseModel) -> FlightResponse:
    return flight_response(model, 10).thinned(50)


def even(response: FlightResponse) -> np.ndarray:
    return np.full((len(response.scale), response.weeks), 20_000.0)


@pytest.mark.parametrize("shape", ["logistic", "hill"])
def test_the_slope_is_exact_and_the_bend_is_its_slope(response: FlightResponse, shape: str) -> None:
    if shape == "hill":
        curve = np.stack([np.full((*response.effect.shape, 1), value) for value in (0.4, 2.0)])
        response = replace(response, saturation=Hill(), parameters=curve)
    at = even(response) * np.linspace(0.5, 1.5, response.weeks)
    weight = np.random.default_rng(1).dirichlet(np.ones(len(response.effect)))
    slope, bend = response.slope(at, weight), response.bend(at, weight)
    for channel, week in ((0, 0), (1, 4), (2, 9)):
        off = np.zeros_like(at)
        off[channel, week] = 1.0
        ahead, back = (weight @ response.total(at + way * off) for way in (1, -1))
        assert slope[channel, week] == pytest.approx((ahead - back) / 2, rel=1e-5)
        falls = (response.slope(at - 100 * off, weight) - response.slope(at + 100 * off, weight)) / 200
        assert falls[channel] == pytest.approx(bend[channel, week], rel=1e-3, abs=1e-4 * np.abs(bend[channel]).max())
        assert np.delete(falls, channel, axis=0) == pytest.approx(0, abs=1e-15)


def test_revenue_in_and_after_the_plan_is_that_of_the_model_fed_with_its_weeks(model: ResponseModel) -> None:
    response = flight_response(model, 6)
    plan = even(response)[:, :6]
    carry = len(response.before)
    spend = np.vstack([model.history.spend.to_numpy(float), plan.T, response.after])
    weeks = pd.date_range(model.history.weeks[0], periods=len(spend), freq="7D")
    media = pd.DataFrame(spend, weeks, model.history.channels)
    nothing = pd.DataFrame(index=weeks)
    longer = replace(model.history, revenue=pd.Series(0.0, weeks), spend=media, controls=nothing, events=nothing)
    true = model.weekly(longer)
    within, beyond = response.revenue(plan)
    assert within == pytest.approx(true[..., -6 - carry : -carry].sum(axis=2))
    idle = media.copy()
    idle.iloc[-6 - carry : -carry] = 0.0
    rest = true[..., -carry:] - model.weekly(replace(longer, spend=idle))[..., -carry:]
    assert beyond == pytest.approx(rest.sum(axis=2))
    assert response.carried_in() == pytest.approx(
        model.weekly(replace(longer, spend=idle))[..., -6 - carry : -carry].sum(axis=2)
    )


def test_it_reaches_the_best_of_a_grid_in_two_weeks_of_three_channels(model: ResponseModel) -> None:
    total, most = 150_000.0, 60_000.0
    weeks = plan_weeks(model, 2)
    limits = WeekBounds(*(pd.DataFrame(value, weeks, model.history.channels) for value in (0.0, most)))
    free = percent_bounds(today_amounts(model, 2), 0, 10_000)
    found = flight(model, weeks=2, total=total, bounds=free, weekly=limits)
    response = flight_response(model, 2).thinned(25)
    points = (np.array([*one, total - sum(one)]) for one in itertools.product(np.linspace(0, most, 7), repeat=5))
    best = max(response.total(one.reshape(3, 2)).mean() for one in points if 0 <= one[-1] <= most)
    assert response.total(found.plan.to_numpy().T).mean() >= 0.995 * best
    assert found.residual < 1e-4


def test_it_keeps_all_bounds_spends_the_total_and_beats_random_plans(model: ResponseModel) -> None:
    today = today_amounts(model, 26)
    bounds = percent_bounds(today, 60, 140).grouped(
        amount_group(today, "品牌", ["电视", "社交"], 0, 0.9 * float(today[["电视", "社交"]].sum()))
    )
    found = flight(model, weeks=26, bounds=bounds, weekly=week_bounds(model, 26, lower=5, upper=90))
    plan, spent = found.plan, found.plan.sum()
    assert found.total == pytest.approx(float(today.sum()), rel=1e-4)
    assert (spent <= bounds.upper * 1.0001).all()
    assert (spent >= bounds.lower * 0.9999).all()
    assert spent[["电视", "社交"]].sum() <= 0.9 * today[["电视", "社交"]].sum() * 1.0001
    highest = model.history.spend.max()
    assert ((plan >= 0.05 * highest * 0.9999) & (plan <= 0.9 * highest * 1.0001)).all().all()
    response, rng = flight_response(model, 26), np.random.default_rng(0)
    best = response.total(plan.to_numpy().T).mean()
    for _turn in range(20):
        shifted = plan.to_numpy().T * np.exp(0.3 * rng.normal(size=(3, 26)))
        shifted *= (spent.to_numpy() / shifted.sum(axis=1))[:, None]
        assert response.total(shifted).mean() < best
    assert found.residual < 1e-4
    assert found.gain > 0


def test_a_careful_weekly_plan_is_better_in_the_worst_cases(model: ResponseModel) -> None:
    worst = Objective("cvar", 0.05)
    wide = percent_bounds(today_amounts(model, 12), 10, 300)
    plain, careful = (flight(model, weeks=12, bounds=wide, objective=one) for one in (None, worst))
    response = flight_response(model, 12)
    values = [worst.value(response.total(found.plan.to_numpy().T)) for found in (plain, careful)]
    assert values[1] >= values[0] * (1 - 1e-4)


def test_what_clashes_is_named_with_the_weeks(model: ResponseModel) -> None:
    today = today_amounts(model, 8)
    told = "These limits cannot be met together: 搜索 and the weeks of 搜索"
    with pytest.raises(ParamsError, match=told):
        flight(model, weeks=8, bounds=percent_bounds(today, 50, 150), weekly=only(model, "搜索", 1.0))
    with pytest.raises(ParamsError, match="Bounds of weeks: the least must be >= 0"):
        flight(model, weeks=8, weekly=week_bounds(model, 8, lower=50, upper=40))


def only(model: ResponseModel, channel: str, percent: float) -> WeekBounds:
    made = week_bounds(model, 8, upper=200)
    upper = made.upper.copy()
    upper[channel] *= percent / 200
    return WeekBounds(made.lower, upper)


def test_it_says_what_is_carried_in_and_out(model: ResponseModel) -> None:
    found = flight(model, weeks=8)
    told = found.numbers()
    assert 0 < told["revenue_carry_in"] < told["revenue_within"]
    assert told["revenue_carry_out"] > 0
    assert "comes of the weeks before, whatever the plan" in found.caveats[0]
    assert found.text.startswith("Spread over its 8 weeks")
    assert found.table["spend_recommended"].sum() == pytest.approx(found.table["spend_today"].sum(), rel=1e-4)
    assert len(found.chart().data) == 24
