"""The datasets of campaigns: what ran, who was in its experiment, sales by region and day, paths to conversion."""

from datetime import date
from typing import Literal

from pydantic import Field

from marketbook.kit.facts import Dataset, Row
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
        default=None, title=mark("Regions"), description=mark("Where it ran, joined by |; empty: everywhere.")
    )


class ExperimentUser(Row):
    """One user in one experiment, with the weeks before and the weeks during."""

    campaign: str = Field(min_length=1, title=mark("Campaign"))
    user_id: str = Field(min_length=1, title=mark("User number"))
    variant: str = Field(min_length=1, title=mark("Variant"), description=mark("control, or the treatment's name."))
    visits: int = Field(ge=0, title=mark("Visits"))
    orders: int = Field(ge=0, title=mark("Orders"))
    revenue_minor: int = Field(title=mark("Revenue (fen)"))
    orders_before: int = Field(ge=0, title=mark("Orders in the weeks before"))
    revenue_before_minor: int = Field(title=mark("Revenue in the weeks before (fen)"))


class GeoDay(Row):
    """One region on one day."""

    day: date = Field(title=mark("Day"))
    region: str = Field(min_length=1, title=mark("Region"))
    revenue_minor: int = Field(ge=0, title=mark("Revenue (fen)"))
    orders: int = Field(ge=0, title=mark("Orders"))


class ConversionPath(Row):
    """One journey: the channels a visitor came by, in order, and how it ended."""

    journey_id: str = Field(min_length=1, title=mark("Journey number"))
    started_on: date = Field(title=mark("Started on"))
    path: str = Field(min_length=1, title=mark("Path"), description=mark("Channels in order, joined by ' > '."))
    converted: bool = Field(title=mark("Converted"))
    amount_minor: int = Field(ge=0, title=mark("Amount (fen)"))


CAMPAIGNS = Dataset("campaigns", Campaign, ("campaign",), mark("Campaigns"), mark("One campaign."))
EXPERIMENT_USERS = Dataset(
    "experiment_users",
    ExperimentUser,
    ("campaign", "user_id"),
    mark("Experiment users"),
    mark("One user in one experiment."),
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
