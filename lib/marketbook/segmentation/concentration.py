"""Concentration: how much of the revenue the best customers bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.segmentation.shares import LEVEL

TOPS: tuple[float, ...] = (0.01, 0.05, 0.1, 0.2, 0.5)
RESAMPLES = 200
HEADLINE = 0.2


@dataclass(frozen=True)
class ConcentrationResult(Result):
    """The share of revenue that the best customers bring.

    Attributes:
        tops: One row per share of customers, best first.
    """

    tops: pd.DataFrame = field(repr=False)

    titles: ClassVar[Mapping[str, str]] = {
        "share_customers": mark("Best customers"),
        "share_revenue": mark("Share of revenue"),
        "share_revenue_low": mark("Share of revenue, low end"),
        "share_revenue_high": mark("Share of revenue, high end"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How much hangs on the best customers?")

    @property
    def text(self) -> str:
        """The finding."""
        row = self.headline
        return _("The best {top} of customers bring {share} {ci} of revenue.").format(
            top=by_name("share", row.share_customers),
            share=by_name("share", row.share_revenue),
            ci=by_name("share_ci", (row.share_revenue_low, row.share_revenue_high)),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per share of customers."""
        return self.tops

    @property
    def caveats(self) -> Sequence[str]:
        """What to know first."""
        return (_("Best means most revenue in the months looked at; next year the best will partly be others."),)

    def chart(self) -> Chart:
        """Share of revenue by share of customers."""
        return Chart(
            kind="line",
            data=self.tops,
            x="share_customers",
            y="share_revenue",
            low="share_revenue_low",
            high="share_revenue_high",
            titles={name: _(title) for name, title in self.titles.items()},
            title=_("Share of revenue of the best customers"),
        )

    def numbers(self) -> Mapping[str, Any]:
        """The best fifth."""
        row = self.headline
        return {
            "share_revenue": row.share_revenue,
            "share_revenue_ci": (row.share_revenue_low, row.share_revenue_high),
            "share_customers": row.share_customers,
        }

    @property
    def headline(self) -> pd.Series:
        """The share of customers that the finding speaks of."""
        return self.tops.iloc[int((self.tops.share_customers - HEADLINE).abs().argmin())]


def concentrate(revenue: pd.Series, *, seed: int = 0) -> ConcentrationResult:
    """Tell what share of revenue the best customers bring, with intervals from drawing the customers anew.

    Args:
        revenue: Each customer's revenue; single ones may be negative, the sum must not be.
        seed: Start of the random numbers.

    Raises:
        DataError: The revenue sums to zero or less.

    References:
        The Lorenz curve read from its upper end; percentile bootstrap as in `shares.revenue_shares`.

    Example:
        >>> float(concentrate(pd.Series([80.0] * 20 + [5.0] * 80)).numbers()["share_revenue"])
        0.8
    """
    amounts = np.sort(revenue.to_numpy(float))[::-1]
    if amounts.sum() <= 0:
        raise DataError(
            _("revenue: it sums to {total} over {n} customers; must be > 0 to be shared out.").format(
                total=amounts.sum(), n=len(amounts)
            )
        )
    random = np.random.default_rng(seed)
    n = len(amounts)
    drawn = [_tops(amounts, np.bincount(random.integers(0, n, n), minlength=n)) for _draw in range(RESAMPLES)]
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
    tops = pd.DataFrame({"share_customers": TOPS, "share_revenue": _tops(amounts, np.ones(n, dtype=np.int64))})
    return ConcentrationResult(tops.assign(share_revenue_low=low, share_revenue_high=high))


def _tops(amounts: NDArray[np.float64], times: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of each top; `amounts` falls, and each counts so many times."""
    customers, revenue = np.cumsum(times), np.cumsum(amounts * times)
    at = np.searchsorted(customers, np.array(TOPS) * customers[-1])
    shares: NDArray[np.float64] = revenue[at] / revenue[-1]
    return shares
