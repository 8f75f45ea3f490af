"""Intervals of counts hold to published values and to their limits."""

import math

import numpy as np
import pytest
from scipy.stats import poisson
from tests.reference.segmentation import WILSON

from marketbook.kit.report.intervals import rate_ratio, wilson


def test_wilson_gives_newcombes_table() -> None:
    hits, n = np.array(list(WILSON), float).T
    low, high = wilson(hits, n)
    assert list(zip(low, high, strict=True)) == [pytest.approx(ends, abs=6e-5) for ends in WILSON.values()]


def test_of_none_nothing_is_known() -> None:
    low, high = wilson(np.array([0.0, 0.0]), np.array([0.0, 5.0]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert (low[1], high[1]) == (pytest.approx(0, abs=1e-12), pytest.approx(0.4345, abs=1e-4))


def test_the_ratio_is_that_of_r() -> None:
    assert rate_ratio(21, 3011, 11, 800) == (pytest.approx(0.8584264), pytest.approx(4.2772659))


def test_turned_round_it_is_turned_over() -> None:
    low, high = rate_ratio(7, 90, 3, 60)
    assert rate_ratio(3, 60, 7, 90) == (pytest.approx(1 / high), pytest.approx(1 / low))


def test_what_never_happened_has_no_end() -> None:
    assert rate_ratio(5, 30, 0, 30)[0] == 0
    assert rate_ratio(0, 30, 5, 30)[1] == math.inf
    assert rate_ratio(0, 30, 0, 30) == (0, math.inf)


def test_it_holds_the_truth_at_least_as_often_as_it_says() -> None:
    counts = [(a, b, poisson.pmf(a, 6) * poisson.pmf(b, 2)) for a in range(40) for b in range(25)]
    ends = [(rate_ratio(a, 3, b, 2), p) for a, b, p in counts]
    assert 0.95 <= sum(p for (low, high), p in ends if low <= 0.5 <= high) < 1
