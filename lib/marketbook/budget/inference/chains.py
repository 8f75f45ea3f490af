"""Chains on the joint density, where importance sampling does not hold: shapes and effects drawn together."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import optimize

from marketbook.budget.inference import nuts
from marketbook.budget.inference.convergence import bulk_ess, r_hat
from marketbook.budget.inference.importance import covariance_of

Array = npt.NDArray[np.float64]

_WARM_UP = (25, 75)
"""Draws of each chain in the rounds that learn how wide the density is in which direction."""
_DRAWS = 800
_APART = 1.5
"""Chains begin this many times further apart than draws are."""


class Density(Protocol):
    """A log density whose gradient is known."""

    def gradient(self, points: Array) -> tuple[Array, Array]:
        """Return the log density of each point (rows), up to a constant, and its gradient."""
        ...


@dataclass(frozen=True)
class Drawn:
    """Draws of all chains, one below the other.

    Attributes:
        points: Draws x coordinates of the joint density.
        r_hat: The largest of all coordinates.
        ess: The least of all coordinates.
        diverged: Share of draws whose path went astray.
    """

    points: Array
    r_hat: float
    ess: float
    diverged: float


def draw(joint: Density, start: Array, *, seed: int) -> Drawn:
    """Draw by the no-U-turn sampler, in coordinates that make the density around its mode round.

    Args:
        joint: The density.
        start: Where to look for the mode.
        seed: Seed of the random numbers.

    Returns:
        Draws with their diagnosis.
    """
    seeds = np.random.SeedSequence(seed)
    middle = _mode(joint, start)
    root = _root(covariance_of(_hessian(joint, middle)))
    apart = np.random.default_rng(seeds.spawn(1)[0]).standard_normal((nuts.CHAINS, len(middle)))
    ends = middle + _APART * apart @ root.T
    for draws in (*_WARM_UP, _DRAWS):
        found = _in_round(joint, middle, root, ends, draws=draws, seeds=seeds)
        points, ends = found.points, found.points[:, -1]
        flat = points.reshape(-1, len(middle))
        middle, root = flat.mean(axis=0), _root(np.cov(flat.T))
    numbers = range(points.shape[2])
    return Drawn(
        points=flat,
        r_hat=max(r_hat(points[:, :, i]) for i in numbers),
        ess=min(bulk_ess(points[:, :, i]) for i in numbers),
        diverged=found.diverged,
    )


def _in_round(
    joint: Density, middle: Array, root: Array, starts: Array, *, draws: int, seeds: np.random.SeedSequence
) -> nuts.Chains:
    """Draw in coordinates in which the density is about as wide in all directions."""

    def gradient(points: Array) -> tuple[Array, Array]:
        height, slope = joint.gradient(middle + points @ root.T)
        return height, slope @ root

    inverse = np.linalg.inv(root)
    found = nuts.sample(gradient, (starts - middle) @ inverse.T, draws=draws, seeds=seeds)
    return nuts.Chains(middle + found.points @ root.T, found.diverged)


def _root(covariance: Array) -> Array:
    found: Array = np.asarray(np.linalg.cholesky(covariance + 1e-8 * np.eye(len(covariance))), dtype=np.float64)
    return found


def _mode(joint: Density, start: Array) -> Array:
    def downhill(point: Array) -> tuple[float, Array]:
        height, slope = joint.gradient(point[None])
        return -float(height[0]), -slope[0]

    found: Array = optimize.minimize(downhill, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return found


def _hessian(joint: Density, point: Array) -> Array:
    steps = 1e-3 * np.eye(len(point))
    ahead, behind = joint.gradient(point + steps)[1], joint.gradient(point - steps)[1]
    found: Array = (ahead - behind) / 2e-3
    return 0.5 * (found + found.T)
