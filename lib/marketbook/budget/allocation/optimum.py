"""The best split of a total: a grid finds the right hill, Newton's steps its top.

Expected revenue is a sum of one curve for each channel, so a grid (a knapsack) is exact even where curves are S-shaped.
From there each step is the best of a quadratic program under all bounds. How far the end may be from an optimum is told
by the slopes: no allowed plan can be better by more, where curves only flatten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from marketbook.budget.allocation.knapsack import best_on_grid
from marketbook.budget.allocation.objective import Objective
from marketbook.budget.allocation.quadratic import Constraints, best_step

Array = npt.NDArray[np.float64]

_ROUNDS = 60
_STARTS = 8
_DONE = 1e-9


class Curves(Protocol):
    """What each channel brings in each draw."""

    def revenue(self, amounts: Array) -> Array:
        """Return revenue: draws x channels."""
        ...

    def bends(self, amounts: Array) -> tuple[Array, Array, Array]:
        """Return revenue, its slope and the slope's slope: draws x channels each."""
        ...


@dataclass(frozen=True)
class Optimum:
    """The best amounts, and how well they meet the conditions for an optimum.

    Attributes:
        amounts: One for each channel; adds up to the total.
        value: The objective there.
        price: What one more yuan of the total brings.
        room: What one more yuan of room brings, by channel: above 0 where its most holds, below 0 where its least does.
        group_room: The same by group.
        residual: How much better, as a share of the value, any allowed plan could be by the slopes; 0: an optimum.
            Of a quantile, which draws make uneven, it is that of a smooth stand-in.
    """

    amounts: Array
    value: float
    price: float
    room: Array
    group_room: Array
    residual: float


def best_split(
    curves: Curves, allowed: Constraints, objective: Objective | None = None, *, start: Array | None = None
) -> Optimum:
    """Split a total so that the objective is highest.

    Args:
        curves: What each channel brings.
        allowed: What the amounts must meet; its first row is the total.
        objective: What is made highest; None: what is expected.
        start: Where to begin, such as the best of a problem that is nearly the same; None: from a grid and elsewhere.

    Returns:
        The optimum with its residual.
    """
    objective = objective or Objective()
    starts = [nearest(start, allowed)] if start is not None else _starts(curves, allowed, objective)
    ends = [_climb(curves, objective, one, allowed) for one in starts]
    values = [objective.value(curves.revenue(end.amounts).sum(axis=1)) for end in ends]
    top, value = ends[int(np.argmax(values))], max(values)
    best, residual = top.amounts, gap(top.slope, top.amounts, allowed) / max(abs(value), 1e-300)
    if objective.kind == "quantile":
        best, value = _polish(curves, objective, best, allowed)
    within = _within(best, allowed)
    return Optimum(
        amounts=best,
        value=value,
        price=float(top.prices[0]),
        room=np.where(within, 0.0, top.slope - top.prices @ allowed.rows),
        group_room=top.prices[1:],
        residual=residual,
    )


def nearest(amounts: Array, allowed: Constraints) -> Array:
    """Return the nearest allowed amounts (least squares)."""
    return best_step(amounts, np.zeros(len(amounts)), np.ones((len(amounts), 1, 1)), allowed).amounts


def gap(slope: Array, amounts: Array, allowed: Constraints) -> float:
    """Return by how much an allowed plan could be better by the slopes: a bound on the loss where curves flatten."""
    scale = max(float(allowed.upper.max()), 1e-300)
    steep = max(float(np.abs(slope).max()), 1e-300)
    found = linprog(
        -slope / steep,
        A_ub=np.vstack([allowed.rows, -allowed.rows]),
        b_ub=np.concatenate([allowed.most, -allowed.least]) / scale + 1e-12,
        bounds=np.column_stack([allowed.lower, allowed.upper]) / scale,
        method="highs",
    )
    return max(-float(found.fun) * scale * steep - float(slope @ amounts), 0.0) if found.success else float("inf")


def _starts(curves: Curves, allowed: Constraints, objective: Objective) -> list[Array]:
    total = float(allowed.most[0])
    grid = best_on_grid(lambda one: curves.revenue(one).mean(axis=0), total, allowed.lower, allowed.upper)
    first = nearest(grid, allowed)
    if not objective.plain:
        first = _climb(curves, Objective(), first, allowed).amounts
    if _flattens(curves, allowed) and objective.kind != "quantile":
        return [first]
    rng = np.random.default_rng(0)
    width = allowed.upper - allowed.lower
    others = [allowed.lower + width * rng.beta(0.5, 0.5, len(width)) for _ in range(_STARTS)]
    if objective.kind == "quantile":
        others.append(_climb(curves, Objective("cvar", objective.share), first, allowed).amounts)
    return [first, *(nearest(one, allowed) for one in others)]


def _polish(curves: Curves, objective: Objective, start: Array, allowed: Constraints) -> tuple[Array, float]:
    """Move money between two channels at a time while that helps: a quantile of draws is not smooth."""
    best, value = start, objective.value(curves.revenue(start).sum(axis=1))
    size, least = 0.04 * float(start.sum()), 0.0005 * float(start.sum())
    while size > least:
        before = value
        for ahead in _moved(best, size, allowed):
            reached = objective.value(curves.revenue(ahead).sum(axis=1))
            if reached > value:
                best, value = ahead, reached
        size = size if value > before * (1 + 1e-6) else size / 2
    return best, value


def _moved(amounts: Array, size: float, allowed: Constraints) -> Iterator[Array]:
    """Return plans that move money from one channel to another and keep all bounds."""
    for giver, taker in permutations(range(len(amounts)), 2):
        most = min(size, amounts[giver] - allowed.lower[giver], allowed.upper[taker] - amounts[taker])
        ahead = amounts.copy()
        ahead[[giver, taker]] += (-most, most)
        sums = allowed.rows @ ahead
        slack = 1e-9 * float(amounts.sum())
        if most > 0 and (sums >= allowed.least - slack).all() and (sums <= allowed.most + slack).all():
            yield ahead


def _flattens(curves: Curves, allowed: Constraints) -> bool:
    """Whether all mean curves bend down between their bounds."""
    for share in np.linspace(0.02, 1.0, 12):
        _revenue, slope, bend = curves.bends(allowed.lower + share * (allowed.upper - allowed.lower))
        if (bend.mean(axis=0) * allowed.upper > 0.01 * np.abs(slope.mean(axis=0))).any():
            return False
    return True


@dataclass(frozen=True)
class _Top:
    """Where a climb ended, with the slope there and the prices of the rows."""

    amounts: Array
    slope: Array
    prices: Array


def _climb(curves: Curves, objective: Objective, start: Array, allowed: Constraints) -> _Top:
    """Climb by Newton's steps; each is shortened until it rises."""
    amounts, height = start, objective.smooth(curves.revenue(start).sum(axis=1))
    for _ in range(_ROUNDS):
        slope, bend = _slopes(curves, objective, amounts)
        step = best_step(amounts, slope, bend, allowed)
        found = _Top(amounts, slope, step.prices)
        if slope @ (step.amounts - amounts) < _DONE * abs(height):
            break
        for share in 0.5 ** np.arange(14):
            ahead = amounts + share * (step.amounts - amounts)
            reached = objective.smooth(curves.revenue(ahead).sum(axis=1))
            if reached > height:
                break
        else:
            break
        amounts, height = ahead, reached
    return found


def _slopes(curves: Curves, objective: Objective, amounts: Array) -> tuple[Array, Array]:
    """Return the objective's slope, and how it falls: one block for each channel, or one for all."""
    revenue, slope, bend = curves.bends(amounts)
    pull = objective.pull(revenue.sum(axis=1))
    mean, second = pull.weight @ slope, -(pull.weight @ bend)
    steep = np.maximum(second, 1e-3 * float(np.abs(second).max()) + 1e-12 * float(np.abs(mean).max()))
    if objective.plain:
        return mean, steep[:, None, None]
    apart = slope - (pull.spread @ slope) / max(float(pull.spread.sum()), 1e-300)
    return mean, (np.diag(steep) + (apart * pull.spread[:, None]).T @ apart)[None]


def _within(amounts: Array, allowed: Constraints) -> npt.NDArray[np.bool_]:
    near = 1e-6 * max(float(amounts.sum()), 1e-300)
    found: npt.NDArray[np.bool_] = (amounts > allowed.lower + near) & (amounts < allowed.upper - near)
    return found
