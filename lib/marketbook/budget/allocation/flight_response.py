"""What a weekly plan brings: with what the weeks before carry in, and what its last weeks carry out.

After the plan spend is taken to go on as in those weeks of last year; what the plan brings then is the difference to a
plan of nothing. The slope by each week's spend is exact.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from marketbook.budget.response.adstock import carried, lagged
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.response.saturation import Saturation

Array = npt.NDArray[np.float64]

_OFF = 1e-3


@dataclass(frozen=True)
class FlightResponse:
    """Revenue of weekly plans; amounts are channels x weeks.

    Attributes:
        before: Spend of the weeks before: weeks x channels.
        after: Spend of the weeks after.
        weeks: Weeks of the plan.
        weights: Of each lag: draws x channels x lags.
        scale: Highest week of each channel.
        effect: Draws x channels, in currency a week at full saturation.
        parameters: Of the saturation: parameters x draws x channels x 1.
        saturation: How response flattens.
    """

    before: Array
    after: Array
    weeks: int
    weights: Array
    scale: Array
    effect: Array
    parameters: Array
    saturation: Saturation

    def revenue(self, amounts: Array) -> tuple[Array, Array]:
        """Return revenue within the plan's weeks, and after them for what it carries out: draws x channels each."""
        height = self._height(amounts)
        idle = self._height(np.zeros_like(amounts))[..., self.weeks :]
        within = self.effect * height[..., : self.weeks].sum(axis=2)
        beyond = self.effect * (height[..., self.weeks :] - idle).sum(axis=2)
        return within, beyond

    def carried_in(self) -> Array:
        """Return the revenue within the plan's weeks that comes of the weeks before: draws x channels."""
        nothing = np.zeros((len(self.scale), self.weeks))
        found: Array = self.effect * self._height(nothing)[..., : self.weeks].sum(axis=2)
        return found

    def total(self, amounts: Array) -> Array:
        """Return revenue of all channels, what is carried out included, by draw."""
        within, beyond = self.revenue(amounts)
        found: Array = (within + beyond).sum(axis=1)
        return found

    def slope(self, amounts: Array, weight: Array) -> Array:
        """Return the slope of weighted revenue by each week's spend: channels x weeks.

        Args:
            amounts: Channels x weeks.
            weight: Of each draw; adds up to 1.
        """
        level = self._level(amounts)
        steep = self.saturation.slope(level, self.parameters) * (self.effect / self.scale * weight[:, None])[..., None]
        by_lag = np.matmul(self.weights.transpose(1, 2, 0), steep.transpose(1, 0, 2))
        found = np.zeros_like(amounts)
        for lag in range(by_lag.shape[1]):
            found += by_lag[:, lag, lag : lag + self.weeks]
        return found

    def bend(self, amounts: Array, weight: Array) -> Array:
        """Return how the slope falls within each channel: channels x weeks x weeks (by differences of slopes)."""
        level = self._level(amounts)
        off = _OFF * np.maximum(level, _OFF)
        above, below = (self.saturation.slope(level + way * off, self.parameters) for way in (1, -1))
        curve = (below - above) / (2 * off) * (self.effect / self.scale**2 * weight[:, None])[..., None]
        count, lags = self.weeks, self.weights.shape[2]
        found = np.zeros((len(self.scale), count, count))
        for lag in range(lags):
            both = self.weights[:, :, lag, None] * self.weights
            by_other = np.matmul(both.transpose(1, 2, 0), curve.transpose(1, 0, 2))
            for other in range(lags):
                week = np.arange(max(0, other - lag), min(count, count + other - lag))
                found[:, week, week + lag - other] += by_other[:, other, week + lag]
        return found

    def thinned(self, count: int) -> "FlightResponse":
        """Return the response with about `count` of its draws."""
        step = max(len(self.effect) // count, 1)
        return replace(
            self, weights=self.weights[::step], effect=self.effect[::step], parameters=self.parameters[:, ::step]
        )

    def _level(self, amounts: Array) -> Array:
        lags = self.weights.shape[2]
        spend = np.vstack([amounts.T, self.after]) / self.scale
        return carried(lagged(spend, lags, self.before / self.scale), self.weights)

    def _height(self, amounts: Array) -> Array:
        return self.saturation.response(self._level(amounts), self.parameters)


def flight_response(model: ResponseModel, weeks: int) -> FlightResponse:
    """Prepare the response of weekly plans that follow the history.

    Args:
        model: A fitted response model.
        weeks: Weeks of the plan.
    """
    adstock = model.settings.adstock
    carry = adstock.l_max - 1
    spend, media = model.history.spend.to_numpy(float), model.history.media.to_numpy(float)
    year = media[-52:]
    return FlightResponse(
        before=spend[len(spend) - carry :],
        after=year[np.arange(weeks, weeks + carry) % len(year)],
        weeks=weeks,
        weights=adstock.weights(model.adstock),
        scale=model.spend_scale,
        effect=model.effect,
        parameters=model.saturation[..., None],
        saturation=model.settings.saturation,
    )
