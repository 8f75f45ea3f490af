"""What a weekly plan says: week by week, what it brings in its weeks and after them, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.allocation.flight_response import FlightResponse
from marketbook.budget.allocation.objective import Objective
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.wording import money
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]

_ON = 0.01
"""A channel is on air in weeks that spend more than this share of its highest week of the plan."""


@dataclass(frozen=True)
class FlightResult(Result):
    """The recommended weekly plan beside today's split with last year's pattern.

    Attributes:
        plan: Weeks x channels, in currency.
        now: The same total by today's split and last year's pattern.
        channels: One row for each: `channel`, `spend_today`, `spend_recommended`, `count_weeks`, `spend_highest` (its
            highest week), `spend_seen` (its highest week ever).
        gain: Expected revenue above today's, what is carried out included, with its 90 % interval.
        beats_today: Chance that the plan brings more.
        carry_in: Revenue in the plan's weeks that comes of the weeks before, whatever the plan.
        within: Revenue in the plan's weeks.
        carry_out: Revenue after them that the plan brings, with spend going on as last year.
        residual: How much better, as a share of revenue, any plan within the limits could be by the slopes.
        objective: What was made highest.
    """

    plan: pd.DataFrame
    now: pd.DataFrame
    channels: pd.DataFrame
    gain: float
    gain_ci: tuple[float, float]
    beats_today: float
    carry_in: float
    within: float
    carry_out: float
    residual: float
    objective: Objective
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "spend_today": mark("Today's split"),
        "spend_recommended": mark("Recommended"),
        "count_weeks": mark("Weeks on air"),
        "spend_highest": mark("Highest week of the plan"),
        "spend_seen": mark("Highest week so far"),
        "revenue_gain": mark("Expected revenue gained"),
        "beats_today_share": mark("Chance to beat today's weekly plan"),
        "spend_total": mark("Total for the horizon"),
        "revenue_carry_in": mark("Revenue carried in from the weeks before"),
        "revenue_within": mark("Revenue in the plan's weeks"),
        "revenue_carry_out": mark("Revenue carried out to the weeks after"),
    }

    @classmethod
    def of(
        cls,
        model: ResponseModel,
        weeks: pd.DatetimeIndex,
        response: FlightResponse,
        plans: tuple[Array, Array],
        *,
        residual: float,
        objective: Objective,
    ) -> Self:
        """Return what a plan says beside another (channels x weeks each)."""
        now, best = plans
        gains = response.total(best) - response.total(now)
        within, beyond = (found.sum(axis=1) for found in response.revenue(best))
        low, high = np.quantile(gains, [0.05, 0.95])
        names = model.history.channels
        return cls(
            plan=pd.DataFrame(best.T, weeks, names),
            now=pd.DataFrame(now.T, weeks, names),
            channels=_channels(names, now, best, response.scale),
            gain=float(gains.mean()),
            gain_ci=(float(low), float(high)),
            beats_today=float((np.sum(gains > 0) + 1) / (len(gains) + 2)),
            carry_in=float(response.carried_in().sum(axis=1).mean()),
            within=float(within.mean()),
            carry_out=float(beyond.mean()),
            residual=residual,
            objective=objective,
            currency=model.history.currency,
        )

    @property
    def total(self) -> float:
        """What the plan spends."""
        return float(self.plan.to_numpy().sum())

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("When to spend it")

    @property
    def text(self) -> str:
        """What the weekly plan brings, and where that falls."""
        return _(
            "Spread over its {weeks} weeks as recommended, {total} brings {gain} more than today's split with last "
            "year's pattern (90% interval {low} to {high}); the chance that it brings more is {chance}."
        ).format(
            weeks=len(self.plan),
            total=self._money(self.total),
            gain=self._money(self.gain),
            low=self._money(self.gain_ci[0]),
            high=self._money(self.gain_ci[1]),
            chance=by_name("share", self.beats_today),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        return self.channels

    @property
    def caveats(self) -> Sequence[str]:
        """What is carried in and out."""
        carried = _(
            "Of the revenue in the plan's weeks, {carry_in} comes of the weeks before, whatever the plan; after its "
            "last week the plan brings another {carry_out}, which is counted, with spend going on as last year."
        ).format(carry_in=self._money(self.carry_in), carry_out=self._money(self.carry_out))
        base = _("Weeks differ by spend alone: what a season or a sale adds to the effect of media is not known.")
        return [carried, base]

    def chart(self) -> Chart:
        """Spend by week and channel."""
        data = self.plan.rename_axis("week").reset_index().melt("week", var_name="channel", value_name="spend")
        return Chart(
            kind="line",
            data=data,
            x="week",
            y="spend",
            color="channel",
            title=_("Recommended spend by week"),
            titles={"week": _("Week"), "spend": _("Spend"), "channel": _("Channel")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The gain first."""
        return {
            "revenue_gain": self.gain,
            "revenue_gain_ci": self.gain_ci,
            "beats_today_share": self.beats_today,
            "spend_total": self.total,
            "revenue_carry_in": self.carry_in,
            "revenue_within": self.within,
            "revenue_carry_out": self.carry_out,
        }

    def _money(self, amount: float) -> str:
        return money(amount, self.currency)


def _channels(names: list[str], now: Array, best: Array, seen: Array) -> pd.DataFrame:
    highest = best.max(axis=1)
    return pd.DataFrame(
        {
            "channel": names,
            "spend_today": now.sum(axis=1),
            "spend_recommended": best.sum(axis=1),
            "count_weeks": (best > _ON * np.maximum(highest, 1e-300)[:, None]).sum(axis=1),
            "spend_highest": highest,
            "spend_seen": seen,
        }
    )
