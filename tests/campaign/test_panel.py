"""The panel of a geo campaign: weeks from its first day, comparable controls, gaps refused by name."""

from datetime import timedelta

import numpy as np
import pytest
from tests.campaign.conftest import START, days_of_regions, panel_of

from marketbook.campaign.panel import build_panel
from marketbook.kit.errors import DataError


def test_weeks_are_counted_from_the_first_day() -> None:
    daily = days_of_regions(np.random.default_rng(31))
    panel = build_panel(daily, ("r01", "r03"), START, START + timedelta(days=9), weeks_before=40)
    assert panel.start == START
    assert panel.days.tolist() == [7.0] * 41 + [3.0]
    first = daily[daily["region"].isin(["r01", "r03"]) & (daily["day"] >= START)].groupby("day")["revenue"].sum()
    assert panel.treated.iloc[40] == pytest.approx(first.iloc[:7].mean())
    assert len(panel.series()[0]) == 41


def test_controls_are_of_like_size_the_largest_first_and_free_of_other_campaigns() -> None:
    daily = days_of_regions(np.random.default_rng(32))
    daily.loc[daily["region"] == "r20", "revenue"] /= 10
    panel = build_panel(daily, ("r01",), START, START + timedelta(days=41), weeks_before=40, leave_out=("r05",))
    assert set(panel.controls) == {f"r{k:02d}" for k in range(24)} - {"r01", "r05", "r20"}
    assert panel.controls.columns[0] == "r00"


def test_it_refuses_a_missing_day_by_name() -> None:
    daily = days_of_regions(np.random.default_rng(33))
    gap = (daily["region"] == "r07") & (daily["day"] == START)
    with pytest.raises(DataError, match="1 region-days are missing from 2024-07-01 to 2025-05-18: r07 2025-04-07"):
        panel_of(daily[~gap])


def test_it_refuses_an_unknown_region() -> None:
    with pytest.raises(DataError, match="geo_days: no row for region Atlantis"):
        panel_of(days_of_regions(np.random.default_rng(34)), treated=("Atlantis",))


def test_it_refuses_a_region_without_revenue() -> None:
    daily = days_of_regions(np.random.default_rng(35))
    daily.loc[daily["region"] == "r01", "revenue"] = 0.0
    with pytest.raises(DataError, match="has no revenue"):
        panel_of(daily)
