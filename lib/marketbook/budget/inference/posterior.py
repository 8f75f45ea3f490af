"""The posterior: by importance sampling where that holds, else by chains, and refused where neither does."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from marketbook.budget.inference import chains
from marketbook.budget.inference.collapsed import Collapsed, Shape
from marketbook.budget.inference.convergence import ESS_LIMIT, R_HAT_LIMIT
from marketbook.budget.inference.importance import K_HAT_LIMIT, Sample, find_mode, sample
from marketbook.budget.inference.joint import Joint
from marketbook.budget.inference.pooled import Pooled
from marketbook.budget.inference.pooled_joint import PooledJoint
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]

ROUNDS = (1500, 1500, 2000, 2500, 2500)
"""Draws of each round of importance sampling."""
SPARE = (2500, 2500)
"""Draws of further rounds, where those do not reach far enough."""
DIVERGED_LIMIT = 0.02
"""Where more than this share of a chain's paths went astray, parts of the density may have been missed."""


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws, and how far they can be trusted.

    Attributes:
        shape: Adstock, saturation and noise.
        effects: Draws x channels, as shares of the highest week.
        base: Draws x columns of the base, in prior standard deviations.
        k_hat: Pareto k-hat of importance sampling.
        ess: Effective sample size of the draws that these were taken from.
        r_hat: Of chains; None where importance sampling held.
        log_evidence: How likely the data are, up to a constant that is the same for all forms; None of chains.
    """

    shape: Shape
    effects: Array
    base: Array
    k_hat: float
    ess: float
    r_hat: float | None
    log_evidence: float | None = None


def draw(density: Collapsed, count: int, *, seed: int, chains_too: bool = True) -> Posterior:
    """Draw from the posterior; the same seed gives the same draws.

    Args:
        density: The collapsed density.
        count: Draws to return.
        seed: Seed of the random numbers.
        chains_too: Whether chains take over where importance sampling does not hold.

    Raises:
        DataError: Neither importance sampling nor chains can be relied on.
    """
    rng = np.random.default_rng(seed)
    mode, covariance = _mode(density)
    found = _weighted(density, mode, covariance, rng)
    if found.k_hat > K_HAT_LIMIT:
        if not chains_too:
            raise DataError(_without_chains(found.k_hat))
        return _by_chains(density, mode, count, seed=seed, k_hat=found.k_hat)
    chosen = found.resample(count, rng)
    points, uniforms = found.points[chosen], found.uniforms[chosen]
    normal = rng.standard_normal((count, density.base.shape[1]))
    effects, base = density.coefficients(points, uniforms, normal)
    return Posterior(density.shape(points), effects, base, found.k_hat, found.ess, None, found.log_evidence)


@dataclass(frozen=True)
class PooledPosterior:
    """Equally weighted draws of several geos, draw by draw the same.

    Attributes:
        shape: Adstock, saturation and noise, alike in all geos.
        mean: National effects: draws x channels.
        deviation: Their standard deviation between geos: draws x channels.
        effects: Each geo's own: draws x geos x channels.
        base: Each geo's: draws x columns, in prior standard deviations.
        k_hat: Pareto k-hat of importance sampling.
        ess: Effective sample size.
        r_hat: Of chains; None where importance sampling held.
    """

    shape: Shape
    mean: Array
    deviation: Array
    effects: Array
    base: tuple[Array, ...]
    k_hat: float
    ess: float
    r_hat: float | None


def draw_pooled(density: Pooled, count: int, *, seed: int) -> PooledPosterior:
    """Draw from the posterior of several geos; the same seed gives the same draws.

    Args:
        density: The collapsed density of the geos.
        count: Draws to return.
        seed: Seed of the random numbers.

    Raises:
        DataError: Neither importance sampling nor chains can be relied on.
    """
    rng = np.random.default_rng(seed)
    mode, covariance = _mode(density)
    found = _weighted(density, mode, covariance, rng)
    if found.k_hat > K_HAT_LIMIT:
        return _pooled_by_chains(density, mode, count, seed=seed, k_hat=found.k_hat)
    chosen = found.resample(count, rng)
    points, normal = found.points[chosen], rng.standard_normal((count, density.numbers))
    mean, effects = density.effects(points, found.uniforms[chosen], normal)
    base = _bases(density, density.shape(points), effects, rng)
    deviation = density.split(points)[1]
    return PooledPosterior(density.shape(points), mean, deviation, effects, base, found.k_hat, found.ess, None)


def _bases(density: Pooled, shape: Shape, effects: Array, rng: np.random.Generator) -> tuple[Array, ...]:
    """Draw each geo's base that goes with its effects."""
    numbers = [rng.standard_normal((len(effects), part.base.shape[1])) for part in density.parts]
    return tuple(part.base_coefficients(shape, effects[:, geo], numbers[geo]) for geo, part in enumerate(density.parts))


def _pooled_by_chains(density: Pooled, mode: Array, count: int, *, seed: int, k_hat: float) -> PooledPosterior:
    joint = PooledJoint(density)
    found = chains.draw(joint, np.concatenate([mode, np.zeros(density.channels)]), seed=seed)
    _check(found, k_hat)
    rng = np.random.default_rng(seed)
    points, mean = joint.split(found.points[rng.choice(len(found.points), count, replace=count > len(found.points))])
    shape, deviation = density.shape(points), density.split(points)[1]
    normal = rng.standard_normal((count, density.numbers))
    effects = density.geo_effects(shape, deviation, mean, normal)
    base = _bases(density, shape, effects, rng)
    return PooledPosterior(shape, mean, deviation, effects, base, k_hat, found.ess, found.r_hat)


def draw_pooled_prior(density: Pooled, count: int, *, seed: int) -> PooledPosterior:
    """Draw from the prior of several geos alone."""
    rng, first = np.random.default_rng(seed), density.parts[0]
    points = rng.standard_normal((count, density.dimensions))
    points[:, -1] = np.log(np.maximum(density.parts[0].noise_scale * np.abs(points[:, -1]), np.exp(-12.0)))
    shape, deviation = density.shape(points), density.split(points)[1]
    height = sum(
        size * part.features(shape).sum(axis=2) for part, size in zip(density.parts, density.sizes, strict=True)
    )
    middle, spread = first.effect_prior(np.asarray(height))
    below = special.log_ndtr(middle / spread) + np.log(rng.random(middle.shape))
    mean = np.maximum(middle - spread * special.ndtri_exp(below), 0.0)
    effects = mean[:, None] + deviation[:, None] * rng.standard_normal((count, len(density.parts), density.channels))
    base = tuple(rng.standard_normal((count, part.base.shape[1])) for part in density.parts)
    return PooledPosterior(shape, mean, deviation, effects, base, 0.0, float(count), None)


def draw_prior(density: Collapsed, count: int, *, seed: int) -> Posterior:
    """Draw from the prior alone: lift tests and revenue play no part."""
    rng, joint = np.random.default_rng(seed), Joint(density)
    points = rng.standard_normal((count, joint.dimensions))
    noise = np.maximum(density.noise_scale * np.abs(points[:, density.dimensions - 1]), np.exp(-12.0))
    points[:, density.dimensions - 1] = np.log(noise)
    place, effects = joint.split(points)
    base = rng.standard_normal((count, density.base.shape[1]))
    return Posterior(density.shape(place), effects, base, 0.0, float(count), None)


def _by_chains(density: Collapsed, mode: Array, count: int, *, seed: int, k_hat: float) -> Posterior:
    joint = Joint(density)
    found = chains.draw(joint, np.concatenate([mode, np.zeros(density.channels)]), seed=seed)
    _check(found, k_hat)
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(found.points), count, replace=count > len(found.points))
    points, effects = joint.split(found.points[chosen])
    shape = density.shape(points)
    base = density.base_coefficients(shape, effects, rng.standard_normal((count, density.base.shape[1])))
    return Posterior(shape, effects, base, k_hat, found.ess, found.r_hat)


def _check(found: chains.Drawn, k_hat: float) -> None:
    if found.r_hat > R_HAT_LIMIT or found.ess < ESS_LIMIT or found.diverged > DIVERGED_LIMIT:
        raise DataError(_refusal(found, k_hat))


def _without_chains(k_hat: float) -> str:
    return _("Importance sampling does not hold (Pareto k-hat {k_hat}, allowed up to {k_limit}).").format(
        k_hat=by_name("k_hat", k_hat), k_limit=by_name("k_hat", K_HAT_LIMIT)
    )


def _refusal(found: chains.Drawn, k_hat: float) -> str:
    return _(
        "The model cannot be drawn reliably from this history: importance sampling does not hold (Pareto k-hat "
        "{k_hat}, allowed up to {k_limit}), and chains do not agree (R-hat {r_hat}, allowed up to {r_limit}; effective "
        "sample size {ess}, at least {ess_limit}; {diverged} of paths astray, at most {diverged_limit}). Give more "
        "weeks or lift tests, add up channels that move together, or choose a form with fewer parameters."
    ).format(
        k_hat=by_name("k_hat", k_hat),
        k_limit=by_name("k_hat", K_HAT_LIMIT),
        r_hat=by_name("r_hat", found.r_hat),
        r_limit=by_name("r_hat", R_HAT_LIMIT),
        ess=by_name("n", found.ess),
        ess_limit=by_name("n", ESS_LIMIT),
        diverged=by_name("share", found.diverged),
        diverged_limit=by_name("share", DIVERGED_LIMIT),
    )


def _weighted(density: Collapsed | Pooled, mode: Array, covariance: Array, rng: np.random.Generator) -> Sample:
    wide = np.ones(density.dimensions)
    wide[-1] = 3 * np.sqrt(covariance[-1, -1])
    return sample(
        density.log_density,
        mode,
        covariance,
        wide_scale=wide,
        uniforms=density.channels,
        sizes=ROUNDS,
        spare=SPARE,
        rng=rng,
    )


def _mode(density: Collapsed | Pooled) -> tuple[Array, Array]:
    """Climb from the best of some points spread over the prior."""

    def middle(points: Array) -> Array:
        return density.log_density(points, np.full((len(points), density.channels), 0.5))

    spread = np.random.default_rng(0).standard_normal((256, density.dimensions))
    noise = np.log(density.spread) - np.array([0.5, 1.0, 1.5, 2.0])
    spread[:, -1] = np.tile(noise, 64)
    start = spread[np.argmax(middle(spread))]
    return find_mode(middle, start)
