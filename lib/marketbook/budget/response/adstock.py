"""Adstock: how the effect of one week's spend is carried into later weeks.

Weights are normalised: they add up to 1, so a constant spend has an adstock equal to itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from marketbook.budget.response.priors import Beta, Gamma, LogNormal, Prior
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]


_CARRY = Beta(2.0, 2.0)
_DELAY = Gamma(1.5, 1.0)
_SCALE = LogNormal(2.0, 0.6)
_SHAPE = LogNormal(1.0, 0.5)
_PEAKED = LogNormal(1.5, 0.4)
_HUGE = 690.0


class Adstock(Protocol):
    """A way of carrying spend over; anything with these names can take the place of `Geometric`."""

    @property
    def l_max(self) -> int:
        """Weeks that one week's spend works in, its own included."""
        ...

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Prior of each parameter of a channel, in the order that `weights` takes them."""
        ...

    def weights(self, parameters: Array) -> Array:
        """Return the weight of each lag (last axis, adding up to 1) from parameters (first axis)."""
        ...


@dataclass(frozen=True)
class Geometric:
    """Geometric adstock: each week keeps the share alpha of the week before.

    Attributes:
        l_max: Weeks that one week's spend works in, its own included; at least 1.
        prior: Prior of alpha, the share carried into the next week.

    References:
        Jin, Wang, Sun, Chan and Koehler (2017), Bayesian methods for media mix modeling with carryover and shape
        effects, eq. 1.
    """

    l_max: int = 8
    prior: Prior = _CARRY

    def __post_init__(self) -> None:
        _check_length(self.l_max)

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of alpha."""
        return (self.prior,)

    def weights(self, parameters: Array) -> Array:
        """Return weights of lags 0 to l_max - 1 on a new last axis; `parameters[0]` is alpha."""
        return geometric_weights(parameters[0], self.l_max)


@dataclass(frozen=True)
class Delayed:
    """Delayed adstock: the effect is highest some weeks after the spend, and falls off on both sides.

    Attributes:
        l_max: Weeks that one week's spend works in, its own included; at least 1.
        carry: Prior of alpha, 0 to 1: how slowly the effect falls off around its peak.
        delay: Prior of theta, 0 or more: weeks from the spend to the peak.

    References:
        Jin et al. (2017), eq. 2.
    """

    l_max: int = 8
    carry: Prior = _CARRY
    delay: Prior = _DELAY

    def __post_init__(self) -> None:
        _check_length(self.l_max)

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The priors of alpha and theta."""
        return (self.carry, self.delay)

    def weights(self, parameters: Array) -> Array:
        """Return weights of lags 0 to l_max - 1 on a new last axis; parameters are alpha and theta."""
        return delayed_weights(parameters[0], parameters[1], self.l_max)


@dataclass(frozen=True)
class WeibullCdf:
    """Weibull adstock by the distribution function: the share that is lost changes from week to week.

    Attributes:
        l_max: Weeks that one week's spend works in, its own included; at least 1.
        scale: Prior of the scale in weeks, above 0: the larger, the longer the effect lasts.
        shape: Prior of the shape, above 0: below 1 most is lost at once, above 1 little at first.

    References:
        Robyn, "Analyst's guide to MMM", Weibull CDF adstock; PyMC-Marketing, `WeibullCDFAdstock`.
    """

    l_max: int = 8
    scale: Prior = _SCALE
    shape: Prior = _SHAPE

    def __post_init__(self) -> None:
        _check_length(self.l_max)

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The priors of scale and shape."""
        return (self.scale, self.shape)

    def weights(self, parameters: Array) -> Array:
        """Return weights of lags 0 to l_max - 1 on a new last axis; parameters are scale and shape."""
        return weibull_cdf_weights(parameters[0], parameters[1], self.l_max)


@dataclass(frozen=True)
class WeibullPdf:
    """Weibull adstock by the density: the effect may peak later, and need not fall off evenly around its peak.

    Attributes:
        l_max: Weeks that one week's spend works in, its own included; at least 1.
        scale: Prior of the scale in weeks, above 0: the larger, the later and longer the effect.
        shape: Prior of the shape, above 0: up to 1 the effect is highest at once, above 1 later.

    References:
        Robyn, "Analyst's guide to MMM", Weibull PDF adstock; PyMC-Marketing, `WeibullPDFAdstock`.
    """

    l_max: int = 8
    scale: Prior = _SCALE
    shape: Prior = _PEAKED

    def __post_init__(self) -> None:
        _check_length(self.l_max)

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The priors of scale and shape."""
        return (self.scale, self.shape)

    def weights(self, parameters: Array) -> Array:
        """Return weights of lags 0 to l_max - 1 on a new last axis; parameters are scale and shape."""
        return weibull_pdf_weights(parameters[0], parameters[1], self.l_max)


FORMS: dict[str, Callable[[int], Adstock]] = {
    "geometric": Geometric,
    "delayed": Delayed,
    "weibull_cdf": WeibullCdf,
    "weibull_pdf": WeibullPdf,
}
"""Forms of adstock by name; each takes the count of weeks."""


def _check_length(l_max: int) -> None:
    if l_max < 1:
        raise ParamsError(_("l_max: found {found}; must be >= 1 (week).").format(found=l_max))


def geometric_weights(alpha: npt.ArrayLike, l_max: int) -> Array:
    """Return the weights of lags 0 to l_max - 1, adding up to 1.

    Args:
        alpha: Share carried into the next week, 0 to 1 (1 excluded), of any shape.
        l_max: Count of lags.

    Returns:
        Weights on a new last axis.

    Example:
        >>> geometric_weights(0.5, 3).round(4).tolist()
        [0.5714, 0.2857, 0.1429]
    """
    powers: Array = np.asarray(alpha, dtype=float)[..., None] ** np.arange(l_max)
    return _scaled(powers)


def delayed_weights(alpha: npt.ArrayLike, theta: npt.ArrayLike, l_max: int) -> Array:
    """Return alpha^((lag - theta)^2) for lags 0 to l_max - 1, scaled to add up to 1.

    Args:
        alpha: How slowly the effect falls off around its peak, 0 to 1 (1 excluded), of any shape.
        theta: Weeks from the spend to the peak, 0 or more.
        l_max: Count of lags.

    Returns:
        Weights on a new last axis.

    References:
        Jin et al. (2017), eq. 2.

    Example:
        >>> delayed_weights(0.5, 1.0, 3).round(4).tolist()
        [0.25, 0.5, 0.25]
    """
    distance = (np.arange(l_max) - np.asarray(theta, dtype=float)[..., None]) ** 2
    distance = distance - distance.min(axis=-1, keepdims=True)
    return _scaled(np.exp(distance * np.log(np.maximum(alpha, 1e-300))[..., None]))


def weibull_cdf_weights(scale: npt.ArrayLike, shape: npt.ArrayLike, l_max: int) -> Array:
    """Return what is left at each lag when week t loses the share F(t) of a Weibull distribution, adding up to 1.

    Args:
        scale: In weeks, above 0, of any shape.
        shape: Above 0; 1 makes the share lost grow as that of an exponential distribution.
        l_max: Count of lags.

    Returns:
        Weights on a new last axis.

    References:
        Robyn, `adstock_weibull(type = "CDF")`; PyMC-Marketing, `weibull_adstock`.

    Example:
        >>> weibull_cdf_weights(1.0, 1.0, 3).round(4).tolist()
        [0.7054, 0.2595, 0.0351]
    """
    lost = _hazard(scale, shape, l_max - 1)
    kept = np.exp(-np.cumsum(lost, axis=-1))
    return _scaled(np.concatenate([np.ones((*kept.shape[:-1], 1)), kept], axis=-1))


def weibull_pdf_weights(scale: npt.ArrayLike, shape: npt.ArrayLike, l_max: int) -> Array:
    """Return the density of a Weibull distribution at 1 to l_max, less its lowest value, adding up to 1.

    Args:
        scale: In weeks, above 0, of any shape.
        shape: Above 0; above 1 the effect peaks later.
        l_max: Count of lags; where it is 1 the weight is 1.

    Returns:
        Weights on a new last axis.

    References:
        Robyn, `adstock_weibull(type = "PDF")`; PyMC-Marketing, `weibull_adstock`.

    Example:
        >>> weibull_pdf_weights(2.0, 2.0, 3).round(4).tolist()
        [0.5244, 0.4756, 0.0]
    """
    hazard = _hazard(scale, shape, l_max)
    density = (np.asarray(shape, dtype=float)[..., None] - 1.0) * np.log(np.arange(1, l_max + 1)) - hazard
    density = np.exp(density - density.max(axis=-1, keepdims=True))
    return _scaled(density - density.min(axis=-1, keepdims=True) if l_max > 1 else density)


def _hazard(scale: npt.ArrayLike, shape: npt.ArrayLike, count: int) -> Array:
    """Return (t / scale)^shape for t = 1 to count; what would overflow is as good as gone."""
    weeks = np.log(np.arange(1, count + 1)) - np.log(np.asarray(scale, dtype=float))[..., None]
    found: Array = np.exp(np.minimum(np.asarray(shape, dtype=float)[..., None] * weeks, _HUGE))
    return found


def _scaled(weights: Array) -> Array:
    found: Array = weights / weights.sum(axis=-1, keepdims=True)
    return found


def lagged(spend: npt.ArrayLike, l_max: int, carry_in: npt.ArrayLike | None = None) -> Array:
    """Lay spend out by lag, so that adstock is a product with the weights.

    Args:
        spend: Weeks in rows, channels in columns.
        l_max: Count of lags.
        carry_in: Spend of the weeks before the first, oldest first; weeks further back count as zero.

    Returns:
        Channels x lags x weeks.
    """
    spend = np.asarray(spend, dtype=float)
    before = np.zeros((0, spend.shape[1])) if carry_in is None else np.asarray(carry_in, dtype=float)
    before = before[max(len(before) - l_max + 1, 0) :]
    padded = np.vstack([np.zeros((l_max - 1 - len(before), spend.shape[1])), before, spend])
    windows: Array = np.lib.stride_tricks.sliding_window_view(padded, l_max, axis=0)
    return np.ascontiguousarray(windows[:, :, ::-1].transpose(1, 2, 0))


def carried(lags: Array, weights: Array) -> Array:
    """Return adstock from spend by lag and weights.

    Args:
        lags: Channels x lags x weeks, from `lagged`.
        weights: Draws x channels x lags.

    Returns:
        Draws x channels x weeks.
    """
    found: Array = np.matmul(weights.transpose(1, 0, 2), lags)
    return found.transpose(1, 0, 2)


def geometric_adstock(
    spend: npt.ArrayLike, alpha: float, l_max: int = 8, carry_in: npt.ArrayLike | None = None
) -> Array:
    """Carry one channel's spend over geometrically.

    Args:
        spend: One amount a week.
        alpha: Share carried into the next week, 0 to 1 (1 excluded).
        l_max: Weeks that one week's spend works in, its own included.
        carry_in: Spend of the weeks before the first, oldest first.

    Returns:
        One amount a week, in the unit of spend.

    References:
        Jin et al. (2017), eq. 1.

    Example:
        >>> geometric_adstock([100, 0, 0], 0.5, l_max=2).round(2).tolist()
        [66.67, 33.33, 0.0]
    """
    before = None if carry_in is None else np.asarray(carry_in, dtype=float)[:, None]
    lags = lagged(np.asarray(spend, dtype=float)[:, None], l_max, before)
    found: Array = carried(lags, geometric_weights([[alpha]], l_max))[0, 0]
    return found
