"""Comparing two groups: difference and lift with intervals that agree with the p-value, adjusted by CUPED."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from marketbook.campaign.moments import Moments
from marketbook.kit.language import mark


@dataclass(frozen=True)
class Metric:
    """What is compared: a mean per user, or a ratio of two sums.

    Attributes:
        name: As in the notebook's parameter.
        title: What it is called (a message id).
        said: The same inside a sentence (a message id).
        numerator: The measure that is summed.
        denominator: The measure it is divided by; None: users.
    """

    name: str
    title: str
    said: str
    numerator: str
    denominator: str | None = None


METRICS = (
    Metric("revenue", mark("Revenue per user"), mark("revenue per user"), "revenue"),
    Metric("orders", mark("Orders per user"), mark("orders per user"), "orders"),
    Metric("visits", mark("Visits per user"), mark("visits per user"), "visits"),
    Metric("order_value", mark("Revenue per order"), mark("revenue per order"), "revenue", "orders"),
    Metric("orders_per_visit", mark("Orders per visit"), mark("orders per visit"), "orders", "visits"),
)


@dataclass(frozen=True)
class Comparison:
    """One metric in two groups.

    Attributes:
        control: Value in the control group (adjusted where covariates were given).
        treatment: Value in the treatment group.
        difference: Treatment less control.
        difference_ci: Its interval.
        lift: Difference as a share of control.
        lift_ci: Its interval by Fieller; NaN where the control's value cannot be told from zero.
        p_value: Two-sided; below 1 - level exactly when the intervals leave out zero.
        variance: Variance of the difference.
    """

    control: float
    treatment: float
    difference: float
    difference_ci: tuple[float, float]
    lift: float
    lift_ci: tuple[float, float]
    p_value: float
    variance: float

    @property
    def direction(self) -> int:
        """1 where the interval lies above zero, -1 below, 0 where it holds zero."""
        low, high = self.difference_ci
        return int(low > 0) - int(high < 0)


def compare(
    control: Moments, treatment: Moments, metric: Metric, *, level: float = 0.95, covariates: tuple[str, ...] = ()
) -> Comparison:
    """Compare a metric between two groups by Welch's test.

    Ratios of sums go by the delta method. Covariates (measures from before the campaign) take out of the metric what
    was known beforehand (CUPED); several are adjusted for together.

    Args:
        control: Moments of the control group.
        treatment: Moments of the treatment group.
        metric: What is compared.
        level: Confidence level, 0 to 1.
        covariates: Measures that the campaign cannot have changed.

    References:
        Deng, Xu, Kohavi, Walker (2013), Improving the sensitivity of online controlled experiments. Fieller (1954),
        Some problems in interval estimation: the lift's interval inverts the same test as the p-value.
    """
    both = control + treatment
    theta = _coefficients(both, metric, covariates)
    centre = np.array([both.mean_of(name) for name in covariates])
    base, base_variance = _value(control, metric, covariates, theta, centre)
    value, value_variance = _value(treatment, metric, covariates, theta, centre)
    variance = base_variance + value_variance
    freedom = _freedom(base_variance, control.n, value_variance, treatment.n)
    quantile = float(stats.t.ppf((1 + level) / 2, freedom))
    gap, reach = value - base, quantile * math.sqrt(variance)
    return Comparison(
        control=base,
        treatment=value,
        difference=gap,
        difference_ci=(gap - reach, gap + reach),
        lift=gap / base if base else math.nan,
        lift_ci=_fieller(base, base_variance, value, value_variance, quantile),
        p_value=float(2 * stats.t.sf(abs(gap) / math.sqrt(variance), freedom)) if variance else math.nan,
        variance=variance,
    )


def _coefficients(both: Moments, metric: Metric, covariates: tuple[str, ...]) -> NDArray[np.float64]:
    """Regress the (linearised) metric on the covariates over all users."""
    if not covariates:
        return np.zeros(0)
    rows = [both.position(name) for name in covariates]
    target = both.cov[rows] @ _gradient(both, metric)
    return np.asarray(np.linalg.lstsq(both.cov[np.ix_(rows, rows)], target, rcond=None)[0], dtype=float)


def _gradient(group: Moments, metric: Metric) -> NDArray[np.float64]:
    """Return how the metric moves with the mean of each measure."""
    slope = np.zeros(len(group.names))
    top = group.position(metric.numerator)
    if metric.denominator is None:
        slope[top] = 1.0
        return slope
    below = group.mean_of(metric.denominator)
    slope[top] = 1 / below
    slope[group.position(metric.denominator)] = -group.mean[top] / below**2
    return slope


def _value(
    group: Moments,
    metric: Metric,
    covariates: tuple[str, ...],
    theta: NDArray[np.float64],
    centre: NDArray[np.float64],
) -> tuple[float, float]:
    """Return the metric in one group, adjusted, and the variance of that value."""
    below = group.mean_of(metric.denominator) if metric.denominator else 1.0
    rows = [group.position(name) for name in covariates]
    value = group.mean_of(metric.numerator) / below - float(theta @ (group.mean[rows] - centre))
    slope = _gradient(group, metric)
    slope[rows] -= theta
    return value, float(slope @ group.cov @ slope) / group.n


def _freedom(first: float, n_first: int, second: float, n_second: int) -> float:
    """Welch's and Satterthwaite's degrees of freedom."""
    below = first**2 / (n_first - 1) + second**2 / (n_second - 1)
    return (first + second) ** 2 / below if below else float(n_first + n_second - 2)


def _fieller(
    base: float, base_variance: float, value: float, value_variance: float, quantile: float
) -> tuple[float, float]:
    """Find the lifts that the test would not reject."""
    square = base**2 - quantile**2 * base_variance
    if square <= 0:
        return math.nan, math.nan
    product = base * value
    root = math.sqrt(product**2 - square * (value**2 - quantile**2 * value_variance))
    return (product - root) / square - 1, (product + root) / square - 1
