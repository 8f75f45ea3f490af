"""The base of sales: what would have been sold without media, as columns of a linear model with their priors."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import History
from marketbook.budget.priors import Priors

Array = npt.NDArray[np.float64]

_YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Baseline:
    """How the base is built.

    Attributes:
        trend: Whether a straight line over time belongs to it.
        fourier_modes: Count of yearly waves (a sine and a cosine each).
        start: First week of the fit: there the trend is 0.
        weeks: Count of weeks of the fit: after them the trend is 1.
    """

    trend: bool
    fourier_modes: int
    start: pd.Timestamp
    weeks: int

    def columns(self, history: History) -> Array:
        """Return weeks x columns: intercept, trend, yearly waves, events, controls."""
        days = np.asarray((history.weeks - self.start).days, dtype=float)
        angle = 2 * np.pi * np.asarray(history.weeks.day_of_year, dtype=float) / _YEAR_DAYS
        waves = [wave(mode * angle) for mode in range(1, self.fourier_modes + 1) for wave in (np.sin, np.cos)]
        trend = [days / (7 * self.weeks)] if self.trend else []
        parts = [np.ones(len(days)), *trend, *waves]
        return np.column_stack([*parts, history.events.to_numpy(float), history.controls.to_numpy(float)])

    def priors(self, history: History, priors: Priors) -> tuple[Array, Array]:
        """Return mean and standard deviation of each column's coefficient, in shares of the highest week."""
        spreads = [
            *([priors.trend_sd] if self.trend else []),
            *[priors.fourier_sd] * (2 * self.fourier_modes),
            *[priors.event_sd] * history.events.shape[1],
            *[priors.control_sd] * history.controls.shape[1],
        ]
        mean = np.array([priors.intercept[0], *[0.0] * len(spreads)])
        return mean, np.array([priors.intercept[1], *spreads])
