"""The loaders: what the methods need from the datasets, refused by name where it is not there."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from marketbook.campaign.data import (
    CAMPAIGNS,
    EXPERIMENT_USERS,
    GEO_DAYS,
    find_campaign,
    load_campaigns,
    load_moments,
    load_panel,
    load_panels,
    regions_of,
    variants_of,
)
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts

DAYS = pd.date_range("2025-01-06", periods=84).date


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    facts = Facts(tmp_path)
    names = ["campaign", "name", "kind", "channel", "started_on", "ended_on", "cost_minor", "regions"]
    geo = ["geo", "App", date(2025, 3, 3), date(2025, 3, 30), 5_000_00]
    ran = [["G2", "Second", *geo, "r2"], ["A1", "Test", "ab_test", *geo[1:], None], ["G1", "First", *geo, "r0|r1"]]
    facts.write(CAMPAIGNS, pd.DataFrame(ran, columns=names))
    users = {"campaign": "A1", "user_id": ["1", "2", "3", "4"], "variant": ["券", "control", "券", "control"]}
    counts = {"visits": 3, "orders": [1, 2, 3, 4], "revenue_minor": [100, 200, 300, 500]}
    before = {"orders_before": 1, "revenue_before_minor": [100, 150, 200, 250]}
    facts.write(EXPERIMENT_USERS, pd.DataFrame(users | counts | before))
    days = [(day, f"r{k}", 1000 * (10 + k), 5) for day in DAYS for k in range(8)]
    facts.write(GEO_DAYS, pd.DataFrame(days, columns=["day", "region", "revenue_minor", "orders"]))
    return facts


def test_campaigns_come_in_order_of_time(facts: Facts) -> None:
    assert [one.campaign for one in load_campaigns(facts)] == ["A1", "G1", "G2"]
    assert load_campaigns(facts)[0].regions is None
    assert load_campaigns(facts)[0].cost == 5000


def test_moments_are_in_yuan_with_control_first(facts: Facts) -> None:
    found = load_moments(facts)["A1"]
    assert list(found) == ["control", "券"]
    assert found["control"].mean_of("revenue") == pytest.approx(3.5)
    assert found["券"].mean_of("orders") == pytest.approx(2.0)


def test_a_region_with_another_campaign_is_no_control(facts: Facts) -> None:
    ran = load_campaigns(facts)
    panel = load_panel(facts, find_campaign(ran, "G1", "geo"), ran, weeks_before=8)
    assert panel.regions == ("r0", "r1")
    assert set(panel.controls) == {"r3", "r4", "r5", "r6", "r7"}
    assert panel.treated.iloc[0] == pytest.approx(210)


def test_campaigns_too_early_for_the_data_get_no_panel(facts: Facts) -> None:
    ran = load_campaigns(facts)
    assert set(load_panels(facts, ran, weeks_before=8)) == {"G1", "G2"}
    assert load_panels(facts, ran, weeks_before=9) == {}


def test_it_refuses_an_unknown_campaign(facts: Facts) -> None:
    with pytest.raises(DataError, match="campaigns: A1 is not a campaign measured by 'geo'; these are: G1, G2"):
        find_campaign(load_campaigns(facts), "A1", "geo")


def test_it_refuses_an_experiment_without_users(facts: Facts) -> None:
    with pytest.raises(DataError, match="experiment_users: no row for campaign A1"):
        variants_of({}, load_campaigns(facts)[0])


def test_it_refuses_a_geo_campaign_without_regions(facts: Facts) -> None:
    nowhere = load_campaigns(facts)[1].model_copy(update={"regions": " | "})
    with pytest.raises(DataError, match="G1 is a geo campaign without regions"):
        regions_of(nowhere)
