"""Adstock: how the effect of one week's spend is carried into later weeks.

Weights are normalised: they add up to 1, so a constant spend has an adstock equal to itself.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from marketbook.budget.priors import Beta, Prior
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]


_CARRY = Beta(2.0, 2.0)


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
        if self.l_max < 1:
            raise ParamsError(_("l_max: found {found}; must be >= 1 (week).").format(found=self.l_max))

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of alpha."""
        return (self.prior,)

    def weights(self, parameters: Array) -> Array:
        """Return weights of lags 0 to l_max - 1 on a new last axis; `parameters[0]` is alpha."""
        return geometric_weights(parameters[0], self.l_max)


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
    powers = np.asarray(alpha, dtype=float)[..., None] ** np.arange(l_max)
    weights: Array = powers / powers.sum(axis=-1, keepdims=True)
    return weights


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
