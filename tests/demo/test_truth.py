import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import stats
from tests.demo.conftest import Company

from marketbook.demo import media, regions
from marketbook.demo.company import ADSTOCK_WEEKS, HOLIDAYS, MEDIA

Floats = npt.NDArray[np.float64]
ONLINE_YEAR = slice(104, 156)


def design(company: Company) -> Floats:
    """Columns of what moves a week: saturated adstock of each channel as the truth has it, then the rest."""
    weeks, spend = (
        company["sales_weeks"],
        company["media_weeks"].pivot_table(index="week", columns="channel", values="spend_minor", sort=False),
    )
    columns = []
    for true in company.truth.media:
        z = true.bend * media.adstock(spend[true.channel].to_numpy(), true.carry) / true.reference_minor
        columns.append((1 - np.exp(-z)) / (1 + np.exp(-z)))
    columns += [weeks["holiday"].eq(h.name).to_numpy(float) for h in HOLIDAYS]
    week = np.arange(156)
    angle = 2 * np.pi * week * 7 / 365.25
    columns += [np.ones(156), week, weeks["price_index"] - 1, *(f(k * angle) for k in (1, 2) for f in (np.sin, np.cos))]
    return np.column_stack(columns)


def test_least_squares_recovers_each_channels_ceiling(company: Company) -> None:
    x = design(company)
    y = company["sales_weeks"]["revenue_minor"] - np.array(company.truth.sales.campaign_minor)
    found, *_ = np.linalg.lstsq(x, y.to_numpy(float))
    spread = np.sqrt(np.mean((y - x @ found) ** 2) * 156 / (156 - x.shape[1]))
    se = spread * np.sqrt(np.diag(np.linalg.inv(x.T @ x)))
    true = [medium.ceiling_minor for medium in company.truth.media] + list(
        company.truth.sales.holiday_effects_minor.values()
    )
    assert spread == pytest.approx(company.truth.sales.noise_sd_minor, rel=0.25)
    assert np.all(np.abs(found[: len(true)] - true) < 3.2 * se[: len(true)])


def test_lift_tests_agree_with_the_response_curves(company: Company) -> None:
    tests = company["lift_tests"]
    curves = {true.channel: true for true in company.truth.media}
    errors = []
    for test in tests.itertuples():
        curve = curves[test.channel]
        lift = curve.revenue(test.spend_minor + test.added_spend_minor) - curve.revenue(test.spend_minor)
        errors.append((test.lift_minor - lift) / test.lift_se_minor)
    assert tests["channel"].nunique() >= 6
    assert np.abs(errors).max() < 3


def test_adstock_keeps_the_money_and_forgets_after_eight_weeks() -> None:
    spent = np.zeros(40)
    spent[10] = 100
    assert media.adstock(spent, 0.7).sum() == pytest.approx(100)
    assert np.flatnonzero(media.adstock(spent, 0.7)).tolist() == list(range(10, 10 + ADSTOCK_WEEKS))


@pytest.mark.parametrize("medium", MEDIA, ids=lambda m: m.english)
def test_response_rises_and_flattens(medium: media.Medium) -> None:
    revenue = media.saturate(medium, np.linspace(0, 10, 21) * medium.spend * 100, 1.0)
    assert revenue[0] == 0
    assert np.all(np.diff(revenue) >= 0)
    assert np.all(np.diff(revenue, 2) <= 1)


def relative_difference(users: pd.DataFrame) -> tuple[float, float]:
    groups = [users.loc[users["variant"].eq("control") == control, "revenue_minor"] for control in (False, True)]
    treated, control = groups
    error = np.hypot(treated.sem() / control.mean(), treated.mean() * control.sem() / control.mean() ** 2)
    return treated.mean() / control.mean() - 1, float(error)


@pytest.mark.parametrize("code", ["C2501", "C2503"])
def test_experiments_show_their_true_lift(company: Company, code: str) -> None:
    true = next(c for c in company.truth.campaigns if c.campaign == code)
    found, error = relative_difference(company["experiment_users"].query("campaign == @code"))
    assert abs(found - true.relative_lift) < 3 * error


def test_only_the_flagged_experiment_has_a_sample_ratio_mismatch(company: Company) -> None:
    users = company["experiment_users"]
    for true in company.truth.campaigns:
        counts = users[users["campaign"] == true.campaign]["variant"].value_counts()
        if len(counts):
            assert (stats.chisquare(counts).pvalue < 0.001) == true.sample_ratio_mismatch


def test_revenue_before_says_much_about_revenue(company: Company) -> None:
    users = company["experiment_users"]
    assert users["revenue_minor"].corr(users["revenue_before_minor"]) > 0.38


@pytest.mark.parametrize("code", ["C2502", "C2505"])
def test_treated_regions_sell_more_while_the_campaign_runs(company: Company, code: str) -> None:
    campaign = company["campaigns"].set_index("campaign").loc[code]
    days = company["geo_days"].assign(day=lambda d: pd.to_datetime(d["day"]))
    days = days[(days["day"] >= "2024-12-30") & (days["day"] <= pd.Timestamp(campaign["ended_on"]))]
    treated = days["region"].isin(campaign["regions"].split("|"))
    week = (days["day"] - pd.Timestamp("2024-12-30")).dt.days // 7
    ratio = days[treated].groupby(week)["orders"].sum() / days[~treated].groupby(week)["orders"].sum()
    running = ratio.index >= (pd.Timestamp(campaign["started_on"]) - pd.Timestamp("2024-12-30")).days // 7
    before, during = ratio[~running], ratio[running]
    error = before.std() / before.mean() * np.sqrt(1 / len(before) + 1 / len(during))
    lift = next(c.relative_lift for c in company.truth.campaigns if c.campaign == code)
    assert abs(during.mean() / before.mean() - 1 - lift) < 3 * error


def test_journeys_follow_the_chain(company: Company) -> None:
    paths, true = company["conversion_paths"], company.truth.journeys
    ends = np.where(paths["converted"], "bought", "left")
    steps = paths["path"].str.split(" > ")
    pairs = pd.DataFrame(
        [(a, b) for row, end in zip(steps, ends, strict=True) for a, b in zip(row, [*row[1:], end], strict=True)]
    )
    counts = pd.crosstab(pairs[0], pairs[1])
    chain = pd.DataFrame(true.transitions, index=true.states, columns=true.states) / 1000
    for state, row in counts.iterrows():
        chance = chain.loc[state, row.index]
        error = np.sqrt(row.sum() * chance * (1 - chance))
        assert (np.abs(row - row.sum() * chance) < 4 * error + 1).all()


def test_customers_of_a_type_order_as_often_as_the_truth_says(company: Company) -> None:
    lines = company["transactions"].query("amount_minor > 0 and ordered_at >= '2024-12-30'")
    orders = lines.drop_duplicates(["customer_id", "ordered_at"]).groupby("customer_id").size()
    customers = company["customers"].assign(kind=list(map(int, company.truth.customer_types)))
    assert customers["kind"].value_counts().sort_index().to_list() == [s.customers for s in company.truth.segments]
    old = customers[pd.to_datetime(customers["joined_on"]) < "2024-12-30"]
    mean = orders.reindex(old["customer_id"], fill_value=0).groupby(old["kind"].to_numpy()).mean()
    assert mean[0] > 5 * mean[2] > 5 * mean[4]
    assert mean[0] < company.truth.segments[0].orders_2025


def test_media_truth_sums_to_what_the_weeks_say(company: Company) -> None:
    by_channel = company.truth.sales.media_by_channel_minor
    for true in company.truth.media:
        assert sum(by_channel[true.channel]) == true.contribution_minor
        assert sum(by_channel[true.channel][ONLINE_YEAR]) == true.contribution_2025_minor


def test_what_media_bring_by_region_is_about_what_they_bring_the_country(company: Company) -> None:
    for true in company.truth.media:
        regions = sum(region.contribution_2025_minor[true.channel] for region in company.truth.regions)
        assert regions == pytest.approx(true.contribution_2025_minor, rel=0.08)
    assert sum(region.share for region in company.truth.regions) == pytest.approx(1.0, abs=0.001)


def test_regions_noise_is_their_own_and_sums_to_the_countrys(company: Company) -> None:
    """Regions whose noises were parts of one would move together."""
    country = np.array(company.truth.sales.noise_minor)
    own = regions._noise(np.random.default_rng(3), country, company.truth.size)
    assert own.sum(axis=1).tolist() == country.tolist()
    share = own.std(axis=0) / regions.shares()
    assert share.max() < 1.3 * share.min()
    assert np.abs(np.corrcoef(own.T) - np.eye(len(regions.REGIONS))).max() < 0.3
