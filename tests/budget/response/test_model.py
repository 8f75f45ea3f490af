from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.budget.conftest import BASE, CARRY, NOISE, brought, lift_test
from tests.reference.budget import (
    EXAMPLE_CARRY,
    EXAMPLE_EFFECT,
    EXAMPLE_FOURIER_SD,
    EXAMPLE_SATURATION,
    K_HAT_LIMIT,
)

from marketbook.budget.history import History
from marketbook.budget.response.adstock import Geometric, carried, lagged
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response, prior_response
from marketbook.budget.response.priors import Beta, Gamma, Priors
from marketbook.budget.response.saturation import Logistic
from marketbook.kit.errors import ParamsError


def inside(truth: float, draws: np.ndarray, level: float = 0.9) -> bool:
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return bool(low <= truth <= high)


@pytest.fixture(scope="module")
def example(reference_data: Callable[[str], Path]) -> ResponseModel:
    data = pd.read_csv(reference_data("budget/mmm_example.csv"), parse_dates=["date_week"]).set_index("date_week")
    spend = data[["x1", "x2"]]
    history = History(data["y"], spend, data[["t"]].astype(float), data[["event_1", "event_2"]])
    scale = 2 * spend.sum() / spend.to_numpy().sum()
    priors = Priors(
        beta_sd=tuple(scale),
        intercept=(0.5, 0.2),
        control_sd=0.05,
        event_sd=0.05,
        fourier_sd=EXAMPLE_FOURIER_SD,
        noise_scale=6.0,
    )
    adstock, saturation = Geometric(8, Beta(1.0, 3.0)), Logistic(Gamma(3.0, 1.0))
    settings = ModelSettings(adstock, saturation, trend=False, fourier_modes=2, priors=priors)
    return fit_response(history, settings, draws=2000)


@pytest.mark.parametrize("channel", [0, 1])
def test_the_published_example_is_recovered(example: ResponseModel, channel: int) -> None:
    saturation = example.saturation[0] / example.spend_scale
    assert inside(EXAMPLE_CARRY[channel], example.adstock[0][:, channel])
    assert inside(EXAMPLE_SATURATION[channel], saturation[:, channel])
    assert inside(EXAMPLE_EFFECT[channel], example.effect[:, channel])


def test_the_published_example_is_drawn_well(example: ResponseModel) -> None:
    assert example.k_hat < K_HAT_LIMIT
    assert example.ess >= 2000


def test_what_each_channel_truly_brought_is_inside_its_interval(model: ResponseModel) -> None:
    found = model.weekly(model.history).sum(axis=2)
    truth = brought(model.history.spend).sum()
    assert all(inside(truth.iloc[i], found[:, i], 0.95) for i in range(3))


def test_carry_over_and_noise_are_recovered(model: ResponseModel) -> None:
    assert all(inside(CARRY[i], model.adstock[0][:, i], 0.98) for i in range(3))
    assert inside(NOISE, model.noise, 0.98)
    assert float(np.median(model.base[:, 0])) == pytest.approx(BASE, rel=0.1)


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others(history: History) -> None:
    short = history.until(110)
    first, again, other = (fit_response(short, draws=200, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.effect, again.effect)
    assert not np.array_equal(first.effect, other.effect)


def test_a_lift_test_narrows_its_channel(history: History, model: ResponseModel) -> None:
    tested = fit_response(replace(history, lift_tests=lift_test(0, 20_000, 15_000)), seed=3)
    before, after = (m.weekly(m.history).sum(axis=2)[:, 0].std() for m in (model, tested))
    assert after < 0.8 * before
    assert inside(brought(history.spend).sum().iloc[0], tested.weekly(history).sum(axis=2)[:, 0], 0.98)


def test_spend_before_the_first_week_is_carried_in(history: History) -> None:
    late = replace(
        history, revenue=history.revenue.iloc[40:], controls=history.controls.iloc[40:], events=history.events.iloc[40:]
    )
    found = fit_response(late, draws=200)
    alone = replace(late, spend=history.spend.iloc[40:])
    with_carry, without = found.weekly(late)[:, 0, 0], found.weekly(alone)[:, 0, 0]
    assert len(late.carry_in) == 40
    assert (with_carry > without).all()


def test_hill_saturation_fits_as_well(history: History) -> None:
    found = fit_response(history, ModelSettings.of(saturation="hill", adstock_weeks=8), draws=300)
    truth = brought(history.spend).to_numpy().sum()
    assert found.saturation.shape == (2, 300, 3)
    assert inside(truth, found.weekly(history).sum(axis=(1, 2)), 0.98)


TRUE_SHAPES = {
    ("tanh", "delayed"): ([[0.4], [2.0]], [[0.5]]),
    ("michaelis_menten", "weibull_cdf"): ([[1.5], [1.0]], [[0.5]]),
    ("root", "weibull_pdf"): ([[2.5], [2.0]], [[0.6]]),
}


@pytest.mark.parametrize(("saturation", "adstock"), list(TRUE_SHAPES))
def test_each_form_is_found_again_where_it_is_true(history: History, saturation: str, adstock: str) -> None:
    settings = ModelSettings.of(saturation=saturation, adstock=adstock, adstock_weeks=8)
    carry, curve = (np.array(values)[..., None] for values in TRUE_SHAPES[saturation, adstock])
    levels = carried(lagged(history.spend / history.spend.max(), 8), np.repeat(settings.adstock.weights(carry), 3, 1))
    truth = 100_000.0 * settings.saturation.response(levels[0], curve)
    revenue = history.revenue - brought(history.spend).sum(axis=1) + truth.sum(axis=0)
    found = fit_response(replace(history, revenue=revenue), settings, draws=300)
    assert inside(truth.sum(), found.weekly(history).sum(axis=(1, 2)), 0.98)
    assert all(inside(carry[1, 0, 0], found.adstock[1][:, i], 0.99) for i in range(3))


def test_predictions_are_wider_than_expectations(model: ResponseModel) -> None:
    assert model.predicted(model.history, seed=1).std(axis=0).mean() > model.expected(model.history).std(axis=0).mean()


def test_a_range_of_roas_holds_before_the_data_whatever_the_curves_are(history: History) -> None:
    settings = ModelSettings(priors=Priors(roas={"电视": (1.0, 4.0)}))
    drawn = prior_response(history, settings, draws=4000)
    roas = drawn.weekly(history).sum(axis=2)[:, 0] / history.media["电视"].sum()
    assert np.quantile(roas, [0.05, 0.95]) == pytest.approx([1.0, 4.0], rel=0.05)


def test_a_range_of_roas_pulls_the_answer_towards_it(history: History, model: ResponseModel) -> None:
    free = model.weekly(history).sum(axis=2)[:, 1] / history.media["搜索"].sum()
    low = float(free.mean()) / 4
    told = fit_response(history, ModelSettings(priors=Priors(roas={"搜索": (0.9 * low, 1.1 * low)})), draws=300)
    pulled = told.weekly(history).sum(axis=2)[:, 1] / history.media["搜索"].sum()
    assert pulled.mean() < 0.6 * free.mean()


def test_a_range_of_roas_of_an_unknown_channel_is_refused(history: History) -> None:
    with pytest.raises(ParamsError, match="roas: channels without spend: 户外; known are 电视, 搜索, 社交"):
        fit_response(history, ModelSettings(priors=Priors(roas={"户外": (1.0, 4.0)})))
