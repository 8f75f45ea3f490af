from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.reference.budget import ROAS_SATURATION, SATURATION_LEVELS, SATURATIONS

from marketbook.budget.response.saturation import FORMS, hill, logistic, michaelis_menten, root, tanh


@pytest.mark.parametrize("channel", ["x1", "x2"])
def test_it_agrees_with_the_published_saturation(channel: str, reference_data: Callable[[str], Path]) -> None:
    data = pd.read_csv(reference_data("budget/mmm_roas_data.csv"))
    found = logistic(data[f"{channel}_adstock"], ROAS_SATURATION[channel])
    assert found == pytest.approx(data[f"{channel}_adstock_saturated"].to_numpy(), rel=1e-9)


def test_the_logistic_curve_is_the_one_that_was_published() -> None:
    level, lam = 0.3, 2.5
    assert logistic(level, lam) == pytest.approx((1 - np.exp(-lam * level)) / (1 + np.exp(-lam * level)))


def test_hill_is_half_at_its_half_and_never_reaches_one() -> None:
    assert hill(0.2, 0.2, 3.0) == pytest.approx(0.5)
    assert hill(1e6, 0.2, 1.0) < 1


@pytest.mark.parametrize("form", list(FORMS))
def test_the_slope_is_the_derivative_of_the_response(form: str) -> None:
    curve = FORMS[form]()
    level, parameters = np.linspace(0.05, 2, 20), np.array([0.8, 1.7])[: len(curve.priors), None]
    rise = (curve.response(level + 1e-6, parameters) - curve.response(level - 1e-6, parameters)) / 2e-6
    assert curve.slope(level, parameters) == pytest.approx(rise, rel=1e-5)


@pytest.mark.parametrize("form", list(FORMS))
def test_no_spend_brings_nothing_and_its_slope_is_a_number(form: str) -> None:
    curve = FORMS[form]()
    parameters = np.array([0.8, 1.0])[: len(curve.priors), None]
    assert curve.response(np.zeros(1), parameters) == [0.0]
    assert np.isfinite(curve.slope(np.zeros(1), parameters)).all()


@pytest.mark.parametrize("form", list(SATURATIONS))
def test_it_agrees_with_the_peers_saturation(form: str) -> None:
    parameter, expected = SATURATIONS[form]
    found = FORMS[form]().response(np.array(SATURATION_LEVELS), np.array([[parameter]]))
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("form", list(FORMS))
def test_curves_rise_and_end_at_one_where_they_say_so(form: str) -> None:
    curve = FORMS[form]()
    found = curve.response(np.array([0.0, 0.1, 1.0, 1e9]), np.array([0.8, 1.7])[: len(curve.priors), None])
    assert (np.diff(found) >= 0).all()
    assert bool(abs(found[-1] - 1.0) < 1e-6) is curve.bounded


def test_the_forms_are_kin() -> None:
    level = np.linspace(0, 2, 9)
    assert tanh(level, 0.5) == pytest.approx(logistic(level, 4.0))
    assert michaelis_menten(level, 0.3) == pytest.approx(hill(level, 0.3, 1.0))
    assert root(level, 1.0) == pytest.approx(level)
