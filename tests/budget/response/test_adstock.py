from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.reference.budget import ADSTOCK_SPEND, ADSTOCKS, ROAS_CARRY, ROAS_WEEKS

from marketbook.budget.response.adstock import (
    FORMS,
    carried,
    delayed_weights,
    geometric_adstock,
    geometric_weights,
    lagged,
    weibull_cdf_weights,
    weibull_pdf_weights,
)
from marketbook.kit.errors import ParamsError


@pytest.mark.parametrize("channel", ["x1", "x2"])
def test_it_agrees_with_the_published_adstock(channel: str, reference_data: Callable[[str], Path]) -> None:
    data = pd.read_csv(reference_data("budget/mmm_roas_data.csv"))
    found = geometric_adstock(data[channel], ROAS_CARRY[channel], ROAS_WEEKS)
    assert found == pytest.approx(data[f"{channel}_adstock"].to_numpy(), rel=1e-9)


def test_constant_spend_has_an_adstock_equal_to_itself_once_it_is_carried_in() -> None:
    found = geometric_adstock([5.0] * 10, 0.7, 4, carry_in=[5.0] * 3)
    assert found == pytest.approx(5.0)


def test_without_carry_over_adstock_is_spend() -> None:
    assert geometric_adstock([3, 0, 7], 0.0).tolist() == [3, 0, 7]


def test_a_history_cut_in_two_gives_the_same_adstock_when_the_first_part_is_carried_in() -> None:
    spend = np.random.default_rng(0).gamma(2, 1, 30)
    whole = geometric_adstock(spend, 0.5, 8)
    assert geometric_adstock(spend[12:], 0.5, 8, carry_in=spend[:12]) == pytest.approx(whole[12:])


def test_nothing_is_lost_or_made_when_weeks_follow_long_enough() -> None:
    assert geometric_adstock([100.0] + [0.0] * 9, 0.8, 8).sum() == pytest.approx(100)


def test_weights_keep_the_shape_of_alpha() -> None:
    assert geometric_weights(np.full((2, 3), 0.5), 6).shape == (2, 3, 6)


@pytest.mark.parametrize("form", list(FORMS))
def test_it_rejects_an_adstock_of_no_weeks(form: str) -> None:
    with pytest.raises(ParamsError, match="l_max: found 0; must be >= 1"):
        FORMS[form](0)


@pytest.mark.parametrize("form", list(ADSTOCKS))
def test_it_agrees_with_the_peers_adstock(form: str) -> None:
    parameters, expected = ADSTOCKS[form]
    weights = FORMS[form](6).weights(np.array(parameters)[:, None, None])
    found = carried(lagged(np.array(ADSTOCK_SPEND)[:, None], 6), weights)
    assert found[0, 0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("form", list(FORMS))
@pytest.mark.parametrize("l_max", [1, 2, 26])
def test_weights_of_all_that_a_prior_allows_add_up_to_one(form: str, l_max: int) -> None:
    adstock = FORMS[form](l_max)
    normal = np.random.default_rng(0).normal(0, 4, (len(adstock.priors), 500, 2))
    found = adstock.weights(np.stack([prior.value(z) for prior, z in zip(adstock.priors, normal, strict=True)]))
    assert found.shape == (500, 2, l_max)
    assert found.sum(axis=-1) == pytest.approx(1.0)
    assert (found >= 0).all()


def test_delayed_weights_by_hand() -> None:
    assert delayed_weights(0.5, 1.0, 3) == pytest.approx([0.25, 0.5, 0.25])
    assert delayed_weights(0.0, 1.0, 3) == pytest.approx([0.0, 1.0, 0.0])


def test_a_delayed_effect_far_beyond_its_weeks_ends_in_the_last() -> None:
    assert delayed_weights(0.01, 400.0, 4) == pytest.approx([0, 0, 0, 1])


def test_weibull_weights_by_hand() -> None:
    left = np.array([1.0, np.exp(-1.0), np.exp(-3.0)])
    assert weibull_cdf_weights(1.0, 1.0, 3) == pytest.approx(left / left.sum())
    density = np.array([np.exp(-0.25), 2 * np.exp(-1.0), 3 * np.exp(-2.25)])
    above = density - density.min()
    assert weibull_pdf_weights(2.0, 2.0, 3) == pytest.approx(above / above.sum())


def test_weibull_weights_stay_numbers_where_everything_is_lost_at_once() -> None:
    assert weibull_cdf_weights(1e-9, 40.0, 3) == pytest.approx([1, 0, 0])
    assert weibull_pdf_weights(0.02, 20.0, 3) == pytest.approx([1, 0, 0])
