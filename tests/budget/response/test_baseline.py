from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from marketbook.budget.history import History
from marketbook.budget.response.baseline import Baseline
from marketbook.budget.response.holidays import holiday_events
from marketbook.budget.response.model import ModelSettings, fit_response

WEEKDAYS = np.array([-0.05, -0.04, -0.03, 0.0, 0.02, 0.06, 0.04])


def by_day(days: int = 420) -> History:
    """Draw a shop that sells most at weekends and more on holidays."""
    rng = np.random.default_rng(6)
    index = pd.date_range("2024-09-02", periods=days)
    spend = pd.DataFrame({"搜索": rng.gamma(2.0, 1_000, days)}, index)
    events = holiday_events(index).reindex(columns=["国庆节"], fill_value=0.0)
    base = 100_000 * (1 + WEEKDAYS[index.day_of_week] + 0.2 * events["国庆节"].to_numpy())
    brought = 30_000 * np.tanh(spend["搜索"].to_numpy() / 4_000)
    revenue = pd.Series(base + brought + rng.normal(0, 2_000, days), index)
    return History(revenue, spend, pd.DataFrame(index=index), events)


def test_three_waves_within_the_week_tell_all_days_apart() -> None:
    history = by_day(14)
    columns = Baseline(False, 0, history.weeks[0], 14, 1, 3).columns(replace(history, events=history.events[[]]))
    assert np.linalg.matrix_rank(columns) == 7


def test_every_column_but_events_and_controls_has_a_name() -> None:
    history = by_day(14)
    baseline = Baseline(True, 2, history.weeks[0], 14, 1, 3)
    assert len(baseline.names) == baseline.columns(replace(history, events=history.events[[]])).shape[1]


def test_a_trend_goes_from_0_to_1_over_the_fit_by_day_as_by_week() -> None:
    history = by_day(14)
    trend = Baseline(True, 0, history.weeks[0], 14, 1).columns(history)[:, 1]
    assert trend[[0, 7]].tolist() == [0.0, 0.5]


def test_days_of_the_week_and_holidays_are_found_in_a_daily_history() -> None:
    history = by_day()
    model = fit_response(history, ModelSettings(fourier_modes=1), draws=300)
    columns = model.baseline.columns(history)
    holiday = model.base[:, -1]
    days = (model.base[:, 4:10] @ columns[:7, 4:10].T).mean(axis=0)
    assert (model.baseline.period_days, model.baseline.weekday_modes) == (1, 3)
    assert days - days.mean() == pytest.approx(100_000 * (WEEKDAYS - WEEKDAYS.mean()), abs=1_500)
    assert np.quantile(holiday, 0.01) < 20_000 < np.quantile(holiday, 0.99)
