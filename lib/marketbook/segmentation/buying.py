"""Buying: how the customers of each segment buy, in units that anybody knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd
from scipy.stats import norm

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.segmentation.shares import LEVEL


@dataclass(frozen=True)
class BuyingResult(Result):
    """How the customers of each segment buy.

    Attributes:
        segments: One row per segment, the one with most revenue first.
        revenue_per_customer_minor: Over all customers.
    """

    segments: pd.DataFrame = field(repr=False)
    revenue_per_customer_minor: float

    titles: ClassVar[Mapping[str, str]] = {
        "segment": mark("Segment"),
        "revenue_per_customer_minor": mark("Revenue per customer"),
        "revenue_per_customer_minor_low": mark("Low end"),
        "revenue_per_customer_minor_high": mark("High end"),
        "purchases_per_customer": mark("Purchases per customer"),
        "order_value_minor": mark("Value of a purchase"),
        "n_days_since": mark("Days since last purchase (median)"),
        "categories": mark("Categories bought"),
        "share_sale_season": mark("Share of spend in the great sales"),
        "times_average": mark("Times the average customer"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How do the segments buy?")

    @property
    def text(self) -> str:
        """The finding."""
        top = self.dearest
        return _(
            'A customer in "{segment}" brings {revenue} {ci} in the months looked at, {times} times the average '
            "customer, in {purchases} purchases of {value} each."
        ).format(
            segment=_(top.segment),
            revenue=by_name("revenue_minor", top.revenue_per_customer_minor),
            ci=by_name("revenue_minor_ci", self._interval(top)),
            times=by_name("times", self._times_average),
            purchases=by_name("purchases", top.purchases_per_customer),
            value=by_name("value_minor", top.order_value_minor),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per segment."""
        shown = [name for name in self.titles if name in self.segments]
        return self.segments[shown].assign(segment=self.segments.segment.map(_))

    @property
    def caveats(self) -> Sequence[str]:
        """What to know first."""
        return (_("Revenue is net of refunds; the value of a purchase is before them."),)

    def chart(self) -> Chart:
        """Revenue per customer with intervals."""
        return Chart(
            kind="bar",
            data=self.table,
            x="revenue_per_customer_minor",
            y="segment",
            low="revenue_per_customer_minor_low",
            high="revenue_per_customer_minor_high",
            rule=self.revenue_per_customer_minor,
            titles={name: _(title) for name, title in self.titles.items()},
            title=_("Revenue per customer by segment (line: average customer)"),
        )

    def numbers(self) -> Mapping[str, Any]:
        """The segment whose customers bring most each."""
        top = self.dearest
        return {
            "revenue_per_customer_minor": top.revenue_per_customer_minor,
            "revenue_per_customer_minor_ci": self._interval(top),
            "times_average": self._times_average,
            "purchases_per_customer": top.purchases_per_customer,
        }

    @property
    def dearest(self) -> pd.Series:
        """The segment whose customers bring most each."""
        return self.segments.iloc[int(self.segments.revenue_per_customer_minor.to_numpy().argmax())]

    @property
    def _times_average(self) -> float:
        return float(self.dearest.revenue_per_customer_minor / self.revenue_per_customer_minor)

    @staticmethod
    def _interval(row: pd.Series) -> tuple[float, float]:
        return float(row.revenue_per_customer_minor_low), float(row.revenue_per_customer_minor_high)


def describe_buying(customers: pd.DataFrame) -> BuyingResult:
    """Describe how the customers of each segment buy.

    Args:
        customers: One row per customer: `segment` and the profile's columns.

    Returns:
        Means per customer with their 95 % interval (normal, from the customers' spread).
    """
    by_segment = customers.groupby("segment")
    sums = by_segment[["spend_minor", "n_purchases", "revenue_minor"]].sum()
    mean = by_segment.revenue_minor.mean()
    half = norm.ppf((1 + LEVEL) / 2) * by_segment.revenue_minor.sem().fillna(0)
    segments = pd.DataFrame(
        {
            "revenue_per_customer_minor": mean,
            "revenue_per_customer_minor_low": mean - half,
            "revenue_per_customer_minor_high": mean + half,
            "purchases_per_customer": by_segment.n_purchases.mean(),
            "order_value_minor": sums.spend_minor / sums.n_purchases,
            "n_days_since": by_segment.recency_days.median(),
            "categories": by_segment.n_categories.mean(),
            "share_sale_season": by_segment.share_sale_season.mean(),
        }
    )
    ordered = segments.loc[sums.revenue_minor.sort_values(ascending=False).index].reset_index()
    return BuyingResult(ordered, float(customers.revenue_minor.mean()))
