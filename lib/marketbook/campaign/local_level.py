"""A local level with static regression, integrated without sampling: the posterior predictive of a series.

Both standard deviations lie on a grid that is passed through one Kalman filter at once, series and regressors side by
side; the coefficients are integrated in closed form for every pattern of included regressors. No seed, no draws.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

LEVEL_GUESS, LEVEL_WEIGHT, LEVEL_LIMIT = 0.01, 32.0, 1.0
NOISE_WEIGHT, NOISE_LIMIT = 50.0, 1.2
EXPECTED_R2, EXPECTED_SIZE = 0.8, 3.0
SLAB_WEIGHT, SLAB_DIAGONAL = 0.01, 0.5
GRID, LEAST_WEIGHT, BISECTIONS = 40, 1e-5, 32


@dataclass(frozen=True)
class Prediction:
    """A mixture of normals: what the series would have been after the observed part.

    Attributes:
        weights: Posterior weight of each component; sums to 1.
        means: Components by points predicted.
        variances: Components by points predicted.
        inclusion: Posterior probability that each regressor belongs in the model.
    """

    weights: Floats
    means: Floats
    variances: Floats
    inclusion: Floats

    def mean(self) -> Floats:
        """Return the posterior mean of each point."""
        return self.weights @ self.means

    def deviation(self) -> Floats:
        """Return the posterior standard deviation of each point."""
        spread = self.weights @ (self.variances + (self.means - self.mean()) ** 2)
        return np.asarray(np.sqrt(spread), dtype=float)

    def below(self, values: Floats) -> Floats:
        """Return the probability that each point lies below a value."""
        chance = self.weights @ special.ndtr((values - self.means) / np.sqrt(self.variances))
        return np.asarray(np.clip(chance, 0.0, 1.0), dtype=float)

    def quantile(self, share: float) -> Floats:
        """Return a quantile of each point, by bisection on the mixture's distribution."""
        mean, reach = self.mean(), 12 * self.deviation()
        low, high = mean - reach, mean + reach
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            under = self.below(middle) < share
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return (low + high) / 2


@dataclass(frozen=True)
class _Filtered:
    """The end of the filter at every grid point, and what the observed part says about the coefficients."""

    noise: Floats
    level: Floats
    ends: Floats
    end_variance: Floats
    gram: Floats
    log_determinant: Floats


def predict(series: Floats, regressors: Floats, later: Floats, combinations: Floats) -> Prediction:
    """Predict linear combinations of the points that follow a series.

    Args:
        series: The observed part, standardised to mean 0 and standard deviation 1.
        regressors: Points by regressors, in the observed part.
        later: The same for the points to predict.
        combinations: Rows of weights over the points to predict: an identity row gives a point, ones over n a mean.

    References:
        Brodersen, Gallusser, Koehler, Remy, Scott (2015), Inferring causal impact, Annals of Applied Statistics 9(1):
        the model. George and McCulloch (1997): spike and slab. The priors are those of the R package's defaults.
    """
    filtered = _filter(series, regressors, *_grid(series, regressors))
    log_weights, shifts, spreads = _patterns(filtered, regressors)
    share = np.exp(log_weights - special.logsumexp(log_weights))
    keep = share.max(axis=0) > LEAST_WEIGHT * share.max()
    share = share[:, keep] / share[:, keep].sum()
    means, variances = _forecast(filtered, later, combinations, shifts[:, keep], spreads[:, keep], keep)
    included = np.array(_inclusions(regressors.shape[1]), dtype=float)
    flat = share.reshape(-1)
    heavy = flat > LEAST_WEIGHT * flat.max()
    return Prediction(
        weights=flat[heavy] / flat[heavy].sum(),
        means=means.reshape(len(flat), -1)[heavy],
        variances=variances.reshape(len(flat), -1)[heavy],
        inclusion=share.sum(axis=1) @ included,
    )


def _inclusions(count: int) -> list[tuple[bool, ...]]:
    """List the patterns of included regressors; where three or fewer are offered, all are in."""
    if count <= EXPECTED_SIZE:
        return [(True,) * count]
    return list(product((False, True), repeat=count))


def _grid(series: Floats, regressors: Floats) -> tuple[Floats, Floats]:
    """Place the grid where the posterior of the model with all regressors lies, after a coarse look."""
    noise, level = _mesh(np.geomspace(0.02, NOISE_LIMIT, 24), np.geomspace(0.002, LEVEL_LIMIT, 24))
    coarse = _filter(series, regressors, noise, level)
    log_weights, _shifts, _spreads = _patterns(coarse, regressors)
    share = np.exp(special.logsumexp(log_weights, axis=0) - special.logsumexp(log_weights))
    axes = []
    for values, step, limit in (
        (noise, np.log(NOISE_LIMIT / 0.02) / 23, NOISE_LIMIT),
        (level, np.log(1 / 0.002) / 23, LEVEL_LIMIT),
    ):
        logs = np.log(values)
        centre = share @ logs
        reach = 5 * max(np.sqrt(share @ (logs - centre) ** 2), step / 4)
        axes.append(np.exp(np.linspace(centre - reach, min(centre + reach, np.log(limit)), GRID)))
    return _mesh(*axes)


def _mesh(noise: Floats, level: Floats) -> tuple[Floats, Floats]:
    first, second = np.meshgrid(noise, level, indexing="ij")
    return first.reshape(-1), second.reshape(-1)


def _filter(series: Floats, regressors: Floats, noise: Floats, level: Floats) -> _Filtered:
    """Run series and regressors through the Kalman filter of a local level, all grid points at once."""
    columns = np.column_stack([series, regressors])
    state = np.zeros((len(noise), columns.shape[1]))
    state[:, 0] = series[0]
    variance = np.ones(len(noise))
    gram = np.zeros((len(noise), columns.shape[1], columns.shape[1]))
    log_determinant = np.zeros(len(noise))
    for row in columns:
        total = variance + noise**2
        surprise = row - state
        gram += surprise[:, :, None] * (surprise / total[:, None])[:, None, :]
        log_determinant += np.log(total)
        state += (variance / total)[:, None] * surprise
        variance = variance * noise**2 / total + level**2
    return _Filtered(noise, level, state, variance, gram, log_determinant)


def _patterns(filtered: _Filtered, regressors: Floats) -> tuple[Floats, Floats, Floats]:
    """Integrate the coefficients out for every pattern.

    Returns:
        Log posterior weights (patterns by grid), coefficients (patterns by grid by regressors) and their covariances.
    """
    count = regressors.shape[1]
    slab = _slab(regressors)
    chance = min(EXPECTED_SIZE / count, 1.0) if count else 1.0
    grid = len(filtered.noise)
    patterns = _inclusions(count)
    weights = np.empty((len(patterns), grid))
    shifts, spreads = np.zeros((len(patterns), grid, count)), np.zeros((len(patterns), grid, count, count))
    prior = _log_prior(filtered)
    for k, pattern in enumerate(patterns):
        chosen = np.flatnonzero(pattern)
        weight, shift, spread = _coefficients(filtered, slab[np.ix_(chosen, chosen)], chosen)
        weights[k] = prior + weight + _log_chance(len(chosen), count, chance)
        shifts[k][:, chosen] = shift
        spreads[k][np.ix_(np.arange(grid), chosen, chosen)] = spread
    return weights, shifts, spreads


def _coefficients(filtered: _Filtered, slab: Floats, chosen: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    scaled = slab / filtered.noise[:, None, None] ** 2
    precision = filtered.gram[:, 1 + chosen[:, None], 1 + chosen[None, :]] + scaled
    moment = filtered.gram[:, 1 + chosen, 0]
    spread = np.asarray(np.linalg.inv(precision), dtype=float)
    shift = np.einsum("gij,gj->gi", spread, moment)
    likelihood = -0.5 * (filtered.log_determinant + filtered.gram[:, 0, 0] - (moment * shift).sum(axis=1))
    occam = 0.5 * (np.linalg.slogdet(scaled)[1] - np.linalg.slogdet(precision)[1])
    return likelihood + occam, shift, spread


def _slab(regressors: Floats) -> Floats:
    """The prior precision of the coefficients, in units of the noise: a hundredth of an observation's worth."""
    gram = regressors.T @ regressors / len(regressors)
    return SLAB_WEIGHT * ((1 - SLAB_DIAGONAL) * gram + SLAB_DIAGONAL * np.diag(np.diag(gram)))


def _log_chance(size: int, count: int, chance: float) -> float:
    return 0.0 if chance >= 1 else size * float(np.log(chance)) + (count - size) * float(np.log1p(-chance))


def _log_prior(filtered: _Filtered) -> Floats:
    """Log density of both standard deviations on the logarithmic grid: inverse gamma on the variances, cut off."""
    noise_guess = np.sqrt(1 - EXPECTED_R2)
    inside = (filtered.noise <= NOISE_LIMIT * (1 + 1e-9)) & (filtered.level <= LEVEL_LIMIT * (1 + 1e-9))
    density = _log_inverse_gamma(filtered.noise, noise_guess, NOISE_WEIGHT)
    density = density + _log_inverse_gamma(filtered.level, LEVEL_GUESS, LEVEL_WEIGHT)
    return np.where(inside, density, -np.inf)


def _log_inverse_gamma(deviation: Floats, guess: float, weight: float) -> Floats:
    return -weight * np.log(deviation) - weight * guess**2 / (2 * deviation**2)


def _forecast(
    filtered: _Filtered,
    later: Floats,
    combinations: Floats,
    shifts: Floats,
    spreads: Floats,
    keep: NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Mean and variance of each combination, for every pattern and grid point."""
    ends = filtered.ends[keep]
    moved = np.einsum("ct,gtr->gcr", combinations, later[None] - ends[:, None, 1:])
    carried = combinations.sum(axis=1)
    means = carried * ends[:, None, 0] + np.einsum("gcr,pgr->pgc", moved, shifts)
    own = np.einsum("gcr,pgrs,gcs->pgc", moved, spreads, moved)
    tail = np.cumsum(combinations[:, ::-1], axis=1)[:, ::-1]
    wander = (tail[:, 1:] ** 2).sum(axis=1)
    level = carried**2 * filtered.end_variance[keep, None] + wander * filtered.level[keep, None] ** 2
    noise = (combinations**2).sum(axis=1) * filtered.noise[keep, None] ** 2
    return means, own + level + noise
