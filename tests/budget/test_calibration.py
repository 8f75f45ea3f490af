"""A few worlds here; `make bench NAME=calibration` draws hundreds."""

from dataclasses import replace

import pytest
from tests.budget.worlds import SCALE, settings, year_pair

from marketbook.budget.calibration import DRAWS, Calibration, World, calibrate
from marketbook.kit.errors import ParamsError


def test_truths_of_worlds_that_the_model_draws_fall_anywhere_in_its_posterior() -> None:
    found = calibrate(year_pair, settings(), worlds=24, seed=5)
    assert found.refused == 0
    assert float(found.uniform().to_numpy().min()) > 1e-4
    assert 0.7 < found.coverage("contribution", "effect", "noise")[0.8] < 0.9


def test_a_posterior_that_is_too_sure_of_itself_is_found_out() -> None:
    ends = [World({"effect": rank}, {("effect", 0.8): False}, False, 0.1, 900.0) for rank in [0, DRAWS] * 20]
    uniform = Calibration(ends, 0).uniform()
    assert uniform["chi_square"].iloc[0] < 1e-6
    assert uniform["ecdf"].iloc[0] < 1e-3


def test_the_same_seed_draws_the_same_worlds() -> None:
    first, again = (calibrate(year_pair, settings(), worlds=1, seed=3).worlds[0].ranks for _turn in range(2))
    assert first == again


def test_a_prior_that_depends_on_revenue_is_refused() -> None:
    given = settings()
    assert given.priors.revenue_scale == SCALE
    with pytest.raises(ParamsError, match=r"priors\.revenue_scale: missing"):
        calibrate(year_pair, replace(given, priors=replace(given.priors, revenue_scale=None)), worlds=1)
