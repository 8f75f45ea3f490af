import numpy as np
import pandas as pd
import pytest
from tests.demo.conftest import Company

from marketbook.demo.company import PROVINCE_NAMES
from marketbook.demo.regions import REGIONS


@pytest.fixture(scope="module")
def lines(company: Company) -> pd.DataFrame:
    lines = company["transactions"].merge(company["customers"][["customer_id", "province"]], on="customer_id")
    day = lines["ordered_at"].dt.normalize()
    return lines.assign(
        day=day, week=day - pd.to_timedelta(day.dt.day_of_week, unit="D"), bought=lines["amount_minor"] > 0
    )


def test_weeks_are_the_sums_of_their_transactions(company: Company, lines: pd.DataFrame) -> None:
    weeks = company["sales_weeks"]
    assert lines.groupby("week")["amount_minor"].sum().to_list() == weeks["revenue_minor"].to_list()
    orders = lines[lines["bought"]].drop_duplicates(["customer_id", "ordered_at"]).groupby("week").size()
    assert orders.to_list() == weeks["orders"].to_list()


def test_region_days_are_the_sums_of_their_transactions(company: Company, lines: pd.DataFrame) -> None:
    days = company["geo_days"].assign(day=lambda d: pd.to_datetime(d["day"])).set_index(["day", "region"])
    lines = lines.rename(columns={"province": "region"})
    revenue = lines.groupby(["day", "region"])["amount_minor"].sum().reindex(days.index, fill_value=0)
    assert revenue.to_list() == days["revenue_minor"].to_list()
    orders = lines[lines["bought"]].drop_duplicates(["customer_id", "ordered_at"]).groupby(["day", "region"]).size()
    assert orders.reindex(days.index, fill_value=0).to_list() == days["orders"].to_list()


def test_an_order_number_is_a_customer_at_a_moment(lines: pd.DataFrame) -> None:
    bought = lines[lines["bought"]]
    number = bought["transaction_id"].str.split("-").str[0]
    moment = bought["customer_id"] + bought["ordered_at"].astype(str)
    assert number.nunique() == moment.nunique() == (number + moment).nunique()


def test_a_refund_is_of_a_line_bought_before(lines: pd.DataFrame) -> None:
    back = lines[~lines["bought"]].assign(transaction_id=lambda d: d["transaction_id"].str.removesuffix("R"))
    pairs = back.merge(lines, on="transaction_id", suffixes=("", "_bought"), validate="one_to_one")
    assert len(pairs) == len(back) == 2_700
    assert (pairs["amount_minor"] == -pairs["amount_minor_bought"]).all()
    assert (pairs["ordered_at"] > pairs["ordered_at_bought"]).all()


def test_nobody_orders_before_joining(company: Company, lines: pd.DataFrame) -> None:
    joined = company["customers"].set_index("customer_id")["joined_on"].apply(pd.Timestamp)
    first = lines.groupby("customer_id")["day"].min()
    assert (first >= joined[first.index]).all()
    fresh = joined[joined >= pd.Timestamp("2023-01-02")]
    assert (first[fresh.index] == fresh).all()


def test_platform_days_sum_to_the_media_weeks(company: Company) -> None:
    days, weeks = company["ad_days"], company["media_weeks"]
    day = pd.to_datetime(days["day"])
    week = (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).rename("week")
    found = days.groupby([week, days["platform"].rename("channel")])[["spend_minor", "impressions", "clicks"]].sum()
    weeks = weeks.assign(week=pd.to_datetime(weeks["week"])).set_index(["week", "channel"])
    of_2025 = weeks[weeks["spend_minor"] > 0].loc["2024-12-30":]
    reported = of_2025[of_2025.index.isin(days["platform"].unique(), level="channel")]
    assert found.sort_index().to_dict() == reported.sort_index().to_dict()


def test_regions_sum_to_the_countrys_weeks(company: Company) -> None:
    sales, media = company["geo_sales_weeks"], company["geo_media_weeks"]
    assert sales.groupby("week")["revenue_minor"].sum().to_list() == company["sales_weeks"]["revenue_minor"].to_list()
    found = media.groupby(["week", "channel"])["spend_minor"].sum()
    assert found.to_dict() == company["media_weeks"].set_index(["week", "channel"])["spend_minor"].to_dict()


def test_regions_sell_about_what_their_provinces_buy(company: Company) -> None:
    named = {province: region.name for region in REGIONS for province in region.provinces}
    days = company["geo_days"].assign(geo=lambda rows: rows["region"].map(named))
    bought = days.groupby("geo")["revenue_minor"].sum()
    sold = company["geo_sales_weeks"].groupby("geo")["revenue_minor"].sum()
    assert (sold / bought).between(0.8, 1.2).all()
    assert set(named) == set(PROVINCE_NAMES)


def test_experiments_count_the_transactions_of_their_users(company: Company, lines: pd.DataFrame) -> None:
    campaign = company["campaigns"].set_index("campaign").loc["C2501"]
    inside = lines[lines["day"].between(pd.Timestamp(campaign["started_on"]), pd.Timestamp(campaign["ended_on"]))]
    users = company["experiment_users"].query("campaign == 'C2501'").set_index("user_id")
    revenue = inside.groupby("customer_id")["amount_minor"].sum().reindex(users.index, fill_value=0)
    assert np.array_equal(revenue, users["revenue_minor"])


def test_the_parts_of_the_truth_sum_to_the_weeks(company: Company) -> None:
    sales = company.truth.sales.model_dump()
    parts = ("base", "season", "holiday", "price", "media", "campaign", "noise")
    total = np.sum([sales[f"{part}_minor"] for part in parts], axis=0)
    assert total == pytest.approx(company["sales_weeks"]["revenue_minor"].to_numpy(), rel=1e-4)


def test_the_company_is_plausible(company: Company) -> None:
    year = company["sales_weeks"]["revenue_minor"][-52:].sum()
    assert 60e6 < year / 100 / 0.3 < 100e6
    assert 0.12 < company["media_weeks"]["spend_minor"][-52 * 8 :].sum() / year < 0.18
    assert all(0.7 < medium.roas < 4 for medium in company.truth.media)
    assert all(25 < wave.nps < 40 and 0.4 < wave.awareness["青禾优品"] < 0.5 for wave in company.truth.survey.waves)
