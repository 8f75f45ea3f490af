"""Contribution by geo: what media brought in each geo, adding up to the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.contribution import contributions
from marketbook.budget.data import GEO_MEDIA_WEEKS, GEO_SALES_WEEKS
from marketbook.budget.history import History
from marketbook.budget.response.geos import GeoModel, fit_geos
from marketbook.budget.response.holidays import with_holidays
from marketbook.budget.response.model import ResponseModel
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
        first_week: First week (or day) counted.
        last_week: Last week.
        learned: First and last week of media that the model learned from.
        tests: Count of national lift tests that it learned from.
        apart: What a yuan brought in the best geo beyond the worst, and its 90 % interval.
        country: What all media brought by the country's own model, and its 90 % interval, where there is one.
        currency: ISO code.
    """

    geos: pd.DataFrame
    channels: pd.DataFrame
    first_week: pd.Timestamp
    last_week: pd.Timestamp
    learned: tuple[pd.Timestamp, pd.Timestamp]
    apart: tuple[float, float, float]
    tests: int = 0
    country: tuple[float, float, float] | None = None
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
        whole, (best, worst) = self.geos.iloc[-1], self._ends
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
        """How sure the order is, what geos have in common, what was tested, and what the country's own model says."""
        found = [
            self._order,
            _(
                "Geos learn from each other: one that says little itself is drawn towards the mean of all. Carry-over "
                "and saturation are alike in all geos, at the same spend for their size."
            ),
        ]
        if self.tests:
            found.append(
                _(
                    "{count} lift tests of the whole country are counted as sums over the geos; what a test spent is "
                    "taken to have stood in each geo as the channel's spend does."
                ).format(count=self.tests)
            )
        return [*found, self._beside(*self.country)] if self.country else found

    @property
    def _order(self) -> str:
        best, worst = (label(end["geo"]) for end in self._ends)
        between, low, high = (ratio(value) for value in self.apart)
        said = (
            _("A yuan returned {between} yuan more in {best} than in {worst} (90% interval {low} to {high}).")
            if self.apart[1] > 0
            else _(
                "That {best} returned more than {worst} is not sure: the difference is {between} yuan (90% interval "
                "{low} to {high})."
            )
        )
        return said.format(best=best, worst=worst, between=between, low=low, high=high)

    def _beside(self, *country: float) -> str:
        brought, low, high = (money(amount, self.currency) for amount in country)
        return _(
            "The model of the country, which knows nothing of geos, says {revenue} ({low} to {high}) for the same "
            "weeks. Both estimate the same; where geos spent differently at the same time, this one has more to go by."
        ).format(revenue=brought, low=low, high=high)

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

    @property
    def _ends(self) -> tuple[pd.Series, pd.Series]:
        """The geo where a yuan returned most, and the one where it returned least."""
        geos = self.geos.iloc[:-1]
        return geos.iloc[int(geos["roas"].argmax())], geos.iloc[int(geos["roas"].argmin())]


@dataclass(frozen=True)
class NoGeosResult(Result):
    """Why there is nothing by geo.

    Attributes:
        asked: Whether it was asked for.
    """

    asked: bool

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What media brought by geo")

    @property
    def text(self) -> str:
        """What is missing, and where it would come from."""
        if not self.asked:
            return _("Not computed: what media brought by geo is told at the level of detail by_geo.")
        return _(
            "There are no sales and media by geo. Import “{sales}” and “{media}” on the page of data, and this "
            "part tells what media brought in each geo."
        ).format(sales=_(GEO_SALES_WEEKS.title), media=_(GEO_MEDIA_WEEKS.title))

    @property
    def table(self) -> pd.DataFrame:
        """Nothing."""
        return pd.DataFrame()

    def chart(self) -> None:
        """Nothing."""

    def numbers(self) -> Mapping[str, Any]:
        """Nothing."""
        return {}


def by_geo(
    histories: Mapping[str, History] | None,
    *,
    country: ResponseModel,
    holidays_of: str = "",
    seed: int = 1,
) -> GeoContributionResult | NoGeosResult:
    """Fit several geos together with the country's lift tests, and tell what media brought in each in the last year.

    Args:
        histories: Weekly sales and media by geo; none: nothing is known by geo; None: it was not asked for.
        country: The country's own model, whose settings and lift tests are used.
        holidays_of: Code of the country whose holidays are added to those recorded.
        seed: Seed of the random numbers.

    Raises:
        DataError: The geos cannot carry the model.
    """
    if not histories:
        return NoGeosResult(asked=histories is not None)
    known = {geo: with_holidays(history, holidays_of) for geo, history in histories.items()}
    tests = country.history.lift_tests
    found = geo_contributions(fit_geos(known, country.settings, lift_tests=tests, seed=seed))
    whole = contributions(country).parts.iloc[len(country.history.channels)]
    said = (float(whole["revenue"]), float(whole["revenue_low"]), float(whole["revenue_high"]))
    same = country.history.weeks[-1] == found.last_week
    return replace(found, tests=len(tests), country=said if same else None)


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
    spent = next(iter(model.geos.values())).history.spend.index
    return GeoContributionResult(
        geos=geos.assign(revenue_share=share),
        channels=channels,
        first_week=model.weeks[-weeks:][0],
        last_week=model.weeks[-1],
        learned=(spent[0], spent[-1]),
        apart=_apart(brought[:-1].sum(axis=2), paid[:-1].sum(axis=1)),
        currency=_currency(model),
    )


def _apart(brought: Array, spend: Array) -> tuple[float, float, float]:
    """Return how much more a yuan brought in the best row (geos x draws) than in the worst, and its 90 % interval."""
    roas = brought / np.where(spend > 0, spend, np.nan)[:, None]
    mean = roas.mean(axis=1)
    between = roas[np.nanargmax(mean)] - roas[np.nanargmin(mean)]
    low, high = np.quantile(between, [0.05, 0.95])
    return float(between.mean()), float(low), float(high)


def _figures(brought: Array, spend: Array) -> dict[str, Array]:
    """Return means and intervals of what was brought (rows x draws), and of what a unit of spend brought."""
    low, high = np.quantile(brought, [0.05, 0.95], axis=1)
    mean, paid = brought.mean(axis=1), np.where(spend > 0, spend, np.nan)
    revenue = {"spend": spend, "revenue": mean, "revenue_low": low, "revenue_high": high}
    return revenue | {"roas": mean / paid, "roas_low": low / paid, "roas_high": high / paid}


def _currency(model: GeoModel) -> str:
    return next(iter(model.geos.values())).history.currency
