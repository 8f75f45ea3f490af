"""The best split of a total: a grid finds the right hill, Newton's method its top.

Expected revenue is a sum of one curve for each channel, so the only tie between channels is the total. That makes the
grid exact (a knapsack) even where curves are S-shaped, and the conditions for an optimum easy to check: one more yuan
brings the same in every channel that is not held by a bound.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Curves = Callable[[Array], Array]

_STEPS = 60


@dataclass(frozen=True)
class Optimum:
    """The best amounts, and how well they meet the conditions for an optimum.

    Attributes:
        amounts: One for each channel; adds up to the total.
        price: What one more yuan of the total brings.
        residual: Largest violation of the conditions, as a share of `price`; 0 is an exact optimum.
    """

    amounts: Array
    price: float
    residual: float


def best_split(
    value: Curves, marginal: Curves, *, total: float, lower: Array, upper: Array, coarse: Curves | None = None
) -> Optimum:
    """Split a total so that the sum of the channels' curves is highest.

    Args:
        value: Height of each channel's curve at its amount.
        marginal: Slope of each channel's curve at its amount.
        total: What is split; between the sums of the bounds.
        lower: Least of each channel.
        upper: Most of each channel.
        coarse: A cheaper `value` for the grid; may be a little off.

    Returns:
        The optimum with its residual.
    """
    start = project(_grid_best(coarse or value, total, lower, upper), total, lower, upper)
    amounts = _climb(value, marginal, start, total, lower, upper)
    slope = marginal(amounts)
    price, residual = _conditions(amounts, slope, lower, upper, total)
    return Optimum(amounts, price, residual)


def project(amounts: Array, total: float, lower: Array, upper: Array, weight: Array | None = None) -> Array:
    """Return the nearest amounts that lie within the bounds and add up to the total (weighted least squares)."""
    weight = np.ones_like(amounts) if weight is None else weight
    reach = float(np.max(np.maximum(np.abs(upper - amounts), np.abs(lower - amounts)) * weight)) + 1.0
    low, high = -reach, reach
    for _ in range(200):
        middle = 0.5 * (low + high)
        if np.clip(amounts + middle / weight, lower, upper).sum() < total:
            low = middle
        else:
            high = middle
    found: Array = np.clip(amounts + high / weight, lower, upper)
    return found


def _grid_best(value: Curves, total: float, lower: Array, upper: Array) -> Array:
    """Return the best amounts on a grid of steps, by dynamic programming over the channels."""
    free = total - lower.sum()
    if free <= 1e-9 * total:
        return lower
    step = free / _STEPS
    rungs = np.minimum(lower + step * np.arange(_STEPS + 1)[:, None], upper)
    heights = np.stack([value(amounts) for amounts in rungs])
    heights = np.where(step * np.arange(_STEPS + 1)[:, None] < upper - lower + step, heights, -np.inf)
    best = np.full(_STEPS + 1, -np.inf)
    best[0] = 0.0
    taken = []
    for channel in range(len(lower)):
        best, choice = _add_channel(best, heights[:, channel])
        taken.append(choice)
    return _walk_back(best, taken, rungs)


def _add_channel(best: Array, heights: Array) -> tuple[Array, npt.NDArray[np.intp]]:
    spent, own = np.arange(_STEPS + 1)[:, None], np.arange(_STEPS + 1)[None, :]
    before = np.where(own <= spent, best[np.maximum(spent - own, 0)], -np.inf)
    together = before + heights[None, :]
    choice = together.argmax(axis=1)
    return together[np.arange(_STEPS + 1), choice], choice


def _walk_back(best: Array, taken: list[npt.NDArray[np.intp]], rungs: Array) -> Array:
    spent = int(np.flatnonzero(np.isfinite(best))[-1])
    amounts = np.zeros(rungs.shape[1])
    for channel in reversed(range(rungs.shape[1])):
        own = int(taken[channel][spent])
        amounts[channel] = rungs[own, channel]
        spent -= own
    return amounts


def _climb(value: Curves, marginal: Curves, start: Array, total: float, lower: Array, upper: Array) -> Array:
    """Climb by Newton's steps along the total; each step is shortened until it rises."""
    amounts, height = start, float(value(start).sum())
    probe = 1e-4 * total / len(start)
    for _ in range(60):
        slope = marginal(amounts)
        if _conditions(amounts, slope, lower, upper, total)[1] < 1e-7:
            break
        bend = (marginal(amounts + probe) - marginal(np.maximum(amounts - probe, 0.0))) / (2 * probe)
        steep = np.maximum(-bend, 1e-3 * np.abs(bend).max() + 1e-300)
        aim = project(amounts + slope / steep, total, lower, upper, steep)
        for share in 0.5 ** np.arange(12):
            ahead = amounts + share * (aim - amounts)
            reached = float(value(ahead).sum())
            if reached > height:
                break
        else:
            break
        amounts, height = ahead, reached
    return amounts


def _conditions(amounts: Array, slope: Array, lower: Array, upper: Array, total: float) -> tuple[float, float]:
    """Return the price of money and the largest violation of the conditions, as a share of it."""
    near = 1e-7 * total
    can_rise, can_fall = amounts < upper - near, amounts > lower + near
    free = can_rise & can_fall
    if free.any():
        price = float(np.mean(slope[free]))
    else:
        ends = [slope[can_rise].max(initial=-np.inf), slope[can_fall].min(initial=np.inf)]
        price = float(np.mean([end for end in ends if np.isfinite(end)] or [slope.max()]))
    too_high = np.where(can_rise, slope - price, 0.0).max(initial=0.0)
    too_low = np.where(can_fall, price - slope, 0.0).max(initial=0.0)
    return price, float(max(too_high, too_low)) / max(abs(price), 1e-300)
