"""Metrics with their targets and actual figures, month by month: the company's data say what came true."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

import pandas as pd

from marketbook.demo.company import NAME
from marketbook.demo.survey import RESPONDENTS, STARTS
from marketbook.demo.truth import Truth
from marketbook.demo.year import days
from marketbook.demo.year.story import Generator
from marketbook.kit.facts import Facts
from marketbook.office.params import MeasurementEntry, MetricEntry

METRICS = (
    MetricEntry(code="sales.revenue", name="营业收入", unit="money", direction=1, source="订单系统",
                definition="当月订单金额减去退款，按周一所在月份归集。"),
    MetricEntry(code="sales.orders", name="订单数", unit="count", direction=1, source="订单系统",
                definition="当月下单的订单数，按周一所在月份归集。"),
    MetricEntry(code="media.cost_share", name="媒体费用率", unit="share", direction=-1, source="媒体周报与订单系统",
                definition="当月媒体花费除以当月营业收入。"),
    MetricEntry(code="media.click_rate", name="广告点击率", unit="share", direction=1, source="广告平台日报",
                definition="当月广告点击数除以展示数。"),
    MetricEntry(code="media.conversions", name="广告转化数", unit="count", direction=1, source="广告平台日报",
                definition="广告平台当月报告的转化数。"),
    MetricEntry(code="brand.awareness", name="品牌知名度", unit="share", direction=1, source="品牌追踪调研",
                definition="提示后知道本品牌的目标人群占比。"),
)  # fmt: skip
MONTHLY = tuple(metric.code for metric in METRICS[:5])
AWARENESS = METRICS[5].code

Monthly = dict[str, dict[str, float]]
"""Values by metric and month."""


@dataclass(frozen=True)
class Figures:
    """What is recorded of the company: targets before the year, actual figures as they come.

    Attributes:
        targets, actuals: To record.
        whole_year: Each metric's value of the whole year.
        monthly: Each metric's values by month.
    """

    targets: tuple[MeasurementEntry, ...]
    actuals: tuple[MeasurementEntry, ...]
    whole_year: Mapping[str, float]
    monthly: Monthly


def draw(rng: Generator, facts: Facts, truth: Truth, *, year: int) -> Figures:
    """Draw the targets of a year beside what the company's data say of it.

    Args:
        rng: The chapter's generator.
        facts: The company's data.
        truth: The company's truth, for what only surveys can tell.
        year: Which year.
    """
    found = _monthly(facts, year)
    targets = [
        _entry(code, "target", month, _aimed(rng, code, value))
        for code, months in found.items() for month, value in months.items()
    ]  # fmt: skip
    actuals = [
        _entry(code, "actual", month, value) for code, months in found.items() for month, value in months.items()
    ]
    awareness = _awareness(truth)
    return Figures(tuple(targets), (*actuals, *awareness), _whole_year(found, awareness), found)


def _monthly(facts: Facts, year: int) -> Monthly:
    sales = _by_month(facts.read("sales_weeks"), "week", ["revenue_minor", "orders"], year)
    spend = _by_month(facts.read("media_weeks"), "week", ["spend_minor"], year)
    ads = _by_month(facts.read("ad_days"), "day", ["impressions", "clicks", "conversions"], year)
    frame = pd.DataFrame(
        {
            "sales.revenue": sales["revenue_minor"],
            "sales.orders": sales["orders"],
            "media.cost_share": (spend["spend_minor"] / sales["revenue_minor"]).round(4),
            "media.click_rate": (ads["clicks"] / ads["impressions"]).round(5),
            "media.conversions": ads["conversions"],
        }
    ).astype(float)
    return {code: {str(month): float(value) for month, value in frame[code].items()} for code in MONTHLY}


def _by_month(frame: pd.DataFrame, column: str, wanted: list[str], year: int) -> pd.DataFrame:
    day = pd.to_datetime(frame[column])
    inside = day.dt.year == year
    return frame[inside].groupby(day[inside].dt.strftime("%Y-%m"))[wanted].sum()


def _aimed(rng: Generator, code: str, value: float) -> float:
    aimed = value * int(rng.integers(930, 1_060)) / 1_000
    if code == "sales.revenue":
        return float(round(aimed / 1_000_000) * 1_000_000 or round(aimed))
    return float(round(aimed, 4 if value < 1 else 0))


def _awareness(truth: Truth) -> list[MeasurementEntry]:
    made, n = [], max(200, round(RESPONDENTS * truth.size))
    for wave, begins in zip(truth.survey.waves, STARTS, strict=True):
        share = round(wave.awareness[NAME], 3)
        error = round((share * (1 - share) / n) ** 0.5, 4)
        made.append(
            MeasurementEntry(
                metric=AWARENESS, basis="actual", period=days.month_of(begins), value=share, n=n, standard_error=error
            )
        )
    return made


def _whole_year(found: Monthly, awareness: list[MeasurementEntry]) -> dict[str, float]:
    """Return the year's figures: sums of what is counted, and shares of the whole."""
    sums = {code: sum(found[code].values()) for code in ("sales.revenue", "sales.orders", "media.conversions")}
    spent = sum(found["media.cost_share"][month] * found["sales.revenue"][month] for month in found["sales.revenue"])
    rates = found["media.click_rate"].values()
    return {
        **sums,
        "media.cost_share": round(spent / sums["sales.revenue"], 4),
        "media.click_rate": round(fmean(rates), 5),
        AWARENESS: round(fmean(one.value for one in awareness), 3),
    }


def _entry(code: str, basis: str, month: str, value: float) -> MeasurementEntry:
    return MeasurementEntry.model_validate({"metric": code, "basis": basis, "period": month, "value": value})
