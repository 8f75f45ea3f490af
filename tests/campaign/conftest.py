"""Campaign data that several tests share: users with a known past, and regions with a known effect."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from marketbook.campaign.moments import Moments, measure
from marketbook.campaign.panel import GeoPanel, build_panel

START = date(2025, 4, 7)
MEASURES = ["visits", "orders", "revenue", "orders_before", "revenue_before"]


@pytest.fixture(scope="session")
def users() -> pd.DataFrame:
    """The users on which tea-tasting was run (tests/reference/campaign.py)."""
    rng = np.random.default_rng(20260101)
    variant = rng.integers(0, 2, 2000)
    before = rng.gamma(2.0, 30.0, 2000)
    orders = rng.poisson(1.2 + 0.1 * variant) + 1
    revenue = orders * 20 + 0.8 * before + rng.normal(0, 25, 2000) + 4 * variant
    return pd.DataFrame({"variant": variant, "revenue": revenue, "orders": orders, "before": before})


@pytest.fixture(scope="session")
def pair(users: pd.DataFrame) -> tuple[Moments, Moments]:
    groups = [measure(users.loc[users["variant"] == v].drop(columns="variant")) for v in (0, 1)]
    return groups[0], groups[1]


def shoppers(rng: np.random.Generator, n: int = 4000, lift: float = 0.0, share: float = 0.5) -> dict[str, Moments]:
    """Draw an experiment of shops' users: orders are rare, revenue is skewed, the past tells of the future."""
    habit = rng.gamma(0.8, 1.0, n)
    treated = rng.random(n) < share
    before, orders = rng.poisson(habit), rng.poisson(habit * np.where(treated, 1 + lift, 1.0))
    frame = pd.DataFrame(
        {
            "visits": orders + rng.poisson(3, n),
            "orders": orders,
            "revenue": orders * rng.gamma(4.0, 50.0, n),
            "orders_before": before,
            "revenue_before": before * rng.gamma(4.0, 50.0, n),
        }
    )
    return {"control": measure(frame[~treated]), "coupon": measure(frame[treated])}


def days_of_regions(
    rng: np.random.Generator, *, treated: tuple[str, ...] = ("r01", "r03"), lift: float = 0.0, weeks: int = 46
) -> pd.DataFrame:
    """Draw daily revenue of 24 regions of falling size with a season that they share; the last 6 weeks are treated."""
    first = START - timedelta(days=7 * (weeks - 6))
    t = np.arange(7 * weeks)
    season = 1 + 0.2 * np.sin(t / 40) + 0.1 * (t % 7 == 5) + np.cumsum(rng.normal(0, 0.004, len(t)))
    parts = []
    for k in range(24):
        name = f"r{k:02d}"
        revenue = 2000 * 0.95**k * season * rng.gamma(60.0, 1 / 60, len(t))
        revenue[t >= 7 * (weeks - 6)] *= 1 + lift * (name in treated)
        parts.append(
            pd.DataFrame({"day": pd.date_range(first, periods=len(t)).date, "region": name, "revenue": revenue})
        )
    return pd.concat(parts, ignore_index=True)


def panel_of(daily: pd.DataFrame, treated: tuple[str, ...] = ("r01", "r03"), weeks_before: int = 40) -> GeoPanel:
    return build_panel(daily, treated, START, START + timedelta(days=41), weeks_before=weeks_before)
