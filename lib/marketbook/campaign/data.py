"""The datasets of campaigns: what ran, who was in its experiment, sales by region and day, paths to conversion."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from marketbook.campaign.moments import Moments, aggregate, unpack
from marketbook.campaign.panel import GeoPanel, build_panel
from marketbook.campaign.wording import CONTROL, MEASURED
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Dataset, Facts, Row
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark


class Campaign(Row):
    """One campaign."""

    campaign: str = Field(min_length=1, title=mark("Campaign"))
    name: str = Field(min_length=1, title=mark("Name"))
    kind: Literal["ab_test", "geo", "national"] = Field(title=mark("How it is measured"))
    channel: str = Field(title=mark("Channel"))
    started_on: date = Field(title=mark("Started on"))
    ended_on: date = Field(title=mark("Ended on"))
    cost_minor: int = Field(ge=0, title=mark("Cost (fen)"))
    regions: str | None = Field(
        default=None,
        title=mark("Regions"),
        description=mark("Where it ran, joined by |; empty: everywhere."),
        examples=["广东|江苏"],
    )

    @property
    def cost(self) -> float:
        """What it cost, in yuan."""
        return self.cost_minor / 100


class ExperimentUser(Row):
    """One user in one experiment, with the weeks before and the weeks during."""

    campaign: str = Field(min_length=1, title=mark("Campaign"))
    user_id: str = Field(min_length=1, title=mark("User number"))
    variant: str = Field(
        min_length=1,
        title=mark("Variant"),
        description=mark("control, or the treatment's name."),
        examples=["control"],
    )
    visits: int = Field(ge=0, title=mark("Visits"))
    orders: int = Field(ge=0, title=mark("Orders"))
    revenue_minor: int = Field(title=mark("Revenue (fen)"))
    orders_before: int = Field(ge=0, title=mark("Orders in the weeks before"))
    revenue_before_minor: int = Field(title=mark("Revenue in the weeks before (fen)"))


class GeoDay(Row):
    """One region on one day."""

    day: date = Field(title=mark("Day"))
    region: str = Field(min_length=1, title=mark("Region"), examples=["广东"])
    revenue_minor: int = Field(
        title=mark("Revenue (fen)"), description=mark("After refunds; a day of refunds only is negative.")
    )
    orders: int = Field(ge=0, title=mark("Orders"))


class ConversionPath(Row):
    """One journey: the channels a visitor came by, in order, and how it ended."""

    journey_id: str = Field(min_length=1, title=mark("Journey number"))
    started_on: date = Field(title=mark("Started on"))
    path: str = Field(
        min_length=1,
        title=mark("Path"),
        description=mark("Channels in order, joined by ' > '."),
        examples=["抖音 > 搜索"],
    )
    converted: bool = Field(title=mark("Converted"))
    amount_minor: int = Field(ge=0, title=mark("Amount (fen)"))


CAMPAIGNS = Dataset(
    "campaigns",
    Campaign,
    ("campaign",),
    mark("Marketing campaigns"),
    mark("One campaign."),
    codes={"kind": MEASURED},
)
EXPERIMENT_USERS = Dataset(
    "experiment_users",
    ExperimentUser,
    ("campaign", "user_id"),
    mark("Experiment users"),
    mark("One user in one experiment."),
    words={"campaign": "campaigns.name"},
    codes={"variant": {CONTROL: mark("Control")}},
)
GEO_DAYS = Dataset("geo_days", GeoDay, ("day", "region"), mark("Region days"), mark("One region on one day."))
CONVERSION_PATHS = Dataset(
    "conversion_paths",
    ConversionPath,
    ("journey_id",),
    mark("Conversion paths"),
    mark("One journey to an order or away."),
)
DATASETS = (CAMPAIGNS, EXPERIMENT_USERS, GEO_DAYS, CONVERSION_PATHS)


MEASURES = ("visits", "orders", "revenue", "orders_before", "revenue_before")


def load_campaigns(facts: Facts) -> list[Campaign]:
    """Return all campaigns in order of time."""
    frame = facts.read("campaigns").sort_values(["started_on", "campaign"])
    return [Campaign.model_validate(row) for row in frame.astype(object).where(frame.notna(), None).to_dict("records")]


def find_campaign(campaigns: Iterable[Campaign], code: str, kind: str) -> Campaign:
    """Return the campaign of a code.

    Raises:
        DataError: There is none of this code and kind; the message lists those there are.
    """
    known = [one for one in campaigns if one.kind == kind]
    for one in known:
        if one.campaign == code:
            return one
    raise DataError(
        _("campaigns: {code} is not a campaign measured by '{kind}'; these are: {known}.").format(
            code=code, kind=kind, known=", ".join(one.campaign for one in known) or "–"
        )
    )


def load_moments(facts: Facts) -> dict[str, dict[str, Moments]]:
    """Aggregate the users of every experiment in one pass; amounts in yuan.

    Returns:
        By campaign and variant, the moments of `MEASURES`; `control` first.
    """
    users = facts.table("experiment_users")
    measures = {name: users[name] if name in users.columns else users[f"{name}_minor"] / 100 for name in MEASURES}
    found: dict[str, dict[str, Moments]] = {}
    for _number, row in aggregate(users, ["campaign", "variant"], measures).iterrows():
        found.setdefault(row["campaign"], {})[row["variant"]] = unpack(row, MEASURES)
    return {code: dict(sorted(variants.items(), key=_control_first)) for code, variants in found.items()}


def variants_of(moments: Mapping[str, Mapping[str, Moments]], campaign: Campaign) -> Mapping[str, Moments]:
    """Return the variants of one experiment.

    Raises:
        DataError: The campaign has no users in `experiment_users`.
    """
    if campaign.campaign not in moments:
        raise DataError(_("experiment_users: no row for campaign {code}.").format(code=campaign.campaign))
    return moments[campaign.campaign]


def load_panels(facts: Facts, campaigns: Sequence[Campaign], *, weeks_before: int) -> dict[str, GeoPanel]:
    """Build the panels of all geo campaigns whose weeks before lie within the data, by the campaign's code."""
    known = facts.table("geo_days").day.min().to_pyarrow().as_py()
    return {
        one.campaign: load_panel(facts, one, campaigns, weeks_before=weeks_before)
        for one in campaigns
        if one.kind == "geo" and known <= _first_day(one, weeks_before)
    }


def load_panel(facts: Facts, campaign: Campaign, campaigns: Iterable[Campaign], *, weeks_before: int) -> GeoPanel:
    """Build the panel of a geo campaign; regions where another one ran meanwhile are no controls.

    Raises:
        DataError: As `build_panel`, or the campaign names no regions.
    """
    first = _first_day(campaign, weeks_before)
    days = facts.table("geo_days")
    chosen = days.filter((days.day >= first) & (days.day <= campaign.ended_on))
    daily = chosen.select("day", "region", revenue=chosen.revenue_minor / 100).to_pyarrow().to_pandas()
    others = [one for one in campaigns if one.campaign != campaign.campaign and _overlap(one, first, campaign.ended_on)]
    return build_panel(
        daily,
        regions_of(campaign),
        campaign.started_on,
        campaign.ended_on,
        weeks_before=weeks_before,
        leave_out=tuple(region for one in others for region in regions_of(one)),
    )


def regions_of(campaign: Campaign) -> tuple[str, ...]:
    """Return the regions where a geo campaign ran."""
    found = tuple(part.strip() for part in (campaign.regions or "").split("|") if part.strip())
    if campaign.kind == "geo" and not found:
        raise DataError(
            _("campaigns: {code} is a geo campaign without regions; name them, joined by |.").format(
                code=campaign.campaign
            )
        )
    return found


def _first_day(campaign: Campaign, weeks_before: int) -> date:
    return campaign.started_on - timedelta(days=7 * weeks_before)


def _overlap(campaign: Campaign, first: date, last: date) -> bool:
    return campaign.kind == "geo" and campaign.started_on <= last and campaign.ended_on >= first


def _control_first(item: tuple[str, Moments]) -> tuple[bool, str]:
    return item[0] != CONTROL, item[0]
