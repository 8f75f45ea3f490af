from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from marketbook.budget.history import History, check_history
from marketbook.kit.errors import DataError


def test_a_sound_history_passes(history: History) -> None:
    check_history(history, parameters=20)


def test_it_names_missing_weeks(broken: History) -> None:
    gone = broken.weeks[[10, 11]]
    rest = {name: getattr(broken, name).drop(gone) for name in ("revenue", "spend", "controls", "events")}
    with pytest.raises(DataError, match="2023-03-13, 2023-03-20"):
        check_history(replace(broken, **rest), parameters=20)


def test_it_names_weeks_that_stand_twice(broken: History) -> None:
    twice = pd.concat([broken.revenue, broken.revenue.iloc[[3]]]).sort_index()
    with pytest.raises(DataError, match="appear twice: 2023-01-23"):
        check_history(replace(broken, revenue=twice), parameters=20)


def test_it_names_weeks_out_of_order(broken: History) -> None:
    with pytest.raises(DataError, match="not in order"):
        check_history(replace(broken, revenue=broken.revenue.iloc[::-1]), parameters=20)


def test_it_refuses_a_single_week(broken: History) -> None:
    with pytest.raises(DataError, match=r"1 week\(s\); a response model needs many more"):
        check_history(replace(broken, revenue=broken.revenue.iloc[:1]), parameters=20)


def test_it_names_channels_without_spend(broken: History) -> None:
    broken.spend["搜索"] = 0.0
    with pytest.raises(DataError, match="without any spend: 搜索"):
        check_history(broken, parameters=20)


def test_it_names_channels_whose_spend_never_varied(broken: History) -> None:
    broken.spend["社交"] = 500.0
    with pytest.raises(DataError, match="never varied: 社交"):
        check_history(broken, parameters=20)


def test_it_names_channels_that_move_together(broken: History) -> None:
    broken.spend["社交"] = 2 * broken.spend["搜索"] + 1
    with pytest.raises(DataError, match=r"搜索 and 社交 moves together \(correlation 1.000"):
        check_history(broken, parameters=20)


def test_it_names_negative_spend(broken: History) -> None:
    broken.spend.iloc[4, 1] = -1.0
    with pytest.raises(DataError, match="spend, 搜索: 1 of 156 weeks are negative; must be >= 0"):
        check_history(broken, parameters=20)


def test_it_names_missing_values(broken: History) -> None:
    broken.controls.iloc[0, 0] = np.nan
    with pytest.raises(DataError, match="controls, price: 1 of 156 values are missing"):
        check_history(broken, parameters=20)


def test_it_refuses_fewer_weeks_than_parameters(broken: History) -> None:
    with pytest.raises(DataError, match="156 weeks for a model of 200 parameters"):
        check_history(broken, parameters=200)


def test_it_refuses_spend_that_ends_early(broken: History) -> None:
    with pytest.raises(DataError, match="do not cover the same weeks"):
        check_history(replace(broken, spend=broken.spend.iloc[:-1]), parameters=20)


def test_it_names_lift_tests_of_unknown_channels(broken: History) -> None:
    broken.lift_tests["channel"] = "户外"
    with pytest.raises(DataError, match="Lift tests of channels without spend: 户外; known are 电视, 搜索, 社交"):
        check_history(broken, parameters=20)


def test_it_refuses_lift_tests_without_an_error(broken: History) -> None:
    broken.lift_tests["lift_se"] = 0.0
    with pytest.raises(DataError, match="standard error is 0 or negative"):
        check_history(broken, parameters=20)


def test_it_names_text_among_numbers(broken: History) -> None:
    spend = broken.spend.astype(object)
    spend.iloc[4, 1] = "1,2O0"
    found = r"spend, 搜索: 1 of 156 values are no numbers, the first '1,2O0' in the week of 2023-01-30"
    with pytest.raises(DataError, match=found):
        check_history(replace(broken, spend=spend), parameters=20)


def test_it_names_what_is_in_another_currency(broken: History) -> None:
    with pytest.raises(DataError, match=r"Two currencies: 搜索 \(USD\); all else is in CNY"):
        check_history(replace(broken, currencies={"搜索": "USD", "社交": "CNY"}), parameters=20)


def test_it_names_channels_that_stand_twice(broken: History) -> None:
    twice = pd.concat([broken.spend, broken.spend[["搜索"]]], axis=1)
    with pytest.raises(DataError, match="Channels that appear twice: 搜索"):
        check_history(replace(broken, spend=twice), parameters=20)


def test_it_names_a_total_beside_its_parts(broken: History) -> None:
    broken.spend["合计"] = broken.spend.sum(axis=1)
    with pytest.raises(DataError, match=r"follows from that on the other channels \(multiple correlation 1.000"):
        check_history(broken, parameters=20)


def test_it_names_days_that_are_given_for_weeks(broken: History) -> None:
    daily = pd.date_range("2023-01-02", periods=156, freq="D")
    with pytest.raises(DataError, match=r"Revenue is given every 1 day\(s\), spend every 7"):
        check_history(replace(broken, revenue=broken.revenue.set_axis(daily)), parameters=20)


def test_it_names_weeks_that_begin_on_another_day(broken: History) -> None:
    moved = broken.weeks.to_series().replace(broken.weeks[5], broken.weeks[5] + pd.Timedelta(days=1))
    with pytest.raises(DataError, match="not whole weeks after 2023-01-02: 2023-02-07"):
        check_history(replace(broken, revenue=broken.revenue.set_axis(pd.DatetimeIndex(moved))), parameters=20)


def test_it_refuses_months(broken: History) -> None:
    months = broken.revenue.set_axis(pd.date_range("2010-01-01", periods=156, freq="MS"))
    with pytest.raises(DataError, match="revenue: dates are 31 days apart; must be 1"):
        check_history(replace(broken, revenue=months), parameters=20)


def test_a_daily_history_names_days_that_are_missing(broken: History) -> None:
    days = pd.date_range("2023-01-02", periods=156)
    by_day = {name: getattr(broken, name).set_axis(days) for name in ("revenue", "spend", "controls", "events")}
    check_history(replace(broken, **by_day), parameters=20)
    assert (replace(broken, **by_day).period_days, broken.period_days) == (1, 7)
    rest = {name: frame.drop(days[[20, 21]]) for name, frame in by_day.items()}
    with pytest.raises(DataError, match=r"Days missing .*: 2023-01-22, 2023-01-23\. Give every day"):
        check_history(replace(broken, **rest), parameters=20)


@pytest.mark.parametrize("amount", [0.0, 5000.0])
def test_it_refuses_revenue_that_never_varied(broken: History, amount: float) -> None:
    with pytest.raises(DataError, match="Revenue is the same in all weeks"):
        check_history(replace(broken, revenue=broken.revenue * 0 + amount), parameters=20)


def test_it_refuses_controls_of_other_weeks(broken: History) -> None:
    with pytest.raises(DataError, match="controls and revenue do not cover the same weeks"):
        check_history(replace(broken, controls=broken.controls.iloc[1:]), parameters=20)


def test_it_refuses_lift_tests_without_an_amount(broken: History) -> None:
    broken.lift_tests["lift"] = np.nan
    with pytest.raises(DataError, match="Lift tests: 1 of 1 lack an amount"):
        check_history(broken, parameters=20)
