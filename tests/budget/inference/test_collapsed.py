import numpy as np
import pytest
from scipy import stats

from marketbook.budget.inference.collapsed import Array, Collapsed, LiftRow
from marketbook.budget.response.adstock import Geometric, lagged
from marketbook.budget.response.saturation import Logistic

WEEKS = 40
BETA_SD = 0.4


def small(*lifts: LiftRow) -> Collapsed:
    rng = np.random.default_rng(5)
    spend = rng.gamma(2, 0.2, (WEEKS, 1))
    base = np.column_stack([np.ones(WEEKS), rng.normal(0, 1, WEEKS)]) * [0.3, 0.1]
    revenue = 0.2 + 0.3 * np.tanh(spend[:, 0]) + rng.normal(0, 0.05, WEEKS)
    lags = lagged(spend, 4)
    return Collapsed(lags, revenue, base, np.array([BETA_SD]), 1.0, Geometric(4), Logistic(), lifts)


def by_hand(density: Collapsed, point: Array) -> float:
    """Integrate the channel's positive effect out numerically."""
    shape = density.shape(point[None])
    feature, sigma = density.features(shape)[0, 0], shape.sigma[0]
    covariance = sigma**2 * np.eye(WEEKS) + density.base @ density.base.T
    effects = np.linspace(0, 3, 3001)
    logs = stats.multivariate_normal(np.zeros(WEEKS), covariance).logpdf(density.revenue - effects[:, None] * feature)
    logs = logs + stats.halfnorm(scale=BETA_SD).logpdf(effects)
    for row in density.lifts:
        curve = shape.saturation[:, 0]
        ends = density.saturation.response(np.array([[row.before, row.before + row.added]]), curve)[0]
        logs = logs + stats.norm(row.lift, row.error).logpdf(effects * (ends[1] - ends[0]))
    prior = stats.norm.logpdf(point[:-1]).sum() + stats.halfnorm.logpdf(sigma) + np.log(sigma)
    return float(np.log(np.trapezoid(np.exp(logs - logs.max()), effects)) + logs.max() + prior)


@pytest.mark.parametrize("lifts", [(), (LiftRow(0, 0.3, 0.2, 0, 0.05, 0.01),)], ids=["plain", "lift test"])
def test_the_density_is_the_integral_over_all_that_is_linear(lifts: tuple[LiftRow, ...]) -> None:
    density = small(*lifts)
    points = np.array([[0.0, 0.0, np.log(0.05)], [0.8, -0.5, np.log(0.1)], [-1.0, 1.0, np.log(0.06)]])
    found = density.log_density(points, np.full((3, 1), 0.5))
    expected = np.array([by_hand(density, point) for point in points])
    assert np.diff(found) == pytest.approx(np.diff(expected), abs=1e-4)


def test_effects_are_never_negative_even_where_the_data_say_so() -> None:
    density = small()
    turned = Collapsed(density.lags, -density.revenue, density.base, density.beta_sd, 1.0, Geometric(4), Logistic())
    rng = np.random.default_rng(0)
    points = np.column_stack([rng.normal(size=(200, 2)), np.full(200, np.log(0.05))])
    beta, _ = turned.coefficients(points, rng.random((200, 1)), rng.normal(size=(200, 2)))
    assert (beta >= 0).all()
    assert np.isfinite(beta).all()


def test_a_short_lift_test_rises_less_than_one_at_full_effect() -> None:
    point = np.array([[1.5, 0.0, np.log(0.05)]])
    density = small()
    shape = density.shape(point)
    weights = density.adstock.weights(shape.adstock)[:, 0]
    full, short = (density.rise(shape, weights, LiftRow(0, 0.3, 0.2, weeks, 0.05, 0.01))[0] for weeks in (0, 2))
    assert 0 < short < full
