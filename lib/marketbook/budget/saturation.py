"""Saturation: how the response flattens as spend grows. Levels are shares of a channel's highest week."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from marketbook.budget.priors import Gamma, LogNormal, Prior

Array = npt.NDArray[np.float64]


_LAM = Gamma(2.0, 0.5)
_HALF = LogNormal(0.5, 0.7)
_EXPONENT = LogNormal(1.0, 0.3)


class Saturation(Protocol):
    """A curve that starts at 0, rises and ends at 1; anything with these names can be used in the model."""

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
        level = np.maximum(level, 1e-9)
        height = hill(level, half, exponent)
        found: Array = exponent / level * height * (1.0 - height)
        return found


FORMS: dict[str, type[Logistic] | type[Hill]] = {"logistic": Logistic, "hill": Hill}
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
