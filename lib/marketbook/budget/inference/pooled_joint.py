"""Shapes, spreads between geos, noise and national effects together, with the gradient that chains follow.

Base and deviations of each geo are integrated out; the national effects stand beside the pooled density's coordinates,
each as a standard normal number.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from marketbook.budget.inference.collapsed import Collapsed, LiftRow, Shape, log_prior
from marketbook.budget.inference.joint import LEAST, Joint, drawn_effects
from marketbook.budget.inference.pooled import POOLING, Pooled
from marketbook.budget.response.adstock import carried

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Told:
    """What one geo says: its log density, its derivatives, and its effects given the national ones.

    Attributes:
        fit: Log density: draws.
        by_mean: By the national effects: draws x channels.
        by_deviation: By their standard deviation: draws x channels.
        by_variance: By the noise's variance: draws.
        by_height: By the channels' responses, weeks and then lift tests: draws x channels x (weeks + tests).
        effects: Mean of the geo's effects: draws x channels.
        covariance: Their covariance: draws x channels x channels.
        precision: What data say of them, as if nothing were believed: draws x channels x channels.
        pull: What is left of the weeks and tests, over its covariance: draws x (weeks + tests).
        solved: The channels' responses over the covariance of noise and base: draws x channels x (weeks + tests).
        squares: Products of `solved` over the weeks: draws x channels x channels.
        weeks: Count of weeks.
    """

    fit: Array
    by_mean: Array
    by_deviation: Array
    by_variance: Array
    by_height: Array
    effects: Array
    covariance: Array
    precision: Array
    pull: Array
    solved: Array
    squares: Array
    weeks: int


@dataclass(frozen=True)
class PooledJoint:
    """The pooled density with the national effects put back.

    Attributes:
        pooled: The density whose coordinates come first; the effects' follow.
    """

    pooled: Pooled

    @property
    def dimensions(self) -> int:
        """Count of coordinates."""
        return self.pooled.dimensions + self.pooled.channels

    def split(self, points: Array) -> tuple[Array, Array]:
        """Return the pooled density's coordinates and national effects (draws x channels)."""
        place = points[:, : self.pooled.dimensions]
        shape = self.pooled.shape(place)
        features = [part.features(shape) for part in self.pooled.parts]
        return place, self._effects(points, self._whole(features))[0]

    def gradient(self, points: Array) -> tuple[Array, Array]:
        """Return the log density of each point, up to a constant, and its gradient."""
        given = self.pooled
        first = given.parts[0]
        whole = points[:, : given.dimensions]
        place, deviation = given.split(whole)
        shape = first.shape(place)
        weights = first.adstock.weights(shape.adstock)
        levels = [carried(part.lags, weights) for part in given.parts]
        features = [first.saturation.response(level, shape.saturation[..., None]) for level in levels]
        height = self._whole(features)
        mean, effect_slope = self._effects(points, height)
        told = [
            _told(part, shape, weights, feature, mean, deviation)
            for part, feature in zip(given.parts, features, strict=True)
        ]
        national, told, by_reach = _together(given, told, given.reach(shape), deviation)
        by_mean = np.sum([one.by_mean for one in told], axis=0)
        by_place = np.zeros((len(points), first.dimensions - 1))
        for geo, (part, size, level, one) in enumerate(zip(given.parts, given.sizes, levels, told, strict=True)):
            less = size * self._given_up(mean, by_mean, height)
            pulls = _pulls(part, one.by_height, level.shape[2])
            pulls += [(lift.rows[geo], size * pull) for lift, pull in zip(given.lifts, by_reach[geo].T, strict=True)]
            by_place += _by_place(part, place, shape, level, one.by_height[..., : level.shape[2]] - less, pulls)
        by_variance = np.sum([one.by_variance for one in told], axis=0)
        noise = 2.0 * shape.sigma**2 * by_variance + 1.0 - (shape.sigma / first.noise_scale) ** 2
        normal = whole[:, first.dimensions - 1 : -1]
        by_spread = np.sum([one.by_deviation for one in told], axis=0) * first.beta_sd
        by_spread = by_spread * POOLING.slope(normal, deviation / first.beta_sd) - normal
        effects = points[:, given.dimensions :]
        by_effect = by_mean * effect_slope - effects
        slope = np.concatenate([by_place - place[:, :-1], by_spread, noise[:, None], by_effect], axis=1)
        fit = national + np.sum([one.fit for one in told], axis=0) - 0.5 * np.sum(effects**2, axis=1)
        return fit + log_prior(whole, shape.sigma, first.noise_scale), slope

    def _whole(self, features: list[Array]) -> Array:
        """Return what each channel's response adds up to over weeks and geos: draws x channels."""
        parts = [size * feature.sum(axis=2) for size, feature in zip(self.pooled.sizes, features, strict=True)]
        found: Array = np.sum(parts, axis=0)
        return found

    def _effects(self, points: Array, height: Array) -> tuple[Array, Array]:
        first = self.pooled.parts[0]
        return drawn_effects(points[:, self.pooled.dimensions :], height, first.beta_sd, first.brought)

    def _given_up(self, mean: Array, by_mean: Array, height: Array) -> Array:
        """Return what a higher response takes from the fit where its sum is divided by: draws x channels x 1."""
        ranged = np.array([prior is not None for prior in self.pooled.parts[0].brought], dtype=float)
        found: Array = by_mean * mean / np.maximum(height, LEAST) * (ranged if len(ranged) else 0.0)
        return found[..., None]


def _told(part: Collapsed, shape: Shape, weights: Array, feature: Array, mean: Array, deviation: Array) -> _Told:
    """Integrate a geo's base and deviations out; a lift test counts as a week of its own with noise of 1."""
    variance, weeks = shape.sigma**2, feature.shape[2]
    lifts = _lifted(part, shape, weights)
    height = np.concatenate([feature, lifts], axis=2)
    fit, pull, by_variance = part.fit_of_base(part.revenue - np.einsum("nct,nc->nt", feature, mean), variance)
    spent = np.einsum("nt,nt->n", pull, pull) - 2.0 * by_variance
    missed = np.array([row.lift / row.error for row in part.lifts]) - np.einsum("ncl,nc->nl", lifts, mean)
    pull = np.concatenate([pull, missed], axis=1)
    solved = np.concatenate([part.solved(feature, variance), lifts], axis=2)
    precision = height @ solved.transpose(0, 2, 1)
    inner = np.eye(mean.shape[1]) + deviation[..., None] * precision * deviation[:, None, :]
    score = deviation * np.einsum("nct,nt->nc", height, pull)
    shrunk = np.linalg.solve(inner, score[..., None])[..., 0]
    fit = fit - 0.5 * np.sum(missed**2, axis=1) + 0.5 * np.sum(score * shrunk, axis=1)
    fit = fit - 0.5 * np.linalg.slogdet(inner)[1]
    pull = pull - np.einsum("nct,nc->nt", solved, deviation * shrunk)
    middle = deviation[..., None] * np.linalg.inv(inner) * deviation[:, None, :]
    left = solved - precision @ middle @ solved
    by_mean = np.einsum("nct,nt->nc", height, pull)
    squares = solved[..., :weeks] @ solved[..., :weeks].transpose(0, 2, 1)
    by_variance = 0.5 * (np.sum(pull[:, :weeks] ** 2, axis=1) - spent + np.einsum("ncd,ncd->n", middle, squares))
    by_deviation = deviation * (by_mean**2 - np.einsum("nct,nct->nc", height, left))
    outer = by_mean[..., None] * pull[:, None, :] - left
    by_height = mean[..., None] * pull[:, None, :] + (deviation**2)[..., None] * outer
    effects = mean + deviation * shrunk
    return _Told(
        fit, by_mean, by_deviation, by_variance, by_height, effects, middle, precision, pull, solved, squares, weeks
    )


def _together(
    given: Pooled, told: list[_Told], reach: list[Array], deviation: Array
) -> tuple[Array, list[_Told], list[Array]]:
    """Add national lift tests to what the geos say: each measures a sum over geos with a normal error.

    Returns:
        The tests' log density, what each geo says with them, and the derivatives by what each test measures of the
        geo's effects (draws x tests).
    """
    if not given.lifts:
        return np.zeros(len(deviation)), told, [np.zeros((len(deviation), 0)) for _one in told]
    pairs = list(zip(told, reach, strict=True))
    expected = np.sum([np.einsum("nkc,nc->nk", measured, one.effects) for one, measured in pairs], axis=0)
    rest = np.array([lift.lift for lift in given.lifts]) - expected
    deviations = [measured @ one.covariance @ measured.transpose(0, 2, 1) for one, measured in pairs]
    spread = np.diag([lift.error**2 for lift in given.lifts]) + np.sum(deviations, axis=0)
    missed = np.linalg.solve(spread, rest[..., None])[..., 0]
    bent = missed[..., None] * missed[:, None, :] - np.linalg.inv(spread)
    fit = -0.5 * (np.einsum("nk,nk->n", rest, missed) + np.linalg.slogdet(spread)[1])
    moved = [_moved(one, measured, missed, bent, deviation) for one, measured in pairs]
    channels = [lift.channel for lift in given.lifts]
    by_reach = [
        missed * one.effects[:, channels] + np.einsum("nkk->nk", (bent @ measured @ one.covariance)[..., channels])
        for one, measured in pairs
    ]
    return fit, moved, by_reach


def _moved(one: _Told, reach: Array, missed: Array, bent: Array, deviation: Array) -> _Told:
    """Add to a geo's derivatives what follows from the mean and covariance of its effects.

    Args:
        one: What the geo says.
        reach: What each test measures of the geo's effects: draws x tests x channels.
        missed: Derivative of the tests' log density by what is expected of them: draws x tests.
        bent: Twice its derivative by their covariance: draws x tests x tests.
        deviation: Standard deviation of the geo's effects around the national ones: draws x channels.
    """
    by_effect = np.einsum("nkc,nk->nc", reach, missed)
    shift = np.einsum("ncd,nd->nc", one.covariance, by_effect)
    across = one.covariance @ reach.transpose(0, 2, 1)
    bend = across @ bent @ across.transpose(0, 2, 1)
    along = np.einsum("nct,nc->nt", one.solved, shift)
    weeks = one.weeks
    by_height = shift[..., None] * one.pull[:, None, :] - one.effects[..., None] * along[:, None, :] - bend @ one.solved
    by_variance = 0.5 * np.einsum("ncd,ncd->n", bend, one.squares) - np.einsum(
        "nt,nt->n", along[:, :weeks], one.pull[:, :weeks]
    )
    by_deviation = 2.0 * shift / deviation * one.by_mean + np.einsum("ncc->nc", bend) / deviation**3
    return replace(
        one,
        by_mean=one.by_mean + by_effect - np.einsum("ncd,nd->nc", one.precision, shift),
        by_deviation=one.by_deviation + by_deviation,
        by_variance=one.by_variance + by_variance,
        by_height=one.by_height + by_height,
    )


def _lifted(part: Collapsed, shape: Shape, weights: Array) -> Array:
    """Return how far each lift test's channel rises, in its standard errors: draws x channels x tests."""
    found = np.zeros((len(shape.sigma), part.channels, len(part.lifts)))
    for place, row in enumerate(part.lifts):
        found[:, row.channel, place] = part.rise(shape, weights[:, row.channel], row) / row.error
    return found


def _pulls(part: Collapsed, by_height: Array, weeks: int) -> list[tuple[LiftRow, Array]]:
    """Return each lift test of the geo with the derivative by its rise."""
    return [(row, by_height[:, row.channel, weeks + test] / row.error) for test, row in enumerate(part.lifts)]


def _by_place(
    part: Collapsed, place: Array, shape: Shape, level: Array, by_week: Array, pulls: list[tuple[LiftRow, Array]]
) -> Array:
    """Return the gradient by the coordinates of adstock and saturation."""
    joint = Joint(part)
    by_weight = joint.by_weight(by_week * part.saturation.slope(level, shape.saturation[..., None]))
    found = joint.by_place(place, shape, by_weight, level, by_week)
    slopes = joint.prior_slopes(place, shape)
    for row, pull in pulls:
        for number, rise in enumerate(joint.rises_of(row, shape)):
            column = number * part.channels + row.channel
            found[:, column] += pull * rise[:, 0] * slopes[:, column]
    return found
