"""Four waves of a brand survey with 2,000 respondents each, whose sample is not like the population.

Women, the young and the big cities answered too often and know the brand better, so unweighted awareness is too high;
they were oversampled by factors of gender, age and city tier, so raking to the targets takes the error away.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.stats import norm

from marketbook.demo.company import (
    AGE_BANDS,
    GENDERS,
    PROVINCE_NAMES,
    PROVINCES,
    TIERS,
    Flags,
    Floats,
    IntArray,
    week_of,
)
from marketbook.demo.draws import apportion, pick, rounded, whole
from marketbook.demo.media import Media, adstock
from marketbook.demo.questionnaire import BRANDS
from marketbook.demo.truth import WaveTruth

SURVEY = "青禾优品品牌跟踪调研"
RESPONDENTS = 2_000
WAVES = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
STARTS = (date(2025, 3, 10), date(2025, 6, 23), date(2025, 9, 8), date(2025, 11, 24))
FIELD_DAYS = 12
GENDER_NAMES = tuple(GENDERS)[:2]
BANDS = AGE_BANDS[:5]
MILLION = 1_000_000
POPULATION = ((49, 51), (15, 25, 22, 20, 18), (8, 18, 20, 54))
TOGETHER = ((110, 105, 100, 97), (125, 115, 100, 92), (105, 102, 100, 99), (85, 90, 100, 104), (75, 85, 98, 109))
"""Age bands by city tiers: how much more often they come together than by chance, percent."""
OVERSAMPLED = ((15, 10), (13, 17, 11, 7, 4), (18, 15, 11, 7))
AWARE = ((0.18, -0.18), (0.30, 0.45, 0.10, -0.40, -0.80), (0.70, 0.45, 0.05, -0.35))
LIKE = ((0.10, -0.10), (0.05, 0.20, 0.10, -0.15, -0.30), (0.15, 0.10, 0.0, -0.10))
BRAND_LEVELS = (-0.21, 0.35, -0.45, 0.75, -0.95, -1.30)
MEDIA_PULL = 0.9
SCORE_CUTS = (-5.0, -4.4, -3.9, -3.4, -2.9, -2.3, -1.6, -0.6, 0.15, 1.1)
INTENTION_CUTS = (1.6, 0.2, -1.0, -2.4)
STRAIGHT_LINERS, SPEEDERS = 0.04, 0.05


@dataclass(frozen=True)
class Population:
    """Everybody in one wave, in 40 cells of gender, age band and city tier, flattened in this order.

    Attributes:
        people: Of a million, in each cell.
        aware: Share of each cell that knows each brand, cells by brands.
        liking: The mean of what each cell thinks of us.
    """

    people: IntArray
    aware: Floats
    liking: Floats


@dataclass(frozen=True)
class Sample:
    """One wave's respondents.

    Attributes:
        gender, age, tier, province: Indices into the company's constants.
        straight, speeding: Whether they answered scales in one column, or rushed.
        knows: Whether they know each brand, respondents by brands.
        liking: What they think of us; about 0, logistic around their cell's mean.
    """

    gender: IntArray
    age: IntArray
    tier: IntArray
    province: IntArray
    straight: Flags
    speeding: Flags
    knows: Flags
    liking: Floats

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.gender)


def populations(media: Media) -> list[Population]:
    """Return the population of each wave; awareness and liking follow the media spent before it."""
    pull = _media_pull(media)
    people = _people()
    return [
        Population(people, _awareness(wave, pull[wave]), rounded(_effects(LIKE) + 0.03 * wave + 0.15 * pull[wave], 4))
        for wave in range(len(WAVES))
    ]


def sample(rng: np.random.Generator, population: Population, size: int) -> Sample:
    """Draw one wave's respondents, some cells too often."""
    factor = np.multiply.outer(np.multiply.outer(OVERSAMPLED[0], OVERSAMPLED[1]), OVERSAMPLED[2]).ravel()
    cell = pick(rng, population.people * factor, size)
    gender, age, tier = np.unravel_index(cell, (2, 5, 4))
    noise = rounded(rng.logistic(0, 1, size), 6)
    kinds = rng.integers(0, 1000, (2, size))
    return Sample(
        gender=gender,
        age=age,
        tier=tier,
        province=_provinces(rng, tier),
        straight=kinds[0] < 1000 * STRAIGHT_LINERS,
        speeding=kinds[1] < 1000 * SPEEDERS,
        knows=rng.random((size, len(BRANDS))) < population.aware[cell],
        liking=population.liking[cell] + noise,
    )


def respondents(rng: np.random.Generator, people: Sample, wave: int) -> pd.DataFrame:
    """Return one wave of `survey_respondents` in the order of their numbers."""
    n = len(people)
    seconds = whole(rounded(np.exp(rng.normal(6.05, 0.35, n)), 4))
    rushed = rng.integers(55, 125, n)
    moment = 86_400 * rng.integers(0, FIELD_DAYS, n) + rng.integers(8 * 3600, 23 * 3600, n)
    return pd.DataFrame(
        {
            "wave": WAVES[wave],
            "respondent_id": respondent_ids(wave, n),
            "completed_at": np.datetime64(STARTS[wave], "s") + np.sort(moment),
            "seconds": np.where(people.speeding, rushed, np.maximum(seconds, 150)),
            "province": np.array(PROVINCE_NAMES)[people.province],
            "gender": np.array(GENDER_NAMES)[people.gender],
            "age_band": np.array(BANDS)[people.age],
            "city_tier": np.array(list(TIERS))[people.tier],
        }
    )


def respondent_ids(wave: int, n: int) -> list[str]:
    """Return the numbers of a wave's respondents."""
    return [f"{WAVES[wave]}-{i:05d}" for i in range(1, n + 1)]


def waves(rng: np.random.Generator, size: int) -> pd.DataFrame:
    """Return `survey_waves`."""
    return pd.DataFrame(
        {
            "wave": WAVES,
            "survey": SURVEY,
            "started_on": STARTS,
            "ended_on": [start + timedelta(days=FIELD_DAYS - 1) for start in STARTS],
            "invited": size * rng.integers(410, 520, len(WAVES)) // 100,
        }
    )


def population_targets() -> pd.DataFrame:
    """Return `population_targets`: the margins of gender, age band and city tier."""
    cells = _people().reshape(2, 5, 4)
    margins = {
        "gender": (GENDER_NAMES, cells.sum(axis=(1, 2))),
        "age_band": (BANDS, cells.sum(axis=(0, 2))),
        "city_tier": (tuple(TIERS), cells.sum(axis=(0, 1))),
    }
    rows = [
        (variable, category, int(people) / MILLION)
        for variable, (categories, counts) in margins.items()
        for category, people in zip(categories, counts, strict=True)
    ]
    return pd.DataFrame(rows, columns=["variable", "category", "share"])


def wave_truth(population: Population, wave: int) -> WaveTruth:
    """Return the population's true values in one wave."""
    share = population.people / MILLION
    aware = (share[:, None] * population.aware).sum(axis=0)
    ours = share * population.aware[:, 0] / aware[0]
    promoters = _sigmoid(population.liking - SCORE_CUTS[8])
    detractors = _sigmoid(SCORE_CUTS[6] - population.liking)
    wobble = norm.ppf((np.arange(400) + 0.5) / 400)
    likely = _sigmoid(population.liking[:, None] + wobble - INTENTION_CUTS[1]).mean(axis=1)
    return WaveTruth(
        wave=WAVES[wave],
        awareness={brand: round(float(a), 6) for brand, a in zip(BRANDS, aware, strict=True)},
        nps=round(100 * float((ours * (promoters - detractors)).sum()), 3),
        intention_top2=round(float((ours * likely).sum()), 5),
    )


def _people() -> IntArray:
    gender, age, tier = (np.array(margin) for margin in POPULATION)
    cells = gender[:, None, None] * age[None, :, None] * tier * np.array(TOGETHER)[None]
    return apportion(MILLION, cells.ravel())


def _effects(parts: tuple[tuple[float, ...], ...]) -> Floats:
    gender, age, tier = (np.array(part) for part in parts)
    effects: Floats = (gender[:, None, None] + age[None, :, None] + tier[None, None, :]).ravel()
    return effects


def _awareness(wave: int, pull: float) -> Floats:
    levels = np.array(BRAND_LEVELS) + np.array([0.05, -0.01, 0.03, 0.0, 0.02, -0.02]) * wave
    levels[0] += MEDIA_PULL * pull
    strength = np.array([1.0, 0.6, 0.8, 0.4, 0.9, 0.7])
    return rounded(_sigmoid(levels + _effects(AWARE)[:, None] * strength), 6)


def _media_pull(media: Media) -> Floats:
    working = adstock(media.spend.sum(axis=1), 0.85)
    at = np.array([working[week_of(start)] for start in STARTS])
    return rounded(at / working[-52:].mean() - 1, 4)


def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def _provinces(rng: np.random.Generator, tier: IntArray) -> IntArray:
    province = np.zeros(len(tier), dtype=np.int64)
    for t in range(len(TIERS)):
        mine = tier == t
        province[mine] = pick(rng, [p.people * p.tiers[t] for p in PROVINCES], int(mine.sum()))
    return province
