"""The datasets of budgets: weekly media and sales, lift tests, and the ad platforms' daily reports."""

from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field

from marketbook.budget.history import DAY, LIFT_COLUMNS, WEEK, History
from marketbook.budget.lift import in_periods
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Dataset, Facts, Row
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

Period = Literal["week", "day"]


class MediaWeek(Row):
    """One channel in one week."""

    week: date = Field(title=mark("Week"), description=mark("Its Monday."))
    channel: str = Field(min_length=1, title=mark("Channel"), examples=["抖音"])
    spend_minor: int = Field(ge=0, title=mark("Spend (fen)"))
    impressions: int = Field(ge=0, title=mark("Impressions"))
    clicks: int = Field(ge=0, title=mark("Clicks"))


class SalesWeek(Row):
    """The company's sales in one week, with what else moved them."""

    week: date = Field(title=mark("Week"), description=mark("Its Monday."))
    revenue_minor: int = Field(ge=0, title=mark("Revenue (fen)"))
    orders: int = Field(ge=0, title=mark("Orders"))
    price_index: float = Field(
        gt=0, title=mark("Price index"), description=mark("Average price, 1 = first year."), examples=[1.02]
    )
    holiday: str | None = Field(default=None, title=mark("Holiday or sale"), examples=["春节"])


class MediaDay(Row):
    """One channel on one day."""

    day: date = Field(title=mark("Day"))
    channel: str = Field(min_length=1, title=mark("Channel"), examples=["抖音"])
    spend_minor: int = Field(ge=0, title=mark("Spend (fen)"))


class SalesDay(Row):
    """The company's sales on one day, with what else moved them."""

    day: date = Field(title=mark("Day"))
    revenue_minor: int = Field(ge=0, title=mark("Revenue (fen)"))
    price_index: float = Field(
        default=1.0,
        gt=0,
        title=mark("Price index"),
        description=mark("Average price, 1 = first year."),
        examples=[1.02],
    )
    holiday: str | None = Field(default=None, title=mark("Holiday or sale"), examples=["春节"])


class GeoMediaWeek(Row):
    """One channel in one geo and week."""

    week: date = Field(title=mark("Week"), description=mark("Its Monday."))
    geo: str = Field(min_length=1, title=mark("Geo"), examples=["华东"])
    channel: str = Field(min_length=1, title=mark("Channel"), examples=["抖音"])
    spend_minor: int = Field(ge=0, title=mark("Spend (fen)"))


class GeoSalesWeek(Row):
    """Sales of one geo in one week, with what else moved them."""

    week: date = Field(title=mark("Week"), description=mark("Its Monday."))
    geo: str = Field(min_length=1, title=mark("Geo"), examples=["华东"])
    revenue_minor: int = Field(ge=0, title=mark("Revenue (fen)"))
    price_index: float = Field(
        default=1.0,
        gt=0,
        title=mark("Price index"),
        description=mark("Average price, 1 = first year."),
        examples=[1.02],
    )
    holiday: str | None = Field(default=None, title=mark("Holiday or sale"), examples=["春节"])


class LiftTest(Row):
    """One lift test of a channel: the weekly spend added, and the weekly revenue that came of it at full effect."""

    test_id: str = Field(min_length=1, title=mark("Test number"))
    channel: str = Field(min_length=1, title=mark("Channel"), examples=["抖音"])
    started_on: date = Field(title=mark("Started on"))
    ended_on: date = Field(title=mark("Ended on"))
    spend_minor: int = Field(ge=0, title=mark("Weekly spend before (fen)"))
    added_spend_minor: int = Field(title=mark("Weekly spend added (fen)"))
    lift_minor: int = Field(title=mark("Weekly revenue added (fen)"))
    lift_se_minor: int = Field(gt=0, title=mark("Its standard error (fen)"))


class AdDay(Row):
    """One campaign of one advertising account on one day, as the platform reports it."""

    day: date = Field(title=mark("Day"))
    platform: str = Field(min_length=1, title=mark("Platform"), examples=["巨量引擎"])
    account: str = Field(default="", title=mark("Account"), examples=["旗舰店"])
    campaign: str = Field(min_length=1, title=mark("Ad campaign"), examples=["春季上新"])
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
_IMPORTERS = ("manager", "specialist", "finance")
MEDIA_DAYS = Dataset(
    "media_days",
    MediaDay,
    ("day", "channel"),
    mark("Media days"),
    mark("One channel on one day."),
    importers=_IMPORTERS,
)
SALES_DAYS = Dataset(
    "sales_days",
    SalesDay,
    ("day",),
    mark("Sales days"),
    mark("The company's sales on one day."),
    importers=_IMPORTERS,
)
GEO_MEDIA_WEEKS = Dataset(
    "geo_media_weeks",
    GeoMediaWeek,
    ("week", "geo", "channel"),
    mark("Media weeks by geo"),
    mark("One channel in one geo and week."),
    importers=_IMPORTERS,
)
GEO_SALES_WEEKS = Dataset(
    "geo_sales_weeks",
    GeoSalesWeek,
    ("week", "geo"),
    mark("Sales weeks by geo"),
    mark("Sales of one geo in one week."),
    importers=_IMPORTERS,
)
LIFT_TESTS = Dataset("lift_tests", LiftTest, ("test_id",), mark("Lift tests"), mark("One lift test of one channel."))
AD_DAYS = Dataset(
    "ad_days",
    AdDay,
    ("day", "platform", "account", "campaign", "unit"),
    mark("Advertising days"),
    mark("One campaign of one advertising account on one day."),
    importers=_IMPORTERS,
)
BY_GEO = (GEO_MEDIA_WEEKS, GEO_SALES_WEEKS)
BY_DAY = (MEDIA_DAYS, SALES_DAYS)
DATASETS = (MEDIA_WEEKS, SALES_WEEKS, *BY_GEO, *BY_DAY, LIFT_TESTS, AD_DAYS)


def read_history(
    facts: Facts,
    *,
    weeks: int | None = None,
    last_week: date | None = None,
    lift_tests: bool = True,
    period: Period = "week",
) -> History:
    """Read what a response model learns from; a channel without a row in a week spent nothing in it.

    Args:
        facts: Where `media_weeks`, `sales_weeks` and `lift_tests` are kept; by day, `media_days` and `sales_days`.
        weeks: Count of weeks of sales up to the last; media before them are carried in. None: all there are.
        last_week: Last week, any day of it. None: the last there is.
        lift_tests: Whether to read the lift tests, too.
        period: Whether to learn from weeks or from days.

    Returns:
        Sales and media in yuan, events by name, the price index less 1.

    Raises:
        DataError: A week stands twice or is named by another day than its Monday, or none is left between the two days;
            or there is nothing by day.
    """
    sales = _dated(facts, f"sales_{period}s", period, [])
    media = _dated(facts, f"media_{period}s", period, ["channel"])
    days = WEEK if period == "week" else DAY
    last = _monday(last_week) + timedelta(days=WEEK - days) if last_week else sales["week"].max()
    first = max(sales["week"].min(), last - timedelta(days=WEEK * weeks - days)) if weeks else sales["week"].min()
    sales = sales[sales["week"].between(first, last)].set_index("week")
    spend = media[media["week"] <= last].pivot(index="week", columns="channel", values="spend_minor")
    if sales.empty or not (spend.index >= first).any():
        raise DataError(
            _("No weeks of sales and media between {first} and {last}.").format(
                first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}"
            )
        )
    tests = facts.read("lift_tests") if lift_tests else pd.DataFrame(columns=LIFT_TESTS.columns)
    known = _tests(tests[pd.to_datetime(tests["ended_on"]) <= last + timedelta(days=days - 1)])
    return History(
        revenue=sales["revenue_minor"] / 100,
        spend=spend.fillna(0.0)[list(dict.fromkeys(media["channel"]))] / 100,
        controls=(sales[["price_index"]] - 1.0).rename(columns={"price_index": "price"}),
        events=pd.get_dummies(sales["holiday"], dtype=float),
        lift_tests=in_periods(known, was=WEEK, now=days) if period == "day" else known,
        currency=settings().currency,
    )


def read_order_value(facts: Facts, *, weeks: int = 52, last_week: date | None = None) -> float | None:
    """Return the revenue of an order on average, in yuan.

    Args:
        facts: Where `sales_weeks` are kept.
        weeks: Count of weeks up to the last.
        last_week: Last week, any day of it. None: the last there is.

    Returns:
        Revenue by orders; None where no orders were counted.
    """
    sales = _dated(facts, "sales_weeks", "week", [])
    known = sales[sales["week"] <= _monday(last_week)] if last_week else sales
    last = known.tail(weeks)
    orders = int(last["orders"].sum())
    return float(last["revenue_minor"].sum()) / 100 / orders if orders else None


def _dated(facts: Facts, name: str, period: Period, key: list[str]) -> pd.DataFrame:
    """Read rows by week or by day, with the date in `week`."""
    frame = facts.read(name).rename(columns={period: "week"})
    frame["week"] = pd.to_datetime(frame["week"])
    twice = frame.loc[frame.duplicated(["week", *key]), ["week", *key]]
    if len(twice):
        row = ", ".join(
            f"{value:%Y-%m-%d}" if column == "week" else str(value) for column, value in twice.iloc[0].items()
        )
        raise DataError(
            _("{name}: {count} row(s) appear twice, the first of {row}; each must stand once.").format(
                name=name, count=len(twice), row=row
            )
        )
    if period == "week":
        _check_mondays(frame["week"], name)
    return frame.sort_values("week", kind="stable")


def _check_mondays(weeks: pd.Series, name: str) -> None:
    """A week named by another day would stand beside the one it belongs to."""
    others = weeks[weeks.dt.day_of_week != 0]
    if len(others):
        raise DataError(
            _(
                "{name}: {count} of {total} rows name a week by a day that is no Monday, the first {day}; give its "
                "Monday."
            ).format(name=name, count=len(others), total=len(weeks), day=f"{others.iloc[0]:%Y-%m-%d}")
        )


def _tests(tests: pd.DataFrame) -> pd.DataFrame:
    """A test's lift is that of the full effect: no weeks are named."""
    amounts = {
        name.removesuffix("_minor"): tests[name].astype(float) / 100
        for name in tests.columns
        if name.endswith("_minor")
    }
    return pd.DataFrame({"channel": tests["channel"], "weeks": np.nan, **amounts})[list(LIFT_COLUMNS)]


def _monday(day: date) -> pd.Timestamp:
    return pd.Timestamp(day) - timedelta(days=day.weekday())
