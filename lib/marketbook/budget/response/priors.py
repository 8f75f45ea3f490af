"""Priors: what is believed before the data, in shapes that turn a standard normal number into a parameter.

The sampler works in standard normal numbers: there a parameter that the data say nothing about keeps a normal density,
which a normal or t proposal covers well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]

_REACH = 7.5
"""Standard normal numbers further out are treated as this: their probability is below 1e-13."""

_LEAST = 1e-300

_WIDEST = 50
"""A positive normal number's 95 % end is at most about 58 times its 5 % end."""


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
class TruncatedNormal:
    """A positive number: normal, but for what would be negative."""

    mean: float
    spread: float

    @classmethod
    def between(cls, low: float, high: float) -> "TruncatedNormal":
        """Return the distribution with 5 % below `low` and 5 % above `high`; a `low` of 0 leaves only the high end.

        Raises:
            ParamsError: The ends are out of order, or further apart than a positive normal number can be.

        Example:
            >>> prior = TruncatedNormal.between(1.0, 4.0)
            >>> prior.value(special.ndtri(np.array([0.05, 0.95]))).round(6).tolist()
            [1.0, 4.0]
        """
        if not 0 <= low < high or (low > 0 and high > _WIDEST * low):
            raise ParamsError(
                _(
                    "Range {low} to {high}: the low end must be >= 0, the high end above it by at most {most} times."
                ).format(low=low, high=high, most=_WIDEST)
            )
        if low == 0:
            return cls(0.0, high / float(-special.ndtri(0.025)))
        place = float(optimize.brentq(lambda t: _tail(t, 0.05) * low - _tail(t, 0.95) * high, -20.0, 1e4))
        spread = high / _tail(place, 0.05)
        return cls(place * spread, spread)

    def value(self, normal: Array) -> Array:
        """Return the quantile at the normal number's probability."""
        below = special.log_ndtr(-_near(normal)) + special.log_ndtr(self.mean / self.spread)
        found: Array = np.maximum(self.mean - self.spread * special.ndtri_exp(below), 0.0)
        return found

    def slope(self, normal: Array, value: Array) -> Array:
        """Return the normal density over the number's."""
        log_density = -0.5 * ((value - self.mean) / self.spread) ** 2 - np.log(self.spread) - 0.5 * np.log(2.0 * np.pi)
        return _slope(normal, log_density - special.log_ndtr(self.mean / self.spread))


@dataclass(frozen=True)
class Priors:
    """Priors of what enters linearly; revenue is measured as a share of its highest week.

    Attributes:
        media_share: Share of revenue that all channels together are expected to bring; each channel's part follows its
            share of spend. The prior of an effect is half-normal, so twice or none of it is still likely.
        roas: What a unit of currency in a channel brought over the history, as its 5 and 95 % ends by channel. It takes
            the place of `media_share` for the channels that it names, and holds whatever adstock and saturation are.
        revenue_scale: Amount that revenue is measured in; None: its highest week.
        beta_sd: Scale of each channel's half-normal effect; given, it takes the place of `media_share`.
        intercept: Mean and standard deviation of the intercept.
        trend_sd: Standard deviation of the change from the first week to the last.
        fourier_sd: Standard deviation of each yearly sine and cosine.
        event_sd: Standard deviation of an event's effect.
        control_sd: Standard deviation of a control's effect for one unit of it.
        noise_scale: Scale of the half-normal noise.
    """

    media_share: float = 0.3
    roas: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    revenue_scale: float | None = None
    beta_sd: tuple[float, ...] | None = None
    intercept: tuple[float, float] = (0.5, 0.3)
    trend_sd: float = 0.3
    fourier_sd: float = 0.2
    event_sd: float = 0.5
    control_sd: float = 1.0
    noise_scale: float = 0.3


def _tail(place: float, above: float) -> float:
    """Return the number with this probability above it, where the standard deviation is 1 and the mean `place`."""
    return float(place - special.ndtri_exp(np.log(above) + special.log_ndtr(place)))


def _near(normal: Array) -> Array:
    found: Array = np.clip(normal, -_REACH, _REACH)
    return found


def _slope(normal: Array, log_density: Array) -> Array:
    log_normal = -0.5 * normal**2 - 0.5 * np.log(2.0 * np.pi)
    return np.where(np.abs(normal) < _REACH, np.exp(np.minimum(log_normal - log_density, 300.0)), 0.0)
