"""Origin: which users, region days and campaigns stand behind the figures of a campaign report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import singledispatchmethod
from typing import Any

from marketbook.campaign.data import Campaign
from marketbook.campaign.experiment import ExperimentLift
from marketbook.campaign.geo import GeoEffect, GeoPlacebo
from marketbook.campaign.impact import Effect, Impact
from marketbook.campaign.metrics import ExperimentMetrics
from marketbook.campaign.overview import CampaignOverview
from marketbook.campaign.panel import GeoPanel
from marketbook.campaign.sample_ratio import SampleRatio
from marketbook.campaign.verdict import Verdict
from marketbook.campaign.wording import CONTROL
from marketbook.kit.facts import Rows
from marketbook.kit.report import Behind

_EFFECT = ("lift", "revenue_incremental", "rate_return", "rate_return_low", "rate_return_high")
_COST_ROW = 2


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a report's figures come from.

    A group's figure stands on the users of the group, an effect on all whom it compares: the users of the test, or
    the days of the campaign's regions and of those that they are compared with.

    Attributes:
        campaigns: All campaigns, in the order of the overview.
        tested: The campaign judged by its A/B test.
        local: The campaign judged by its regions.
        panels: The panel of each geo campaign, by its code.
    """

    campaigns: Sequence[Campaign] = field(repr=False)
    tested: Campaign
    local: Campaign
    panels: Mapping[str, GeoPanel] = field(repr=False)

    @singledispatchmethod
    def behind(self, result: Any) -> Behind:  # noqa: ANN401  # one method for each kind of result
        """Return the rows behind a result's figures."""
        raise NotImplementedError(type(result).__name__)

    @behind.register
    def _experiment(self, result: ExperimentLift) -> Behind:
        users, cost = _users(self.tested), _booked(self.tested)
        items = [users] * len(result.table)
        items[_COST_ROW] = cost
        return Behind(whole=users, numbers={"cost": cost}, table=items)

    @behind.register
    def _metrics(self, result: ExperimentMetrics) -> Behind:
        users, count = _users(self.tested), len(result.rows)
        groups = {"control": users.being(variant=CONTROL), "treatment": users.but("variant", [CONTROL])}
        return Behind(whole=users, cells={name: [rows] * count for name, rows in groups.items()})

    @behind.register
    def _ratio(self, result: SampleRatio) -> Behind:
        users = _users(self.tested)
        return Behind(whole=users, table=[users.being(variant=variant) for variant in result.rows["variant"]])

    @behind.register
    def _geo(self, result: GeoEffect) -> Behind:
        panel = self.panels[self.local.campaign]
        days = dict(zip(panel.treated.index, panel.days, strict=True))
        ran = Rows("geo_days").among("region", result.regions)
        weeks = [ran.between("day", week, week + timedelta(days=days[week] - 1)) for week in result.table["week"]]
        return Behind(
            whole=_compared(panel),
            numbers={"cost": _booked(self.local)},
            cells={"revenue_actual": weeks},
        )

    @behind.register
    def _placebo(self, result: GeoPlacebo) -> Behind:
        panel = self.panels[self.local.campaign]
        regions, size = list(result.effect.placebos["region"]), len(result.effect.regions)
        joined = [[regions[(place + step) % len(regions)] for step in range(size)] for place in result.table.index]
        before = _days(panel, weeks=panel.before)
        return Behind(
            whole=_days(panel).among("region", regions),
            numbers={"rank_p_value": _compared(panel)},
            table=[_days(panel).among("region", group) for group in joined],
            cells={"weight_share": [before.being(region=region) for region in result.table["region"]]},
        )

    @behind.register
    def _impact(self, result: Impact) -> Behind:
        panel = self.panels[self.local.campaign]
        ran = Rows("geo_days").among("region", panel.regions)

        def window(effect: Effect, first: int) -> Rows:
            start, length = result.start + timedelta(weeks=first), timedelta(weeks=effect.points)
            return ran.between("day", start, start + length - timedelta(days=1))

        windows = [window(result.effect, 0)]
        if result.placebo:
            windows.append(window(result.placebo, -result.placebo.points))
        before = _compared(panel, weeks=panel.before)
        return Behind(
            whole=_compared(panel),
            numbers={"placebo_lift": before},
            table=[_compared(panel), before][: len(windows)],
            cells={"revenue_actual": windows},
        )

    @behind.register
    def _overview(self, result: CampaignOverview) -> Behind:
        worked = (result.rows["verdict"] == Verdict.WORKED).to_numpy()
        judged = [self._judged(one) for one in self.campaigns]
        paid = worked & (result.rows["rate_return_low"] > 0).to_numpy()
        return Behind(
            whole=Rows("campaigns"),
            numbers={"count_worked": self._chosen(worked), "count_paid": self._chosen(paid)},
            table=[_booked(one) for one in self.campaigns],
            cells=dict.fromkeys(_EFFECT, judged),
        )

    def _chosen(self, mask: Iterable[bool]) -> Rows:
        codes = [one.campaign for one, chosen in zip(self.campaigns, mask, strict=True) if chosen]
        return Rows("campaigns").among("campaign", codes)

    def _judged(self, campaign: Campaign) -> Rows:
        """What a campaign is judged by; where nothing can be, what is known of it."""
        if campaign.campaign in self.panels:
            return _compared(self.panels[campaign.campaign])
        return _users(campaign) if campaign.kind == "ab_test" else _booked(campaign)


def _users(campaign: Campaign) -> Rows:
    return Rows("experiment_users").being(campaign=campaign.campaign)


def _booked(campaign: Campaign) -> Rows:
    return Rows("campaigns").being(campaign=campaign.campaign)


def _days(panel: GeoPanel, *, weeks: int | None = None) -> Rows:
    """The days of a panel, or of its first weeks."""
    chosen = panel.days[:weeks]
    first = panel.treated.index[0]
    return Rows("geo_days").between("day", first, first + timedelta(days=int(chosen.sum()) - 1))


def _compared(panel: GeoPanel, *, weeks: int | None = None) -> Rows:
    """The days of the campaign's regions and of those that they are compared with."""
    return _days(panel, weeks=weeks).among("region", [*panel.regions, *panel.controls.columns])
