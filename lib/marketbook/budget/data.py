"""The datasets of budgets: weekly media and sales, lift tests, and the ad platforms' daily reports."""

from datetime import date

from pydantic import Field

from marketbook.kit.facts import Dataset, Row
from marketbook.kit.language import mark


class MediaWeek(Row):
    """One channel in one week."""

    week: date = Field(title=mark("Week"), description=mark("Its Monday."))
    channel: str = Field(min_length=1, title=mark("Channel"))
    spend_minor: int = Field(ge=0, title=mark("Spend (fen)"))
    impressions: int = Field(ge=0, title=mark("Impressions"))
    clicks: int = Field(ge=0, title=mark("Clicks"))


class SalesWeek(Row):
    """The company's sales in one week, with what else moved them."""

    week: date = Field(title=mark("Week"), description=mark("Its Monday."))
    revenue_minor: int = Field(ge=0, title=mark("Revenue (fen)"))
    orders: int = Field(ge=0, title=mark("Orders"))
    price_index: float = Field(gt=0, title=mark("Price index"), description=mark("Average price, 1 = first year."))
    holiday: str | None = Field(default=None, title=mark("Holiday or sale"))


class LiftTest(Row):
    """One lift test of a channel: the weekly spend added to what was spent, and the weekly revenue that came of it."""

    test_id: str = Field(min_length=1, title=mark("Test number"))
    channel: str = Field(min_length=1, title=mark("Channel"))
    started_on: date = Field(title=mark("Started on"))
    ended_on: date = Field(title=mark("Ended on"))
    spend_minor: int = Field(ge=0, title=mark("Weekly spend before (fen)"))
    added_spend_minor: int = Field(title=mark("Weekly spend added (fen)"))
    lift_minor: int = Field(title=mark("Weekly revenue added (fen)"))
    lift_se_minor: int = Field(gt=0, title=mark("Its standard error (fen)"))


class AdDay(Row):
    """One campaign of one advertising account on one day, as the platform reports it."""

    day: date = Field(title=mark("Day"))
    platform: str = Field(min_length=1, title=mark("Platform"))
    account: str = Field(default="", title=mark("Account"))
    campaign: str = Field(min_length=1, title=mark("Campaign"))
    unit: str = Field(default="", title=mark("Ad unit"), description=mark("Ad group, plan or creative; empty: whole."))
    spend_minor: int = Field(ge=0, title=mark("Spend (fen)"))
    impressions: int = Field(ge=0, title=mark("Impressions"))
    clicks: int = Field(ge=0, title=mark("Clicks"))
    conversions: int = Field(default=0, ge=0, title=mark("Conversions"))


MEDIA_WEEKS = Dataset(
    "media_weeks", MediaWeek, ("week", "channel"), mark("Media weeks"), mark("One channel in one week.")
)
SALES_WEEKS = Dataset(
    "sales_weeks", SalesWeek, ("week",), mark("Sales weeks"), mark("The company's sales in one week.")
)
LIFT_TESTS = Dataset("lift_tests", LiftTest, ("test_id",), mark("Lift tests"), mark("One lift test of one channel."))
AD_DAYS = Dataset(
    "ad_days",
    AdDay,
    ("day", "platform", "account", "campaign", "unit"),
    mark("Advertising days"),
    mark("One campaign of one advertising account on one day."),
)
DATASETS = (MEDIA_WEEKS, SALES_WEEKS, LIFT_TESTS, AD_DAYS)
