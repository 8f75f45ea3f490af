"""Least squares over weights that are not negative and sum to one, many problems side by side."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def fit_weights(
    columns: Floats,
    targets: Floats,
    *,
    ridge: float = 0.0,
    allowed: NDArray[np.bool_] | None = None,
    precision: float = 1e-6,
    iterations: int = 10_000,
    first_iterations: int = 100,
) -> Floats:
    """Weigh columns so that they follow each target, by Frank and Wolfe's method with exact line search.

    After a first short search small weights (a quarter of the largest or less) are dropped and the search goes on
    from what is left, which keeps the weights few.

    Args:
        columns: Rows by columns, or problems by rows by columns.
        targets: Problems by rows.
        ridge: Penalty on the sum of squared weights (zeta squared, per row).
        allowed: Problems by columns; which columns a problem may use.
        precision: A problem is done when a step lowers its mean squared error by less than the square of this.
        iterations: Most steps of the second search.
        first_iterations: Most steps of the first.

    Returns:
        Problems by columns; each row sums to 1.

    References:
        Arkhangelsky, Athey, Hirshberg, Imbens, Wager (2021), Synthetic difference-in-differences, appendix.
    """
    stack = np.broadcast_to(columns, (len(targets), *columns.shape[-2:]))
    usable = np.ones((len(targets), columns.shape[-1]), bool) if allowed is None else allowed
    problem = _Problem(stack, targets, ridge, usable)
    weights = usable / usable.sum(axis=1, keepdims=True)
    weights = problem.search(weights, precision, first_iterations)
    weights = np.where(weights <= weights.max(axis=1, keepdims=True) / 4, 0.0, weights)
    return problem.search(weights / weights.sum(axis=1, keepdims=True), precision, iterations)


class _Problem:
    """The problems' cross products; a step costs as much as there are columns."""

    def __init__(self, columns: Floats, targets: Floats, ridge: float, allowed: NDArray[np.bool_]) -> None:
        self.rows = columns.shape[1]
        self.gram = np.swapaxes(columns, 1, 2) @ columns
        self.cross = np.einsum("prc,pr->pc", columns, targets)
        self.square = np.einsum("pr,pr->p", targets, targets)
        self.ridge = ridge
        self.allowed = allowed

    def search(self, start: Floats, precision: float, iterations: int) -> Floats:
        weights, product = start.copy(), np.einsum("pcd,pd->pc", self.gram, start)
        last = np.full(len(weights), np.inf)
        active = np.arange(len(weights))
        for step in range(iterations):
            weights[active], product[active] = self._step(active, weights[active], product[active])
            value = self._value(active, weights[active], product[active])
            going = (last[active] - value > precision**2) | (step < 1)
            last[active] = value
            active = active[going]
            if not len(active):
                break
        return weights

    def _step(self, active: NDArray[np.intp], weights: Floats, product: Floats) -> tuple[Floats, Floats]:
        penalty = self.rows * self.ridge
        slope = product - self.cross[active] + penalty * weights
        best = np.where(self.allowed[active], slope, np.inf).argmin(axis=1)
        toward = -weights
        toward[np.arange(len(active)), best] += 1.0
        change = self.gram[active, best] - product
        curvature = (toward * change).sum(axis=1) + penalty * (toward**2).sum(axis=1)
        gain = -(slope * toward).sum(axis=1)
        length = np.where(curvature > 0, np.clip(gain / np.where(curvature > 0, curvature, 1.0), 0.0, 1.0), 0.0)
        return weights + length[:, None] * toward, product + length[:, None] * change

    def _value(self, active: NDArray[np.intp], weights: Floats, product: Floats) -> Floats:
        squares = ((product - 2 * self.cross[active]) * weights).sum(axis=1) + self.square[active]
        value: Floats = self.ridge * (weights**2).sum(axis=1) + squares / self.rows
        return value
