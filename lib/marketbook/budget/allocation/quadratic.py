"""Quadratic programs with bounds and a few rows, by an interior point method; the curvature may fall into blocks."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_ROUNDS = 60
_NARROW = 1e-9


@dataclass(frozen=True)
class Constraints:
    """What amounts must meet.

    Attributes:
        lower, upper: Least and most of each amount.
        rows: Sums of amounts that are bound, too: rows x amounts.
        least, most: Of each row; the same where the sum is given.
    """

    lower: Array
    upper: Array
    rows: Array
    least: Array
    most: Array


@dataclass(frozen=True)
class Solution:
    """The best step.

    Attributes:
        amounts: Where it leads.
        prices: What one more yuan of each row is worth; above 0 where the row's most holds, below where its least does.
    """

    amounts: Array
    prices: Array


def best_step(at: Array, slope: Array, bend: Array, allowed: Constraints) -> Solution:
    """Maximise slope . d - d' bend d / 2 over the allowed amounts at + d.

    Args:
        at: Where the step begins; need not be allowed.
        slope: Of the objective there.
        bend: Blocks x size x size, positive definite: how the slope falls, block after block along the diagonal.
        allowed: What the amounts must meet; all bounds finite, and something meets them.

    Returns:
        Where the step leads, and the prices of the rows.

    References:
        Mehrotra (1992), On the implementation of a primal-dual interior point method, SIAM J. Optim. 2, 575-601.
    """
    scale = max(float(np.abs(allowed.upper).max()), float(np.abs(allowed.most).max()), 1e-300)
    steep = max(float(np.abs(slope).max()), float(np.abs(bend).max()) * scale, 1e-300)
    method = _Method(
        at=np.concatenate([at, allowed.rows @ at]) / scale,
        lower=np.concatenate([allowed.lower, allowed.least]) / scale,
        upper=np.concatenate([allowed.upper, allowed.most]) / scale,
        rows=allowed.rows,
        slope=slope / steep,
        bend=bend * (scale / steep),
    )
    amounts, prices = method.solve()
    return Solution(np.clip(amounts * scale, allowed.lower, allowed.upper), prices * steep)


class _Method:
    """The method on amounts of about 1; each row's sum is a variable of its own, tied to the amounts by an equation."""

    def __init__(self, *, at: Array, lower: Array, upper: Array, rows: Array, slope: Array, bend: Array) -> None:
        width = np.maximum(upper - lower, _NARROW)
        self.lower = 0.5 * (lower + upper - width)
        self.upper = self.lower + width
        self.rows, self.bend, self.count = rows, bend, rows.shape[1]
        self.cost = np.concatenate([-slope, np.zeros(len(rows))])
        self.origin = at
        self.place = np.clip(at, self.lower + 0.1 * width, self.upper - 0.1 * width)
        self.below, self.above = self.place - self.lower, self.upper - self.place
        self.low, self.high = np.ones(len(at)), np.ones(len(at))
        self.price = np.zeros(len(rows))

    def solve(self) -> tuple[Array, Array]:
        for _ in range(_ROUNDS):
            mean = float(self.below @ self.low + self.above @ self.high) / (2 * len(self.below))
            down = self._falls(self.place - self.origin) + self.cost - self._tied(self.price) - self.low + self.high
            off = self.rows @ self.place[: self.count] - self.place[self.count :]
            if mean < 1e-13 and np.abs(off).max(initial=0.0) < 1e-12 and np.abs(down).max() < 1e-9:
                break
            self._advance(mean, down, off)
        return self.place[: self.count], -self.price

    def _advance(self, mean: float, down: Array, off: Array) -> None:
        below, above = self.below, self.above
        stiff = self.low / below + self.high / above
        solver = _Newton(self.bend, stiff, self.rows)
        step = solver.step(-down - self.low + self.high, -off)
        low = -self.low - self.low * step[0] / below
        high = -self.high + self.high * step[0] / above
        reach = self._reach(step[0], low, high)
        ahead = (below + reach * step[0]) @ (self.low + reach * low)
        ahead += (above - reach * step[0]) @ (self.high + reach * high)
        aim = mean * min(float(ahead / (2 * len(below)) / max(mean, 1e-300)) ** 3, 1.0)
        to_low, to_high = aim - step[0] * low, aim + step[0] * high
        step = solver.step(-down + to_low / below - self.low - to_high / above + self.high, -off)
        low = (to_low - self.low * step[0]) / below - self.low
        high = (to_high + self.high * step[0]) / above - self.high
        reach = 0.995 * self._reach(step[0], low, high)
        self.place = self.place + reach * step[0]
        self.below, self.above = below + reach * step[0], above - reach * step[0]
        self.price = self.price + reach * step[1]
        self.low, self.high = self.low + reach * low, self.high + reach * high

    def _reach(self, step: Array, low: Array, high: Array) -> float:
        """How far the step can go before something turns negative."""
        found = 1.0 / 0.995
        for value, change in ((self.below, step), (self.above, -step), (self.low, low), (self.high, high)):
            falling = change < 0
            if falling.any():
                found = min(found, float((value[falling] / -change[falling]).min()))
        return found

    def _falls(self, step: Array) -> Array:
        blocks = step[: self.count].reshape(len(self.bend), -1, 1)
        return np.concatenate([(self.bend @ blocks).ravel(), np.zeros(len(self.rows))])

    def _tied(self, price: Array) -> Array:
        return np.concatenate([self.rows.T @ price, -price])


class _Newton:
    """The equations of one step: solved for the blocks first, then for the rows."""

    def __init__(self, bend: Array, stiff: Array, rows: Array) -> None:
        blocks, size = bend.shape[:2]
        self.count, self.rows = blocks * size, rows
        self.loose = stiff[self.count :]
        matrix = bend + stiff[: self.count].reshape(blocks, size, 1) * np.eye(size)
        self.inverse = np.linalg.inv(matrix)
        self.through = self._solved(rows.T)
        self.tie = rows @ self.through + np.diag(1.0 / self.loose)

    def step(self, right: Array, off: Array) -> tuple[Array, Array]:
        """Solve (bend + stiff) d - rows' p = right, rows d = off."""
        own, sums = self._solved(right[: self.count, None])[:, 0], right[self.count :] / self.loose
        price: Array = np.asarray(np.linalg.solve(self.tie, off - self.rows @ own + sums), dtype=np.float64)
        return np.concatenate([own + self.through @ price, sums - price / self.loose]), price

    def _solved(self, right: Array) -> Array:
        blocks = right.reshape(len(self.inverse), -1, right.shape[1])
        return (self.inverse @ blocks).reshape(right.shape)
