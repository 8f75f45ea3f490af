from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.budget.conftest import CARRY

from marketbook.budget.carry_over import carry_over, weeks_until
from marketbook.budget.learned import learned
from marketbook.budget.origin import Origin
from marketbook.budget.residual import diagnose, residuals
from marketbook.budget.response.adstock import geometric_weights
from marketbook.budget.response.model import ResponseModel


def test_the_data_narrow_every_channel(model: ResponseModel) -> None:
    found = learned(model)
    assert (found.channels["learned_share"] > 0.2).all()
    assert (found.channels["prior_low"] < found.channels["prior"]).all()
    assert found.numbers()["least_learned_share"] == found.channels["learned_share"].min()


def test_channels_of_which_the_data_say_little_are_named(model: ResponseModel) -> None:
    found = learned(model)
    little = replace(found, channels=found.channels.assign(learned_share=[0.1, 0.8, 0.2]))
    assert "say little of 电视 and 社交 (interval less than 25.0% narrower)" in little.caveats[0]


def test_weeks_until_half_are_those_of_the_true_carry_over(model: ResponseModel) -> None:
    found = carry_over(model).channels
    true = [float(weeks_until(geometric_weights(carry, 8), 0.5)) for carry in CARRY]
    assert (found["weeks_half_low"] <= true).all()
    assert (true <= found["weeks_half_high"]).all()


@pytest.mark.parametrize(("share", "weeks"), [(0.25, 0.5), (0.5, 1.0), (0.75, 2.0), (1.0, 3.0)])
def test_weeks_until_a_share_are_read_off_the_running_sum(share: float, weeks: float) -> None:
    assert float(weeks_until(np.array([0.5, 0.25, 0.25]), share)) == pytest.approx(weeks)


def test_an_effect_that_is_cut_off_is_told(model: ResponseModel) -> None:
    slow = carry_over(replace(model, adstock=np.full_like(model.adstock, 0.95)))
    assert "not faded by the last week that may count in 电视, 搜索 and 社交" in slow.caveats[1]


def test_residuals_and_expectations_add_up_to_revenue(model: ResponseModel) -> None:
    found = residuals(model)
    assert (found.weeks["revenue_expected"] + found.weeks["revenue_left"]).to_numpy() == pytest.approx(
        model.history.revenue.to_numpy()
    )
    assert found.weeks["outside"].mean() < 0.2
    assert len(found.table) == 5
    assert "no pattern" in found.caveats[0]


def test_a_pattern_in_what_is_left_is_told(model: ResponseModel) -> None:
    wave = 20_000 * np.sin(np.arange(156) / 3)
    history = replace(model.history, revenue=model.history.revenue + wave)
    found = residuals(replace(model, history=history))
    assert "follows itself from week to week" in found.caveats[0]


def test_the_diagnosis_says_how_the_draws_were_made(model: ResponseModel) -> None:
    by_weights, by_chains = diagnose(model), diagnose(replace(model, k_hat=0.9, r_hat=1.003))
    assert by_weights.checks["check"].tolist()[0].startswith("Pareto k-hat")
    assert len(by_chains.checks) == 3
    assert "four chains, and they agree" in by_chains.text


def test_every_figure_has_rows_behind_it(model: ResponseModel) -> None:
    source = Origin(model.history)
    results = (learned(model), carry_over(model), residuals(model), diagnose(model))
    for result in results:
        behind = result.on(source).behind()
        assert behind is not None
        assert len(behind.table) in (0, len(result.table))


def test_days_of_a_daily_history_are_told_in_weeks(model: ResponseModel) -> None:
    history = model.history
    days = pd.date_range("2023-01-02", periods=len(history.weeks))
    by_day = {name: getattr(history, name).set_axis(days) for name in ("revenue", "spend", "controls", "events")}
    weekly, daily = carry_over(model), carry_over(replace(model, history=replace(history, **by_day)))
    assert daily.channels["weeks_half"].to_numpy() == pytest.approx(weekly.channels["weeks_half"].to_numpy() / 7)
    assert daily.lags["lag"].max() == pytest.approx(1.0)
    assert (daily.channels["later_share"] < weekly.channels["later_share"]).all()
