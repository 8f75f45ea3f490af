"""On the demo company the model finds what is true of its media, and its advice is worth what it says."""

import numpy as np
import pytest
from tests.reference.budget import K_HAT_LIMIT

from marketbook import demo
from marketbook.budget.allocation import allocate, percent_bounds
from marketbook.budget.allocation.plan import last_year_pattern, today_amounts
from marketbook.budget.contribution import contributions
from marketbook.budget.data import read_history
from marketbook.budget.geo_contribution import GeoContributionResult, by_geo
from marketbook.budget.geo_data import read_geos
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.demo import Truth
from marketbook.kit.facts import Facts


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    facts = Facts(tmp_path_factory.mktemp("budget") / "facts")
    demo.make(facts, size=0.2)
    return facts


@pytest.fixture(scope="module")
def fitted(facts: Facts) -> ResponseModel:
    return fit_response(read_history(facts))


def true_revenue(truth: Truth, model: ResponseModel, amounts: np.ndarray) -> float:
    pattern, total = last_year_pattern(model).to_numpy(), 0.0
    for i, medium in enumerate(truth.media):
        weights = medium.carry ** np.arange(8)
        spend = np.tile(pattern[:, i] * amounts[i], 2)
        level = np.convolve(spend, weights / weights.sum())[52:104]
        total += medium.ceiling_minor / 100 * np.tanh(medium.bend * level * 100 / medium.reference_minor / 2).sum()
    return float(total)


def test_the_draws_can_be_relied_on(fitted: ResponseModel) -> None:
    assert fitted.k_hat < K_HAT_LIMIT
    assert fitted.ess > 1000


def test_what_media_brought_is_inside_its_intervals(facts: Facts, fitted: ResponseModel) -> None:
    truth, parts = Truth.read(facts), contributions(fitted).parts
    true = np.array([medium.contribution_2025_minor / 100 for medium in truth.media])
    channels, media = parts.head(len(true)), parts.iloc[len(true)]
    inside = (channels["revenue_low"] <= true) & (true <= channels["revenue_high"])
    assert channels["source"].tolist() == [medium.channel for medium in truth.media]
    assert inside.sum() >= 6
    assert media["revenue_low"] < true.sum() < media["revenue_high"]


@pytest.fixture(scope="module")
def regions(facts: Facts, fitted: ResponseModel) -> GeoContributionResult:
    found = by_geo(read_geos(facts, weeks=104), country=fitted)
    assert isinstance(found, GeoContributionResult)
    return found


def test_what_media_brought_in_each_region_is_inside_its_interval(facts: Facts, regions: GeoContributionResult) -> None:
    geos = regions.geos.set_index("geo")
    for region in Truth.read(facts).regions:
        true, found = sum(region.contribution_2025_minor.values()) / 100, geos.loc[region.region]
        assert found["revenue_low"] < true < found["revenue_high"], region.region


def test_what_channels_brought_by_region_is_mostly_inside_its_interval(
    facts: Facts, regions: GeoContributionResult
) -> None:
    channels, inside = regions.channels.set_index(["geo", "channel"]), []
    for region in Truth.read(facts).regions:
        for channel, true in region.contribution_2025_minor.items():
            found = channels.loc[(region.region, channel)]
            inside.append(found["revenue_low"] <= true / 100 <= found["revenue_high"])
    assert np.mean(inside) > 0.8


def test_the_small_region_that_hardly_varied_is_known_least(regions: GeoContributionResult) -> None:
    geos = regions.geos.iloc[:-1].set_index("geo")
    width = (geos["roas_high"] - geos["roas_low"]) / geos["roas"]
    assert width.idxmax() == "西北"


def test_the_advice_brings_about_what_it_promises(facts: Facts, fitted: ResponseModel) -> None:
    today, truth = today_amounts(fitted), Truth.read(facts)
    found = allocate(fitted, bounds=percent_bounds(today, 70, 130))
    advised = found.plan["spend_recommended"].to_numpy()
    gain = true_revenue(truth, fitted, advised) - true_revenue(truth, fitted, today.to_numpy())
    assert gain > 0
    assert 0.5 * found.gain_ci[0] < gain < 1.5 * found.gain_ci[1]
