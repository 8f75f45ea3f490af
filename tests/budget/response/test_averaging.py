"""Averaging over forms of saturation: each draw keeps its own curve, and each form its share by its evidence."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import special

from marketbook.budget.allocation import allocate, percent_bounds
from marketbook.budget.allocation.plan import today_amounts
from marketbook.budget.history import History
from marketbook.budget.inference.posterior import draw
from marketbook.budget.response.averaging import Averaged, counts, stacked
from marketbook.budget.response.density import Believed, Units, baseline_of, density_of, middle_height
from marketbook.budget.response.geos import fit_geos
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response, forms_of, prior_response
from marketbook.budget.response.saturation import Hill, Logistic, Root
from marketbook.kit.errors import DataError, ParamsError

Array = npt.NDArray[np.float64]
RNG = np.random.default_rng(5)


def history(exponent: float | None = None, *, weeks: int = 104, noise: float = 0.01) -> History:
    """Two channels; the first responds as a root where an exponent is given, else logistically."""
    rng = np.random.default_rng(8)
    index = pd.date_range("2024-01-01", periods=weeks, freq="7D")
    spend = pd.DataFrame(rng.gamma(1.5, 100.0, (weeks, 2)), index, ["search", "social"])
    level = spend / spend.max()
    curve = np.tanh(4 * level) if exponent is None else level**exponent
    revenue = 1000 + 800 * curve["search"] + 100 * np.tanh(level["social"]) + 1000 * noise * rng.standard_normal(weeks)
    nothing = pd.DataFrame(index=index)
    return History(revenue=revenue, spend=spend, controls=nothing, events=nothing)


@pytest.fixture(scope="module")
def averaged() -> ResponseModel:
    return fit_response(history(), ModelSettings(saturation=Averaged()), draws=500)


@pytest.mark.parametrize("name", ["response", "slope"])
def test_each_draw_has_the_curve_of_its_form(name: str) -> None:
    own = {0: RNG.gamma(2, 1, (1, 3, 2)), 2: RNG.beta(2, 2, (1, 4, 2))}
    forms, level = Averaged((Logistic(), Hill(), Root())), RNG.random((7, 2, 5))
    found = getattr(forms, name)(level, stacked(own)[..., None])
    np.testing.assert_array_equal(found[:3], getattr(Logistic(), name)(level[:3], own[0][..., None]))
    np.testing.assert_array_equal(found[3:], getattr(Root(), name)(level[3:], own[2][..., None]))
    np.testing.assert_allclose(forms.shares(stacked(own)), [3 / 7, 0, 4 / 7])


@pytest.mark.parametrize("shares", [[1.0], [0.2, 0.3, 0.5], [1e-9, 1.0], [1 / 3] * 3])
def test_counts_add_up_and_are_off_by_less_than_one(shares: list[float]) -> None:
    for draws in (1, 7, 1000):
        found = counts(np.array(shares), draws)
        assert sum(found) == draws
        assert np.abs(np.array(found) - np.array(shares) / sum(shares) * draws).max() < 1


def test_the_evidence_is_what_the_density_adds_up_to() -> None:
    """One channel has three coordinates: a grid adds the density up as well as can be."""
    one = history(weeks=90, noise=0.1)
    one = replace(one, spend=one.spend[["search"]])
    found = []
    for form in (Logistic(), Root()):
        settings = ModelSettings(saturation=form, trend=False, fourier_modes=1)
        units = Units.of(one, settings.priors)
        density = density_of(one, settings, baseline_of(one, settings), units, Believed.of(one, settings, units))
        drawn = draw(density, 10, seed=3)
        normal, noise = np.linspace(-4.5, 4.5, 61), np.linspace(-5, -1, 81)
        grid = np.stack(np.meshgrid(normal, normal, noise, indexing="ij"), axis=-1).reshape(-1, 3)
        parts = [density.log_density(part, np.full((len(part), 1), 0.5)) for part in np.array_split(grid, 60)]
        cell = (normal[1] - normal[0]) ** 2 * (noise[1] - noise[0])
        found.append((drawn.log_evidence, special.logsumexp(np.concatenate(parts)) + np.log(cell)))
    for drawn_, exact in found:
        assert drawn_ == pytest.approx(exact, abs=0.05)


def test_the_form_that_is_true_has_most_of_the_draws() -> None:
    settings = ModelSettings(saturation=Averaged((Logistic(), Root())))
    for exponent, wanted in ((None, 0), (0.3, 1)):
        model = fit_response(history(exponent), settings, draws=200)
        assert Averaged.shares(settings.saturation, model.saturation)[wanted] > 0.95  # type: ignore[arg-type]


def test_what_reads_the_draws_needs_not_know(averaged: ResponseModel) -> None:
    parts = [
        fit_response(history(), ModelSettings(saturation=form), draws=500) for form in (Logistic(), Hill(), Root())
    ]
    shares = Averaged().shares(averaged.saturation)
    assert shares.sum() == pytest.approx(1)
    weekly = averaged.weekly(averaged.history).mean(axis=0)
    mixed = sum(share * part.weekly(part.history).mean(axis=0) for share, part in zip(shares, parts, strict=True))
    np.testing.assert_allclose(weekly, mixed, rtol=0.02, atol=2.0)
    today = today_amounts(averaged)
    found = allocate(averaged, bounds=percent_bounds(today, 50, 150))
    assert found.plan["spend_recommended"].sum() == pytest.approx(today.sum())
    assert averaged.r_hat is None
    assert averaged.ess > 1000
    height = middle_height(averaged.settings, np.ones((2, 8, 5)) / 8)
    each = [
        middle_height(replace(averaged.settings, saturation=form), np.ones((2, 8, 5)) / 8) for form in Averaged().forms
    ]
    np.testing.assert_allclose(height, np.mean(each, axis=0))


def test_the_prior_draws_each_form_as_often() -> None:
    model = prior_response(history(), ModelSettings(saturation=Averaged()), draws=3000)
    np.testing.assert_allclose(Averaged().shares(model.saturation), 1 / 3, atol=0.03)


def test_a_form_without_reliable_draws_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = draw, []

    def failing(density: object, count: int, *, seed: int, chains_too: bool = True) -> object:
        asked.append((type(density.saturation).__name__, chains_too))  # type: ignore[attr-defined]
        if asked[-1][0] == "Hill" or (len(names) == 0 and not chains_too):
            raise DataError("k-hat")
        return real(density, count, seed=seed)  # type: ignore[arg-type]

    monkeypatch.setattr("marketbook.budget.response.model.draw", failing)
    names = ["some"]
    model = fit_response(history(), ModelSettings(saturation=Averaged()), draws=100)
    assert Averaged().shares(model.saturation)[1] == 0
    assert "hill" not in forms_of(model)
    assert sum(forms_of(model).values()) == pytest.approx(1)
    names.clear()
    model = fit_response(history(), ModelSettings(saturation=Averaged()), draws=100)
    assert Averaged().shares(model.saturation).tolist() == [1, 0, 0]
    assert asked[-1] == ("Logistic", True)


def test_what_can_take_one_form_only_says_so() -> None:
    histories = {"north": history(), "south": history()}
    with pytest.raises(ParamsError, match="one form must be chosen here, of logistic, hill"):
        fit_geos(histories, ModelSettings(saturation=Averaged()), sizes={"north": 1.0, "south": 1.0})
