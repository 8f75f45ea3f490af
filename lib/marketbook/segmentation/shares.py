"""Shares of revenue with their intervals, by bootstrap."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _

RESAMPLES = 400
LEVEL = 0.95


def revenue_shares(group: pd.Series, revenue: pd.Series, *, seed: int, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Split revenue over groups of customers, with intervals from drawing the customers anew.

    Args:
        group: Each customer's group.
        revenue: Each customer's revenue in the same order; single ones may be negative, the sum must not be.
        seed: Start of the random numbers.
        resamples: How often the customers are drawn.

    Returns:
        One row per group (index): `n`, `share_customers`, `revenue_minor`, `share_revenue`, `share_revenue_low`,
        `share_revenue_high` (95 %, percentile bootstrap).

    Raises:
        DataError: The revenue sums to zero or less, so that no share can be told.

    References:
        Efron, B., Tibshirani, R. (1993), An Introduction to the Bootstrap, ch. 13.

    Example:
        >>> revenue_shares(pd.Series(["a", "a", "b"]), pd.Series([3.0, 3.0, 2.0]), seed=1).share_revenue.tolist()
        [0.75, 0.25]
    """
    total = revenue.sum()
    if total <= 0:
        raise DataError(
            _("revenue: it sums to {total} over {n} customers; must be > 0 to be shared out.").format(
                total=total, n=len(revenue)
            )
        )
    codes, names = pd.factorize(group, sort=True)
    amounts = revenue.to_numpy(float)
    drawn = _drawn_sums(codes, amounts, len(names), np.random.default_rng(seed), resamples)
    low, high = np.quantile(drawn / drawn.sum(axis=1, keepdims=True), ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
    sums = np.bincount(codes, amounts)
    return pd.DataFrame(
        {
            "n": np.bincount(codes),
            "share_customers": np.bincount(codes) / len(codes),
            "revenue_minor": sums,
            "share_revenue": sums / total,
            "share_revenue_low": low,
            "share_revenue_high": high,
        },
        index=pd.Index(names),
    )


def _drawn_sums(
    codes: NDArray[np.intp], amounts: NDArray[np.float64], groups: int, random: np.random.Generator, resamples: int
) -> NDArray[np.float64]:
    n = len(codes)
    draws = (random.integers(0, n, n) for _draw in range(resamples))
    return np.array([np.bincount(codes[draw], amounts[draw], groups) for draw in draws])
