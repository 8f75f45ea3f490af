"""Intervals of counts: of a share by Wilson's score, of two rates' ratio exactly."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, norm

LEVEL = 0.95


def wilson(
    hits: NDArray[np.float64], n: NDArray[np.float64], *, level: float = LEVEL, comparisons: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the score interval of shares; nothing is known of a share of none.

    Args:
        hits: How many counted, one entry per share.
        n: How many were looked at.
        level: How often an interval should hold the truth.
        comparisons: How many intervals shall hold together (Bonferroni).

    References:
        Wilson, E. B. (1927), Probable inference, JASA 22, 209-212.

    Example:
        >>> low, high = wilson(np.array([81.0]), np.array([263.0]))  # Newcombe (1998), table I
        >>> round(float(low[0]), 4), round(float(high[0]), 4)
        (0.2553, 0.3662)
    """
    z, known = norm.ppf(1 - (1 - level) / 2 / comparisons), np.where(n > 0, n, np.nan)
    centre = (hits + z**2 / 2) / (known + z**2)
    half = z / (known + z**2) * np.sqrt(hits * (known - hits) / known + z**2 / 4)
    return centre - half, centre + half


def rate_ratio(
    first: int, first_time: float, second: int, second_time: float, *, level: float = LEVEL
) -> tuple[float, float]:
    """Return the exact interval of how many times as often something happens in a second time as in a first one.

    Given how often it happened in all, the second count is binomial; the interval is that of Clopper and Pearson.

    Args:
        first: How often it happened in the first time.
        first_time: How long that was, above 0.
        second: How often it happened in the second time.
        second_time: How long that was, above 0, in the same unit.
        level: How often the interval should hold the truth.

    Returns:
        Low and high; 0 or infinity where nothing keeps it from being so, both where it never happened.

    References:
        Przyborowski, J. and Wilenski, H. (1940), Biometrika 31, 313-323.

    Example:
        >>> low, high = rate_ratio(21, 3011, 11, 800)  # R 4, help of poisson.test
        >>> round(low, 7), round(high, 7)
        (0.8584264, 4.2772659)
    """
    tail, scale = (1 - level) / 2, first_time / second_time
    low = float(beta.ppf(tail, second, first + 1)) if second else 0.0
    high = float(beta.ppf(1 - tail, second + 1, first)) if first else 1.0
    return _odds(low) * scale, _odds(high) * scale


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else float("inf")
