"""Adaptive importance sampling with a t proposal, and the Pareto diagnosis of its weights.

Nothing is a chain: every draw is independent of the others, so the effective sample size and Pareto k-hat say
all there is to say about how far the draws may be trusted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

Array = npt.NDArray[np.float64]
Density = Callable[[Array, Array], Array]
"""Log density (up to a constant) of points (N x D) with the uniform numbers (N x U) that it uses up."""

K_HAT_LIMIT = 0.7
"""Above this Pareto k-hat the draws cannot be relied on (Vehtari et al. 2024)."""

_FREEDOM = 7.0
_DEFENSIVE = 0.05
_SPARE_FREEDOM = 4.0
_SPARE_WIDTH = 2.0
"""Spare rounds draw from a wider t with heavier tails: this many times the variance."""


@dataclass(frozen=True)
class Sample:
    """Weighted draws.

    Attributes:
        points: Draws x dimensions.
        uniforms: The uniform numbers that belong to each point.
        weights: Pareto-smoothed, adding up to 1.
        k_hat: Shape of the tail of the weights; below 0.7 means can be relied on.
        ess: Effective sample size.
        log_evidence: Logarithm of what the density adds up to over all points.
    """

    points: Array
    uniforms: Array
    weights: Array
    k_hat: float
    ess: float
    log_evidence: float

    def resample(self, count: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
        """Return indices of equally weighted draws (systematic resampling)."""
        places = (np.arange(count) + rng.random()) / count
        found: npt.NDArray[np.intp] = np.minimum(
            np.searchsorted(np.cumsum(self.weights), places), len(self.weights) - 1
        )
        return found


@dataclass(frozen=True)
class _Proposal:
    """A t density around a mean, mixed with a little of a wide one so that weights stay bounded."""

    mean: Array
    root: Array
    wide_mean: Array
    wide_scale: Array
    freedom: float

    @classmethod
    def of(cls, mean: Array, covariance: Array, wide_scale: Array, *, spare: bool = False) -> "_Proposal":
        root: Array = np.asarray(np.linalg.cholesky(covariance * (_SPARE_WIDTH if spare else 1.0)), dtype=np.float64)
        freedom = _SPARE_FREEDOM if spare else _FREEDOM
        return cls(mean, root, np.where(wide_scale == 1.0, 0.0, mean), wide_scale, freedom)

    def draw(self, count: int, rng: np.random.Generator) -> Array:
        dimensions = len(self.mean)
        normal = rng.standard_normal((count, dimensions))
        stretch = np.sqrt(self.freedom / rng.chisquare(self.freedom, count))[:, None]
        near = self.mean + stretch * (normal @ self.root.T)
        far = self.wide_mean + normal * self.wide_scale
        return np.where((rng.random(count) < _DEFENSIVE)[:, None], far, near)

    def log_density(self, points: Array) -> Array:
        dimensions = len(self.mean)
        inverse = np.linalg.inv(self.root)
        squares = np.sum(((points - self.mean) @ inverse.T) ** 2, axis=1)
        near = (
            special.gammaln((self.freedom + dimensions) / 2)
            - special.gammaln(self.freedom / 2)
            - 0.5 * dimensions * np.log(self.freedom * np.pi)
            - np.log(np.diag(self.root)).sum()
            - 0.5 * (self.freedom + dimensions) * np.log1p(squares / self.freedom)
        )
        far = -0.5 * np.sum(((points - self.wide_mean) / self.wide_scale) ** 2, axis=1)
        far -= 0.5 * dimensions * np.log(2 * np.pi) + np.log(self.wide_scale).sum()
        found: Array = np.logaddexp(np.log1p(-_DEFENSIVE) + near, np.log(_DEFENSIVE) + far)
        return found


def sample(
    density: Density,
    mean: Array,
    covariance: Array,
    *,
    wide_scale: Array,
    uniforms: int,
    sizes: tuple[int, ...],
    spare: tuple[int, ...] = (),
    rng: np.random.Generator,
) -> Sample:
    """Draw from a density by adaptive multiple importance sampling.

    Args:
        density: The log density, in coordinates where it is roughly normal.
        mean: Where to begin, of D numbers.
        covariance: How wide to begin, D x D.
        wide_scale: Standard deviations of the wide part; 1 where the prior is standard normal, so that no weight can
            grow beyond what the data make of it.
        uniforms: Count of uniform numbers that one evaluation uses.
        sizes: Draws of each round; all rounds enter the answer.
        spare: Draws of further rounds, with heavier tails, where k-hat says that the others do not reach far enough.
        rng: Source of random numbers.

    Returns:
        Weighted draws with their diagnosis.

    References:
        Cornuet, Marin, Mira and Robert (2012), Adaptive multiple importance sampling.
        Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling.
    """
    proposals: list[_Proposal] = []
    points, numbers, targets = (np.empty((0, len(mean))), np.empty((0, uniforms)), np.empty(0))
    done: tuple[int, ...] = ()
    log_weights, smoothed, k_hat = np.empty(0), np.empty(0), float("inf")
    for size in (*sizes, *spare):
        late = len(done) >= len(sizes)
        if late and k_hat <= K_HAT_LIMIT:
            break
        proposals.append(_Proposal.of(mean, covariance, wide_scale, spare=late))
        done = (*done, size)
        fresh, used = proposals[-1].draw(size, rng), rng.random((size, uniforms))
        points, numbers = np.vstack([points, fresh]), np.vstack([numbers, used])
        targets = np.concatenate([targets, density(fresh, used)])
        log_weights = targets - _mixture(proposals, done, points)
        mean, covariance = _moments(points, log_weights)
        if len(done) >= len(sizes):
            smoothed, k_hat = pareto_smooth(log_weights)
    weights = np.exp(smoothed - special.logsumexp(smoothed))
    evidence = float(special.logsumexp(log_weights)) - float(np.log(len(log_weights)))
    return Sample(points, numbers, weights, k_hat, 1.0 / float(np.sum(weights**2)), evidence)


def find_mode(density: Callable[[Array], Array], start: Array) -> tuple[Array, Array]:
    """Find the highest point of a log density and the covariance of the normal density that fits it there.

    Args:
        density: Log density of many points at once (N x D).
        start: D numbers.

    Returns:
        The mode, and the covariance (inverse of the negative Hessian, kept positive definite).
    """

    def downhill(point: Array) -> tuple[float, Array]:
        value, gradient = _with_gradient(density, point)
        return -value, -gradient

    found = optimize.minimize(downhill, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return found.x, covariance_of(_hessian(density, found.x))


def pareto_smooth(log_weights: Array) -> tuple[Array, float]:
    """Replace the largest weights by quantiles of a Pareto tail.

    Args:
        log_weights: Logarithms, up to a constant.

    Returns:
        Smoothed log weights, and k-hat, the shape of the tail (infinite where there is no tail to fit).

    References:
        Vehtari et al. (2024), Algorithm 1; Zhang and Stephens (2009) for the fit.
    """
    shifted = log_weights - log_weights.max()
    tail = int(min(0.2 * len(shifted), 3 * np.sqrt(len(shifted))))
    order = np.argsort(shifted, kind="stable")
    cut = float(shifted[order[-tail - 1]])
    excess = np.exp(shifted[order[-tail:]]) - np.exp(cut)
    if tail < 5 or excess[-1] <= 0 or excess[0] < 0 or not np.isfinite(cut):
        return shifted, float("inf")
    shape, scale = pareto_fit(excess)
    grid = (np.arange(tail) + 0.5) / tail
    quantiles = scale * np.expm1(-shape * np.log1p(-grid)) / shape
    smoothed = shifted.copy()
    smoothed[order[-tail:]] = np.minimum(np.log(quantiles + np.exp(cut)), 0.0)
    return smoothed, shape


def pareto_fit(excess: Array) -> tuple[float, float]:
    """Fit a generalised Pareto distribution to sorted excesses over a threshold.

    Returns:
        Shape (pulled towards 0.5 as with ten more observations) and scale.

    References:
        Zhang and Stephens (2009), A new and efficient estimation method for the generalized Pareto distribution.
    """
    count = len(excess)
    grid = 30 + int(np.sqrt(count))
    quarter = excess[int(count / 4 + 0.5) - 1]
    steps = 1.0 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))
    theta = 1.0 / excess[-1] + steps / (3.0 * max(quarter, 1e-300))
    shape = np.log1p(-theta[:, None] * excess).mean(axis=1)
    likelihood = count * (np.log(-theta / shape) - shape - 1.0)
    weight = special.softmax(likelihood)
    best = float(np.sum(theta * weight))
    found = float(np.log1p(-best * excess).mean())
    return (found * count + 5.0) / (count + 10.0), -found / best


def _mixture(proposals: list[_Proposal], sizes: tuple[int, ...], points: Array) -> Array:
    share = np.array(sizes[: len(proposals)], dtype=float)
    densities = np.stack([proposal.log_density(points) for proposal in proposals])
    found: Array = special.logsumexp(densities, axis=0, b=(share / share.sum())[:, None])
    return found


def _moments(points: Array, log_weights: Array) -> tuple[Array, Array]:
    """Return mean and covariance under the weights, flattened as far as needed to rest on enough draws."""
    enough = 8.0 * points.shape[1]
    for power in (1.0, 0.7, 0.5, 0.35, 0.2, 0.1, 0.05, 0.0):
        weights = special.softmax(power * log_weights)
        if 1.0 / np.sum(weights**2) >= min(enough, 0.5 * len(points)):
            break
    mean = weights @ points
    centred = points - mean
    covariance = (weights[:, None] * centred).T @ centred
    return mean, covariance + 1e-10 * np.eye(len(mean))


def _with_gradient(density: Callable[[Array], Array], point: Array) -> tuple[float, Array]:
    steps = 1e-4 * np.eye(len(point))
    values = density(np.vstack([point[None], point + steps, point - steps]))
    ahead, behind = np.split(values[1:], 2)
    return float(values[0]), (ahead - behind) / 2e-4


def _hessian(density: Callable[[Array], Array], point: Array) -> Array:
    size, step = len(point), 3e-3
    moves = step * np.eye(size)
    pairs = moves[:, None, :] + moves[None, :, :]
    cross = moves[:, None, :] - moves[None, :, :]
    around = np.concatenate([point + pairs, point - pairs, point + cross, point - cross]).reshape(-1, size)
    both, neither, one, other = density(around).reshape(4, size, size)
    found: Array = (both + neither - one - other) / (4 * step**2)
    return 0.5 * (found + found.T)


def covariance_of(hessian: Array) -> Array:
    """Return the covariance of the normal density with this Hessian of its logarithm, no wider than about the prior."""
    values, vectors = np.linalg.eigh(-hessian)
    found: Array = (vectors / np.maximum(values, 0.5)) @ vectors.T
    return found
