"""A small company that several budget tests share: three channels, three years, everything about it known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.office.company import house

from marketbook.budget.history import LIFT_COLUMNS, History
from marketbook.budget.response.adstock import geometric_adstock
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.budget.response.saturation import logistic

__all__ = ["house"]

CHANNELS = ("电视", "搜索", "社交")
CARRY = (0.6, 0.1, 0.4)
BEND = (2.0, 4.0, 3.0)
CEILING = (90_000.0, 60_000.0, 120_000.0)
BASE = 400_000.0
NOISE = 8_000.0


def company(seed: int, weeks: int = 156) -> History:
    """Draw weekly spend and the revenue that truly comes of it."""
    rng = np.random.default_rng(seed)
    index = pd.date_range("2023-01-02", periods=weeks, freq="7D", name="week")
    spend = pd.DataFrame(rng.gamma(2.0, 10_000, (weeks, 3)), index=index, columns=list(CHANNELS))
    spend["电视"] *= np.arange(weeks) % 8 < 5
    price = pd.DataFrame({"price": rng.normal(0, 0.03, weeks)}, index=index)
    sale = pd.DataFrame({"大促": (np.arange(weeks) % 52 == 44).astype(float)}, index=index)
    season = 0.05 * np.sin(2 * np.pi * index.day_of_year.to_numpy() / 365.25)
    base = BASE * (1 + season + 0.1 * np.arange(weeks) / weeks + 0.3 * sale["大促"].to_numpy())
    revenue = base - BASE * price["price"].to_numpy() + brought(spend).sum(axis=1) + rng.normal(0, NOISE, weeks)
    return History(pd.Series(revenue, index=index, name="revenue"), spend, price, sale)


def brought(spend: pd.DataFrame) -> pd.DataFrame:
    """Return what each channel's spend truly brings, week by week."""
    levels = [geometric_adstock(spend[c], CARRY[i]) / 60_000 for i, c in enumerate(spend.columns)]
    return pd.DataFrame(
        {c: CEILING[i] * logistic(levels[i], BEND[i]) for i, c in enumerate(spend.columns)}, index=spend.index
    )


def lift_test(channel: int, spend: float, added: float, error: float = 0.05) -> pd.DataFrame:
    """Return a lift test whose result is exactly true."""
    low, high = (CEILING[channel] * logistic(x / 60_000, BEND[channel]) for x in (spend, spend + added))
    row = [CHANNELS[channel], np.nan, spend, added, float(high - low), error * float(abs(high - low))]
    return pd.DataFrame([row], columns=list(LIFT_COLUMNS))


@pytest.fixture(scope="session")
def history() -> History:
    return company(seed=2)


@pytest.fixture(scope="session")
def model(history: History) -> ResponseModel:
    return fit_response(history, seed=3)


@pytest.fixture
def broken(history: History) -> History:
    """A copy whose frames a test may spoil."""
    return replace(
        history,
        revenue=history.revenue.copy(),
        spend=history.spend.copy(),
        controls=history.controls.copy(),
        lift_tests=lift_test(0, 20_000, 10_000),
    )
