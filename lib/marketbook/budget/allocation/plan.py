"""What a plan brings: a year's amounts by channel, spread over its weeks, repeated year after year.

Repeating makes the plan steady: what its last weeks carry out is what its first weeks carry in.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.response.adstock import carried, lagged
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.response.saturation import Saturation

Array = npt.NDArray[np.float64]

_OFF = 1e-4


@dataclass(frozen=True)
class PlanResponse:
    """Revenue of any amounts that are spread over the weeks by one pattern.

    Attributes:
        unit: Level (share of each channel's highest week) that one yuan of the plan makes: draws x channels x weeks.
        effect: Draws x channels, in currency a week at full saturation.
        parameters: Of the saturation: parameters x draws x channels x 1.
        saturation: How response flattens.
    """

    unit: Array
    effect: Array
    parameters: Array
    saturation: Saturation

    def revenue(self, amounts: Array) -> Array:
        """Return revenue over the horizon by channel: draws x channels.

        Args:
            amounts: Spend over the horizon, one for each channel.
        """
        height = self.saturation.response(self.unit * amounts[:, None], self.parameters)
        found: Array = self.effect * height.sum(axis=2)
        return found

    def marginal(self, amounts: Array) -> Array:
        """Return the revenue that one more yuan brings, by channel: draws x channels."""
        slope = self.saturation.slope(self.unit * amounts[:, None], self.parameters)
        found: Array = self.effect * (slope * self.unit).sum(axis=2)
        return found

    def bends(self, amounts: Array) -> tuple[Array, Array, Array]:
        """Return revenue, its slope by the amount, and the slope's slope (by differences): draws x channels each."""
        off = _OFF * np.maximum(amounts, _OFF * max(float(amounts.max()), 1e-300))
        low, high = np.maximum(amounts - off, 0.0), amounts + off
        second = (self.marginal(high) - self.marginal(low)) / (high - low)
        return self.revenue(amounts), self.marginal(amounts), second

    def thinned(self, count: int) -> "PlanResponse":
        """Return the response with about `count` of its draws."""
        step = max(len(self.effect) // count, 1)
        return PlanResponse(self.unit[::step], self.effect[::step], self.parameters[:, ::step], self.saturation)


def plan_response(model: ResponseModel, pattern: pd.DataFrame) -> PlanResponse:
    """Prepare the response of plans that share a weekly pattern.

    Args:
        model: A fitted response model.
        pattern: Weeks x channels; each column adds up to 1.

    Returns:
        A function of amounts.
    """
    adstock = model.settings.adstock
    weights = adstock.weights(model.adstock)
    rounds = -(-(adstock.l_max - 1) // len(pattern))
    shares = pattern[model.history.channels].to_numpy(float)
    lags = lagged(shares, adstock.l_max, np.tile(shares, (rounds, 1)) if rounds else None)
    unit = carried(lags, weights) / model.spend_scale[:, None]
    return PlanResponse(unit, model.effect, model.saturation[..., None], model.settings.saturation)


def last_year_pattern(model: ResponseModel, weeks: int = 52) -> pd.DataFrame:
    """Return how each channel's spend was spread over the weeks of last year that the plan's weeks fall on.

    Args:
        model: A fitted response model; its last 52 weeks are last year.
        weeks: Weeks of the plan, the first of which follows the history; at most 52.

    Returns:
        Weeks (days of a daily history) x channels; each column adds up to 1. A channel that was silent in those weeks
        is spread evenly.
    """
    spend = last_year(model, weeks)
    totals = spend.sum()
    return (spend / totals.where(totals > 0)).fillna(1.0 / len(spend))


def today_amounts(model: ResponseModel, weeks: int = 52) -> pd.Series:
    """Return each channel's spend in the weeks of last year that the plan's weeks fall on."""
    return last_year(model, weeks).sum()


def last_year(model: ResponseModel, weeks: int = 52) -> pd.DataFrame:
    """Return spend in the weeks (or their days) of last year that the plan's weeks fall on."""
    history = model.history
    return history.media.iloc[-history.periods_a_year :].iloc[: weeks * history.periods_a_year // 52]
