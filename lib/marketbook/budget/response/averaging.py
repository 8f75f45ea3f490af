"""Averaging over forms of saturation: which form is true is one more thing that the data say only so much of.

Each form is fitted by itself, and has as many of the draws as its evidence says (Bayesian model averaging). Whatever
reads the draws afterwards - contributions, curves, plans - needs not know that they are of several forms.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from marketbook.budget.response.priors import Prior
from marketbook.budget.response.saturation import FORMS, Hill, Logistic, Root, Saturation
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]

AVERAGED = "averaged"
"""What the choice of no single form is called."""


@dataclass(frozen=True)
class Averaged:
    """Several forms of saturation, each for draws of its own: parameter 0 of a draw is the place of its form.

    Attributes:
        forms: From one that flattens soon to one that never ends; draws stand in their order.

    References:
        Hoeting, Madigan, Raftery and Volinsky (1999), Bayesian model averaging: a tutorial.
    """

    bounded: ClassVar[bool] = False

    forms: tuple[Saturation, ...] = (Logistic(), Hill(), Root())

    @property
    def priors(self) -> tuple[Prior, ...]:
        """None: each form has its own.

        Raises:
            ParamsError: Always; what asks for the priors can take one form only.
        """
        raise ParamsError(
            _("saturation: found {found}; one form must be chosen here, of {forms}.").format(
                found=AVERAGED, forms=", ".join(FORMS)
            )
        )

    @property
    def names(self) -> tuple[str, ...]:
        """What the forms are called, as in `FORMS`."""
        return tuple(name for form in self.forms for name, kind in FORMS.items() if kind is type(form))

    def response(self, level: Array, parameters: Array) -> Array:
        """Return the height of each draw's own curve; draws stand first in `level`, second in `parameters`."""
        return self._each([form.response for form in self.forms], level, parameters)

    def slope(self, level: Array, parameters: Array) -> Array:
        """Return the derivative of the response by the level."""
        return self._each([form.slope for form in self.forms], level, parameters)

    def shares(self, parameters: Array) -> Array:
        """Return each form's share of the draws (parameters x draws x channels)."""
        ends = np.searchsorted(_places(parameters), np.arange(len(self.forms) + 1))
        found: Array = np.diff(ends) / parameters.shape[1]
        return found

    def _each(self, curves: Sequence[Callable[[Array, Array], Array]], level: Array, parameters: Array) -> Array:
        ends = np.searchsorted(_places(parameters), np.arange(len(curves) + 1))
        found = np.empty(np.broadcast_shapes(level.shape, parameters.shape[1:]))
        for curve, first, last in zip(curves, ends[:-1], ends[1:], strict=True):
            if first < last:
                found[first:last] = curve(level[first:last], parameters[1:, first:last])
        return found


def stacked(parameters: Mapping[int, Array]) -> Array:
    """Put the draws of several forms one after the other.

    Args:
        parameters: Of each form by its place, in order: parameters x draws x channels.

    Returns:
        Parameters x draws x channels; the first is the place of the form; those that a form does not have are 1.
    """
    rows = 1 + max(len(own) for own in parameters.values())
    blocks = []
    for place, own in parameters.items():
        block = np.ones((rows, *own.shape[1:]))
        block[0], block[1 : 1 + len(own)] = place, own
        blocks.append(block)
    return np.concatenate(blocks, axis=1)


def counts(shares: Array, draws: int) -> list[int]:
    """Share out a count of draws: whole numbers that add up to it.

    Example:
        >>> counts(np.array([0.5, 0.25, 0.25]), 10)
        [5, 3, 2]
    """
    ends = np.floor(np.cumsum(shares) / np.sum(shares) * draws + 0.5).astype(int)
    return [int(count) for count in np.diff(ends, prepend=0)]


def _places(parameters: Array) -> Array:
    found: Array = parameters[0].reshape(parameters.shape[1], -1)[:, 0]
    return found
