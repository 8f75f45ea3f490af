"""The panel of a geo campaign: weeks by regions before and during it, refused where a day is missing."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label

LEAST_SIZE = 0.2
NAMED = 3


@dataclass(frozen=True)
class GeoPanel:
    """Revenue by week and region; weeks are counted from the campaign's first day.

    Attributes:
        treated: Mean daily revenue of the treated regions together, in yuan, by the week's first day.
        controls: The same for each control region, the largest first.
        days: Days in each week; the last may be short.
        before: Count of weeks before the campaign.
        regions: The treated regions.
    """

    treated: pd.Series
    controls: pd.DataFrame
    days: NDArray[np.float64]
    before: int
    regions: tuple[str, ...]

    def series(self) -> tuple[pd.Series, pd.DataFrame]:
        """Return weekly revenue of the treated regions and of all controls together; whole weeks only."""
        whole = self.days == 7
        together = self.controls.sum(axis=1).to_frame("controls")
        return 7 * self.treated[whole], 7 * together[whole]

    @property
    def start(self) -> date:
        """The campaign's first day."""
        first: date = self.treated.index[self.before].date()
        return first


def build_panel(
    daily: pd.DataFrame,
    regions: tuple[str, ...],
    start: date,
    end: date,
    *,
    weeks_before: int,
    leave_out: tuple[str, ...] = (),
) -> GeoPanel:
    """Sum days to weeks counted from the start, and part treated regions from comparable controls.

    A control region is comparable when it sold at least a fifth, before, of what the smallest treated region did:
    in small regions chance moves revenue more than any campaign.

    Args:
        daily: Columns `day`, `region` and `revenue` (yuan).
        regions: The treated ones.
        start: The campaign's first day.
        end: Its last day.
        weeks_before: Weeks to compare from.
        leave_out: Regions that may not be controls (another campaign ran there).

    Raises:
        DataError: Region-days are missing, a region is unknown, or a region sold nothing before.
    """
    wide = daily.pivot(index="day", columns="region", values="revenue")
    wide.index = pd.DatetimeIndex(wide.index)
    days = pd.date_range(start - timedelta(days=7 * weeks_before), end)
    wide = _complete(wide, regions, days)
    week = pd.Series((days - pd.Timestamp(start)).days // 7, index=days)
    weekly = wide.groupby(week).mean()
    weekly.index = pd.Timestamp(start) + pd.to_timedelta(7 * weekly.index, unit="D")
    size = weekly.iloc[:weeks_before].mean()
    small = size < LEAST_SIZE * size[list(regions)].min()
    others = (
        size[~small].drop(labels=[*regions, *leave_out], errors="ignore").sort_values(ascending=False, kind="stable")
    )
    return GeoPanel(
        treated=weekly[list(regions)].sum(axis=1),
        controls=weekly[others.index],
        days=np.bincount(week + weeks_before).astype(float),
        before=weeks_before,
        regions=regions,
    )


def _complete(wide: pd.DataFrame, regions: tuple[str, ...], days: pd.DatetimeIndex) -> pd.DataFrame:
    unknown = [region for region in regions if region not in wide.columns]
    if unknown:
        raise DataError(
            _("geo_days: no row for region {names}, where the campaign ran.").format(names=", ".join(unknown))
        )
    whole = wide.reindex(days)
    gaps = whole.isna()
    if gaps.to_numpy().any():
        places = [f"{label(region)} {day:%Y-%m-%d}" for region in gaps for day in gaps.index[gaps[region]]]
        raise DataError(
            _(
                "geo_days: {n} region-days are missing from {first} to {last}: {places}. "
                "Import them; gaps are not filled."
            ).format(n=len(places), first=f"{days[0]:%Y-%m-%d}", last=f"{days[-1]:%Y-%m-%d}", places=_some(places))
        )
    if (whole[list(regions)].loc[: days[-1]].sum() <= 0).any():
        raise DataError(_("geo_days: a region where the campaign ran has no revenue."))
    return whole


def _some(places: list[str]) -> str:
    return ", ".join(places[:NAMED]) + (", …" if len(places) > NAMED else "")
