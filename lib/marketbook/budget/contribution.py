"""Contribution: what each channel brought, what the rest brought, and what a yuan in each channel returned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import DAY
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.wording import money, ratio
from marketbook.kit.language import format_date, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ContributionResult(Result):
    """Revenue by what brought it; the rows add up to the revenue that was booked.

    Attributes:
        parts: One row for each channel, then media together, the base, what is not explained, and revenue: `source`,
            `spend`, `revenue` with its 90 % interval, `revenue_share`, `roas`.
        channels: Count of channels, the first rows of `parts`.
        first_week: First week counted.
        last_week: Last week counted.
        by_day: Whether these two are days.
    """

    parts: pd.DataFrame
    channels: int
    first_week: pd.Timestamp
    last_week: pd.Timestamp
    currency: str = "CNY"
    by_day: bool = False

    titles: ClassVar[Mapping[str, str]] = {
        "source": mark("Source"),
        "spend": mark("Spend"),
        "revenue": mark("Revenue brought"),
        "revenue_low": mark("Revenue, low end"),
        "revenue_high": mark("Revenue, high end"),
        "revenue_share": mark("Share of revenue"),
        "revenue_media": mark("Revenue brought by media"),
        "media_share": mark("Share of revenue brought by media"),
        "media_roas": mark("ROAS of all media"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What each channel brought")

    @property
    def text(self) -> str:
        """What media brought together, and the best and the worst channel."""
        media, channels = self._media, self.parts.head(self.channels)
        best, worst = channels.iloc[int(channels["roas"].argmax())], channels.iloc[int(channels["roas"].argmin())]
        return _(
            "Media brought {revenue} of revenue (90% interval {low} to {high}), {share} of all; a yuan returned most "
            "in {best} ({best_roas} yuan) and least in {worst} ({worst_roas} yuan)."
        ).format(
            revenue=self._money(media["revenue"]),
            low=self._money(media["revenue_low"]),
            high=self._money(media["revenue_high"]),
            share=by_name("share", media["revenue_share"]),
            best=label(best["source"]),
            best_roas=ratio(best["roas"]),
            worst=label(worst["source"]),
            worst_roas=ratio(worst["roas"]),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each source of revenue."""
        return self.parts.drop(columns=["roas"])

    @property
    def caveats(self) -> Sequence[str]:
        """Period, and what the rest is."""
        counted = (
            _("Days counted: {first} to {last}. The rows add up to the revenue booked.")
            if self.by_day
            else _("Weeks counted: {first} to {last}. The rows add up to the revenue booked.")
        )
        return [
            counted.format(first=format_date(self.first_week), last=format_date(self.last_week)),
            _(
                "What is read off history is no experiment: where spend followed demand, part of demand is credited to "
                "spend. Lift tests guard against it; channels without one deserve the next."
            ),
        ]

    def chart(self) -> Chart:
        """Revenue brought by channel with intervals."""
        return Chart(
            kind="bar",
            data=self.parts.head(self.channels),
            x="revenue",
            y="source",
            low="revenue_low",
            high="revenue_high",
            title=_("Revenue brought by each channel, with 90% intervals"),
            titles={"revenue": _("Revenue brought"), "source": _("Channel")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """What media brought, first."""
        media = self._media
        return {
            "revenue_media": media["revenue"],
            "revenue_media_ci": (media["revenue_low"], media["revenue_high"]),
            "media_share": media["revenue_share"],
            "media_roas": media["roas"],
            "media_roas_ci": (media["revenue_low"] / media["spend"], media["revenue_high"] / media["spend"]),
        }

    @property
    def _media(self) -> pd.Series:
        return self.parts.iloc[self.channels]

    def _money(self, amount: float) -> str:
        return money(amount, self.currency)


def contributions(model: ResponseModel, *, weeks: int | None = None) -> ContributionResult:
    """Tell what each channel brought in the last weeks of the history.

    Args:
        model: A fitted response model.
        weeks: Count of weeks; None: a year.

    Returns:
        Revenue by source, adding up to the revenue booked.
    """
    weeks = weeks or model.history.periods_a_year
    media = model.weekly(model.history)[..., -weeks:].sum(axis=2)
    base = (model.base @ model.baseline.columns(model.history)[-weeks:].T).sum(axis=1)
    booked = float(model.history.revenue.iloc[-weeks:].sum())
    rest = booked - media.sum(axis=1) - base
    revenue = np.column_stack([media, media.sum(axis=1), base, rest, np.full(len(base), booked)])
    spend = model.history.media.iloc[-weeks:].sum().to_numpy(float)
    names = [*model.history.channels, _("All media"), _("Base sales"), _("Not explained"), _("Revenue")]
    return ContributionResult(
        parts=_parts(names, np.array([*spend, spend.sum(), np.nan, np.nan, np.nan]), revenue),
        channels=len(spend),
        first_week=model.history.weeks[-weeks:][0],
        last_week=model.history.weeks[-1],
        currency=model.history.currency,
        by_day=model.history.period_days == DAY,
    )


def _parts(names: list[str], spend: Array, revenue: Array) -> pd.DataFrame:
    low, high = np.quantile(revenue, [0.05, 0.95], axis=0)
    mean = revenue.mean(axis=0)
    paid = np.where(spend > 0, spend, np.nan)
    return pd.DataFrame(
        {
            "source": names,
            "spend": spend,
            "revenue": mean,
            "revenue_low": low,
            "revenue_high": high,
            "revenue_share": mean / mean[-1],
            "roas": mean / paid,
        }
    )
