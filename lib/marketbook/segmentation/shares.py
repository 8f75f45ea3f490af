"""Shares with their intervals: of revenue by bootstrap, of customers by Wilson's score."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

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


def wilson(
    hits: NDArray[np.float64], n: NDArray[np.float64], *, comparisons: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the 95 % score interval of shares.

    Args:
        hits: Customers counted, one entry per share.
        n: Customers looked at.
        comparisons: How many intervals shall hold together (Bonferroni).

    References:
        Wilson, E. B. (1927), Probable inference, JASA 22, 209-212.

    Example:
        >>> low, high = wilson(np.array([81.0]), np.array([263.0]))  # Newcombe (1998), table I
        >>> round(float(low[0]), 4), round(float(high[0]), 4)
        (0.2553, 0.3662)
    """
    z = norm.ppf(1 - (1 - LEVEL) / 2 / comparisons)
    centre = (hits + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(hits * (n - hits) / n + z**2 / 4)
    return centre - half, centre + half
