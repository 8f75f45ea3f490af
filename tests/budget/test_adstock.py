from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.reference.budget import ROAS_CARRY, ROAS_WEEKS

from marketbook.budget.adstock import Geometric, geometric_adstock, geometric_weights
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


def test_it_rejects_an_adstock_of_no_weeks() -> None:
    with pytest.raises(ParamsError, match="l_max: found 0; must be >= 1"):
        Geometric(0)
