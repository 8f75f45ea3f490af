"""The best split on a grid of steps, by dynamic programming over the channels; exact whatever the curves."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Heights = Callable[[Array], Array]

STEPS = 60


def best_on_grid(height: Heights, total: float, lower: Array, upper: Array) -> Array:
    """Return the best amounts on a grid, between the bounds and adding up to the total but for less than a step.

    Args:
        height: Of each channel's curve at its amount.
        total: What is split; between the sums of the bounds.
        lower: Least of each channel.
        upper: Most of each channel.
    """
    rungs = _rungs(total, lower, upper)
    heights = np.stack([height(amounts) for amounts in rungs])
    best, taken = np.full(STEPS + 1, -np.inf), []
    best[0] = 0.0
    for channel in range(len(lower)):
        together = _together(best[None], _allowed(heights[None, :, channel], rungs, upper, channel))[0]
        choice = together.argmax(axis=1)
        best = together[np.arange(STEPS + 1), choice]
        taken.append(choice)
    return _walk_back(best, taken, rungs)


def best_by_draw(height: Heights, total: float, lower: Array, upper: Array) -> Array:
    """Return the best revenue of each draw on a grid, as if the draw were known to be true.

    Args:
        height: Of each channel's curve at its amount: draws x channels.
        total: What is split.
        lower: Least of each channel.
        upper: Most of each channel.
    """
    rungs = _rungs(total, lower, upper)
    heights = np.stack([height(amounts) for amounts in rungs], axis=1)
    best = np.where(np.arange(STEPS + 1) == 0, 0.0, -np.inf)[None].repeat(len(heights), axis=0)
    for channel in range(len(lower)):
        best = _together(best, _allowed(heights[..., channel], rungs, upper, channel)).max(axis=2)
    found: Array = best.max(axis=1)
    return found


def _rungs(total: float, lower: Array, upper: Array) -> Array:
    step = max(total - lower.sum(), 0.0) / STEPS
    found: Array = np.minimum(lower + step * np.arange(STEPS + 1)[:, None], upper)
    return found


def _allowed(heights: Array, rungs: Array, upper: Array, channel: int) -> Array:
    """Heights up to the rung that reaches the upper bound; more would be money that goes nowhere."""
    reached = rungs[:, channel] >= upper[channel]
    past = np.concatenate([[False], reached[:-1] & reached[1:]])
    found: Array = np.where(past, -np.inf, heights)
    return found


def _together(before: Array, heights: Array) -> Array:
    """Return draws x spent x own: what the channels so far bring where the next one takes its own part."""
    spent, own = np.arange(STEPS + 1)[:, None], np.arange(STEPS + 1)[None, :]
    left = np.where(own <= spent, before[:, np.maximum(spent - own, 0)], -np.inf)
    found: Array = left + heights[:, None, :]
    return found


def _walk_back(best: Array, taken: list[npt.NDArray[np.intp]], rungs: Array) -> Array:
    spent = int(np.flatnonzero(np.isfinite(best))[-1])
    amounts = np.zeros(rungs.shape[1])
    for channel in reversed(range(rungs.shape[1])):
        own = int(taken[channel][spent])
        amounts[channel] = rungs[own, channel]
        spent -= own
    return amounts
