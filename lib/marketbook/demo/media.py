"""Media: three years of weekly spend, what it brought, lift tests, and the platforms' daily reports of 2025."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.demo.company import (
    ADSTOCK_WEEKS,
    FIRST_MONDAY,
    GREAT_SALES,
    MEDIA,
    MEDIA_GROWTH,
    MEDIA_NAMES,
    WEEKS,
    Floats,
    IntArray,
    Medium,
    mondays,
    week_of,
    weeks_of,
)
from marketbook.demo.draws import rounded, split_rows, whole
from marketbook.demo.truth import MediumTruth

YEAR_START = week_of(date(2024, 12, 30))
CAMPAIGN_LINES = ("新品推广", "爆款转化", "品牌曝光")
LINE_SHARES = (0.30, 0.50, 0.20)


@dataclass(frozen=True)
class Test:
    """A lift test: channel, Monday, weeks; spend added as a share of spend, standard error as a share of the lift."""

    channel: str
    start: date
    weeks: int
    added: float
    error: float


TESTS = (
    Test("抖音", date(2024, 3, 18), 6, 0.50, 0.16),
    Test("微信朋友圈", date(2024, 7, 15), 4, 0.80, 0.25),
    Test("小红书", date(2024, 9, 2), 6, 0.60, 0.20),
    Test("百度搜索", date(2025, 3, 17), 4, -0.60, 0.20),
    Test("抖音", date(2025, 4, 14), 6, -0.40, 0.18),
    Test("淘宝直通车", date(2025, 7, 14), 4, -0.50, 0.25),
    Test("B站", date(2025, 8, 11), 5, 1.00, 0.25),
    Test("达人种草", date(2025, 9, 1), 5, 0.70, 0.28),
)


@dataclass(frozen=True)
class Media:
    """Weekly media.

    Attributes:
        spend, impressions, clicks: Weeks by channels; spend in fen.
        revenue: The revenue that it brought, weeks by channels, in fen.
        size: The company's size.
    """

    spend: IntArray
    impressions: IntArray
    clicks: IntArray
    revenue: IntArray
    size: float


def plan(rng: np.random.Generator, size: float) -> Media:
    """Draw three years of weekly media in all channels."""
    yuan = np.column_stack([_spend(rng, medium) for medium in MEDIA])
    spend = whole(yuan * size) * 100
    thousands = spend / 100 / np.array([m.cost_per_thousand for m in MEDIA]) * _noise(rng, spend.shape, 0.08)
    impressions = whole(thousands * 1000)
    rates = np.array([m.click_rate for m in MEDIA]) / 10_000 * _noise(rng, spend.shape, 0.10)
    revenue = np.column_stack([response(m, spend[:, i], size) for i, m in enumerate(MEDIA)])
    return Media(spend, impressions, whole(impressions * rates), revenue, size)


def adstock(spend: npt.NDArray[np.generic], carry: float) -> Floats:
    """Return spend spread over the weeks in which it works; weights sum to 1."""
    weights = carry ** np.arange(ADSTOCK_WEEKS)
    weights = weights / weights.sum()
    padded = np.concatenate([np.zeros(ADSTOCK_WEEKS - 1), spend.astype(np.float64)])
    lagged = [w * padded[ADSTOCK_WEEKS - 1 - k : len(padded) - k] for k, w in enumerate(weights)]
    return np.asarray(np.sum(lagged, axis=0), dtype=np.float64)


def saturate(medium: Medium, adstocked: npt.ArrayLike, size: float) -> IntArray:
    """Return the weekly revenue in fen that adstocked spend in fen brings."""
    z = medium.bend * np.asarray(adstocked, dtype=np.float64) / (medium.spend * 100 * size)
    return whole(medium.ceiling * 100 * size * np.tanh(z / 2))


def response(medium: Medium, spend: IntArray, size: float) -> IntArray:
    """Return the weekly revenue in fen of a channel's weekly spend in fen."""
    return saturate(medium, adstock(spend, medium.carry), size)


def media_weeks(media: Media) -> pd.DataFrame:
    """Return `media_weeks`: one row per channel and week."""
    n = len(MEDIA)
    return pd.DataFrame(
        {
            "week": np.repeat(mondays(), n),
            "channel": list(MEDIA_NAMES) * WEEKS,
            "spend_minor": media.spend.ravel(),
            "impressions": media.impressions.ravel(),
            "clicks": media.clicks.ravel(),
        }
    )


def lift_tests(rng: np.random.Generator, media: Media) -> pd.DataFrame:
    """Return `lift_tests`: the true difference plus an error of the stated size.

    A test ran beside the plan in matched cities and is scaled to the country: its added spend is not in `media_weeks`.
    """
    rows = [_lift_test(rng, media, number, test) for number, test in enumerate(TESTS, start=1)]
    return pd.DataFrame(rows)


def ad_days(rng: np.random.Generator, media: Media) -> pd.DataFrame:
    """Return `ad_days`: 52 weeks from Monday 2024-12-30, three campaigns for each reporting channel.

    Spend, impressions and clicks sum by channel and week to `media_weeks`.
    """
    frames = [_channel_days(rng, media, i) for i, medium in enumerate(MEDIA) if medium.account]
    days = pd.concat(frames, ignore_index=True)
    return days[(days["spend_minor"] > 0) | (days["impressions"] > 0)].reset_index(drop=True)


def truths(media: Media) -> list[MediumTruth]:
    """Return each channel's true parameters and what it brought."""
    return [_truth(media, i) for i in range(len(MEDIA))]


def _spend(rng: np.random.Generator, medium: Medium) -> Floats:
    growth = np.repeat(MEDIA_GROWTH, WEEKS // 3)
    sales = 1 + (medium.sale - 1) * weeks_of(*GREAT_SALES) - 0.5 * weeks_of("春节")
    level = growth * sales * _flights(rng, medium) * _noise(rng, (WEEKS,), 0.32)
    return rounded(medium.spend * level, -1)


def _flights(rng: np.random.Generator, medium: Medium) -> Floats:
    cycle = medium.on + medium.off
    shift = int(rng.integers(0, cycle))
    on = (np.arange(WEEKS) + shift) % cycle < medium.on
    pause = rng.integers(0, 100, WEEKS) < 3
    return np.where(on & ~pause, cycle / medium.on, 0.0)


def _noise(rng: np.random.Generator, shape: tuple[int, ...], sigma: float) -> Floats:
    return rounded(np.exp(rng.normal(-(sigma**2) / 2, sigma, shape)), 4)


def _lift_test(rng: np.random.Generator, media: Media, number: int, test: Test) -> dict[str, object]:
    medium = MEDIA[MEDIA_NAMES.index(test.channel)]
    before = int(whole(medium.spend * MEDIA_GROWTH[test.start.year - 2023] * media.size)) * 100
    more = int(whole(before * test.added))
    low, high = (int(saturate(medium, spend, media.size)) for spend in (before, before + more))
    se = max(1, round(abs(high - low) * test.error))
    return {
        "test_id": f"L{number:02d}",
        "channel": test.channel,
        "started_on": test.start,
        "ended_on": test.start + timedelta(days=7 * test.weeks - 1),
        "spend_minor": before,
        "added_spend_minor": more,
        "lift_minor": high - low + round(se * float(rng.normal())),
        "lift_se_minor": se,
    }


def _channel_days(rng: np.random.Generator, media: Media, i: int) -> pd.DataFrame:
    weeks, cells = WEEKS - YEAR_START, 7 * len(CAMPAIGN_LINES)
    weights = whole(1000 * np.tile(LINE_SHARES, 7) * _noise(rng, (weeks, cells), 0.2))
    spend = split_rows(media.spend[YEAR_START:, i], weights)
    seen = split_rows(media.impressions[YEAR_START:, i], whole(spend * _noise(rng, spend.shape, 0.1) / 100))
    clicks = split_rows(media.clicks[YEAR_START:, i], whole(seen * _noise(rng, spend.shape, 0.1)))
    first = FIRST_MONDAY + timedelta(days=7 * YEAR_START)
    return pd.DataFrame(
        {
            "day": np.repeat(np.datetime64(first, "D") + np.arange(7 * weeks), len(CAMPAIGN_LINES)),
            "platform": MEDIA[i].name,
            "account": MEDIA[i].account,
            "campaign": list(CAMPAIGN_LINES) * 7 * weeks,
            "unit": "",
            "spend_minor": spend.ravel(),
            "impressions": seen.ravel(),
            "clicks": clicks.ravel(),
            "conversions": rng.binomial(clicks.ravel(), 0.025),
        }
    )


def _truth(media: Media, i: int) -> MediumTruth:
    medium, size = MEDIA[i], media.size
    year = slice(YEAR_START, WEEKS)
    spend, revenue = media.spend[:, i], media.revenue[:, i]
    return MediumTruth(
        channel=medium.name,
        carry=medium.carry,
        bend=medium.bend,
        reference_minor=round(medium.spend * 100 * size),
        ceiling_minor=round(medium.ceiling * 100 * size),
        contribution_minor=int(revenue.sum()),
        contribution_2025_minor=int(revenue[year].sum()),
        roas=round(revenue.sum() / spend.sum(), 4),
        roas_2025=round(revenue[year].sum() / spend[year].sum(), 4),
    )
