"""Every public data set of media and sales is fitted, and what the fit says of itself is honest."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.budget import datasets
from tests.reference.budget import K_HAT_LIMIT, ROAS_SATURATION, ROAS_WEEKS

from marketbook.budget.contribution import contributions
from marketbook.budget.history import LIFT_COLUMNS, History
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response
from marketbook.budget.response.saturation import logistic
from marketbook.budget.rolling import roll
from marketbook.kit.errors import DataError

Find = Callable[[str], Path]
ROAS = ModelSettings.of(saturation="logistic", adstock_weeks=ROAS_WEEKS)


@pytest.mark.parametrize("name", list(datasets.READ))
def test_it_is_fitted_with_draws_that_can_be_relied_on(name: str, reference_data: Find) -> None:
    model = fit_response(datasets.READ[name](reference_data(f"budget/{name}")), draws=300)
    assert model.k_hat < K_HAT_LIMIT
    assert model.ess > 1000
    parts = contributions(model).parts
    assert parts["revenue"].head(len(model.history.channels)).gt(0).all()
    assert 0 < parts["revenue_share"].iloc[len(model.history.channels)] < 1


@pytest.mark.parametrize("name", list(datasets.READ))
def test_it_predicts_better_than_repeating_last_year(name: str, reference_data: Find) -> None:
    found = roll(fit_response(datasets.READ[name](reference_data(f"budget/{name}")), draws=200), cuts=2)
    assert found.better > 0
    assert found.caveats[0].startswith("By CRPS")
    assert found.coverage["covered_share"].iloc[1:].gt(0.6).all()


def test_the_calendar_of_holidays_is_no_history_and_it_says_why(reference_data: Find) -> None:
    data = pd.read_csv(reference_data("budget/dt_prophet_holidays.csv"), parse_dates=["ds"]).set_index("ds")
    nothing = pd.DataFrame(index=data.index)
    with pytest.raises(DataError, match="Days that appear twice: 1995-01-01"):
        fit_response(History(data["year"], data[["year"]], nothing, nothing))


def brought(model: ResponseModel, channel: int) -> np.ndarray:
    return np.quantile(model.weekly(model.history)[:, channel].sum(axis=1), [0.025, 0.975])


def test_true_effects_are_inside_their_intervals(reference_data: Find) -> None:
    path = reference_data("budget/mmm_roas_data.csv")
    model, truth = fit_response(datasets.roas(path), ROAS), datasets.roas_brought(path)
    for channel, name in enumerate(truth.index):
        low, high = brought(model, channel)
        assert low < truth[name] < high


def test_a_confounder_left_out_misleads_and_a_lift_test_puts_it_right(reference_data: Find) -> None:
    path = reference_data("budget/mmm_roas_data.csv")
    blind, truth = datasets.roas(path, confounder=False), datasets.roas_brought(path)["x1"]
    scale = float(truth / logistic(carried(path), ROAS_SATURATION["x1"]).sum())
    rise = scale * float(np.diff(logistic(np.array([0.5, 1.0]), ROAS_SATURATION["x1"]))[0])
    tests = pd.DataFrame([["x1", np.nan, 0.5, 0.5, rise, 0.05 * rise]], columns=list(LIFT_COLUMNS))
    assert brought(fit_response(blind, ROAS), 0)[0] > 1.5 * truth
    low, high = brought(fit_response(replace(blind, lift_tests=tests), ROAS), 0)
    assert low < 1.15 * truth
    assert high < 1.5 * truth


def carried(path: Path) -> np.ndarray:
    return pd.read_csv(path)["x1_adstock"].to_numpy()
