"""Daily histories: read, fitted by day, told in weeks; plans of a year hold whole weeks of days."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from marketbook.budget.allocation import allocate, flight
from marketbook.budget.allocation.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.change import changes
from marketbook.budget.contribution import contributions
from marketbook.budget.curve import response_curves
from marketbook.budget.data import LIFT_TESTS, MEDIA_DAYS, SALES_DAYS, read_history
from marketbook.budget.history import LIFT_COLUMNS, History
from marketbook.budget.residual import residuals
from marketbook.budget.response.adstock import geometric_adstock
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response
from marketbook.budget.returns import returns
from marketbook.budget.rolling import roll
from marketbook.budget.validation import validate
from marketbook.kit.errors import DataError, ParamsError
from marketbook.kit.facts import Facts

DAYS = 471
"""Sixty-seven weeks and two days."""
YEAR = 364
CEILING = (9_000.0, 6_000.0)


def brought(spend: pd.DataFrame) -> np.ndarray:
    """What each channel's days truly bring."""
    levels = [geometric_adstock(spend[name], 0.5, 14) / 3_000 for name in spend]
    return np.column_stack([top * np.tanh(level) for top, level in zip(CEILING, levels, strict=True)])


@pytest.fixture(scope="module")
def days() -> History:
    rng, index = np.random.default_rng(6), pd.date_range("2024-09-16", periods=DAYS, freq="D")
    spend = pd.DataFrame(rng.gamma(2.0, 1_000, (DAYS, 2)), index, ["搜索", "社交"])
    spend["社交"] *= np.arange(DAYS) % 20 < 12
    weekend = 4_000 * (index.day_of_week.to_numpy() >= 5)
    revenue = pd.Series(30_000 + weekend + brought(spend).sum(axis=1) + rng.normal(0, 700, DAYS), index)
    return History(revenue, spend, spend[[]], spend[[]])


@pytest.fixture(scope="module")
def daily(days: History) -> ResponseModel:
    settings = ModelSettings.of(saturation="logistic", adstock_weeks=14)
    return fit_response(days, replace(settings, fourier_modes=1), draws=300)


def test_what_channels_brought_in_a_year_of_days_is_found(days: History, daily: ResponseModel) -> None:
    found, true = contributions(daily), brought(days.spend)[-YEAR:].sum(axis=0)
    parts = found.parts.head(2)
    assert (found.last_week - found.first_week).days == YEAR - 1
    assert found.caveats[0].startswith("Days counted: ")
    low, high = np.quantile(daily.weekly(days)[..., -YEAR:].sum(axis=2), [0.005, 0.995], axis=0)
    assert (low < true).all()
    assert (true < high).all()
    assert parts["spend"].tolist() == pytest.approx(days.media.iloc[-YEAR:].sum().tolist())


def test_a_plan_of_weeks_covers_their_days(daily: ResponseModel) -> None:
    assert len(last_year_pattern(daily)) == YEAR
    assert len(last_year_pattern(daily, 8)) == 56
    first = daily.history.media.iloc[-YEAR:].iloc[:56].sum()
    assert today_amounts(daily, 8).tolist() == pytest.approx(first.tolist())


def test_a_years_plan_brings_what_its_days_bring(days: History, daily: ResponseModel) -> None:
    """Last year once more after last year: the plan's steady year is the second."""
    year = days.media.iloc[-YEAR:]
    index = pd.date_range("2024-01-01", periods=2 * YEAR, freq="D")
    twice = pd.DataFrame(np.vstack([year, year]), index, days.channels)
    nothing = pd.Series(1.0, index)
    repeated = daily.weekly(History(nothing, twice, twice[[]], twice[[]]))[..., YEAR:].sum(axis=2)
    planned = plan_response(daily, last_year_pattern(daily)).revenue(today_amounts(daily).to_numpy(float))
    assert planned == pytest.approx(repeated, rel=1e-9)


def test_returns_and_curves_are_those_of_a_year(days: History, daily: ResponseModel) -> None:
    true = brought(days.spend)[-YEAR:].sum(axis=0) / days.media.iloc[-YEAR:].sum().to_numpy(float)
    found = returns(daily).channels.set_index("channel").loc[days.channels]
    assert found["roas"].to_numpy() == pytest.approx(true, rel=0.1)
    curves = response_curves(daily).summary
    assert curves["spend_today"].tolist() == pytest.approx(days.media.iloc[-YEAR:].sum().tolist())
    assert curves["used_share"].between(0.2, 0.9).all()


def test_an_allocation_of_weeks_spends_what_their_days_spent(daily: ResponseModel) -> None:
    found = allocate(daily, weeks=8)
    assert found.plan["spend_recommended"].sum() == pytest.approx(today_amounts(daily, 8).sum())


def test_what_is_left_is_told_in_whole_weeks(days: History, daily: ResponseModel) -> None:
    found = residuals(daily)
    assert len(found.weeks) == DAYS // 7
    assert found.weeks["week"].iloc[-1] == days.weeks[-1] - timedelta(days=6)
    assert found.weeks["revenue"].iloc[-1] == pytest.approx(days.revenue.iloc[-7:].sum())
    assert found.fit_share > 0.3


def test_it_predicts_whole_weeks_and_tells_how_many(daily: ResponseModel) -> None:
    found = roll(daily, cuts=1, weeks=4)
    assert len(found.weeks) == 4
    assert found.cuts["n_learned"].tolist() == [DAYS // 7 - 4]
    assert found.cuts["error_rate"].iloc[0] < 0.05


def test_what_changed_since_some_weeks_leaves_out_their_days(daily: ResponseModel) -> None:
    found = changes(daily, weeks=4, earlier=replace(daily, history=daily.history.until(DAYS - 28)))
    assert found.weeks == 4


def test_too_few_days_are_told_in_weeks(daily: ResponseModel) -> None:
    with pytest.raises(DataError, match="26 weeks held out leave 41 to learn from; at least 52 are needed"):
        roll(daily, cuts=1, weeks=26)


def test_what_needs_weeks_refuses_days(daily: ResponseModel) -> None:
    with pytest.raises(ParamsError, match="A weekly plan needs a weekly history; this one is by day"):
        flight(daily, weeks=8)
    with pytest.raises(DataError, match="Holding out the last weeks needs a weekly history; this one is by day"):
        validate(daily)


def kept(folder: Path) -> Facts:
    """Three weeks by day, and a lift test whose amounts are of a week."""
    facts, first = Facts(folder), date(2025, 1, 6)
    dates = [first + timedelta(days=n) for n in range(21)]
    sold = {"day": dates, "revenue_minor": range(100, 2200, 100), "price_index": 1.02, "holiday": None}
    facts.write(SALES_DAYS, pd.DataFrame(sold))
    spent = [(day, name, 700) for day in dates for name in ("搜索", "社交") if (day.day, name) != (8, "社交")]
    facts.write(MEDIA_DAYS, pd.DataFrame(spent, columns=["day", "channel", "spend_minor"]))
    test = ["L01", "搜索", first, first + timedelta(days=6), 70_000, 35_000, 140_000, 7_000]
    facts.write(LIFT_TESTS, pd.DataFrame([test], columns=LIFT_TESTS.columns))
    return facts


def test_days_are_read_in_yuan_and_lift_tests_for_a_day(tmp_path: Path) -> None:
    found = read_history(kept(tmp_path), weeks=2, period="day")
    assert (found.period_days, len(found.weeks), len(found.carry_in)) == (1, 14, 7)
    assert found.revenue.iloc[0] == 8.0
    assert found.spend.loc["2025-01-08"].tolist() == [7.0, 0.0]
    assert found.lift_tests[list(LIFT_COLUMNS)[2:]].iloc[0].tolist() == [100.0, 50.0, 200.0, 10.0]


def test_days_up_to_the_end_of_a_week_are_read(tmp_path: Path) -> None:
    found = read_history(kept(tmp_path), last_week=date(2025, 1, 15), period="day")
    assert found.weeks[-1] == pd.Timestamp("2025-01-19")


def test_a_day_that_stands_twice_is_named(tmp_path: Path) -> None:
    facts = kept(tmp_path)
    rows = facts.read("sales_days")
    facts.write(SALES_DAYS, pd.concat([rows, rows.head(1)]))
    with pytest.raises(DataError, match=r"sales_days: 1 row\(s\) appear twice, the first of 2025-01-06"):
        read_history(facts, period="day")


def test_without_days_it_says_which_dataset_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="sales_days"):
        read_history(Facts(tmp_path), period="day")
