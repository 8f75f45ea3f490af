"""The density of shapes, noise and effects together, with its gradient: what the no-U-turn sampler follows.

Only the base is integrated out here. The effects stand beside the collapsed density's coordinates, each as a standard
normal number, too, so that their prior needs no truncation.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from marketbook.budget.inference.collapsed import Collapsed, LiftRow, Shape
from marketbook.budget.response.adstock import carried
from marketbook.budget.response.priors import HalfNormal, TruncatedNormal

Array = npt.NDArray[np.float64]

_STEP = 1e-5
"""Curves are differenced by their parameters over this share of them, which is exact to about nine digits."""
_EFFECT = HalfNormal(1.0)
LEAST = 1e-12
"""A channel's response over all weeks counts as at least this."""


@dataclass(frozen=True)
class Joint:
    """The collapsed density with the effects put back.

    Attributes:
        collapsed: The density whose coordinates come first; the effects' follow.
    """

    collapsed: Collapsed

    @property
    def dimensions(self) -> int:
        """Count of coordinates."""
        return self.collapsed.dimensions + self.collapsed.channels

    def split(self, points: Array) -> tuple[Array, Array]:
        """Return the collapsed density's coordinates, and effects (draws x channels) as shares of the highest week."""
        place = points[:, : self.collapsed.dimensions]
        return place, self._effects(points, self.collapsed.features(self.collapsed.shape(place)))[0]

    def _effects(self, points: Array, height: Array) -> tuple[Array, Array]:
        given = self.collapsed
        return drawn_effects(points[:, given.dimensions :], height.sum(axis=2), given.beta_sd, given.brought)

    def gradient(self, points: Array) -> tuple[Array, Array]:
        """Return the log density of each point, up to a constant, and its gradient."""
        given = self.collapsed
        place = points[:, : given.dimensions]
        shape = given.shape(place)
        weights = given.adstock.weights(shape.adstock)
        level = carried(given.lags, weights)
        height = given.saturation.response(level, shape.saturation[..., None])
        beta, effect_slope = self._effects(points, height)
        rest = given.revenue - np.einsum("nct,nc->nt", height, beta)
        fit, pull, by_variance = given.fit_of_base(rest, shape.sigma**2)

        by_place = np.zeros((len(points), given.dimensions - 1))
        by_beta = np.einsum("nct,nt->nc", height, pull)
        for row in given.lifts:
            fit = fit + self._lift(row, shape, beta, self.prior_slopes(place, shape), by_place, by_beta)
        by_height = beta[..., None] * pull[:, None, :] - self._given_up(beta, by_beta, height)
        by_weight = self.by_weight(by_height * given.saturation.slope(level, shape.saturation[..., None]))
        by_place += self.by_place(place, shape, by_weight, level, by_height)

        log_noise = 2.0 * shape.sigma**2 * by_variance + 1.0 - (shape.sigma / given.noise_scale) ** 2
        slope = np.concatenate([by_place, log_noise[:, None], by_beta * effect_slope], axis=1)
        normal = np.delete(points, given.dimensions - 1, axis=1)
        slope -= np.insert(normal, given.dimensions - 1, 0.0, axis=1)
        prior = -0.5 * np.sum(normal**2, axis=1) - 0.5 * (shape.sigma / given.noise_scale) ** 2 + np.log(shape.sigma)
        return fit + prior, slope

    def _given_up(self, beta: Array, by_beta: Array, height: Array) -> Array:
        """Return what a higher response takes from the fit where its sum is divided by: its effect is less then."""
        found = np.zeros((*beta.shape, 1))
        for channel, prior in enumerate(self.collapsed.brought):
            if prior:
                whole = np.maximum(height[:, channel].sum(axis=1), LEAST)
                found[:, channel, 0] = by_beta[:, channel] * beta[:, channel] / whole
        return found

    def by_weight(self, by_level: Array) -> Array:
        """Return the gradient by each lag's weight: draws x channels x lags."""
        found: Array = np.matmul(by_level.transpose(1, 0, 2), self.collapsed.lags.transpose(0, 2, 1))
        return found.transpose(1, 0, 2)

    def by_place(self, place: Array, shape: Shape, by_weight: Array, level: Array, by_height: Array) -> Array:
        """Return the gradient by the coordinates of adstock and saturation."""
        given = self.collapsed

        def weights(parameters: Array) -> Array:
            return given.adstock.weights(parameters)

        def heights(parameters: Array) -> Array:
            return given.saturation.response(level, parameters[..., None])

        carry = [np.sum(by_weight * rise, axis=2) for rise in rises(weights, shape.adstock)]
        curve = [np.einsum("nct,nct->nc", by_height, rise) for rise in rises(heights, shape.saturation)]
        return np.concatenate([*carry, *curve], axis=1) * self.prior_slopes(place, shape)

    def prior_slopes(self, place: Array, shape: Shape) -> Array:
        """Return how fast each parameter changes with its coordinate."""
        given = self.collapsed
        priors = (*given.adstock.priors, *given.saturation.priors)
        blocks = np.split(place[:, :-1], len(priors), axis=1)
        values = (*shape.adstock, *shape.saturation)
        slopes = [prior.slope(block, value) for prior, block, value in zip(priors, blocks, values, strict=True)]
        return np.concatenate(slopes, axis=1)

    def _lift(self, row: LiftRow, shape: Shape, beta: Array, slopes: Array, by_place: Array, by_beta: Array) -> Array:
        """Add a lift test to the gradient, and return its log density."""
        given = self.collapsed
        reached = given.rise(shape, given.adstock.weights(shape.adstock)[:, row.channel], row)
        miss = (beta[:, row.channel] * reached - row.lift) / row.error
        by_beta[:, row.channel] -= miss / row.error * reached
        for number, rise in enumerate(self.rises_of(row, shape)):
            column = number * given.channels + row.channel
            pull = miss / row.error * beta[:, row.channel]
            by_place[:, column] -= pull * rise[:, 0] * slopes[:, column]
        found: Array = -0.5 * miss**2
        return found

    def rises_of(self, row: LiftRow, shape: Shape) -> list[Array]:
        """Return the derivative of a lift test's rise by each parameter of its channel: draws x 1 each."""
        given, one = self.collapsed, [row.channel]

        def risen(carry: Array, curve: Array) -> Array:
            alone = Shape(carry, curve, shape.sigma)
            return given.rise(alone, given.adstock.weights(carry)[:, 0], replace(row, channel=0))[:, None]

        carry, curve = shape.adstock[:, :, one], shape.saturation[:, :, one]
        return [*rises(lambda moved: risen(moved, curve), carry), *rises(lambda moved: risen(carry, moved), curve)]


def drawn_effects(
    normal: Array, height: Array, beta_sd: Array, brought: tuple[TruncatedNormal | None, ...]
) -> tuple[Array, Array]:
    """Return effects and how fast they change with their coordinate.

    Args:
        normal: Standard normal numbers: draws x channels.
        height: What each channel's response adds up to: draws x channels.
        beta_sd: Scale of each half-normal effect.
        brought: Prior of what a channel brings, in place of `beta_sd` where it is not None.
    """
    beta, slope = np.empty_like(normal), np.empty_like(normal)
    for channel in range(normal.shape[1]):
        prior = brought[channel] if brought else None
        whole = np.maximum(height[:, channel], LEAST) if prior else 1.0 / beta_sd[channel]
        value = (prior or _EFFECT).value(normal[:, channel])
        beta[:, channel] = value / whole
        slope[:, channel] = (prior or _EFFECT).slope(normal[:, channel], value) / whole
    return beta, slope


def rises(of: Callable[[Array], Array], parameters: Array) -> list[Array]:
    """Return the derivative of a function of parameters (first axis) by each of them."""
    found = []
    for number, parameter in enumerate(parameters):
        step = _STEP * parameter
        ahead, behind = parameters.copy(), parameters.copy()
        ahead[number] += step
        behind[number] -= step
        rise = of(ahead) - of(behind)
        found.append(rise / (2.0 * step).reshape(*step.shape, *[1] * (rise.ndim - step.ndim)))
    return found
