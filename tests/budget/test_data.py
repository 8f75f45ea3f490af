from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from marketbook.budget.data import LIFT_TESTS, MEDIA_WEEKS, SALES_WEEKS, read_history, read_order_value
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts

WEEKS = pd.date_range("2025-01-06", periods=10, freq="7D")


def media() -> pd.DataFrame:
    rows = [(week, channel, 1000 * i) for i, week in enumerate(WEEKS, 1) for channel in ("搜索", "电视")]
    frame = pd.DataFrame(rows, columns=["week", "channel", "spend_minor"]).assign(impressions=1, clicks=0)
    return frame[~((frame["channel"] == "电视") & (frame["week"] == WEEKS[2]))]


def sales() -> pd.DataFrame:
    holiday = [None] * 8 + ["五一", None]
    return pd.DataFrame({"week": WEEKS, "revenue_minor": 500_000, "orders": 9, "price_index": 1.02, "holiday": holiday})


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    facts = Facts(tmp_path)
    facts.write(MEDIA_WEEKS, media())
    facts.write(SALES_WEEKS, sales())
    row = ("T1", "电视", date(2025, 2, 3), date(2025, 3, 2), 100, 50, 700, 90)
    facts.write(LIFT_TESTS, pd.DataFrame([row], columns=LIFT_TESTS.columns))
    return facts


def test_amounts_come_in_yuan_and_a_channel_without_a_row_spent_nothing(facts: Facts) -> None:
    found = read_history(facts)
    assert found.revenue.tolist() == [5000.0] * 10
    assert found.spend.loc[WEEKS[2]].to_dict() == {"搜索": 30.0, "电视": 0.0}
    assert found.controls["price"].tolist() == pytest.approx([0.02] * 10)
    assert found.events["五一"].tolist() == [0.0] * 8 + [1.0, 0.0]


def test_lift_tests_come_in_yuan_or_not_at_all(facts: Facts) -> None:
    test = read_history(facts).lift_tests.iloc[0]
    assert (test["channel"], test["spend"], test["added_spend"], test["lift"], test["lift_se"]) == (
        "电视",
        1,
        0.5,
        7,
        0.9,
    )
    assert read_history(facts, lift_tests=False).lift_tests.empty


def test_a_lift_test_after_the_last_week_is_not_known_yet(facts: Facts) -> None:
    assert read_history(facts, last_week=date(2025, 2, 12)).lift_tests.empty


def test_media_before_the_weeks_asked_for_are_carried_in(facts: Facts) -> None:
    found = read_history(facts, weeks=4, last_week=date(2025, 3, 6))
    assert found.weeks.tolist() == WEEKS[5:9].tolist()
    assert len(found.carry_in) == 5


def test_an_order_is_worth_revenue_by_orders_of_the_last_weeks(facts: Facts) -> None:
    facts.write(SALES_WEEKS, sales().assign(orders=[10] * 5 + [20] * 5))
    assert read_order_value(facts) == pytest.approx(5000 / 15)
    assert read_order_value(facts, weeks=5) == pytest.approx(250.0)
    assert read_order_value(facts, weeks=5, last_week=date(2025, 2, 5)) == pytest.approx(500.0)


def test_without_orders_none_has_a_value(facts: Facts) -> None:
    facts.write(SALES_WEEKS, sales().assign(orders=0))
    assert read_order_value(facts) is None


def test_it_names_rows_that_stand_twice(facts: Facts) -> None:
    facts.write(MEDIA_WEEKS, pd.concat([media(), media().head(1)]))
    with pytest.raises(DataError, match=r"media_weeks: 1 row\(s\) appear twice, the first of 2025-01-06, 搜索"):
        read_history(facts)


def test_it_says_when_no_weeks_are_left(facts: Facts) -> None:
    with pytest.raises(DataError, match="No weeks of sales and media between"):
        read_history(facts, last_week=date(2024, 1, 1))
