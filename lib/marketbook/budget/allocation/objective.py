"""What a plan should make highest: expected revenue, the mean of the worst cases, or a low quantile."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]
Kind = Literal["expected", "cvar", "quantile"]

_SMOOTH = {"cvar": 0.02, "quantile": 0.1}
"""Width of the smoothing, in standard deviations of revenue between draws."""


@dataclass(frozen=True)
class Pull:
    """How an objective looks at the draws where a plan stands.

    Attributes:
        weight: What each draw's slope counts; adds up to 1.
        spread: What each draw's slope, less the mean, counts in the curvature; 0 where only the mean counts.
    """

    weight: Array
    spread: Array


@dataclass(frozen=True)
class Objective:
    """What is made highest.

    Attributes:
        kind: `expected`: the mean of all draws; `cvar`: the mean of the worst share of them; `quantile`: the revenue
            that all but the worst share exceed.
        share: The worst share, above 0, at most 1 (for a quantile below 1).

    References:
        Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk 2(3), 21-41.
    """

    kind: Kind = "expected"
    share: float = 1.0

    def __post_init__(self) -> None:
        most = 1.0 if self.kind == "cvar" else 0.999
        if self.kind != "expected" and not 0 < self.share <= most:
            raise ParamsError(_("risk_share: found {found}; must be above 0 and at most 1.").format(found=self.share))

    @property
    def plain(self) -> bool:
        """Whether only the mean of all draws counts."""
        return self.kind == "expected" or (self.kind == "cvar" and self.share == 1.0)

    def value(self, revenue: Array) -> float:
        """Return the objective of revenue by draw.

        Example:
            >>> Objective("cvar", 0.5).value(np.array([1.0, 4.0, 2.0, 3.0]))
            1.5
        """
        if self.plain:
            return float(revenue.mean())
        if self.kind == "quantile":
            return float(np.quantile(revenue, self.share))
        count = self.share * len(revenue)
        whole = int(count)
        worst = np.partition(revenue, min(whole, len(revenue) - 1))[: whole + 1]
        worst.sort()
        return float((worst[:whole].sum() + (count - whole) * worst[min(whole, len(worst) - 1)]) / count)

    def smooth(self, revenue: Array) -> float:
        """Return a smooth stand-in for the objective, which an optimiser can climb."""
        if self.plain:
            return float(revenue.mean())
        width, level, _below = self._below(revenue)
        if self.kind == "quantile":
            return level
        return level - width / self.share * float(np.logaddexp(0.0, (level - revenue) / width).mean())

    def pull(self, revenue: Array) -> Pull:
        """Return the first and second derivative of the stand-in by the draws' revenue."""
        if self.plain:
            return Pull(np.full(len(revenue), 1.0 / len(revenue)), np.zeros(len(revenue)))
        width, _level, below = self._below(revenue)
        near = below * (1.0 - below)
        if self.kind == "quantile":
            return Pull(near / near.sum(), near / near.sum() / width * 0.25)
        return Pull(below / below.sum(), near / (below.sum() * width))

    def _below(self, revenue: Array) -> tuple[float, float, Array]:
        """Return the width of smoothing, the level that the worst share lies below, and how far each draw does."""
        width = _SMOOTH[self.kind] * float(revenue.std()) + 1e-9 * float(np.abs(revenue).max()) + 1e-300
        level = float(np.quantile(revenue, self.share))
        low, high = float(revenue.min()) - 40 * width, float(revenue.max()) + 40 * width
        for _round in range(60):
            below = 1.0 / (1.0 + np.exp(np.clip((revenue - level) / width, -40.0, 40.0)))
            off = float(below.mean()) - self.share
            if abs(off) < 1e-10:
                break
            low, high = (level, high) if off < 0 else (low, level)
            slope = float((below * (1.0 - below)).mean()) / width
            level = level - off / slope if slope > 0 else low
            if not low < level < high:
                level = 0.5 * (low + high)
        return width, level, below
