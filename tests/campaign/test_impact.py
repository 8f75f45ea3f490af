"""The structural time series: published figures of the R package without a draw, recovery, and refused series."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.reference.campaign import COMPARISON_TAIL, IMPACT

from marketbook.campaign import estimate_impact
from marketbook.kit.errors import DataError
from marketbook.kit.report.finding import Finding

START = date(2025, 4, 7)
BEFORE = {"vignette": 70, "arma_data": 70, "basque": 21, "comparison_data": 90, "google_data": 61}
LAST = {"comparison_data": 108}


def published(reference_data: Callable[[str], Path], name: str) -> tuple[pd.Series, pd.DataFrame, date]:
    rows = pd.read_csv(reference_data(f"campaign/causalimpact_{name}.csv"))
    values = rows.drop(columns=["date", "DATE"], errors="ignore").iloc[: LAST.get(name)]
    values.index = pd.date_range("2020-01-06", periods=len(values))
    return values.iloc[:, 0], values.iloc[:, 1:], values.index[BEFORE[name]].date()


@pytest.mark.parametrize("name", IMPACT)
def test_it_reproduces_causal_impact(name: str, reference_data: Callable[[str], Path]) -> None:
    effect, deviation, effect_tolerance, deviation_tolerance = IMPACT[name]
    found = estimate_impact(*published(reference_data, name)).effect
    assert found.average == pytest.approx(effect, abs=effect_tolerance)
    assert found.deviation == pytest.approx(deviation, abs=deviation_tolerance)


def test_its_tail_probability_is_that_of_the_long_run(reference_data: Callable[[str], Path]) -> None:
    found = estimate_impact(*published(reference_data, "comparison_data"))
    assert found.effect.tail_probability == pytest.approx(COMPARISON_TAIL, abs=0.005)
    assert ((found.inclusion > 0) & (found.inclusion < 1)).all()


def weekly(seed: int, lift: float = 0.0, weeks: int = 60) -> tuple[pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    index = pd.date_range(end="2025-05-18", periods=weeks, freq="W-MON")
    other = 1000 + 100 * np.sin(np.arange(weeks) / 8) + rng.normal(0, 20, weeks)
    series = 0.5 * other + rng.normal(0, 10, weeks)
    series[index >= pd.Timestamp(START)] *= 1 + lift
    return pd.Series(series, index=index), pd.DataFrame({"other": other}, index=index)


def test_it_recovers_a_simulated_lift_and_finds_nothing_before() -> None:
    found = estimate_impact(*weekly(51, lift=0.1), START)
    assert found.effect.lift_ci[0] < 0.1 < found.effect.lift_ci[1]
    assert found.effect.tail_probability < 0.001
    assert found.placebo
    assert "rightly finds nothing" in found.text
    assert found.effect.total == pytest.approx(6 * found.effect.average)


def test_it_says_so_where_it_finds_something_before() -> None:
    series, controls = weekly(52)
    series.iloc[-12:-6] *= 1.2
    assert "but it also finds" in estimate_impact(series, controls, START).text


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    found = [estimate_impact(*weekly(seed), START, level=0.9).effect.average_ci for seed in range(60)]
    assert np.mean([low <= 0 <= high for low, high in found]) == pytest.approx(0.9, abs=0.1)


def test_a_short_past_leaves_no_room_for_a_placebo() -> None:
    found = estimate_impact(*weekly(53, weeks=16), START)
    assert found.placebo is None
    assert "too little came before" in found.text
    assert len(Finding.of(found).table.rows) == 1


def test_it_needs_no_seed() -> None:
    one, two = (estimate_impact(*weekly(54), START).effect for _ in range(2))
    assert one == two


def test_it_refuses_missing_dates_by_name() -> None:
    series, controls = weekly(55)
    with pytest.raises(DataError, match="Series: 1 dates are missing: 2024-10-28; gaps are not filled"):
        estimate_impact(series.drop(pd.Timestamp("2024-10-28")), controls.drop(pd.Timestamp("2024-10-28")), START)


def test_it_refuses_missing_values_by_name() -> None:
    series, controls = weekly(56)
    series[pd.Timestamp("2024-10-28")] = np.nan
    with pytest.raises(DataError, match="values are missing on 2024-10-28"):
        estimate_impact(series, controls, START)


def test_it_refuses_other_dates_in_the_controls() -> None:
    series, controls = weekly(57)
    with pytest.raises(DataError, match="their dates differ"):
        estimate_impact(series, controls.iloc[1:], START)


def test_it_refuses_dates_that_fall() -> None:
    series, controls = weekly(58)
    with pytest.raises(DataError, match="dates must rise"):
        estimate_impact(series[::-1], controls[::-1], START)


def test_it_refuses_a_control_that_never_varies() -> None:
    series, controls = weekly(59)
    with pytest.raises(DataError, match="flat: one and the same value"):
        estimate_impact(series, controls.assign(flat=1.0), START)


def test_it_refuses_a_start_outside_the_series() -> None:
    with pytest.raises(DataError, match="60 points before 2026-01-01 and 0 from it on"):
        estimate_impact(*weekly(60), date(2026, 1, 1))


def test_it_refuses_more_controls_than_it_can_weigh() -> None:
    series, controls = weekly(61)
    many = pd.concat([controls["other"].rename(f"c{k}") + np.arange(60) * k for k in range(9)], axis=1)
    with pytest.raises(DataError, match="Controls: 9 series given; at most 8"):
        estimate_impact(series, many, START)


def test_a_control_that_stood_still_before_does_not_stop_the_placebo() -> None:
    series, controls = weekly(62)
    late = pd.Series(np.where(np.arange(60) < 50, 5.0, np.arange(60)), index=series.index)
    assert estimate_impact(series, controls.assign(late=late), START).placebo
