import numpy as np
import pytest
from scipy import stats
from tests.reference.budget import K_HAT_LIMIT

from marketbook.budget.inference.importance import Array, Density, Sample, find_mode, pareto_fit, pareto_smooth, sample

COVARIANCE = np.array([[1.0, 0.6], [0.6, 0.5]])


def normal(points: Array, uniforms: Array) -> Array:  # noqa: ARG001
    found: Array = stats.multivariate_normal([0.5, -1.0], COVARIANCE).logpdf(points)
    return found


def test_the_mode_and_the_covariance_of_a_normal_density_are_found() -> None:
    mode, covariance = find_mode(lambda points: normal(points, points), np.zeros(2))
    assert mode == pytest.approx([0.5, -1.0], abs=1e-4)
    assert covariance == pytest.approx(COVARIANCE, abs=1e-3)


def test_draws_have_the_moments_of_the_density_and_the_diagnosis_is_good() -> None:
    rng = np.random.default_rng(1)
    found = sample(normal, np.zeros(2), np.eye(2), wide_scale=np.ones(2), uniforms=1, sizes=(2000, 2000), rng=rng)
    mean = found.weights @ found.points
    assert mean == pytest.approx([0.5, -1.0], abs=0.06)
    assert np.cov(found.points.T, aweights=found.weights) == pytest.approx(COVARIANCE, abs=0.08)
    assert found.k_hat < K_HAT_LIMIT
    assert found.ess > 1000


def test_resampled_draws_are_as_many_as_asked_for_and_follow_the_weights() -> None:
    rng = np.random.default_rng(1)
    found = sample(normal, np.zeros(2), np.eye(2), wide_scale=np.ones(2), uniforms=1, sizes=(2000,), rng=rng)
    chosen = found.points[found.resample(500, rng)]
    assert chosen.shape == (500, 2)
    assert chosen.mean(axis=0) == pytest.approx([0.5, -1.0], abs=0.15)


@pytest.mark.parametrize("shape", [0.2, 0.5, 0.9])
def test_the_shape_of_a_pareto_tail_is_recovered(shape: float) -> None:
    excess = np.sort(stats.genpareto(shape, scale=2.0).rvs(4000, random_state=4))
    found, scale = pareto_fit(excess)
    assert found == pytest.approx(shape, abs=0.06)
    assert scale == pytest.approx(2.0, rel=0.1)


def test_a_proposal_that_is_far_too_narrow_is_told() -> None:
    points = np.random.default_rng(2).normal(0, 0.2, 4000)
    weights = stats.norm.logpdf(points) - stats.norm.logpdf(points, scale=0.2)
    assert pareto_smooth(weights)[1] > K_HAT_LIMIT


def test_equal_weights_have_no_tail_to_fit() -> None:
    smoothed, k_hat = pareto_smooth(np.zeros(100))
    assert smoothed.tolist() == [0.0] * 100
    assert k_hat == float("inf")


def heavy(points: Array, uniforms: Array) -> Array:  # noqa: ARG001
    """A density with a long tail on one side."""
    found: Array = stats.genlogistic(0.15).logpdf(points).sum(axis=1)
    return found


def test_spare_rounds_with_heavier_tails_are_drawn_only_where_they_are_needed() -> None:
    def drawn(density: Density, spare: tuple[int, ...]) -> Sample:
        start, rng = np.zeros(2), np.random.default_rng(3)
        return sample(
            density, start, np.eye(2), wide_scale=np.ones(2), uniforms=1, sizes=(1500, 1500), spare=spare, rng=rng
        )

    short, helped = drawn(heavy, ()), drawn(heavy, (3000,))
    assert short.k_hat > K_HAT_LIMIT
    assert helped.k_hat < K_HAT_LIMIT
    assert (len(drawn(normal, (3000,)).points), len(helped.points)) == (3000, 6000)
