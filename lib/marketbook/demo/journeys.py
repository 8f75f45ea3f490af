"""Conversion paths of 2025: a Markov chain over the media channels."""

from datetime import date

import numpy as np
import pandas as pd

from marketbook.demo.company import IntArray
from marketbook.demo.draws import pick, rounded, whole
from marketbook.demo.truth import JourneyTruth

JOURNEYS = 30_000
STATES = ("抖音", "小红书", "微信朋友圈", "百度搜索", "淘宝直通车", "B站", "达人种草", "自然访问")
BOUGHT, LEFT = len(STATES), len(STATES) + 1
STARTS = (260, 150, 120, 130, 100, 70, 70, 100)
LONGEST = 30
CHAIN = (
    (130, 95, 60, 95, 90, 35, 40, 85, 20, 350),
    (80, 150, 50, 110, 120, 30, 60, 75, 35, 290),
    (60, 60, 120, 80, 80, 25, 30, 115, 25, 405),
    (35, 40, 30, 110, 115, 15, 20, 170, 80, 385),
    (25, 25, 15, 50, 150, 10, 15, 120, 105, 485),
    (95, 95, 35, 100, 70, 150, 60, 65, 12, 318),
    (85, 120, 35, 100, 115, 35, 110, 75, 32, 293),
    (30, 30, 30, 55, 75, 12, 18, 150, 100, 500),
)
"""Chances per mille from each channel to each channel, to buying, to leaving."""


def conversion_paths(rng: np.random.Generator, size: float) -> pd.DataFrame:
    """Return `conversion_paths`: journeys that began in 2025; an order's amount does not depend on the path."""
    n = round(JOURNEYS * size)
    steps = _walk(rng, n)
    bought = (steps == BOUGHT).any(axis=1)
    amount = whole(rounded(np.exp(rng.normal(10.75, 0.7, n)), 3))
    started = np.datetime64(date(2025, 1, 1), "D") + rng.integers(0, 362, n)
    sort = np.argsort(started, kind="stable")
    return pd.DataFrame(
        {
            "journey_id": [f"J{i:06d}" for i in range(1, n + 1)],
            "started_on": started[sort],
            "path": _paths(steps)[sort],
            "converted": bought[sort],
            "amount_minor": np.where(bought, amount, 0)[sort],
        }
    )


def truth() -> JourneyTruth:
    """Return the chain, and what share of the conversions each channel's removal would cost."""
    whole_chain = _conversion(None)
    effects = {name: round(1 - _conversion(i) / whole_chain, 6) for i, name in enumerate(STATES)}
    states = ["start", *STATES, "bought", "left"]
    rows = [[0, *STARTS, 0, 0], *([0, *row] for row in CHAIN), [0] * 9 + [1000, 0], [0] * 9 + [0, 1000]]
    return JourneyTruth(states=states, transitions=rows, removal_effects=effects)


def _walk(rng: np.random.Generator, n: int) -> IntArray:
    steps = np.full((n, LONGEST), -1, dtype=np.int64)
    steps[:, 0] = pick(rng, STARTS, n)
    upto = np.cumsum(np.array(CHAIN), axis=1)
    for step in range(1, LONGEST):
        here = np.flatnonzero((steps[:, step - 1] >= 0) & (steps[:, step - 1] < BOUGHT))
        drawn = rng.integers(0, 1000, len(here))
        steps[here, step] = (drawn[:, None] >= upto[steps[here, step - 1]]).sum(axis=1)
    return steps


def _paths(steps: IntArray) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    names = np.array([*STATES, "", ""], dtype=object)
    touched = (steps >= 0) & (steps < BOUGHT)
    words = names[np.where(touched, steps, LEFT)]
    joined = [" > ".join(row[:n]) for row, n in zip(words, touched.sum(axis=1), strict=True)]
    return np.array(joined, dtype=object)


def _conversion(removed: int | None) -> float:
    chain = np.array(CHAIN) / 1000
    value = np.zeros(len(STATES))
    for _ in range(500):
        value = chain[:, BOUGHT] + (chain[:, : len(STATES)] * value).sum(axis=1)
        if removed is not None:
            value[removed] = 0
    return float((np.array(STARTS) / 1000 * value).sum())
