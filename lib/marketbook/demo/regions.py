"""Seven regions: media and sales of the country divided among them, and what media truly bring in each.

Spend and sales sum exactly to the country's weeks. A region's response has the country's carry-over and saturation, at
the same spend for its size, and a ceiling of its own; one small region uses few channels, at a fixed share.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from marketbook.demo.company import (
    MEDIA,
    MEDIA_NAMES,
    PROVINCES,
    TIER_APPETITE,
    WEEKS,
    Floats,
    IntArray,
    holiday_of_week,
    mondays,
)
from marketbook.demo.draws import rounded, split_rows, whole
from marketbook.demo.media import YEAR_START, Media, adstock
from marketbook.demo.sales import NOISE, Weeks
from marketbook.demo.truth import RegionTruth

FLIGHT = 6
"""Weeks for which a region's share of a channel stays about the same."""


@dataclass(frozen=True)
class Region:
    """A region and its true response.

    Attributes:
        name, english: What it is called.
        provinces: Of which it consists; how much they buy decides its size.
        spend: Of each channel, in percent of the country's spend for the region's size; 0: not used.
        ceiling: Of each channel, as percent of the others'; all together bring what the channel brings the country.
        growth: How much faster its sales grow than the country's, in percent over the three years.
        steady: Whether its share of each channel is always the same.
    """

    name: str
    english: str
    provinces: tuple[str, ...]
    spend: tuple[int, ...]
    ceiling: tuple[int, ...]
    growth: int
    steady: bool = False


REGIONS = (
    Region(
        "华东",
        "East China",
        ("上海", "江苏", "浙江", "安徽", "福建", "江西", "山东"),
        spend=(95, 115, 100, 95, 105, 110, 115, 130),
        ceiling=(95, 115, 100, 100, 105, 105, 110, 100),
        growth=0,
    ),
    Region(
        "华南",
        "South China",
        ("广东", "广西", "海南"),
        spend=(110, 110, 110, 100, 100, 105, 110, 120),
        ceiling=(120, 105, 100, 95, 100, 105, 105, 105),
        growth=6,
    ),
    Region(
        "华北",
        "North China",
        ("北京", "天津", "河北", "山西", "内蒙古"),
        spend=(100, 100, 100, 110, 100, 100, 95, 110),
        ceiling=(90, 100, 100, 110, 100, 95, 95, 105),
        growth=-4,
    ),
    Region(
        "华中",
        "Central China",
        ("河南", "湖北", "湖南"),
        spend=(110, 85, 100, 95, 100, 95, 90, 60),
        ceiling=(110, 85, 105, 95, 95, 95, 90, 90),
        growth=5,
    ),
    Region(
        "西南",
        "Southwest China",
        ("重庆", "四川", "贵州", "云南", "西藏"),
        spend=(105, 90, 95, 95, 95, 100, 90, 70),
        ceiling=(110, 90, 95, 95, 100, 105, 95, 95),
        growth=8,
    ),
    Region(
        "东北",
        "Northeast China",
        ("辽宁", "吉林", "黑龙江"),
        spend=(95, 75, 95, 105, 95, 80, 80, 60),
        ceiling=(80, 85, 100, 100, 95, 85, 85, 90),
        growth=-8,
    ),
    Region(
        "西北",
        "Northwest China",
        ("陕西", "甘肃", "青海", "宁夏", "新疆"),
        spend=(70, 50, 0, 80, 80, 0, 0, 0),
        ceiling=(85, 90, 100, 95, 90, 100, 100, 100),
        growth=-3,
        steady=True,
    ),
)
REGION_NAMES = tuple(region.name for region in REGIONS)


@dataclass(frozen=True)
class Divided:
    """The country's weeks by region, in fen.

    Attributes:
        spend: Channels x weeks x regions.
        brought: Revenue that media brought: channels x weeks x regions.
        sales: All revenue: weeks x regions.
        price: The price index of each week.
    """

    spend: IntArray
    brought: IntArray
    sales: IntArray
    price: Floats


def divide(rng: np.random.Generator, media: Media, weeks: Weeks, booked: IntArray) -> Divided:
    """Divide the country's media and sales among the regions.

    Args:
        rng: Source of random numbers.
        media: The country's media.
        weeks: What the country's weeks consist of.
        booked: Revenue of each week as booked, in fen.
    """
    spend = np.stack([split_rows(media.spend[:, i], _weights(rng, i)) for i in range(len(MEDIA))])
    brought = np.stack([_response(i, spend[i], media) for i in range(len(MEDIA))])
    noise = _noise(rng, weeks.noise, media.size)
    rest = booked - weeks.noise - brought.sum(axis=(0, 2))
    sales = brought.sum(axis=0) + split_rows(rest, whole(1e6 * _base_shares())) + noise
    return Divided(spend, brought, sales, weeks.price)


def media_weeks(divided: Divided) -> pd.DataFrame:
    """Return `geo_media_weeks`: one row per week, region and channel that the region uses."""
    channels, weeks, regions = np.indices(divided.spend.shape).reshape(3, -1)
    rows = pd.DataFrame(
        {
            "week": mondays()[weeks],
            "geo": np.array(REGION_NAMES)[regions],
            "channel": np.array(MEDIA_NAMES)[channels],
            "spend_minor": divided.spend.ravel(),
        }
    )
    used = np.array([region.spend for region in REGIONS])[regions, channels] > 0
    order = np.lexsort((channels[used], regions[used], weeks[used]))
    return rows[used].iloc[order].reset_index(drop=True)


def sales_weeks(divided: Divided) -> pd.DataFrame:
    """Return `geo_sales_weeks`: one row per week and region, sales by where goods are sent."""
    count = len(REGIONS)
    return pd.DataFrame(
        {
            "week": np.repeat(mondays(), count),
            "geo": list(REGION_NAMES) * WEEKS,
            "revenue_minor": divided.sales.ravel(),
            "price_index": np.repeat(divided.price, count),
            "holiday": np.repeat(np.array(holiday_of_week(), dtype=object), count),
        }
    )


def truths(divided: Divided) -> list[RegionTruth]:
    """Return what media truly brought in each region."""
    return [_truth(divided, place, region) for place, region in enumerate(REGIONS)]


def shares() -> Floats:
    """Return each region's share of the country's sales, by how many people live in its tiers of cities."""
    bought = {p.name: p.people * sum(t * a for t, a in zip(p.tiers, TIER_APPETITE, strict=True)) for p in PROVINCES}
    weights = np.array([sum(bought[name] for name in region.provinces) for region in REGIONS])
    return rounded(weights / weights.sum(), 4)


def _weights(rng: np.random.Generator, channel: int) -> IntArray:
    """Return weeks x regions: how a channel's spend is divided."""
    flights = rng.normal(0, 0.35, (WEEKS // FLIGHT, len(REGIONS))).repeat(FLIGHT, axis=0)
    moves = flights + rng.normal(0, 0.15, (WEEKS, len(REGIONS)))
    moves[:, [region.steady for region in REGIONS]] = 0.0
    level = shares() * [region.spend[channel] for region in REGIONS]
    return whole(1000 * rounded(level * np.exp(moves), 3))


def _response(channel: int, spend: IntArray, media: Media) -> IntArray:
    """Return weeks x regions: what a channel's spend brought; over all weeks and regions as much as in the country."""
    medium, found = MEDIA[channel], np.zeros(spend.shape)
    for place, (region, share) in enumerate(zip(REGIONS, shares(), strict=True)):
        level = adstock(spend[:, place], medium.carry) / (medium.spend * 100 * media.size * share)
        ceiling = medium.ceiling * media.size * share * region.ceiling[channel]
        found[:, place] = rounded(ceiling * np.tanh(medium.bend * level / 2), 2)
    return whole(rounded(found * (media.revenue[:, channel].sum() / found.sum()), 2))


def _base_shares() -> Floats:
    """Return weeks x regions: shares of what is sold without media, which sum to 1."""
    grown = np.outer(np.arange(WEEKS) / WEEKS - 0.5, [region.growth / 100 for region in REGIONS])
    found = shares() * (1 + grown)
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)


def _noise(rng: np.random.Generator, country: IntArray, size: float) -> IntArray:
    """Draw each region's noise, in proportion to its size, so that it sums to the country's.

    Regions draw independently; what their sum misses of the country's noise is divided by their variances, as it is
    in independent noises of which the sum is known.
    """
    variance = shares() ** 2 / (shares() ** 2).sum()
    own = whole(rounded(rng.normal(0, NOISE * np.sqrt(variance), (WEEKS, len(REGIONS))), 2) * 100 * size)
    missed = split_rows(country - own.sum(axis=1), np.tile(whole(1e6 * variance), (WEEKS, 1)))
    return own + missed


def _truth(divided: Divided, place: int, region: Region) -> RegionTruth:
    year = slice(YEAR_START, WEEKS)
    brought, spend = divided.brought[:, year, place].sum(axis=1), divided.spend[:, year, place].sum(axis=1)
    return RegionTruth(
        region=region.name,
        share=float(shares()[place]),
        contribution_2025_minor={name: int(brought[i]) for i, name in enumerate(MEDIA_NAMES)},
        roas_2025=round(float(brought.sum() / spend.sum()), 4),
    )
