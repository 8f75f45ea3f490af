"""All campaigns side by side: each judged as it can be, none beyond that."""

from datetime import date
from typing import Literal

import numpy as np
import pytest
from tests.campaign.conftest import days_of_regions, panel_of, shoppers

from marketbook.campaign import CampaignOverview, judge_campaigns
from marketbook.campaign.data import Campaign
from marketbook.kit.report.finding import Finding


def campaign(code: str, kind: Literal["ab_test", "geo", "national"], cost: int) -> Campaign:
    day = date(2025, 4, 7)
    return Campaign(
        campaign=code, name=code, kind=kind, channel="App", started_on=day, ended_on=day, cost_minor=cost * 100
    )


@pytest.fixture(scope="module")
def overview() -> CampaignOverview:
    rng = np.random.default_rng(71)
    ran = [campaign("won", "ab_test", 100), campaign("spoilt", "ab_test", 200), campaign("metro", "geo", 10**7)]
    moments = {"won": shoppers(rng, 20_000, lift=0.3), "spoilt": shoppers(rng, 20_000, lift=0.3, share=0.45)}
    panels = {"metro": panel_of(days_of_regions(rng, lift=0.2))}
    return judge_campaigns([*ran, campaign("tv", "national", 700)], moments, panels, gross_margin=0.4)


def test_each_campaign_gets_the_verdict_that_its_data_allow(overview: CampaignOverview) -> None:
    assert overview.table["verdict"].tolist() == [
        "worked and paid for itself",
        "cannot be judged",
        "worked, but cost more than it earned",
        "cannot be judged",
    ]


def test_figures_of_campaigns_that_cannot_be_judged_stay_empty(overview: CampaignOverview) -> None:
    assert overview.rows.set_index("campaign")["lift"].isna().to_dict() == {
        "won": False,
        "spoilt": True,
        "metro": False,
        "tv": True,
    }


def test_the_money_spent_is_told(overview: CampaignOverview) -> None:
    assert overview.numbers()["count_worked"] == 2
    assert overview.numbers()["count_paid"] == 1
    assert overview.numbers()["share_proven"] == pytest.approx((100 + 10**7) / (10**7 + 1000))
    assert "2 of 4 campaigns can be shown to have worked, 1 of them" in overview.text


def test_it_leaves_the_notebook_as_a_finding(overview: CampaignOverview) -> None:
    assert Finding.of(overview).picture


def test_a_year_without_a_judged_campaign_has_no_picture() -> None:
    found = judge_campaigns([campaign("tv", "national", 700)], {}, {})
    assert found.chart() is None
    assert found.text.startswith("0 of 1 campaigns")
