"""The base of sales: what would have been sold without media, as columns of a linear model with their priors."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import WEEK, History
from marketbook.budget.response.priors import Priors

Array = npt.NDArray[np.float64]

_YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Baseline:
    """How the base is built.

    Attributes:
        trend: Whether a straight line over time belongs to it.
        fourier_modes: Count of yearly waves (a sine and a cosine each).
        start: First week of the fit: there the trend is 0.
        weeks: Count of weeks (or days) of the fit: after them the trend is 1.
        period_days: Days of each: 7, or 1 where the history is by day.
        weekday_modes: Count of waves within the week, of daily histories; 3 tell all days of the week apart.
    """

    trend: bool
    fourier_modes: int
    start: pd.Timestamp
    weeks: int
    period_days: int = WEEK
    weekday_modes: int = 0

    @property
    def names(self) -> list[str]:
        """What each column but those of events and controls is."""
        waves = [f"{wave}{mode}" for mode in range(1, self.fourier_modes + 1) for wave in ("sin", "cos")]
        days = [f"day_{wave}{mode}" for mode in range(1, self.weekday_modes + 1) for wave in ("sin", "cos")]
        return ["intercept", *(["trend"] if self.trend else []), *waves, *days]

    def count(self, history: History) -> int:
        """Return how many columns there are."""
        return len(self.names) + history.events.shape[1] + history.controls.shape[1]

    def columns(self, history: History) -> Array:
        """Return weeks x columns: intercept, trend, yearly waves, waves within the week, events, controls."""
        days = np.asarray((history.weeks - self.start).days, dtype=float)
        year = 2 * np.pi * np.asarray(history.weeks.day_of_year, dtype=float) / _YEAR_DAYS
        week = 2 * np.pi * np.asarray(history.weeks.day_of_week, dtype=float) / WEEK
        trend = [days / (self.period_days * self.weeks)] if self.trend else []
        parts = [np.ones(len(days)), *trend, *_waves(year, self.fourier_modes), *_waves(week, self.weekday_modes)]
        return np.column_stack([*parts, history.events.to_numpy(float), history.controls.to_numpy(float)])

    def priors(self, history: History, priors: Priors) -> tuple[Array, Array]:
        """Return mean and standard deviation of each column's coefficient, in shares of the highest week."""
        spreads = [
            *([priors.trend_sd] if self.trend else []),
            *[priors.fourier_sd] * (2 * (self.fourier_modes + self.weekday_modes)),
            *[priors.event_sd] * history.events.shape[1],
            *[priors.control_sd] * history.controls.shape[1],
        ]
        mean = np.array([priors.intercept[0], *[0.0] * len(spreads)])
        return mean, np.array([priors.intercept[1], *spreads])


def _waves(angle: Array, modes: int) -> list[Array]:
    return [wave(mode * angle) for mode in range(1, modes + 1) for wave in (np.sin, np.cos)]
