import numpy as np
import pandas as pd
import pytest

from marketbook.kit.errors import DataError
from marketbook.kit.language import speaking
from marketbook.kit.report import Result
from marketbook.kit.report.finding import Finding
from marketbook.segmentation.buying import describe_buying
from marketbook.segmentation.cluster import SegmentsResult, form_segments
from marketbook.segmentation.concentration import concentrate
from marketbook.segmentation.movement import follow_champions
from marketbook.segmentation.reach import locate
from marketbook.segmentation.rfm import rfm
from marketbook.segmentation.stability import StabilityResult, assess_stability
from marketbook.segmentation.traits import standardise, traits


def profiles(per_kind: int = 300) -> pd.DataFrame:
    random = np.random.default_rng(1)
    kind = np.repeat([0, 1, 2], per_kind)
    n = 1 + random.poisson(np.array([0.2, 12, 2])[kind])
    spend = n * random.lognormal(np.array([8.0, 9.0, 11.0])[kind], 0.1)
    return pd.DataFrame(
        {
            "customer_id": np.arange(len(kind)),
            "n_purchases": n,
            "spend_minor": spend,
            "revenue_minor": spend,
            "recency_days": random.integers(np.array([200, 0, 100])[kind], np.array([360, 30, 200])[kind]),
            "n_categories": np.array([1, 6, 2])[kind],
            "share_sale_season": np.array([0.0, 0.2, 0.9])[kind],
            "source": np.where(random.random(len(kind)) < 0.5, "抖音", "B站"),
        }
    )


def segmented(people: pd.DataFrame) -> tuple[StabilityResult, SegmentsResult]:
    values = standardise(traits(people))
    stable = assess_stability(values, numbers=[2, 3], resamples=10, seed=1)
    return stable, form_segments(people, values, stable, seed=1)


def results() -> list[Result]:
    people = profiles()
    stable, segments = segmented(people)
    return [
        segments,
        stable,
        describe_buying(segments.customers),
        rfm(people),
        follow_champions(people, people[people.customer_id % 3 > 0]),
        locate(segments.customers, segments.top.segment),
        concentrate(people.revenue_minor),
    ]


def test_it_recovers_three_kinds_and_orders_them_by_revenue() -> None:
    stable, segments = segmented(profiles())
    assert (stable.k, segments.stable) == (3, True)
    assert segments.segments.n.tolist() == [300, 300, 300]
    assert segments.segments.share_revenue.is_monotonic_decreasing
    assert segments.segments.segment.is_unique


def test_a_wobbly_grouping_is_said_to_be_one() -> None:
    people = profiles()
    values = pd.DataFrame(np.random.default_rng(2).normal(size=(len(people), 5)), columns=list(traits(people)))
    stable = assess_stability(values, numbers=[4, 5], resamples=5, seed=1)
    segments = form_segments(people, values, stable)
    assert segments.text.startswith("Our customers form no stable groups")
    assert "plan by the RFM segments" in segments.caveats[0]


def test_segments_without_revenue_are_refused() -> None:
    with pytest.raises(DataError, match="must be > 0 to be shared out"):
        segmented(profiles().assign(revenue_minor=0))


def test_buying_adds_up_to_the_average_customer() -> None:
    segments = segmented(profiles())[1]
    per_customer = describe_buying(segments.customers).segments.revenue_per_customer_minor
    assert (per_customer * segments.segments.n).sum() == pytest.approx(segments.customers.revenue_minor.sum())


@pytest.mark.parametrize("language", ["zh_Hans", "en", "zh_Hant"])
def test_every_result_becomes_a_finding_in_every_language(language: str) -> None:
    with speaking(language):
        findings = [Finding.of(result) for result in results()]
    assert all("{" not in finding.text and finding.table.rows and finding.picture for finding in findings)
    assert all(finding.numbers[0].written_ci for finding in findings if finding.name != "stability_result")
