"""Weekly sales as they come about: base, season, holidays, price, media, noise; each part in whole fen."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from marketbook.demo.company import (
    GREAT_SALES,
    HOLIDAYS,
    MEDIA_NAMES,
    WEEKS,
    Floats,
    IntArray,
    holiday_of_week,
    mondays,
    weeks_of,
)
from marketbook.demo.draws import rounded, whole
from marketbook.demo.ledger import Ledger
from marketbook.demo.media import Media
from marketbook.demo.truth import SalesTruth

LEVEL = 690_000
GROWTH = 1_150
SINES = (-42_000, 30_000, 14_000, -10_000)
PRICE_POINT = -9_000
NOISE = 22_000


@dataclass(frozen=True)
class Weeks:
    """The parts of each week's expected revenue in fen, before campaigns, and the price index."""

    base: IntArray
    season: IntArray
    holiday: IntArray
    price_effect: IntArray
    media: IntArray
    noise: IntArray
    price: Floats
    size: float

    @property
    def revenue(self) -> IntArray:
        """Expected revenue of each week in fen."""
        media: IntArray = self.media.sum(axis=1)
        return self.base + self.season + self.holiday + self.price_effect + media + self.noise


def weekly(rng: np.random.Generator, media: Media) -> Weeks:
    """Draw prices and noise, and add up what moves the weeks."""
    week = np.arange(WEEKS)
    price = _prices(rng)
    fen = 100 * media.size
    holiday = sum(h.effect * weeks_of(h.name) for h in HOLIDAYS)
    return Weeks(
        base=whole((LEVEL + GROWTH * week) * fen),
        season=whole(_season(week) * fen),
        holiday=whole(np.asarray(holiday) * fen),
        price_effect=whole(PRICE_POINT * 100 * (price - 1) * fen),
        media=media.revenue,
        noise=whole(rounded(rng.normal(0, NOISE, WEEKS), 2) * fen),
        price=price,
        size=media.size,
    )


def sales_weeks(weeks: Weeks, ledger: Ledger) -> pd.DataFrame:
    """Return `sales_weeks`: revenue and orders are the transactions' sums."""
    return pd.DataFrame(
        {
            "week": mondays(),
            "revenue_minor": ledger.revenue_by_week(),
            "orders": ledger.orders_by_week(),
            "price_index": weeks.price,
            "holiday": holiday_of_week(),
        }
    )


def truth(weeks: Weeks, campaigns: IntArray) -> SalesTruth:
    """Return how the weeks came about.

    Args:
        weeks: Their parts.
        campaigns: What the campaigns of 2025 added each week, in fen.
    """
    fen = 100 * weeks.size
    return SalesTruth(
        base_minor=weeks.base.tolist(),
        season_minor=weeks.season.tolist(),
        holiday_minor=weeks.holiday.tolist(),
        price_minor=weeks.price_effect.tolist(),
        media_minor=weeks.media.sum(axis=1).tolist(),
        media_by_channel_minor={name: weeks.media[:, i].tolist() for i, name in enumerate(MEDIA_NAMES)},
        campaign_minor=campaigns.tolist(),
        noise_minor=weeks.noise.tolist(),
        noise_sd_minor=round(NOISE * fen),
        holiday_effects_minor={h.name: round(h.effect * fen) for h in HOLIDAYS},
        price_per_point_minor=round(PRICE_POINT * fen),
        trend_minor=round(GROWTH * fen),
    )


def _season(week: IntArray) -> Floats:
    angle = 2 * np.pi * week / (365.25 / 7)
    waves = np.column_stack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])
    return rounded((waves * np.array(SINES)).sum(axis=1), 2)


def _prices(rng: np.random.Generator) -> Floats:
    steps = rounded(rng.normal(0, 0.006, WEEKS), 6)
    drift = np.zeros(WEEKS)
    for week in range(1, WEEKS):
        drift[week] = 0.85 * drift[week - 1] + steps[week]
    return rounded(1 + 0.0003 * np.arange(WEEKS) + drift - 0.025 * weeks_of(*GREAT_SALES), 4)
