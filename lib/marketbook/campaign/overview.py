"""All campaigns side by side: lift, money, return and verdict, each by the way it can be measured."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from marketbook.campaign.data import Campaign
from marketbook.campaign.experiment import ExperimentLift, evaluate_experiment
from marketbook.campaign.geo import GeoEffect, evaluate_geo
from marketbook.campaign.moments import Moments
from marketbook.campaign.money import MONEY_TITLES
from marketbook.campaign.panel import GeoPanel
from marketbook.campaign.verdict import Verdict
from marketbook.campaign.wording import CONTROL, MEASURED, round_percent
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

_FIGURES = (
    "lift",
    "lift_low",
    "lift_high",
    "revenue_incremental",
    "rate_return",
    "rate_return_low",
    "rate_return_high",
)
_SHOWN = (
    "campaign",
    "verdict",
    "measured",
    "lift",
    "revenue_incremental",
    "cost",
    "rate_return",
    "rate_return_low",
    "rate_return_high",
)
_PAYBACK = {
    1: mark("worked and paid for itself"),
    0: mark("worked; open whether it paid for itself"),
    -1: mark("worked, but cost more than it earned"),
}


@dataclass(frozen=True)
class CampaignOverview(Result):
    """Every campaign with what it brought in and what may be said of it."""

    rows: pd.DataFrame
    level: float

    titles: ClassVar[Mapping[str, str]] = MONEY_TITLES | {
        "campaign": mark("Name of the campaign"),
        "measured": mark("Measured by"),
        "lift": mark("Revenue lift"),
        "verdict": mark("Verdict"),
        "rate_return_low": mark("Low end"),
        "rate_return_high": mark("High end"),
        "n": mark("Campaigns"),
        "count_worked": mark("Campaigns that worked"),
        "count_paid": mark("Campaigns that paid for themselves"),
        "share_proven": mark("Share of the money in campaigns that worked"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Which campaigns were worth their money?")

    @property
    def text(self) -> str:
        """How many worked, and how much of the money they took."""
        sentence = _(
            "{worked} of {n} campaigns can be shown to have worked, {paid} of them with a return surely above zero; "
            "{share} of the money went to those that worked."
        ).format(
            worked=int(self._worked.sum()),
            n=len(self.rows),
            paid=self.count_paid,
            share=by_name("share", self.share_proven),
        )
        if not self._worked.any():
            return sentence
        best = self.rows[self._worked].sort_values("rate_return", ascending=False).iloc[0]
        found = _("The best return came from “{campaign}”: {rate} {interval}.").format(
            campaign=label(best["campaign"]),
            rate=by_name("rate_return", best["rate_return"]),
            interval=by_name("rate_return_ci", (best["rate_return_low"], best["rate_return_high"])),
        )
        return _("{first} {second}").format(first=sentence, second=found)

    @property
    def _worked(self) -> pd.Series:
        return self.rows["verdict"] == Verdict.WORKED

    @property
    def count_paid(self) -> int:
        """Campaigns whose return lies above zero with its whole interval."""
        return int((self._worked & (self.rows["rate_return_low"] > 0)).sum())

    @property
    def share_proven(self) -> float:
        """Share of all cost in campaigns that worked."""
        total = float(self.rows["cost"].sum())
        return float(self.rows.loc[self._worked, "cost"].sum()) / total if total else 0.0

    @property
    def table(self) -> pd.DataFrame:
        """One row per campaign, in order of time."""
        shown = self.rows.assign(
            verdict=[_said(row) for _number, row in self.rows.iterrows()],
            measured=[_(MEASURED[kind]) for kind in self.rows["measured"]],
        )
        return shown[list(_SHOWN)]

    @property
    def caveats(self) -> Sequence[str]:
        """What a list of verdicts hides."""
        judged = int((self.rows["verdict"] != Verdict.UNJUDGED).sum())
        return (
            _(
                "{judged} campaigns were judged at {level}: one that does nothing still looks as if it did in {chance} "
                "of cases."
            ).format(judged=judged, level=round_percent(self.level), chance=round_percent(1 - self.level)),
            _("No evidence does not mean no effect: the interval says how large an effect may have gone unseen."),
        )

    def chart(self) -> Chart | None:
        """Return on cost by campaign, where it could be judged."""
        judged = self.rows.dropna(subset=["rate_return"])
        if judged.empty:
            return None
        return Chart(
            kind="point",
            data=judged,
            x="rate_return",
            y="campaign",
            low="rate_return_low",
            high="rate_return_high",
            rule=0.0,
            title=_("Return on cost; right of the line the campaign earned more than it cost"),
            titles={name: _(title) for name, title in self.titles.items()},
        )

    def numbers(self) -> Mapping[str, Any]:
        """How many worked, of how many, with what share of the money."""
        return {
            "count_worked": int(self._worked.sum()),
            "count_paid": self.count_paid,
            "n": len(self.rows),
            "share_proven": self.share_proven,
        }


def judge_campaigns(
    campaigns: Iterable[Campaign],
    moments: Mapping[str, Mapping[str, Moments]],
    panels: Mapping[str, GeoPanel],
    *,
    gross_margin: float = 1.0,
    level: float = 0.95,
    cuped: bool = True,
) -> CampaignOverview:
    """Judge every campaign by its revenue and put them side by side.

    Args:
        campaigns: What ran, in the order of the rows.
        moments: Moments by variant of each A/B test, by the campaign's code; only tests of two variants are judged.
        panels: Panel of each geo campaign, by the campaign's code.
        gross_margin: Share of revenue left after the cost of goods.
        level: Confidence level, 0 to 1.
        cuped: Adjust experiments for what users did in the weeks before.
    """
    rows = []
    for one in campaigns:
        known: dict[str, Any] = {"campaign": one.name, "cost": one.cost, "gross_margin": gross_margin, "level": level}
        variants = moments.get(one.campaign, {})
        if CONTROL in variants and len(variants) == 2:
            rows.append(_row(one, evaluate_experiment(variants, cuped=cuped, **known)))
        elif one.campaign in panels:
            rows.append(_row(one, evaluate_geo(panels[one.campaign], **known)))
        else:
            rows.append(_row(one, None))
    return CampaignOverview(rows=pd.DataFrame(rows), level=level)


def _said(row: pd.Series) -> str:
    if row["verdict"] != Verdict.WORKED:
        return Verdict(row["verdict"]).said
    return _(_PAYBACK[int(row["rate_return_low"] > 0) - int(row["rate_return_high"] < 0)])


def _row(campaign: Campaign, found: ExperimentLift | GeoEffect | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "campaign": campaign.name,
        "measured": campaign.kind,
        "cost": campaign.cost,
    }
    if found is None or found.verdict is Verdict.UNJUDGED:
        return row | dict.fromkeys(_FIGURES, math.nan) | {"verdict": Verdict.UNJUDGED}
    lift, interval = (
        (found.lift, found.lift_ci)
        if isinstance(found, GeoEffect)
        else (found.comparison.lift, found.comparison.lift_ci)
    )
    money = found.money
    figures = (lift, *interval, money.revenue, money.rate_return, *money.rate_return_ci)
    return row | dict(zip(_FIGURES, figures, strict=True)) | {"verdict": found.verdict}
