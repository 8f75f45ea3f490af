"""On the demo company the methods find what is true of its campaigns."""

from pathlib import Path

import pytest

from marketbook import demo
from marketbook.campaign import CampaignOverview, judge_campaigns
from marketbook.campaign.data import load_campaigns, load_moments, load_panels
from marketbook.campaign.verdict import Verdict
from marketbook.kit.facts import Facts


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[CampaignOverview, demo.Truth]:
    facts = Facts(Path(tmp_path_factory.mktemp("facts")))
    truth = demo.make(facts, size=0.5)
    ran = load_campaigns(facts)
    found = judge_campaigns(ran, load_moments(facts), load_panels(facts, ran, weeks_before=52), level=0.99)
    return found, truth


def test_every_interval_holds_the_true_lift(judged: tuple[CampaignOverview, demo.Truth]) -> None:
    rows = judged[0].rows.assign(truth=[one.relative_lift for one in judged[1].campaigns]).dropna(subset=["lift"])
    assert len(rows) == 4
    assert ((rows["lift_low"] < rows["truth"]) & (rows["truth"] < rows["lift_high"])).all()


def test_only_the_spoilt_test_and_the_national_campaign_are_not_judged(
    judged: tuple[CampaignOverview, demo.Truth],
) -> None:
    rows, truth = judged[0].rows, judged[1].campaigns
    spoilt = [one.sample_ratio_mismatch for one in truth]
    unjudged = (rows["verdict"] == Verdict.UNJUDGED).tolist()
    assert unjudged == [lost or kind == "national" for lost, kind in zip(spoilt, rows["measured"], strict=True)]


def test_the_coupon_is_seen_to_work(judged: tuple[CampaignOverview, demo.Truth]) -> None:
    assert judged[0].rows["verdict"].iloc[0] == Verdict.WORKED
