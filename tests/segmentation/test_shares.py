import numpy as np
import pandas as pd
import pytest

from marketbook.kit.errors import DataError
from marketbook.segmentation.concentration import concentrate
from marketbook.segmentation.shares import revenue_shares


def test_the_bootstrap_agrees_with_linearisation() -> None:
    random = np.random.default_rng(1)
    revenue, best = pd.Series(random.lognormal(5, 1, 5000)), pd.Series(random.random(5000) < 0.3)
    row = revenue_shares(best, revenue, seed=2).loc[True]
    score = (best - row.share_revenue) * revenue / revenue.mean()
    half = 1.96 * score.std() / np.sqrt(5000)
    assert row.share_revenue_high - row.share_revenue_low == pytest.approx(2 * half, rel=0.15)


def test_one_group_has_everything() -> None:
    row = revenue_shares(pd.Series(["a"] * 9), pd.Series(range(9)), seed=1).iloc[0]
    assert (row.share_revenue, row.share_revenue_low, row.share_revenue_high) == (1, 1, 1)


def test_shares_of_nothing_are_refused() -> None:
    with pytest.raises(DataError, match="sums to 0 over 2 customers; must be > 0"):
        revenue_shares(pd.Series(["a", "b"]), pd.Series([5, -5]), seed=1)


def test_equal_customers_are_not_concentrated() -> None:
    tops = concentrate(pd.Series(np.full(1000, 7.0))).tops
    assert tops.share_revenue.tolist() == pytest.approx(tops.share_customers.tolist(), abs=0.002)


def test_pareto_customers_give_paretos_share() -> None:
    # a Pareto distribution with shape 1.16 gives the top fifth four fifths; shape 2 gives 0.2 ** (1 - 1/2)
    revenue = (1 - (np.arange(20_000) + 0.5) / 20_000) ** (-1 / 2)
    share = concentrate(pd.Series(revenue)).numbers()["share_revenue"]
    assert share == pytest.approx(0.2**0.5, abs=0.01)


def test_concentration_of_nothing_is_refused() -> None:
    with pytest.raises(DataError, match=r"sums to -3\.0 over 1 customers; must be > 0"):
        concentrate(pd.Series([-3]))
