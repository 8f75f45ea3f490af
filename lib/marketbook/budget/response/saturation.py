"""Saturation: how the response flattens as spend grows. Levels are shares of a channel's highest week."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from marketbook.budget.response.priors import Beta, Gamma, LogNormal, Prior

Array = npt.NDArray[np.float64]


_LAM = Gamma(2.0, 0.5)
_HALF = LogNormal(0.5, 0.7)
_EXPONENT = LogNormal(1.0, 0.3)
_REACH = LogNormal(0.6, 0.7)
_ROOT = Beta(2.0, 2.0)
_NEAR_ZERO = 1e-9


class Saturation(Protocol):
    """A curve that starts at 0 and rises; anything with these names can be used in the model.

    Attributes:
        bounded: Whether the curve ends at 1; where it has no end, 1 is its height at the channel's highest week.
    """

    bounded: ClassVar[bool]

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Prior of each parameter of a channel, in the order that the curve takes them."""
        ...

    def response(self, level: Array, parameters: Array) -> Array:
        """Return the height of the curve at a level; parameters stand on the first axis."""
        ...

    def slope(self, level: Array, parameters: Array) -> Array:
        """Return the derivative of the response by the level."""
        ...


@dataclass(frozen=True)
class Logistic:
    """Logistic saturation, concave everywhere; lam is how early it flattens."""

    bounded: ClassVar[bool] = True

    lam: Prior = _LAM

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of lam."""
        return (self.lam,)

    def response(self, level: Array, parameters: Array) -> Array:
        """Return the height of the curve; `parameters[0]` is lam."""
        return logistic(level, parameters[0])

    def slope(self, level: Array, parameters: Array) -> Array:
        """Return lam / 2 times (1 - response squared)."""
        lam = parameters[0]
        found: Array = 0.5 * lam * (1.0 - logistic(level, lam) ** 2)
        return found


@dataclass(frozen=True)
class Hill:
    """Hill saturation; S-shaped where the exponent is above 1.

    Attributes:
        half: Prior of the level at which half of the effect is reached.
        exponent: Prior of the exponent.
    """

    bounded: ClassVar[bool] = True

    half: Prior = _HALF
    exponent: Prior = _EXPONENT

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The priors of half and exponent."""
        return (self.half, self.exponent)

    def response(self, level: Array, parameters: Array) -> Array:
        """Return the height of the curve; parameters are half and exponent."""
        return hill(level, parameters[0], parameters[1])

    def slope(self, level: Array, parameters: Array) -> Array:
        """Return the derivative; at level 0 that of the smallest level that can be told from it."""
        half, exponent = parameters[0], parameters[1]
        level = np.maximum(level, _NEAR_ZERO)
        height = hill(level, half, exponent)
        found: Array = exponent / level * height * (1.0 - height)
        return found


@dataclass(frozen=True)
class Tanh:
    """Hyperbolic tangent; the logistic curve by another parameter, so only what is believed before the data differs.

    Attributes:
        reach: Prior of the level, above 0, at which 76 % of the effect is reached.
    """

    bounded: ClassVar[bool] = True

    reach: Prior = _REACH

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of reach."""
        return (self.reach,)

    def response(self, level: Array, parameters: Array) -> Array:
        """Return the height of the curve; `parameters[0]` is reach."""
        return tanh(level, parameters[0])

    def slope(self, level: Array, parameters: Array) -> Array:
        """Return (1 - response squared) / reach."""
        reach = parameters[0]
        found: Array = (1.0 - tanh(level, reach) ** 2) / reach
        return found


@dataclass(frozen=True)
class MichaelisMenten:
    """Michaelis-Menten saturation, concave everywhere; flattens later than the logistic curve, and more slowly.

    Attributes:
        half: Prior of the level, above 0, at which half of the effect is reached.
    """

    bounded: ClassVar[bool] = True

    half: Prior = _HALF

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of half."""
        return (self.half,)

    def response(self, level: Array, parameters: Array) -> Array:
        """Return the height of the curve; `parameters[0]` is half."""
        return michaelis_menten(level, parameters[0])

    def slope(self, level: Array, parameters: Array) -> Array:
        """Return half / (half + level)^2."""
        found: Array = parameters[0] / (parameters[0] + level) ** 2
        return found


@dataclass(frozen=True)
class Root:
    """Power of the level; flattens, but never ends.

    Attributes:
        exponent: Prior of the exponent, 0 to 1.
    """

    bounded: ClassVar[bool] = False

    exponent: Prior = _ROOT

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of the exponent."""
        return (self.exponent,)

    def response(self, level: Array, parameters: Array) -> Array:
        """Return the height of the curve; `parameters[0]` is the exponent."""
        return root(level, parameters[0])

    def slope(self, level: Array, parameters: Array) -> Array:
        """Return the derivative; at level 0, where it has none, that of the smallest level that can be told from it."""
        level = np.maximum(level, _NEAR_ZERO)
        found: Array = parameters[0] * root(level, parameters[0] - 1.0)
        return found


FORMS: dict[str, Callable[[], Saturation]] = {
    "logistic": Logistic,
    "hill": Hill,
    "tanh": Tanh,
    "michaelis_menten": MichaelisMenten,
    "root": Root,
}
"""Forms of saturation by name."""


def logistic(level: npt.ArrayLike, lam: npt.ArrayLike) -> Array:
    """Return (1 - exp(-lam level)) / (1 + exp(-lam level)).

    References:
        PyMC-Marketing, `LogisticSaturation`; the same as tanh(lam level / 2).

    Example:
        >>> round(float(logistic(0.5, 4.0)), 4)
        0.7616
    """
    found: Array = np.tanh(0.5 * np.asarray(lam, dtype=float) * np.asarray(level, dtype=float))
    return found


def hill(level: npt.ArrayLike, half: npt.ArrayLike, exponent: npt.ArrayLike) -> Array:
    """Return level^exponent / (half^exponent + level^exponent).

    References:
        Jin et al. (2017), eq. 3.

    Example:
        >>> float(hill(0.5, 0.5, 2.0)), float(hill(0.0, 0.5, 2.0))
        (0.5, 0.0)
    """
    ratio = (np.asarray(level, dtype=float) / np.asarray(half, dtype=float)) ** np.asarray(exponent, dtype=float)
    found: Array = ratio / (1.0 + ratio)
    return found


def tanh(level: npt.ArrayLike, reach: npt.ArrayLike) -> Array:
    """Return the hyperbolic tangent of level / reach.

    References:
        PyMC-Marketing, `TanhSaturation`, whose b is our effect and whose b times c is our reach.

    Example:
        >>> round(float(tanh(0.4, 0.4)), 4)
        0.7616
    """
    found: Array = np.tanh(np.asarray(level, dtype=float) / np.asarray(reach, dtype=float))
    return found


def michaelis_menten(level: npt.ArrayLike, half: npt.ArrayLike) -> Array:
    """Return level / (half + level).

    References:
        Michaelis and Menten (1913); PyMC-Marketing, `MichaelisMentenSaturation`.

    Example:
        >>> float(michaelis_menten(0.4, 0.4)), float(michaelis_menten(0.0, 0.4))
        (0.5, 0.0)
    """
    level = np.asarray(level, dtype=float)
    found: Array = level / (np.asarray(half, dtype=float) + level)
    return found


def root(level: npt.ArrayLike, exponent: npt.ArrayLike) -> Array:
    """Return level^exponent.

    References:
        PyMC-Marketing, `RootSaturation`.

    Example:
        >>> float(root(0.25, 0.5)), float(root(1.0, 0.5))
        (0.5, 1.0)
    """
    found: Array = np.asarray(level, dtype=float) ** np.asarray(exponent, dtype=float)
    return found
