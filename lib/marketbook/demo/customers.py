"""Customers: who they are, when they joined, and the latent type that decides how they buy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from marketbook.demo.company import (
    AGE_BANDS,
    CATEGORIES,
    CUSTOMERS,
    FIRST_MONDAY,
    GENDERS,
    PROVINCE_NAMES,
    PROVINCES,
    SALES_CHANNEL_SHARES,
    SOURCES,
    TIER_APPETITE,
    TIERS,
    WEEKS,
    Flags,
    Floats,
    IntArray,
    week_of,
)
from marketbook.demo.draws import pick, rounded, whole
from marketbook.demo.plans import GEO_CAMPAIGNS, week_boost
from marketbook.demo.truth import SegmentTruth

GENDER_SHARES = (61, 33, 6)
ENDLESS = 10_000
"""A week after the last, of customers who do not stop."""
YEAR = 52


@dataclass(frozen=True)
class Kind:
    """A latent type of customer.

    Attributes:
        name, english: What it is called.
        share: Percent of all customers.
        orders: Orders a year, gamma-distributed over the type's customers with `shape`.
        shape: Of that gamma distribution; small is mixed.
        years: Mean time until they stop.
        basket: Size of the basket in percent of the average.
        sale_factor: Times more orders in the weeks of the great sales.
        ages: Weights of the age bands.
        tastes: Weights of the categories, on top of their shares.
    """

    name: str
    english: str
    share: int
    orders: float
    shape: float
    years: float
    basket: int
    sale_factor: int
    ages: tuple[int, ...]
    tastes: tuple[int, ...]


KINDS = (
    Kind("高频忠诚", "Frequent loyals", 6, 24.0, 1.4, 8.0, 110, 1, (8, 34, 32, 16, 6, 4), (2, 2, 3, 3, 1, 1, 1)),
    Kind("品质家庭", "Quality families", 13, 6.0, 1.5, 5.0, 185, 1, (3, 33, 40, 15, 5, 4), (4, 3, 1, 1, 4, 1, 3)),
    Kind("大促囤货", "Sale stockpilers", 17, 1.2, 1.5, 4.0, 140, 24, (14, 38, 26, 12, 5, 5), (2, 2, 4, 3, 2, 2, 1)),
    Kind("日常补货", "Everyday refillers", 22, 6.5, 2.0, 3.0, 46, 1, (18, 34, 22, 13, 8, 5), (1, 1, 4, 6, 1, 3, 0)),
    Kind("一次尝鲜", "One-time triers", 29, 0.12, 0.8, 1.0, 80, 2, (24, 34, 18, 11, 7, 6), (2, 2, 3, 3, 1, 2, 1)),
    Kind("短期热情", "Short-lived fans", 13, 6.5, 1.5, 0.4, 95, 2, (22, 36, 20, 11, 6, 5), (2, 2, 3, 3, 1, 2, 1)),
)
TASTES = tuple([t * c.share for t, c in zip(k.tastes, CATEGORIES, strict=True)] for k in KINDS)


@dataclass(frozen=True)
class People:
    """All customers as indices into the company's constants, one entry each.

    Attributes:
        join_week: Week of the first order; negative before the first week.
        join_day: Day of joining, 0 on the first Monday.
        last_week: Last week in which they may order.
        rate: Ten thousandths of an order a year.
        basket: Percent.
        favourite, shop: The category and the sales channel that they mostly choose.
    """

    kind: IntArray
    province: IntArray
    tier: IntArray
    gender: IntArray
    age: IntArray
    source: IntArray
    join_week: IntArray
    join_day: IntArray
    last_week: IntArray
    rate: IntArray
    basket: IntArray
    favourite: IntArray
    shop: IntArray

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.kind)

    @property
    def ids(self) -> pa.Array:
        """Customer numbers."""
        return pa.array([f"C{n:06d}" for n in range(1, len(self) + 1)])


def draw(rng: np.random.Generator, base: IntArray, media: IntArray, size: float) -> People:
    """Draw the customers in the order in which they joined.

    Args:
        rng: The chapter's generator.
        base: What each week sold, as weights.
        media: What each channel sold in each week, as weights of the source.
        size: The company's size.
    """
    n = round(CUSTOMERS * size)
    province, tier = _homes(rng, n)
    join_day = _join_days(rng, base, province)
    order = np.argsort(join_day, kind="stable")
    province, tier, join_day = province[order], tier[order], join_day[order]
    join_week = join_day // 7
    kind = pick(rng, [k.share for k in KINDS], n)
    return People(
        kind=kind,
        province=province,
        tier=tier,
        gender=pick(rng, GENDER_SHARES, n),
        age=by_kind(rng, kind, [k.ages for k in KINDS]),
        source=_sources(rng, media, join_week),
        join_week=join_week,
        join_day=join_day,
        last_week=_last_weeks(rng, kind, join_week),
        rate=_rates(rng, kind),
        basket=_baskets(rng, kind),
        favourite=by_kind(rng, kind, TASTES),
        shop=pick(rng, SALES_CHANNEL_SHARES, n),
    )


def customers(people: People) -> pd.DataFrame:
    """Return `customers`."""
    return pd.DataFrame(
        {
            "customer_id": people.ids.to_pandas(),
            "joined_on": np.datetime64(FIRST_MONDAY, "D") + people.join_day,
            "province": np.array(PROVINCE_NAMES)[people.province],
            "city_tier": np.array(list(TIERS))[people.tier],
            "gender": np.array(list(GENDERS))[people.gender],
            "age_band": np.array(AGE_BANDS)[people.age],
            "source": np.array(list(SOURCES))[people.source],
        }
    )


def _homes(rng: np.random.Generator, n: int) -> tuple[IntArray, IntArray]:
    tiers = np.array([p.tiers for p in PROVINCES]) * np.array(TIER_APPETITE)
    weights = np.array([p.people for p in PROVINCES])[:, None] * tiers
    province, tier = np.divmod(pick(rng, weights.ravel(), n), len(TIERS))
    return province, tier


def _join_days(rng: np.random.Generator, base: IntArray, province: IntArray) -> IntArray:
    start = (date(2020, 6, 1) - FIRST_MONDAY).days
    day = rng.integers(start, 0, len(province))
    fresh = rng.integers(0, 10, len(province)) < 7
    for names in (*(c.regions for c in GEO_CAMPAIGNS), ()):
        mine = fresh & _in_group(province, names)
        weights = base * (1000 + week_boost(names)) // 1000
        day[mine] = 7 * pick(rng, weights, int(mine.sum())) + rng.integers(0, 7, int(mine.sum()))
    return day


def _in_group(province: IntArray, names: tuple[str, ...]) -> Flags:
    tested = [n for c in GEO_CAMPAIGNS for n in c.regions]
    chosen = names or [n for n in PROVINCE_NAMES if n not in tested]
    return np.isin(province, [PROVINCE_NAMES.index(n) for n in chosen])


def by_kind(rng: np.random.Generator, kind: IntArray, weights: Sequence[Sequence[int]]) -> IntArray:
    """Draw indices with weights that depend on the customer's type."""
    drawn = np.zeros(len(kind), dtype=np.int64)
    for k, weight in enumerate(weights):
        mine = kind == k
        drawn[mine] = pick(rng, weight, int(mine.sum()))
    return drawn


def _sources(rng: np.random.Generator, media: IntArray, join_week: IntArray) -> IntArray:
    source = len(SOURCES) - 3 + pick(rng, (45, 25, 30), len(join_week))
    paid = rng.integers(0, 100, len(join_week)) < 52
    quarters = np.clip(join_week // 13, 0, WEEKS // 13 - 1)
    for quarter in range(WEEKS // 13):
        mine = paid & (quarters == quarter)
        weights = media[13 * quarter : 13 * quarter + 13].sum(axis=0)
        source[mine] = pick(rng, weights, int(mine.sum()))
    return source


def _last_weeks(rng: np.random.Generator, kind: IntArray, join_week: IntArray) -> IntArray:
    years = np.array([k.years for k in KINDS])[kind]
    weeks = whole(rounded(rng.standard_exponential(len(kind)) * years * YEAR, 3))
    return np.minimum(np.maximum(join_week, week_of(date(2022, 7, 4))) + weeks, ENDLESS)


def _rates(rng: np.random.Generator, kind: IntArray) -> IntArray:
    shape = np.array([k.shape for k in KINDS])[kind]
    orders = np.array([k.orders for k in KINDS])[kind]
    return whole(rounded(rng.standard_gamma(shape) / shape * orders, 4) * 10_000)


def _baskets(rng: np.random.Generator, kind: IntArray) -> IntArray:
    mean = np.array([k.basket for k in KINDS])[kind]
    return whole(rounded(mean * np.exp(rng.normal(-0.02, 0.20, len(kind))), 6))


def truths(people: People, expected: Floats) -> list[SegmentTruth]:
    """Return the types.

    Args:
        people: All customers.
        expected: Orders expected of each in 2025.
    """
    return [_truth(people, expected, k) for k in range(len(KINDS))]


def _truth(people: People, expected: Floats, k: int) -> SegmentTruth:
    kind, mine = KINDS[k], people.kind == k
    whole_year = mine & (people.join_week < WEEKS - YEAR) & (people.last_week >= WEEKS)
    return SegmentTruth(
        name=kind.name,
        english=kind.english,
        customers=int(mine.sum()),
        orders_2025=round(float(expected[whole_year].mean()), 3) if whole_year.any() else 0.0,
        lifetime_years=kind.years,
        basket=kind.basket / 100,
        sale_factor=kind.sale_factor,
    )
