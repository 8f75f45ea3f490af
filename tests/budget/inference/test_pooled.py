from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.budget.inference.test_collapsed import WEEKS, small
from tests.budget.inference.test_joint import two_channels

from marketbook.budget.inference.collapsed import Array, Collapsed, LiftRow
from marketbook.budget.inference.pooled import NationalLift, Pooled
from marketbook.budget.inference.pooled_joint import PooledJoint
from marketbook.budget.response.priors import TruncatedNormal

SIZES = np.array([0.7, 0.3])


def two_geos() -> Pooled:
    one = small()
    other = replace(one, revenue=one.revenue[::-1] * 0.8 + 0.1, lags=np.ascontiguousarray(one.lags[..., ::-1]))
    return Pooled((one, other), SIZES)


def by_hand(density: Pooled, point: Array) -> float:
    """Integrate base and deviations out as one large covariance, and the national effect numerically."""
    place, deviation = density.split(point[None])
    shape = density.shape(point[None])
    effects, sigma = np.linspace(0, 3, 3001), shape.sigma[0]
    logs = stats.halfnorm(scale=density.parts[0].beta_sd[0]).logpdf(effects)
    for part in density.parts:
        logs = logs + of_geo(part, part.features(shape)[0, 0], float(deviation[0, 0]), float(sigma), effects)
    prior = stats.norm.logpdf(point[:-1]).sum() + stats.halfnorm.logpdf(sigma) + np.log(sigma)
    assert place.shape == (1, 3)
    return float(np.log(np.trapezoid(np.exp(logs - logs.max()), effects)) + logs.max() + prior)


def of_geo(part: Collapsed, feature: Array, deviation: float, sigma: float, effects: Array) -> Array:
    covariance = sigma**2 * np.eye(WEEKS) + part.base @ part.base.T + deviation**2 * np.outer(feature, feature)
    rest = part.revenue - effects[:, None] * feature
    found: Array = stats.multivariate_normal(np.zeros(WEEKS), covariance).logpdf(rest)
    return found


POINTS = np.array([[0.0, 0.0, 0.5, np.log(0.05)], [0.8, -0.5, -2.0, np.log(0.1)], [-1.0, 1.0, 2.0, np.log(0.06)]])


def test_the_density_is_the_integral_over_all_that_is_linear() -> None:
    density = two_geos()
    found = density.log_density(POINTS, np.full((3, 1), 0.5))
    expected = np.array([by_hand(density, point) for point in POINTS])
    assert np.diff(found) == pytest.approx(np.diff(expected), abs=1e-4)


def test_without_spread_between_geos_all_have_the_national_effect() -> None:
    density = two_geos()
    points = np.tile([0.0, 0.0, -7.4, np.log(0.05)], (50, 1))
    rng = np.random.default_rng(1)
    mean, effects = density.effects(points, rng.random((50, 1)), rng.standard_normal((50, density.numbers)))
    assert effects == pytest.approx(np.broadcast_to(mean[:, None], effects.shape), abs=0.01)


def test_a_geos_effect_has_the_moments_of_its_conditional_density() -> None:
    density, count = two_geos(), 20_000
    points = np.tile([0.0, 0.0, 1.0, np.log(0.05)], (count, 1))
    shape, deviation = density.shape(points), density.split(points)[1]
    normal = np.random.default_rng(2).standard_normal((count, density.numbers))
    found = density.geo_effects(shape, deviation, np.full((count, 1), 0.3), normal)[:, 0, 0]
    effects = np.linspace(-2, 3, 4001)
    part = density.parts[0]
    logs = of_geo(part, part.features(shape)[0, 0], 0.0, 0.05, effects) + stats.norm(0.3, deviation[0, 0]).logpdf(
        effects
    )
    weight = np.exp(logs - logs.max())
    mean = np.average(effects, weights=weight)
    assert found.mean() == pytest.approx(mean, abs=0.002)
    assert found.std() == pytest.approx(np.sqrt(np.average((effects - mean) ** 2, weights=weight)), rel=0.03)


def check_gradient(joint: PooledJoint, *, seed: int) -> None:
    """Hold the gradient against differences of the density, at three points."""
    points = np.random.default_rng(seed).normal(0, 0.7, (3, joint.dimensions))
    points[:, joint.pooled.dimensions - 1] = np.log([0.05, 0.08, 0.2])
    found = joint.gradient(points)[1]
    for row, point in enumerate(points):
        steps = 1e-5 * np.eye(len(point))
        differenced = (joint.gradient(point + steps)[0] - joint.gradient(point - steps)[0]) / 2e-5
        assert found[row] == pytest.approx(differenced, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("brought", [(None, None), (None, TruncatedNormal(2.0, 1.5))], ids=["half-normal", "ROAS"])
def test_the_gradient_is_that_of_the_density(brought: tuple[TruncatedNormal | None, ...]) -> None:
    lifts = (LiftRow(0, 0.3, 0.2, 0, 0.05, 0.01), LiftRow(1, 0.2, 0.3, 2, 0.03, 0.02))
    one = replace(two_channels("geometric", "hill"), brought=brought)
    other = replace(one, revenue=one.revenue[::-1] * 0.8, lags=np.ascontiguousarray(one.lags[..., ::-1]), lifts=lifts)
    joint = PooledJoint(Pooled((one, other), SIZES))
    check_gradient(joint, seed=1)


def test_integrating_the_national_effects_out_gives_the_pooled_density() -> None:
    lift = (LiftRow(0, 0.3, 0.2, 0, 0.05, 0.01),)
    density = two_geos()
    density = Pooled((density.parts[0], replace(density.parts[1], lifts=lift)), SIZES)
    joint, normal = PooledJoint(density), np.linspace(-7, 7, 4001)
    whole = []
    for point in POINTS:
        heights = joint.gradient(np.column_stack([np.tile(point, (len(normal), 1)), normal]))[0]
        whole.append(np.log(np.trapezoid(np.exp(heights - heights.max()), normal)) + heights.max())
    found = density.log_density(POINTS, np.full((3, 1), 0.5))
    assert np.diff(whole) == pytest.approx(np.diff(found), abs=1e-4)


NATIONAL = (
    NationalLift((LiftRow(0, 0.3, 0.2, 0, 0.0, 1.0), LiftRow(0, 0.1, 0.3, 0, 0.0, 1.0)), 0.06, 0.01),
    NationalLift((LiftRow(0, 0.2, 0.4, 2, 0.0, 1.0), LiftRow(0, 0.4, 0.2, 2, 0.0, 1.0)), 0.04, 0.02),
)
"""Two lift tests of both geos together."""


def measuring() -> Pooled:
    return replace(two_geos(), lifts=NATIONAL)


def stacked(density: Pooled, point: Array) -> tuple[Array, Array, Array]:
    """Write weeks of both geos and national tests as one linear model of the geos' effects.

    Returns:
        What was seen, how it follows the effects, and the covariance that noise, base and the tests' errors leave.
    """
    shape = density.shape(point[None])
    sigma, rows = shape.sigma[0], 2 * WEEKS + len(density.lifts)
    design, covariance = np.zeros((rows, 2)), np.zeros((rows, rows))
    for geo, part in enumerate(density.parts):
        weeks = slice(geo * WEEKS, (geo + 1) * WEEKS)
        design[weeks, geo] = part.features(shape)[0, 0]
        covariance[weeks, weeks] = sigma**2 * np.eye(WEEKS) + part.base @ part.base.T
        for test, lift in enumerate(density.lifts):
            weights = part.adstock.weights(shape.adstock)[:, 0]
            design[2 * WEEKS + test, geo] = SIZES[geo] * part.rise(shape, weights, lift.rows[geo])[0]
    for test, lift in enumerate(density.lifts):
        covariance[2 * WEEKS + test, 2 * WEEKS + test] = lift.error**2
    seen = np.concatenate([*(part.revenue for part in density.parts), [lift.lift for lift in density.lifts]])
    return seen, design, covariance


def national_by_hand(density: Pooled, point: Array) -> float:
    """Integrate all that is linear out as one large covariance, and the national effect numerically."""
    seen, design, covariance = stacked(density, point)
    deviation, sigma = float(density.split(point[None])[1][0, 0]), np.exp(point[-1])
    normal = stats.multivariate_normal(np.zeros(len(seen)), covariance + deviation**2 * design @ design.T)
    effects = np.linspace(0, 3, 3001)
    logs = normal.logpdf(seen - effects[:, None] * design.sum(axis=1))
    logs = logs + stats.halfnorm(scale=density.parts[0].beta_sd[0]).logpdf(effects)
    prior = stats.norm.logpdf(point[:-1]).sum() + stats.halfnorm.logpdf(sigma) + point[-1]
    return float(np.log(np.trapezoid(np.exp(logs - logs.max()), effects)) + logs.max() + prior)


def test_national_lift_tests_enter_exactly() -> None:
    density = measuring()
    found = density.log_density(POINTS, np.full((3, 1), 0.5))
    expected = np.array([national_by_hand(density, point) for point in POINTS])
    assert np.diff(found) == pytest.approx(np.diff(expected), abs=1e-4)
    assert np.diff(found) != pytest.approx(np.diff(two_geos().log_density(POINTS, np.full((3, 1), 0.5))), abs=0.1)


def test_geos_effects_have_the_moments_that_national_lift_tests_leave() -> None:
    """Given the national effect, the geos' own are a normal vector whose moments are known."""
    density, count = measuring(), 40_000
    points = np.tile([0.0, 0.0, 1.0, np.log(0.05)], (count, 1))
    seen, design, covariance = stacked(density, points[0])
    shape, deviation = density.shape(points), density.split(points)[1]
    normal = np.random.default_rng(2).standard_normal((count, density.numbers))
    found = density.geo_effects(shape, deviation, np.full((count, 1), 0.3), normal)[..., 0]
    precision = design.T @ np.linalg.solve(covariance, design) + np.eye(2) / deviation[0, 0] ** 2
    mean = np.linalg.solve(precision, design.T @ np.linalg.solve(covariance, seen) + 0.3 / deviation[0, 0] ** 2)
    spread = np.sqrt(np.diag(np.linalg.inv(precision)))
    assert found.mean(axis=0) == pytest.approx(mean, abs=4 * spread.max() / np.sqrt(count))
    assert np.cov(found.T) == pytest.approx(np.linalg.inv(precision), rel=0.05, abs=0.03 * spread.min() ** 2)


def test_a_national_test_without_error_is_met_by_the_geos_together() -> None:
    density = replace(two_geos(), lifts=(replace(NATIONAL[0], error=1e-6),))
    points, rng = np.tile(POINTS[0], (50, 1)), np.random.default_rng(3)
    effects = density.effects(points, rng.random((50, 1)), rng.standard_normal((50, density.numbers)))[1]
    reach = density.reach(density.shape(points))
    measured = sum(reach[geo][:, 0, 0] * effects[:, geo, 0] for geo in range(2))
    assert measured == pytest.approx(np.full(50, NATIONAL[0].lift), abs=1e-5)
    assert effects.std(axis=0).min() > 0.001


@pytest.mark.parametrize("brought", [(None, None), (None, TruncatedNormal(2.0, 1.5))], ids=["half-normal", "ROAS"])
def test_the_gradient_holds_with_national_lift_tests(brought: tuple[TruncatedNormal | None, ...]) -> None:
    lifts = (LiftRow(0, 0.3, 0.2, 0, 0.05, 0.01), LiftRow(1, 0.2, 0.3, 2, 0.03, 0.02))
    one = replace(two_channels("geometric", "hill"), brought=brought)
    other = replace(one, revenue=one.revenue[::-1] * 0.8, lags=np.ascontiguousarray(one.lags[..., ::-1]), lifts=lifts)
    of_second = NationalLift((replace(lifts[1], before=0.1), lifts[1]), 0.05, 0.02)
    joint = PooledJoint(Pooled((one, other), SIZES, (*NATIONAL, of_second)))
    check_gradient(joint, seed=4)


def test_chains_follow_the_pooled_density_with_national_lift_tests() -> None:
    density = measuring()
    joint, normal = PooledJoint(density), np.linspace(-7, 7, 4001)
    whole = []
    for point in POINTS:
        heights = joint.gradient(np.column_stack([np.tile(point, (len(normal), 1)), normal]))[0]
        whole.append(np.log(np.trapezoid(np.exp(heights - heights.max()), normal)) + heights.max())
    found = density.log_density(POINTS, np.full((3, 1), 0.5))
    assert np.diff(whole) == pytest.approx(np.diff(found), abs=1e-4)
