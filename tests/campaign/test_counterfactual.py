"""Synthetic difference in differences and its kin reproduce the published figures of Proposition 99."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.reference.campaign import PROP99, PROP99_NEVADA, PROP99_YEARS

from marketbook.campaign.counterfactual import Method, fit_counterfactual
from marketbook.campaign.simplex import fit_weights
from marketbook.kit.errors import DataError

BEFORE = 19


@pytest.fixture
def packs(reference_data: Callable[[str], Path]) -> pd.DataFrame:
    rows = pd.read_csv(reference_data("campaign/california_prop99.csv"), sep=";")
    return rows.pivot(index="Year", columns="State", values="PacksPerCapita")


@pytest.mark.parametrize("method", PROP99)
def test_it_reproduces_proposition_99(method: Method, packs: pd.DataFrame) -> None:
    controls = packs.drop(columns="California")
    found = fit_counterfactual(packs["California"].to_numpy(), controls, BEFORE, method=method)
    assert found.effect == pytest.approx(PROP99[method], abs=1e-9)


def test_its_weights_are_the_published_ones(packs: pd.DataFrame) -> None:
    found = fit_counterfactual(packs["California"].to_numpy(), packs.drop(columns="California"), BEFORE)
    weights = dict(zip(packs.index[:BEFORE], found.time_weights, strict=True))
    assert {year: weights[year] for year in PROP99_YEARS} == pytest.approx(PROP99_YEARS, abs=5e-4)
    assert found.unit_weights["Nevada"] == pytest.approx(PROP99_NEVADA, abs=5e-4)


def test_a_placebo_is_the_fit_of_that_unit_against_the_others(packs: pd.DataFrame) -> None:
    controls = packs.drop(columns="California")
    found = fit_counterfactual(packs["California"].to_numpy(), controls, BEFORE, method="did")
    alone = fit_counterfactual(controls["Utah"].to_numpy(), controls.drop(columns="Utah"), BEFORE, method="did")
    assert len(found.placebo_effects) == 38
    assert found.placebo_effects["Utah"] == pytest.approx(alone.effect)


def test_the_exact_standard_error_lies_where_random_placebos_scatter(packs: pd.DataFrame) -> None:
    controls = packs.drop(columns="California")
    found = fit_counterfactual(packs["California"].to_numpy(), controls, BEFORE)
    assert 7.6 < found.standard_error < 10.9  # 200 random placebos, synthdid and its ports


def test_a_unit_that_is_a_mixture_of_controls_is_followed_exactly() -> None:
    controls = pd.DataFrame(np.random.default_rng(2).normal(10, 1, (30, 5)), columns=list("abcde"))
    treated = 0.7 * controls["b"] + 0.3 * controls["d"]
    found = fit_counterfactual(treated.to_numpy(), controls, 20, method="synthetic_control")
    assert found.unit_weights.to_dict() == pytest.approx({"a": 0, "b": 0.7, "c": 0, "d": 0.3, "e": 0}, abs=1e-3)
    assert found.effect == pytest.approx(0, abs=1e-3)


def test_weights_stay_on_the_allowed_columns() -> None:
    rng = np.random.default_rng(3)
    allowed = np.array([[True, True, False, True], [False, True, True, True]])
    weights = fit_weights(rng.normal(size=(12, 4)), rng.normal(size=(2, 12)), allowed=allowed)
    assert (weights[~allowed] == 0).all()
    assert weights.sum(axis=1) == pytest.approx([1, 1])


def test_it_refuses_too_few_weeks() -> None:
    with pytest.raises(DataError, match="Periods: 1 before and 3 during the campaign; at least 2 and 1"):
        fit_counterfactual([1.0] * 4, pd.DataFrame(np.ones((4, 5))), 1)


def test_it_refuses_too_few_controls() -> None:
    with pytest.raises(DataError, match="Control regions: 2 found; at least 3 are needed"):
        fit_counterfactual([1.0] * 4, pd.DataFrame(np.ones((4, 2))), 2)


def test_it_refuses_missing_values() -> None:
    with pytest.raises(DataError, match="some values are missing"):
        fit_counterfactual([1.0] * 4, pd.DataFrame(np.full((4, 5), np.nan)), 2)
