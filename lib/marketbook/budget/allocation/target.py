"""Targets: spend as much as still brings enough, by return on ad spend or by cost per acquisition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from marketbook.budget.allocation.optimum import Optimum
from marketbook.budget.allocation.quadratic import Constraints
from marketbook.budget.wording import money, ratio
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]

_LOOKS = 12
_HALVINGS = 18


@dataclass(frozen=True)
class Target:
    """What a plan must bring for each yuan, at least.

    Attributes:
        kind: `roas`: the plan's revenue by its spend; `marginal_roas`: what its last yuan brings.
        at_least: Revenue for each yuan.
    """

    kind: Literal["roas", "marginal_roas"]
    at_least: float

    @classmethod
    def of_cost(cls, most: float, *, revenue_each: float) -> "Target":
        """Return the target that holds the cost of an acquisition at `most`, where each brings some revenue.

        Example:
            >>> Target.of_cost(50.0, revenue_each=150.0)
            Target(kind='roas', at_least=3.0)
        """
        return cls("roas", revenue_each / most)

    def told(self, best: Optimum, total: float) -> float:
        """Return what a plan brings, in the target's terms."""
        return best.price if self.kind == "marginal_roas" else best.value / max(total, 1e-300)


def largest_total(
    best: Callable[[float], Optimum], target: Target, least: float, most: float, *, currency: str
) -> tuple[float, bool]:
    """Find the largest total whose best plan still meets a target.

    Args:
        best: The best plan of a total.
        target: What it must bring.
        least: Smallest total that the bounds allow.
        most: The largest.
        currency: For the message.

    Returns:
        The total, and whether the target holds it (or else the bounds).

    Raises:
        ParamsError: No total that the bounds allow meets it.
    """

    def meets(total: float) -> bool:
        return target.told(best(total), total) >= target.at_least

    looked = np.linspace(most, max(least, 1e-6 * most), _LOOKS)
    met = next((place for place, total in enumerate(looked) if meets(float(total))), None)
    if met is None:
        told = target.told(best(float(looked[-1])), float(looked[-1]))
        raise ParamsError(
            _(
                "No plan within the limits brings {wanted} yuan for each yuan spent: the smallest, of {least}, brings "
                "{found}. Lower the target, or the least of the channels."
            ).format(wanted=ratio(target.at_least), found=ratio(told), least=money(float(looked[-1]), currency))
        )
    if met == 0:
        return float(most), False
    low, high = float(looked[met]), float(looked[met - 1])
    for _round in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if meets(middle) else (low, middle)
    return low, True


def totals_allowed(allowed: Constraints) -> tuple[float, float]:
    """Return the smallest and the largest total that bounds of channels and groups allow; the first row is ignored."""
    rows = np.vstack([allowed.rows[1:], -allowed.rows[1:]])
    ends = np.concatenate([allowed.most[1:], -allowed.least[1:]])
    own = np.column_stack([allowed.lower, allowed.upper])
    found = [
        linprog(sign * allowed.rows[0], A_ub=rows, b_ub=ends, bounds=own, method="highs").fun * sign for sign in (1, -1)
    ]
    return float(found[0]), float(found[1])
