import numpy as np
import pandas as pd
import pytest
from scipy import stats

from marketbook.demo.template import year_over_year
from marketbook.kit.errors import DataError


def two_years(lift: float, noise: float, seed: int = 1) -> pd.DataFrame:
    weeks = pd.date_range("2024-01-01", periods=104, freq="W-MON")
    base = 1_000_000 * np.exp(np.random.default_rng(seed).normal(0, noise, 104))
    return pd.DataFrame({"week": weeks, "revenue_minor": (base * np.repeat([1, 1 + lift], 52)).round().astype(int)})


def test_without_noise_the_change_is_the_change() -> None:
    found = year_over_year(two_years(0.1, 0), year=2025)
    assert found.lift == pytest.approx(0.1, abs=1e-6)
    assert found.amount == pytest.approx(52 * 11_000)
    assert found.table["lift"].to_list() == pytest.approx([0.1] * 4, abs=1e-6)


def test_the_interval_is_the_paired_t_interval_of_scipy() -> None:
    sales = two_years(0.1, 0.2)
    log = np.log(sales["revenue_minor"].to_numpy())
    wanted = np.expm1(stats.ttest_1samp(log[52:] - log[:52], 0).confidence_interval(0.9))
    assert year_over_year(sales, year=2025, confidence=0.9).lift_ci == pytest.approx(tuple(wanted))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    held = [year_over_year(two_years(0.1, 0.2, seed), year=2025, confidence=0.9).lift_ci for seed in range(200)]
    assert np.mean([low <= 0.1 <= high for low, high in held]) == pytest.approx(0.9, abs=0.06)


def test_it_refuses_a_year_that_has_nothing_to_compare_with() -> None:
    with pytest.raises(
        DataError, match=r"year: 2024 .* 0 weeks of sales, must be at least 2; the data holds 2024, 2025"
    ):
        year_over_year(two_years(0.1, 0), year=2024)
