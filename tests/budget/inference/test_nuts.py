import numpy as np
import pytest

from marketbook.budget.inference.convergence import bulk_ess, r_hat
from marketbook.budget.inference.nuts import Array, sample

COVARIANCE = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 9.0]])
PRECISION = np.linalg.inv(COVARIANCE)
MEAN = np.array([1.0, -2.0, 3.0])


def normal(points: Array) -> tuple[Array, Array]:
    slope = -(points - MEAN) @ PRECISION
    return 0.5 * np.sum(slope * (points - MEAN), axis=1), slope


def two_hills(points: Array) -> tuple[Array, Array]:
    """Two narrow normals, 40 standard deviations apart."""
    slope = -(points - np.sign(points) * 20.0)
    return -0.5 * np.sum(slope**2, axis=1), slope


def starts(chains: int, count: int) -> Array:
    return np.random.default_rng(5).normal(0, 2, (chains, count))


def test_draws_have_the_moments_and_quantiles_of_a_normal_density() -> None:
    found = sample(normal, starts(4, 3), draws=400, seeds=np.random.SeedSequence(1)).points
    flat, spread = found.reshape(-1, 3), np.sqrt(np.diag(COVARIANCE))
    ess = np.array([bulk_ess(found[:, :, i]) for i in range(3)])
    assert ess.min() > 300
    assert (np.abs(flat.mean(axis=0) - MEAN) < 4 * spread / np.sqrt(ess)).all()
    assert flat.std(axis=0) == pytest.approx(spread, rel=0.1)
    assert np.corrcoef(flat.T)[0, 1] == pytest.approx(0.8, abs=0.05)
    ends = np.quantile((flat - MEAN) / spread, [0.05, 0.95], axis=0)
    assert ends == pytest.approx(np.array([[-1.645] * 3, [1.645] * 3]), abs=0.35)
    assert max(r_hat(found[:, :, i]) for i in range(3)) < 1.02


def test_the_same_seed_gives_the_same_draws_and_another_gives_others() -> None:
    first, again, other = (
        sample(normal, starts(2, 3), draws=50, seeds=np.random.SeedSequence(seed), warm_up=False).points
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_chains_that_sit_on_different_hills_do_not_agree() -> None:
    found = sample(
        two_hills,
        np.array([[-20.0], [20.0], [-19.0], [21.0]]),
        draws=100,
        seeds=np.random.SeedSequence(1),
        warm_up=False,
    )
    assert r_hat(found.points[:, :, 0]) > 1.5


def test_paths_that_go_astray_are_counted() -> None:
    def cliff(points: Array) -> tuple[Array, Array]:
        inside = np.all(np.abs(points) < 0.05, axis=1)
        return np.where(inside, 0.0, -1e6), np.zeros_like(points)

    found = sample(cliff, np.zeros((2, 2)), draws=100, seeds=np.random.SeedSequence(1), warm_up=False)
    assert found.diverged > 0.5
    assert np.abs(found.points).max() < 0.05
