"""Priors: what is believed before the data, in shapes that turn a standard normal number into a parameter.

The sampler works in standard normal numbers: there a parameter that the data say nothing about keeps a normal density,
which a normal or t proposal covers well.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[np.float64]

_REACH = 7.5
"""Standard normal numbers further out are treated as this: their probability is below 1e-13."""

_LEAST = 1e-300


class Prior(Protocol):
    """The prior of one parameter."""

    def value(self, normal: Array) -> Array:
        """Return the parameter that a standard normal number stands for."""
        ...

    def slope(self, normal: Array, value: Array) -> Array:
        """Return how fast the parameter changes with the normal number, where `value` is what it stands for."""
        ...


@dataclass(frozen=True)
class Beta:
    """A share between 0 and 1."""

    a: float
    b: float

    def value(self, normal: Array) -> Array:
        """Return the quantile at the normal number's probability."""
        if self.a == 1.0:
            closed: Array = -np.expm1(special.log_ndtr(-_near(normal)) / self.b)
            return closed
        found: Array = special.betaincinv(self.a, self.b, special.ndtr(_near(normal)))
        return found

    def slope(self, normal: Array, value: Array) -> Array:
        """Return the normal density over the share's."""
        value = np.clip(value, _LEAST, 1.0 - 1e-16)
        log_density = (self.a - 1.0) * np.log(value) + (self.b - 1.0) * np.log1p(-value)
        return _slope(normal, log_density - special.betaln(self.a, self.b))


@dataclass(frozen=True)
class Gamma:
    """A positive number."""

    shape: float
    rate: float

    def value(self, normal: Array) -> Array:
        """Return the quantile at the normal number's probability."""
        near = _near(normal)
        lower = special.gammaincinv(self.shape, special.ndtr(np.minimum(near, 0.0)))
        upper = special.gammainccinv(self.shape, special.ndtr(-np.maximum(near, 0.0)))
        found: Array = np.where(near < 0, lower, upper) / self.rate
        return found

    def slope(self, normal: Array, value: Array) -> Array:
        """Return the normal density over the number's."""
        log_density = (self.shape - 1.0) * np.log(np.maximum(value, _LEAST)) - self.rate * value
        return _slope(normal, log_density + self.shape * np.log(self.rate) - special.gammaln(self.shape))


@dataclass(frozen=True)
class LogNormal:
    """A positive number whose logarithm is normal."""

    median: float
    spread: float

    def value(self, normal: Array) -> Array:
        """Return the median times e to the spread times the normal number."""
        return self.median * np.exp(self.spread * _near(normal))

    def slope(self, normal: Array, value: Array) -> Array:
        """Return the value times the spread."""
        found: Array = np.where(np.abs(normal) < _REACH, self.spread * value, 0.0)
        return found


@dataclass(frozen=True)
class HalfNormal:
    """A positive number, the likelier the smaller."""

    scale: float

    def value(self, normal: Array) -> Array:
        """Return the quantile at the normal number's probability."""
        near = _near(normal)
        lower = special.ndtri(0.5 + 0.5 * special.ndtr(np.minimum(near, 0.0)))
        upper = -special.ndtri(0.5 * special.ndtr(-np.maximum(near, 0.0)))
        found: Array = self.scale * np.where(near < 0, lower, upper)
        return found

    def slope(self, normal: Array, value: Array) -> Array:
        """Return the normal density over the number's."""
        log_density = 0.5 * np.log(2.0 / np.pi) - np.log(self.scale) - 0.5 * (value / self.scale) ** 2
        return _slope(normal, log_density)


@dataclass(frozen=True)
class Priors:
    """Priors of what enters linearly; revenue is measured as a share of its highest week.

    Attributes:
        media_share: Share of revenue that all channels together are expected to bring; each channel's part follows its
            share of spend. The prior of an effect is half-normal, so twice or none of it is still likely.
        beta_sd: Scale of each channel's half-normal effect; given, it takes the place of `media_share`.
        intercept: Mean and standard deviation of the intercept.
        trend_sd: Standard deviation of the change from the first week to the last.
        fourier_sd: Standard deviation of each yearly sine and cosine.
        event_sd: Standard deviation of an event's effect.
        control_sd: Standard deviation of a control's effect for one unit of it.
        noise_scale: Scale of the half-normal noise.
    """

    media_share: float = 0.3
    beta_sd: tuple[float, ...] | None = None
    intercept: tuple[float, float] = (0.5, 0.3)
    trend_sd: float = 0.3
    fourier_sd: float = 0.2
    event_sd: float = 0.5
    control_sd: float = 1.0
    noise_scale: float = 1.0


def _near(normal: Array) -> Array:
    found: Array = np.clip(normal, -_REACH, _REACH)
    return found


def _slope(normal: Array, log_density: Array) -> Array:
    log_normal = -0.5 * normal**2 - 0.5 * np.log(2.0 * np.pi)
    return np.where(np.abs(normal) < _REACH, np.exp(np.minimum(log_normal - log_density, 300.0)), 0.0)
