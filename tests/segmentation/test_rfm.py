import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.reference.segmentation import RFM_022_CHAMPIONS, RFM_022_RULES, RFM_030_RULES, RFM_030_SUMMARY

from marketbook.kit.errors import DataError
from marketbook.kit.report.finding import Finding
from marketbook.segmentation.rfm import OTHERS, Rule, house_rules, name_segments, rfm, score, score_by_cuts

FIFTHS = (0.2, 0.4, 0.6, 0.8)


@pytest.fixture
def orders(reference_data: Callable[[str], Path]) -> pd.DataFrame:
    frame = pd.read_csv(reference_data("segmentation/rfm_data_orders.csv"), parse_dates=["order_date"])
    by_customer = frame.groupby("customer_id")
    days = (pd.Timestamp("2006-12-31") - by_customer.order_date.max()).dt.days
    return pd.DataFrame(
        {"recency_days": days, "n_purchases": by_customer.size(), "revenue_minor": by_customer.revenue.sum()}
    )


def as_in_r(orders: pd.DataFrame, rules: tuple[tuple[object, ...], ...]) -> dict[str, tuple[int, int, int]]:
    cuts = {name: np.quantile(orders[name], FIFTHS) + 1 for name in orders}
    scores = pd.DataFrame(
        {
            "recency_score": 6 - score_by_cuts(orders.recency_days, cuts["recency_days"]),
            "frequency_score": score_by_cuts(orders.n_purchases, cuts["n_purchases"]),
            "monetary_score": score_by_cuts(orders.revenue_minor, cuts["revenue_minor"]),
        },
        index=orders.index,
    )
    segment = name_segments(scores, [Rule(*rule) for rule in rules])  # type: ignore[arg-type]
    sums = orders.groupby(segment).agg(n=("n_purchases", "size"), o=("n_purchases", "sum"), r=("revenue_minor", "sum"))
    return {str(row.Index): (row.n, row.o, row.r) for row in sums.itertuples()}


def test_the_variant_of_r_gives_its_champions(orders: pd.DataFrame) -> None:
    assert as_in_r(orders, RFM_022_RULES)["Champions"] == RFM_022_CHAMPIONS


def test_the_variant_of_r_gives_its_whole_summary(orders: pd.DataFrame) -> None:
    assert as_in_r(orders, RFM_030_RULES) == RFM_030_SUMMARY


def test_our_champions_are_nearly_those_of_r(orders: pd.DataFrame) -> None:
    ours = rfm(orders).segments.set_index("segment")
    assert ours.loc["Champions", "n"] == pytest.approx(RFM_022_CHAMPIONS[0], rel=0.15)
    assert ours.n.sum() == len(orders)


def test_twenty_thousand_customers_alike_get_one_score() -> None:
    frequency = np.concatenate([np.ones(20_000), np.arange(2, 10_002)])
    scores = score(frequency, 5)
    assert set(scores[:20_000]) == {1}
    assert scores[-1] == 5


@pytest.mark.parametrize("groups", [2, 3, 4, 5, 7, 10])
def test_the_house_rules_cover_all_scores_once(groups: int) -> None:
    scores = itertools.product(range(1, groups + 1), repeat=3)
    holding = [
        sum(r in range(a.recency[0], a.recency[1] + 1) and f in range(a.frequency[0], a.frequency[1] + 1)
            and m in range(a.monetary[0], a.monetary[1] + 1) for a in house_rules(groups))
        for r, f, m in scores
    ]  # fmt: skip
    assert set(holding) == {1}


def test_scores_are_of_equal_size_without_ties() -> None:
    assert np.bincount(score(np.random.default_rng(1).permutation(1000), 5)).tolist() == [0, 200, 200, 200, 200, 200]


def test_another_years_yardstick_keeps_its_cuts() -> None:
    assert score([0, 5, 100], 5, among=np.arange(10)).tolist() == [1, 3, 5]


def test_scores_without_a_rule_are_others() -> None:
    scores = pd.DataFrame({"recency_score": [1], "frequency_score": [1], "monetary_score": [1]})
    assert name_segments(scores, [Rule("best", (5, 5), (5, 5), (5, 5))]).tolist() == [OTHERS]


def histories(n: int, **columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"recency_days": np.arange(n), "n_purchases": 1, "revenue_minor": 100, **columns}, index=range(n)
    )


def test_customers_all_alike_are_told_so() -> None:
    found = rfm(histories(50, recency_days=3))
    assert len(found.segments) == 1
    assert "tells nobody apart" in found.caveats[-1]


def test_one_customer_is_too_few() -> None:
    with pytest.raises(DataError, match="1 customers; at least 5 are needed for 5 score groups"):
        rfm(histories(1))


def test_refunds_that_eat_all_revenue_are_refused() -> None:
    with pytest.raises(DataError, match="sums to -50 over 50 customers; must be > 0"):
        rfm(histories(50, revenue_minor=-1))


def test_a_single_negative_customer_is_kept() -> None:
    revenue = np.arange(-1, 49) * 100
    assert rfm(histories(50, revenue_minor=revenue)).segments.revenue_minor.sum() == revenue.sum()


def test_it_leaves_the_notebook_whole() -> None:
    finding = Finding.of(rfm(histories(50, revenue_minor=np.arange(50) * 100 + 100)))
    assert finding.numbers[0].written_ci
    assert "of revenue" in finding.text
