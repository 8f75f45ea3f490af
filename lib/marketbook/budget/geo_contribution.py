"""Contribution by geo: what media brought in each geo, adding up to the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.response.geos import GeoModel
from marketbook.budget.wording import money, ratio
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GeoContributionResult(Result):
    """Revenue that media brought by geo; the geos add up to the last row, in each draw and so in the means.

    Attributes:
        geos: One row for each geo, and all together last: `geo`, `spend`, `revenue` brought by media and `roas`, each
            with its 90 % interval (`_low`, `_high`), and `revenue_share`, what media brought of the geo's revenue.
        channels: The same by `geo` and `channel`.
        weeks: Count of weeks.
    """

    geos: pd.DataFrame
    channels: pd.DataFrame
    weeks: int
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "geo": mark("Geo"),
        "spend": mark("Spend"),
        "revenue": mark("Revenue brought"),
        "revenue_low": mark("Revenue, low end"),
        "revenue_high": mark("Revenue, high end"),
        "revenue_share": mark("Share of revenue"),
        "roas": mark("A yuan brought"),
        "roas_low": mark("Low end"),
        "roas_high": mark("High end"),
        "revenue_media": mark("Revenue brought by media"),
        "media_roas": mark("ROAS of all media"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What media brought by geo")

    @property
    def text(self) -> str:
        """What media brought in all geos, and where a yuan brought most and least."""
        whole, geos = self.geos.iloc[-1], self.geos.iloc[:-1]
        best, worst = geos.iloc[int(geos["roas"].argmax())], geos.iloc[int(geos["roas"].argmin())]
        return _(
            "In all geos media brought {revenue} (90% interval {low} to {high}), {share} of revenue; a yuan returned "
            "most in {best} ({best_roas} yuan) and least in {worst} ({worst_roas} yuan)."
        ).format(
            revenue=money(whole["revenue"], self.currency),
            low=money(whole["revenue_low"], self.currency),
            high=money(whole["revenue_high"], self.currency),
            share=by_name("share", whole["revenue_share"]),
            best=label(best["geo"]),
            best_roas=ratio(best["roas"]),
            worst=label(worst["geo"]),
            worst_roas=ratio(worst["roas"]),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each geo, and one for all."""
        return self.geos

    @property
    def caveats(self) -> Sequence[str]:
        """What geos have in common."""
        return [
            _(
                "Geos learn from each other: one that says little itself is drawn towards the mean of all. Carry-over "
                "and saturation are alike in all geos, at the same spend for their size."
            )
        ]

    def chart(self) -> Chart:
        """What a yuan brought by geo, with intervals."""
        return Chart(
            kind="point",
            data=self.geos.iloc[:-1],
            x="roas",
            y="geo",
            low="roas_low",
            high="roas_high",
            rule=float(self.geos["roas"].iloc[-1]),
            title=_("Revenue for each yuan by geo, with 90% intervals; the line is all geos"),
            titles={"roas": _("Revenue for each yuan"), "geo": _("Geo")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """What media brought in all geos, first."""
        whole = self.geos.iloc[-1]
        return {
            "revenue_media": whole["revenue"],
            "revenue_media_ci": (whole["revenue_low"], whole["revenue_high"]),
            "media_roas": whole["roas"],
            "media_roas_ci": (whole["roas_low"], whole["roas_high"]),
        }


def geo_contributions(model: GeoModel, *, weeks: int | None = None) -> GeoContributionResult:
    """Tell what media brought in each geo in the last weeks.

    Args:
        model: Fitted geos.
        weeks: Count of weeks (days of daily histories); None: those of a year.

    Returns:
        Revenue brought by geo, and by geo and channel; both add up.
    """
    weeks = weeks or next(iter(model.geos.values())).history.periods_a_year
    parts = {geo: part.weekly(part.history)[..., -weeks:].sum(axis=2) for geo, part in model.geos.items()}
    spend = {geo: part.history.media.iloc[-weeks:].sum().to_numpy(float) for geo, part in model.geos.items()}
    booked = [float(part.history.revenue.iloc[-weeks:].sum()) for part in model.geos.values()]
    names = [*model.geos, _("All geos")]
    brought = np.stack([*parts.values(), np.sum(list(parts.values()), axis=0)])
    paid = np.stack([*spend.values(), np.sum(list(spend.values()), axis=0)])
    geos = pd.DataFrame({"geo": names} | _figures(brought.sum(axis=2), paid.sum(axis=1)))
    channels = pd.DataFrame(
        {"geo": np.repeat(names, len(model.channels)), "channel": model.channels * len(names)}
        | _figures(brought.transpose(0, 2, 1).reshape(-1, brought.shape[1]), paid.ravel())
    )
    share = geos["revenue"] / np.array([*booked, sum(booked)])
    return GeoContributionResult(geos.assign(revenue_share=share), channels, weeks, _currency(model))


def _figures(brought: Array, spend: Array) -> dict[str, Array]:
    """Return means and intervals of what was brought (rows x draws), and of what a unit of spend brought."""
    low, high = np.quantile(brought, [0.05, 0.95], axis=1)
    mean, paid = brought.mean(axis=1), np.where(spend > 0, spend, np.nan)
    revenue = {"spend": spend, "revenue": mean, "revenue_low": low, "revenue_high": high}
    return revenue | {"roas": mean / paid, "roas_low": low / paid, "roas_high": high / paid}


def _currency(model: GeoModel) -> str:
    return next(iter(model.geos.values())).history.currency
