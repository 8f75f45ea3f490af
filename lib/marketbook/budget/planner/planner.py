"""The planner: a fitted model kept ready, so that a plan answers to each move of its total, its bounds and its risk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.allocation.bounds import Group, amount_group, constraints, percent_bounds, percent_group
from marketbook.budget.allocation.objective import Objective
from marketbook.budget.allocation.optimum import Optimum, best_split
from marketbook.budget.allocation.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.allocation.quadratic import Constraints
from marketbook.budget.allocation.split import beyond_seen
from marketbook.budget.allocation.tabulated import Tabulated, tabulate
from marketbook.budget.response.model import ResponseModel
from marketbook.kit.forms.limits import Together
from marketbook.kit.language import label

Array = npt.NDArray[np.float64]

TOTALS = (50.0, 200.0)
"""The totals that can be planned, in percent of today's."""
MOST = 300.0
"""The most of a channel that can be asked for, in percent of today's split at the plan's total."""


@dataclass(frozen=True)
class Wish:
    """What is wanted of a plan.

    Attributes:
        total: Percent of what the same weeks of last year cost.
        lower, upper: Percent of today's split at that total that each channel keeps at least, and gets at most.
        own: The same of single channels.
        together: Limits of channels together, in percent of today's split at that total, or in fen.
        worst: The share of cases that counts: 1 for all, 0.1 for the worst tenth.
    """

    total: float = 100.0
    lower: float = 70.0
    upper: float = 130.0
    own: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    worst: float = 1.0
    together: tuple[Together, ...] = ()


@dataclass(frozen=True)
class Planned:
    """A plan as it answers to a wish; amounts in currency over the horizon, by channel.

    Attributes:
        wish: What was wanted.
        channels: One row for each: `today` (today's split at this total), `planned`, `least`, `most`, `room` (what
            another yuan of room brings, at a limit), `beyond` (share of weeks beyond spend ever seen).
        groups: The same of channels that have a limit together, `group` being what they are called.
        months: Months x channels: what the plan spends when.
        revenue: Expected, with its 90 % interval.
        gain: Above today's split at this total, with its interval.
        worst_tenth: The mean of the revenue in the worst tenth of cases.
        beats_today: Chance that it brings more than today's split.
        regret: What is lost on average over all cases where today's split would have been better.
        price: What the last yuan brings.
    """

    wish: Wish
    channels: pd.DataFrame
    groups: pd.DataFrame
    months: pd.DataFrame
    revenue: float
    revenue_ci: tuple[float, float]
    gain: float
    gain_ci: tuple[float, float]
    worst_tenth: float
    beats_today: float
    regret: float
    price: float

    @property
    def total(self) -> float:
        """What is spent over the horizon."""
        return float(self.channels["planned"].sum())


@dataclass(frozen=True)
class Planner:
    """Answers wishes from one fitted model.

    Attributes:
        model: A fitted response model.
        weeks: Weeks of the plan, the first of which follows the history.
    """

    model: ResponseModel
    weeks: int = 52

    @cached_property
    def today(self) -> pd.Series:
        """What the weeks of last year that the plan's weeks fall on cost, by channel."""
        return today_amounts(self.model, self.weeks)

    @cached_property
    def pattern(self) -> pd.DataFrame:
        """How a channel's amount is spread over the plan's weeks (days of a daily history), by their first day."""
        found = last_year_pattern(self.model, self.weeks)
        history = self.model.history
        first = history.weeks[-1] + pd.Timedelta(days=history.period_days)
        return found.set_axis(pd.date_range(first, periods=len(found), freq=f"{history.period_days}D"))

    @cached_property
    def curves(self) -> Tabulated:
        """What plans bring, ready for any move."""
        most = self.today.to_numpy(float) * TOTALS[1] / 100 * MOST / 100
        return tabulate(plan_response(self.model, self.pattern), np.maximum(most, 1e-6 * max(float(most.max()), 1.0)))

    def plan(self, wish: Wish, *, start: Array | None = None) -> Planned:
        """Return the best plan for a wish.

        Args:
            wish: What is wanted.
            start: The amounts of the plan before; the search begins near them.

        Raises:
            ParamsError: Its bounds cannot be met together; the message says which clash.
        """
        now = self.today * wish.total / 100
        groups = _groups(now, wish.together)
        bounds = percent_bounds(now, wish.lower, wish.upper, own=wish.own).grouped(*groups)
        history = self.model.history
        allowed = constraints(bounds, history.channels, float(now.sum()), currency=history.currency)
        objective = Objective() if wish.worst >= 1 else Objective("cvar", wish.worst)
        optimum = best_split(self.curves, allowed, objective, start=start)
        before = self.curves.revenue(now.to_numpy(float)).sum(axis=1)
        planned = self.curves.revenue(optimum.amounts).sum(axis=1)
        gains = planned - before
        return Planned(
            wish=wish,
            channels=self._channels(now, optimum.amounts, allowed, optimum.room),
            groups=_together(now, groups, allowed, optimum),
            months=self.spread * optimum.amounts,
            revenue=float(planned.mean()),
            revenue_ci=_interval(planned),
            gain=float(gains.mean()),
            gain_ci=_interval(gains),
            worst_tenth=Objective("cvar", 0.1).value(planned),
            beats_today=float((np.sum(gains > 0) + 1) / (len(gains) + 2)),
            regret=float(np.maximum(-gains, 0.0).mean()),
            price=optimum.price,
        )

    @cached_property
    def spread(self) -> pd.DataFrame:
        """The share of each channel's amount that falls into each month: months x channels."""
        each = self.model.history.period_days
        days = self.pattern.loc[self.pattern.index.repeat(each)] / each
        days.index = pd.date_range(self.pattern.index[0], periods=len(days), freq="D")
        return days.groupby(days.index.strftime("%Y-%m")).sum()

    def _channels(self, now: pd.Series, amounts: Array, allowed: Constraints, room: Array) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "channel": self.model.history.channels,
                "today": now.to_numpy(float),
                "planned": amounts,
                "least": allowed.lower,
                "most": allowed.upper,
                "room": room,
                "beyond": beyond_seen(self.model, self.pattern, amounts),
            }
        )


def _groups(now: pd.Series, together: Sequence[Together]) -> list[Group]:
    """Return channels' limits together, in currency over the horizon; an end that is open holds nothing."""
    found = []
    for one in together:
        made, unit = (percent_group, 1.0) if one.in_percent else (amount_group, 0.01)
        name = " + ".join(label(channel) for channel in one.members)
        group = made(now, name, one.members, unit * (one.least or 0.0), unit * (one.most or 0.0))
        found.append(replace(group, upper=float("inf")) if one.most is None else group)
    return found


def _together(now: pd.Series, groups: Sequence[Group], allowed: Constraints, optimum: Optimum) -> pd.DataFrame:
    rows = allowed.rows[1:]
    return pd.DataFrame(
        {
            "group": [group.name for group in groups],
            "today": rows @ now.to_numpy(float),
            "planned": rows @ optimum.amounts,
            "least": [group.lower for group in groups],
            "most": [group.upper for group in groups],
            "room": optimum.group_room,
        }
    )


def _interval(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)
