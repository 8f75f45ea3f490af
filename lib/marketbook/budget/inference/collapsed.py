"""The collapsed density: all that enters linearly is integrated out exactly.

Given adstock, saturation and noise, revenue is linear in the base's coefficients and the channels' effects. The base's
are normal and integrate out in closed form. The effects are normal cut off at 0: their draw is conditional on being
positive, and its probability enters the density (GHK: Geweke 1991, Hajivassiliou and Keane). What is left to sample is
two or three numbers for each channel and the noise.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import special

from marketbook.budget.response.adstock import Adstock, carried
from marketbook.budget.response.priors import TruncatedNormal
from marketbook.budget.response.saturation import Saturation

Array = npt.NDArray[np.float64]

_LEAST = 1e-12
"""A channel's response over all weeks counts as at least this."""


@dataclass(frozen=True)
class LiftRow:
    """One lift test in the model's units: the difference of two points of a channel's response curve.

    Attributes:
        channel: Position of the channel.
        before: Level of spend before.
        added: Level of spend added.
        weeks: Length of the test; 0 where the full effect was measured.
        lift: Revenue added a week.
        error: Its standard error.
    """

    channel: int
    before: float
    added: float
    weeks: int
    lift: float
    error: float


@dataclass(frozen=True)
class Shape:
    """Adstock and saturation parameters of many draws, and the noise.

    Attributes:
        adstock: Parameters x draws x channels.
        saturation: Parameters x draws x channels.
        sigma: One for each draw, share of the highest week.
    """

    adstock: Array
    saturation: Array
    sigma: Array


@dataclass(frozen=True)
class Collapsed:
    """The density of adstock, saturation and noise, in coordinates whose prior is standard normal (but log noise).

    Attributes:
        lags: Spend by lag as shares of each channel's highest week: channels x lags x weeks.
        revenue: Share of the highest week, less the base's prior mean.
        base: Weeks x columns, each times its coefficient's prior standard deviation.
        beta_sd: Scale of each channel's half-normal effect.
        noise_scale: Scale of the half-normal noise.
        adstock: How spend carries over.
        saturation: How response flattens.
        lifts: Lift tests.
        brought: Prior of what a channel brings over all weeks, in place of `beta_sd` where it is not None.
    """

    lags: Array
    revenue: Array
    base: Array
    beta_sd: Array
    noise_scale: float
    adstock: Adstock
    saturation: Saturation
    lifts: tuple[LiftRow, ...] = ()
    brought: tuple[TruncatedNormal | None, ...] = ()

    @property
    def channels(self) -> int:
        """Count of channels."""
        return len(self.beta_sd)

    @property
    def spread(self) -> float:
        """Standard deviation of revenue."""
        return float(np.std(self.revenue))

    @property
    def dimensions(self) -> int:
        """Count of coordinates."""
        return self.channels * (len(self.adstock.priors) + len(self.saturation.priors)) + 1

    def shape(self, points: Array) -> Shape:
        """Read parameters from coordinates (draws x dimensions)."""
        priors = (*self.adstock.priors, *self.saturation.priors)
        blocks = points[:, :-1].reshape(len(points), len(priors), self.channels).transpose(1, 0, 2)
        values = np.stack([prior.value(block) for prior, block in zip(priors, blocks, strict=True)])
        count = len(self.adstock.priors)
        return Shape(values[:count], values[count:], np.exp(np.clip(points[:, -1], -12.0, 5.0)))

    def features(self, shape: Shape) -> Array:
        """Return each channel's saturated adstock: draws x channels x weeks."""
        level = carried(self.lags, self.adstock.weights(shape.adstock))
        return self.saturation.response(level, shape.saturation[..., None])

    def log_density(self, points: Array, uniforms: Array) -> Array:
        """Return the log density of each point, up to a constant; effects are drawn along `uniforms`."""
        shape = self.shape(points)
        found = self._system(shape, self.features(shape)).log_density(uniforms)
        return found + log_prior(points, shape.sigma, self.noise_scale)

    def coefficients(self, points: Array, uniforms: Array, normal: Array) -> tuple[Array, Array]:
        """Draw effects (draws x channels) and base coefficients (draws x columns, in prior standard deviations)."""
        shape = self.shape(points)
        features = self.features(shape)
        beta = self._system(shape, features).positive(uniforms)[0]
        return beta, self.base_coefficients(shape, beta, normal)

    def effect_prior(self, height: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation of each effect before it is cut off at 0 (draws x channels).

        Args:
            height: What each channel's response adds up to: draws x channels.
        """
        mean = np.zeros(height.shape)
        spread = np.broadcast_to(self.beta_sd, mean.shape).copy()
        for channel, prior in enumerate(self.brought):
            if prior:
                whole = np.maximum(height[:, channel], _LEAST)
                mean[:, channel], spread[:, channel] = prior.mean / whole, prior.spread / whole
        return mean, spread

    def base_coefficients(self, shape: Shape, beta: Array, normal: Array) -> Array:
        """Draw base coefficients (draws x columns, in prior standard deviations) that go with effects."""
        rest = self.revenue - np.einsum("nct,nc->nt", self.features(shape), beta)
        variance = (shape.sigma**2)[:, None]
        precision = self._spectrum / variance + 1.0
        mean = (rest @ self._rotated) / variance / precision
        found: Array = (mean + normal / np.sqrt(precision)) @ self._rotation.T
        return found

    def fit_of_base(self, rest: Array, variance: Array) -> tuple[Array, Array, Array]:
        """Return the log density of what the channels leave (draws x weeks), and how it changes.

        Returns:
            The log density with the base integrated out, the pull on what the channels bring (its negative gradient by
            `rest`), and its derivative by the noise's variance.
        """
        inverse = 1.0 / (variance[:, None] + self._spectrum)
        pull = (rest - ((rest @ self._rotated) * inverse) @ self._rotated.T) / variance[:, None]
        weeks, columns = self.base.shape
        determinant = (weeks - columns) * np.log(variance) - np.log(inverse).sum(axis=1)
        fit = -0.5 * (np.einsum("nt,nt->n", rest, pull) + determinant)
        spent = (weeks - columns) / variance + inverse.sum(axis=1)
        return fit, pull, 0.5 * (np.einsum("nt,nt->n", pull, pull) - spent)

    def solved(self, features: Array, variance: Array) -> Array:
        """Return features divided by the covariance that noise and base leave: draws x channels x weeks."""
        inverse = 1.0 / (variance[:, None] + self._spectrum)
        cross = (features @ self._rotated) * inverse[:, None, :]
        found: Array = (features - cross @ self._rotated.T) / variance[:, None, None]
        return found

    @cached_property
    def _eigen(self) -> tuple[Array, Array]:
        values, vectors = np.linalg.eigh(self.base.T @ self.base)
        return np.maximum(values, 0.0), vectors

    @property
    def _spectrum(self) -> Array:
        return self._eigen[0]

    @property
    def _rotation(self) -> Array:
        return self._eigen[1]

    @cached_property
    def _rotated(self) -> Array:
        found: Array = self.base @ self._rotation
        return found

    def _system(self, shape: Shape, features: Array) -> "System":
        return System.of(*self.evidence(shape, features), *self.effect_prior(features.sum(axis=2)))

    def evidence(self, shape: Shape, features: Array) -> tuple[Array, Array, Array]:
        """Integrate the base out: what data and lift tests say of the effects, as if nothing were believed of them.

        Returns:
            Precision (draws x channels x channels), precision times mean, and the rest of the log density.
        """
        variance = shape.sigma**2
        inverse = 1.0 / (variance[:, None] + self._spectrum)
        cross = features @ self._rotated
        known = self.revenue @ self._rotated
        precision = features @ features.transpose(0, 2, 1) - (cross * inverse[:, None, :]) @ cross.transpose(0, 2, 1)
        linear = features @ self.revenue - np.einsum("nck,nk->nc", cross, inverse * known)
        square = self.revenue @ self.revenue - inverse @ known**2
        precision, linear = precision / variance[:, None, None], linear / variance[:, None]
        lift = self._add_lifts(shape, precision, linear)
        weeks, columns = self.base.shape
        determinant = (weeks - columns) * np.log(variance) - np.log(inverse).sum(axis=1)
        return precision, linear, -0.5 * (square / variance + determinant) + lift

    def _add_lifts(self, shape: Shape, precision: Array, linear: Array) -> Array:
        constant = np.zeros(len(shape.sigma))
        weights = self.adstock.weights(shape.adstock)
        for row in self.lifts:
            rise = self.rise(shape, weights[:, row.channel], row)
            precision[:, row.channel, row.channel] += (rise / row.error) ** 2
            linear[:, row.channel] += rise * row.lift / row.error**2
            constant -= 0.5 * (row.lift / row.error) ** 2
        return constant

    def rise(self, shape: Shape, weights: Array, row: LiftRow) -> Array:
        """Return how far a lift test's channel rises in each draw, by its weights of lags."""
        return rise(self.saturation, weights, shape.saturation[:, :, row.channel], row)


def log_prior(points: Array, sigma: Array, noise_scale: float) -> Array:
    """Return the log density of coordinates, the last of which is the logarithm of the half-normal noise.

    What it leaves out does not depend on how many coordinates there are, so that forms can be compared.
    """
    normal = -0.5 * np.sum(points[:, :-1] ** 2 + np.log(2.0 * np.pi), axis=1)
    found: Array = normal - 0.5 * (sigma / noise_scale) ** 2 + np.log(sigma)
    return found


def rise(saturation: Saturation, weights: Array, curve: Array, row: LiftRow) -> Array:
    """Return how far the response curve rises from the spend before to that of the test, mean of its weeks.

    Args:
        saturation: How response flattens.
        weights: Of the channel: draws x lags.
        curve: Of the channel: parameters x draws.
        row: The lift test.
    """
    reached = np.cumsum(weights, axis=1)
    weeks = np.minimum(np.arange(row.weeks), weights.shape[1] - 1)
    reached = reached[:, weeks] if row.weeks else np.ones((len(weights), 1))
    after = saturation.response(row.before + row.added * reached, curve[..., None]).mean(axis=1)
    found: Array = after - saturation.response(np.full_like(after, row.before), curve)
    return found


@dataclass(frozen=True)
class System:
    """Normal density of the effects, not cut off yet: precision = root root', mean solves root' mean = target.

    Attributes:
        root: Draws x channels x channels.
        target: Draws x channels.
        constant: The rest of the log density.
    """

    root: Array
    target: Array
    constant: Array

    @classmethod
    def of(cls, precision: Array, linear: Array, constant: Array, mean: Array, spread: Array) -> "System":
        """Join evidence and the effects' prior, whose `mean` and `spread` are draws x channels."""
        diagonal = np.arange(mean.shape[1])
        precision = precision.copy()
        precision[:, diagonal, diagonal] += 1.0 / spread**2
        root: Array = np.asarray(np.linalg.cholesky(precision), dtype=np.float64)
        believed = 0.5 * ((mean / spread) ** 2).sum(axis=1) + np.log(spread).sum(axis=1)
        determinant = np.log(np.einsum("ncc->nc", root)).sum(axis=1)
        return cls(root, _forward(root, linear + mean / spread**2), constant - believed - determinant)

    def log_density(self, uniforms: Array) -> Array:
        """Return the log density with the positive effects integrated out along `uniforms`."""
        found: Array = self.constant + 0.5 * np.sum(self.target**2, axis=1) + self.positive(uniforms)[1]
        return found

    def positive(self, uniforms: Array) -> tuple[Array, Array]:
        """Draw positive effects one after the other; return them with the log probability of being positive."""
        beta = np.zeros_like(self.target)
        chance = np.zeros(len(beta))
        for c in reversed(range(beta.shape[1])):
            root = self.root[:, :, c]
            others = np.einsum("nj,nj->n", root[:, c + 1 :], beta[:, c + 1 :])
            least = others - self.target[:, c]
            log_positive = special.log_ndtr(-least)
            normal = -special.ndtri_exp(np.log(uniforms[:, c]) + log_positive)
            beta[:, c] = np.maximum((normal - least) / root[:, c], 0.0)
            chance += log_positive
        return beta, chance


def _forward(root: Array, right: Array) -> Array:
    found = np.zeros_like(right)
    for i in range(right.shape[1]):
        done = np.einsum("nj,nj->n", root[:, i, :i], found[:, :i])
        found[:, i] = (right[:, i] - done) / root[:, i, i]
    return found
