"""A geo campaign against its counterfactual, and the same method where nothing happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from marketbook.campaign.counterfactual import Counterfactual, Method, fit_counterfactual
from marketbook.campaign.money import MONEY_TITLES, Money
from marketbook.campaign.panel import GeoPanel
from marketbook.campaign.verdict import Verdict
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

_SENTENCES = {
    Verdict.WORKED: mark("“{campaign}” raised revenue in {regions} by {lift} {interval}: {money}"),
    Verdict.HARMED: mark("“{campaign}” lowered revenue in {regions} ({lift} {interval}): {money}"),
    Verdict.UNPROVEN: mark("No evidence that “{campaign}” changed revenue in {regions} ({lift} {interval}): {money}"),
}


@dataclass(frozen=True)
class GeoEffect(Result):
    """What a geo campaign changed.

    Attributes:
        campaign: Its name.
        regions: Where it ran.
        weeks: One row per week: actual and expected revenue with band, and whether the campaign ran.
        lift: Actual over expected revenue during the campaign, less one.
        lift_ci: Its interval, from the placebos.
        money: The effect over the whole campaign, against the cost.
        placebos: One row per control region: weight, lift found there, its own noise, lift over noise.
        ratio: The campaign's lift over the treated regions' own noise.
        start: First day.
    """

    campaign: str
    regions: tuple[str, ...]
    weeks: pd.DataFrame
    lift: float
    lift_ci: tuple[float, float]
    p_value: float
    money: Money
    placebos: pd.DataFrame
    ratio: float
    noise: float
    start: date
    level: float

    titles: ClassVar[Mapping[str, str]] = MONEY_TITLES | {
        "week": mark("Week from"),
        "revenue_actual": mark("Actual"),
        "revenue_expected": mark("Expected without the campaign"),
        "revenue_low": mark("Low end"),
        "revenue_high": mark("High end"),
        "revenue_difference": mark("Difference"),
        "revenue": mark("Revenue a week"),
        "series": mark("Series"),
        "lift": mark("Lift"),
        "p_value": mark("p-value"),
    }

    @property
    def verdict(self) -> Verdict:
        """Worked, harmed or no evidence."""
        low, high = self.lift_ci
        return Verdict.of(int(low > 0) - int(high < 0))

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What would have happened without “{campaign}”?").format(campaign=label(self.campaign))

    @property
    def text(self) -> str:
        """The lift and the money in one sentence."""
        return _(_SENTENCES[self.verdict]).format(
            campaign=label(self.campaign),
            regions=_(", ").join(label(region) for region in self.regions),
            lift=by_name("lift", self.lift),
            interval=by_name("lift_ci", self.lift_ci),
            money=self.money.said,
        )

    @property
    def table(self) -> pd.DataFrame:
        """The weeks of the campaign."""
        during = self.weeks[self.weeks["during"]].drop(columns="during")
        return during.assign(revenue_difference=during["revenue_actual"] - during["revenue_expected"])

    @property
    def caveats(self) -> Sequence[str]:
        """How the expected revenue was made, and how well it fitted."""
        return (
            _(
                "Expected revenue follows the weighted regions where the campaign did not run (synthetic difference in "
                "differences); before the start it missed the actual by {noise} in a typical week."
            ).format(noise=by_name("share", self.noise)),
            _("Purchases that moved from one region or week to another count as gained."),
        )

    def chart(self) -> Chart:
        """Actual and expected revenue by week."""
        actual = self.weeks[["week", "revenue_actual"]].rename(columns={"revenue_actual": "revenue"})
        names = {"revenue_expected": "revenue"}
        expected = self.weeks[["week", "revenue_expected", "revenue_low", "revenue_high"]].rename(columns=names)
        return Chart(
            kind="line",
            data=pd.concat(
                [actual.assign(series=_("Actual")), expected.assign(series=_("Expected without the campaign"))],
                ignore_index=True,
            ),
            x="week",
            y="revenue",
            color="series",
            low="revenue_low",
            high="revenue_high",
            mark_on=self.start,
            title=_("Weekly revenue in the campaign's regions, actual and expected"),
            titles={name: _(title) for name, title in self.titles.items()},
        )

    def numbers(self) -> Mapping[str, Any]:
        """Lift, money and return."""
        return {"lift": self.lift, "lift_ci": self.lift_ci, "p_value": self.p_value} | self.money.numbers()


@dataclass(frozen=True)
class GeoPlacebo(Result):
    """What the method of a geo campaign finds in regions where it did not run."""

    effect: GeoEffect

    titles: ClassVar[Mapping[str, str]] = {
        "region": mark("Region"),
        "weight_share": mark("Weight in the expected revenue"),
        "lift": mark("Lift found"),
        "noise_share": mark("Typical weekly miss before"),
        "ratio": mark("Lift over typical miss"),
        "group": mark("Regions treated"),
        "typical_lift": mark("Typical lift found where nothing happened"),
        "rank_p_value": mark("Share of regions with a lift as large"),
        "n": mark("Regions compared"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What does the method find where nothing happened?")

    @property
    def text(self) -> str:
        """The size of placebo effects and the campaign's rank among them."""
        n = len(self.effect.placebos)
        larger = round(self.rank_p_value * (n + 1)) - 1
        template = (
            _(
                "Put to {n} regions without the campaign the method typically finds a change of {typical}; set against "
                "each region's own ups and downs, the change is as large as the campaign's in {larger} of them."
            )
            if larger
            else _(
                "Put to {n} regions without the campaign the method typically finds a change of {typical}; set against "
                "each region's own ups and downs, in none of them is the change as large as the campaign's."
            )
        )
        return template.format(n=n, typical=by_name("lift", self.typical_lift), larger=larger)

    @property
    def typical_lift(self) -> float:
        """Median size of the lifts found."""
        return float(self.effect.placebos["lift"].abs().median())

    @property
    def rank_p_value(self) -> float:
        """Rank of the campaign's lift over noise among all, by size; exact where regions are exchangeable."""
        as_large = int((self.effect.placebos["ratio"].abs() >= abs(self.effect.ratio)).sum())
        return (1 + as_large) / (1 + len(self.effect.placebos))

    @property
    def table(self) -> pd.DataFrame:
        """One row per control region, the heaviest first."""
        return self.effect.placebos.sort_values("weight_share", ascending=False, kind="stable")

    @property
    def caveats(self) -> Sequence[str]:
        """What a placebo is."""
        if len(self.effect.regions) == 1:
            return ()
        return (
            _(
                "As the campaign ran in {k} regions, each placebo joins {k} regions of like size; "
                "it is named after the largest."
            ).format(k=len(self.effect.regions)),
        )

    def chart(self) -> Chart:
        """Lift over noise by region, the campaign's beside."""
        own = pd.DataFrame(
            {"region": [_("The campaign")], "ratio": [self.effect.ratio], "group": [_("With the campaign")]}
        )
        others = self.effect.placebos[["region", "ratio"]].assign(group=_("Without the campaign"))
        return Chart(
            kind="point",
            data=pd.concat([own, others], ignore_index=True).sort_values("ratio", ascending=False, kind="stable"),
            x="ratio",
            y="region",
            color="group",
            rule=0.0,
            title=_("Lift over each region's typical weekly miss"),
            titles={name: _(title) for name, title in self.titles.items()},
        )

    def numbers(self) -> Mapping[str, Any]:
        """Typical placebo effect and the campaign's rank."""
        return {"typical_lift": self.typical_lift, "rank_p_value": self.rank_p_value, "n": len(self.effect.placebos)}


def evaluate_geo(
    panel: GeoPanel,
    *,
    campaign: str = "",
    cost: float = 0.0,
    gross_margin: float = 1.0,
    level: float = 0.95,
    method: Method = "synthetic_did",
) -> GeoEffect:
    """Hold the treated regions' revenue against what weighted control regions say it would have been.

    Every region is measured in units of its own mean before the campaign, so that a sale moves large and small
    regions alike. The standard error comes from the placebos, each divided by its own miss before the campaign.

    Args:
        panel: Weeks by regions.
        campaign: Its name, for the sentences.
        cost: In yuan.
        gross_margin: Share of revenue left after the cost of goods.
        level: Confidence level, 0 to 1.
        method: How controls are weighted; see `fit_counterfactual`.

    Raises:
        DataError: Too few weeks or control regions.

    References:
        Arkhangelsky et al. (2021). Abadie, Diamond, Hainmueller (2010), section 3.4, for effects over earlier misses.
    """
    scale = float(panel.treated.iloc[: panel.before].mean())
    controls = panel.controls / panel.controls.iloc[: panel.before].mean()
    size = len(panel.regions)
    treated = panel.treated.to_numpy(dtype=float) / scale
    fit = fit_counterfactual(treated, controls, panel.before, method=method, placebo_size=size, precision=3e-4)
    gap = treated - fit.expected
    own = _miss(gap, panel.before)
    placebos = _placebos(fit, controls, panel.before)
    error = own * float(np.sqrt((placebos["ratio"] ** 2).mean()))
    freedom = max(len(placebos) // size, 1)
    reach = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    during = panel.days[panel.before :]
    effect = float(np.average(gap[panel.before :], weights=during))
    actual = float(np.average(treated[panel.before :], weights=during))
    total = scale * float(during.sum())
    return GeoEffect(
        campaign=campaign,
        regions=panel.regions,
        weeks=_weeks(panel, fit, scale, own, reach / error if error else 0.0),
        lift=effect / (actual - effect),
        lift_ci=((effect - reach) / (actual - effect + reach), (effect + reach) / (actual - effect - reach)),
        p_value=float(2 * stats.t.sf(abs(effect) / error, freedom)),
        money=Money(effect * total, ((effect - reach) * total, (effect + reach) * total), cost, gross_margin),
        placebos=placebos,
        ratio=effect / own,
        noise=own,
        start=panel.start,
        level=level,
    )


def _miss(gap: Any, before: int) -> float:  # noqa: ANN401  # an array
    """Root mean square distance of actual from expected before the campaign, level apart."""
    return float(np.std(gap[:before], ddof=1))


def _placebos(fit: Counterfactual, controls: pd.DataFrame, before: int) -> pd.DataFrame:
    noise = fit.placebo_gaps[:, :before].std(axis=1, ddof=1)
    effects = fit.placebo_effects.to_numpy()
    return pd.DataFrame(
        {
            "region": controls.columns.astype(str),
            "weight_share": fit.unit_weights.to_numpy(),
            "lift": effects,
            "noise_share": noise,
            "ratio": effects / noise,
        }
    )


def _weeks(panel: GeoPanel, fit: Counterfactual, scale: float, own: float, quantile: float) -> pd.DataFrame:
    """Revenue a week with the band of a single week: the placebos' misses in that week, over their own noise."""
    noise = fit.placebo_gaps[:, : panel.before].std(axis=1, ddof=1)
    spread = own * np.sqrt(((fit.placebo_gaps / noise[:, None]) ** 2).mean(axis=0))
    money = scale * panel.days
    return pd.DataFrame(
        {
            "week": panel.treated.index,
            "revenue_actual": panel.treated.to_numpy() * panel.days,
            "revenue_expected": fit.expected * money,
            "revenue_low": (fit.expected - quantile * spread) * money,
            "revenue_high": (fit.expected + quantile * spread) * money,
            "during": np.arange(len(panel.treated)) >= panel.before,
        }
    )
