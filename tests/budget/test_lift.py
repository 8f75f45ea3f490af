from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from marketbook.budget.history import LIFT_COLUMNS, History, check_history
from marketbook.budget.lift import in_model_units
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.kit.errors import DataError

WEEKLY = {"channel": "电视", "days": 28, "spend": 100.0, "added_spend": 50.0, "lift": 200.0, "lift_se": 20.0}


def turned(period_days: int = 7, *, full_effect: bool = False, **changes: Any) -> dict[str, Any]:
    test = pd.DataFrame([WEEKLY | changes])
    return in_model_units(test, period_days=period_days, full_effect=full_effect).iloc[0].to_dict()


def test_amounts_of_a_week_stay_as_they_are() -> None:
    assert turned() == dict(zip(LIFT_COLUMNS, ["电视", 4.0, 100.0, 50.0, 200.0, 20.0], strict=True))


def test_totals_of_the_test_are_spread_over_its_weeks() -> None:
    assert turned(per="test", lift=800.0)["lift"] == 200.0
    assert turned(per="day", lift=30.0)["lift"] == 210.0


def test_a_daily_history_takes_amounts_of_days() -> None:
    found = turned(1, lift=210.0)
    assert (found["lift"], found["weeks"]) == (30.0, 28.0)


def test_conversions_are_worth_revenue() -> None:
    found = turned(outcome="conversions", lift=4.0, lift_se=1.0, revenue_per_conversion=50.0)
    assert (found["lift"], found["lift_se"], found["added_spend"]) == (200.0, 50.0, 50.0)


def test_a_test_in_a_part_of_the_country_is_scaled_up_to_it() -> None:
    found = turned(covered_share=0.25)
    assert [found[name] for name in LIFT_COLUMNS[2:]] == [400.0, 200.0, 800.0, 80.0]


def test_a_full_effect_has_no_length() -> None:
    assert np.isnan(turned(full_effect=True)["weeks"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"per": "month"}, "row 1: per is month; allowed: day, week, test"),
        ({"outcome": "clicks"}, "outcome is clicks; allowed: revenue, conversions"),
        ({"outcome": "conversions"}, "revenue_per_conversion is nan; allowed: > 0"),
        ({"covered_share": 20.0}, "covered_share is 20.0; allowed: > 0, <= 1"),
        ({"days": 0}, "days is 0; allowed: >= 1"),
        ({"spend": -1.0}, "spend is -1.0; allowed: >= 0"),
        ({"added_spend": 0.0}, "added_spend is 0.0; allowed: != 0"),
        ({"added_spend": -200.0}, "added_spend is -200.0; allowed: >= -spend"),
        ({"lift": "many"}, "lift is many; allowed: a number"),
        ({"lift_se": 0.0}, "lift_se is 0.0; allowed: > 0"),
        ({"uplift": 1.0}, "columns uplift are unknown"),
    ],
)
def test_what_cannot_be_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        turned(**changes)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="columns days, lift_se are missing"):
        in_model_units(pd.DataFrame([WEEKLY]).drop(columns=["days", "lift_se"]))


def test_a_test_in_other_units_than_the_history_is_told(broken: History) -> None:
    cents = broken.lift_tests.assign(spend=broken.lift_tests["spend"] * 100)
    with pytest.raises(DataError, match=r"电视 was tested at .*, more than 20 times its highest week"):
        check_history(replace(broken, lift_tests=cents), parameters=20)


def test_the_same_test_in_two_units_gives_the_same_answer(history: History, model: ResponseModel) -> None:
    weekly = WEEKLY | {"spend": 20_000.0, "added_spend": 15_000.0, "lift": 25_000.0, "lift_se": 2_000.0}
    whole = {name: weekly[name] * 4 for name in ("spend", "added_spend", "lift", "lift_se")}
    both = [in_model_units(pd.DataFrame([weekly | change])) for change in ({}, {"per": "test"} | whole)]
    first, second = (fit_response(replace(history, lift_tests=tests), draws=100) for tests in both)
    assert first.effect == pytest.approx(second.effect, rel=1e-6)
    told, untold = (m.weekly(history)[:, 0].sum(axis=1).mean() for m in (first, model))
    assert abs(told / untold - 1) > 0.02
