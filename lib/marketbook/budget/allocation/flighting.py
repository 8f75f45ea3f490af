"""Flighting: what each channel should spend in each week, with what is carried in from before and out to after."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from marketbook.budget.allocation.bounds import Bounds, clashing, constraints, percent_bounds
from marketbook.budget.allocation.flight_response import FlightResponse, flight_response
from marketbook.budget.allocation.flight_result import FlightResult
from marketbook.budget.allocation.objective import Objective
from marketbook.budget.allocation.optimum import gap
from marketbook.budget.allocation.plan import last_year_pattern, today_amounts
from marketbook.budget.allocation.quadratic import Constraints, best_step
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.wording import join
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label

Array = npt.NDArray[np.float64]

_WEEK = 7
_ROUNDS = 40
_DONE = 1e-7
_COARSE = 200
"""Draws of the first climb."""


@dataclass(frozen=True)
class WeekBounds:
    """Least and most of each week: weeks x channels, in currency, indexed by the weeks of the plan."""

    lower: pd.DataFrame
    upper: pd.DataFrame


def week_bounds(model: ResponseModel, weeks: int = 52, *, lower: float = 0.0, upper: float = 100.0) -> WeekBounds:
    """Return bounds of each week as percent of the channel's highest week ever.

    Args:
        model: A fitted response model.
        weeks: Weeks of the plan.
        lower: Percent that every week keeps at least.
        upper: Percent that none exceeds; up to 100 no plan leaves what was ever spent.
    """
    highest = model.history.spend.max()
    level = pd.DataFrame([highest] * weeks, index=plan_weeks(model, weeks))
    return WeekBounds(level * lower / 100, level * upper / 100)


def plan_weeks(model: ResponseModel, weeks: int) -> pd.DatetimeIndex:
    """Return the weeks of a plan by their first day; they follow the history."""
    first = model.history.weeks[-1] + pd.Timedelta(weeks=1)
    return pd.date_range(first, periods=weeks, freq="7D")


def flight(
    model: ResponseModel,
    *,
    weeks: int = 52,
    total: float | None = None,
    bounds: Bounds | None = None,
    weekly: WeekBounds | None = None,
    objective: Objective | None = None,
) -> FlightResult:
    """Find the weekly plan of all channels that brings most.

    Counted is revenue in the plan's weeks, with what the weeks before carry in, and what its own last weeks carry out.

    Args:
        model: A fitted response model of weeks.
        weeks: Weeks of the plan.
        total: For all channels and weeks, in currency; None: as much as the same weeks of last year.
        bounds: Least and most of each channel and of groups over all weeks; None: half to one and a half times today's.
        weekly: Least and most of each week; None: nothing to the channel's highest week ever.
        objective: What is made highest; None: expected revenue.

    Returns:
        The weekly plan, beside today's split with last year's pattern at the same total.

    Raises:
        ParamsError: The history is by day, or the bounds cannot be met together; the message says which clash.
    """
    if model.history.period_days != _WEEK:
        raise ParamsError(_("A weekly plan needs a weekly history; this one is by day."))
    today, objective = today_amounts(model, weeks), objective or Objective()
    total = float(today.sum()) if total is None else total
    allowed = _allowed(model, bounds or percent_bounds(today, 50, 150), weekly or week_bounds(model, weeks), total)
    response = flight_response(model, weeks)
    now = (last_year_pattern(model, weeks) * (today * total / float(today.sum()))).to_numpy(float).T
    with threadpool_limits(limits=1):  # many small products: threads only wait for each other
        plan, slope = _best(response, objective, allowed, now)
    value = objective.value(response.total(plan))
    return FlightResult.of(
        model,
        plan_weeks(model, weeks),
        response,
        (now, plan),
        residual=gap(slope.ravel(), plan.ravel(), allowed) / max(abs(value), 1e-300),
        objective=objective,
    )


def _allowed(model: ResponseModel, bounds: Bounds, weekly: WeekBounds, total: float) -> Constraints:
    """Return what the weeks of all channels, one after the other, must meet: total, groups, channels."""
    history = model.history
    summed = constraints(bounds, history.channels, total, currency=history.currency)
    lower, upper = (frame[history.channels].to_numpy(float).T for frame in (weekly.lower, weekly.upper))
    if (lower > upper).any() or (lower < 0).any() or not np.isfinite(upper).all():
        raise ParamsError(_("Bounds of weeks: the least must be >= 0 and not above the most."))
    each = np.repeat(np.eye(len(history.channels)), upper.shape[1], axis=1)
    found = Constraints(
        lower=lower.ravel(),
        upper=upper.ravel(),
        rows=np.vstack([np.repeat(summed.rows, upper.shape[1], axis=1), each]),
        least=np.concatenate([summed.least, summed.lower]),
        most=np.concatenate([summed.most, summed.upper]),
    )
    _check_clash(found, [group.name for group in bounds.groups], [label(name) for name in history.channels])
    return found


def _check_clash(allowed: Constraints, groups: list[str], channels: list[str]) -> None:
    clash = clashing(allowed)
    if not clash:
        return
    rows = [_("the total"), *groups, *channels]
    named = [rows[place] for kind, place in clash if kind in ("least", "most")]
    weeks = len(allowed.lower) // len(channels)
    named += [_("the weeks of {channel}").format(channel=channels[place // weeks]) for kind, place in clash
              if kind in ("lower", "upper")]  # fmt: skip
    raise ParamsError(
        _("These limits cannot be met together: {limits}. Loosen one of them.").format(
            limits=join(list(dict.fromkeys(named)))
        )
    )


def _best(response: FlightResponse, objective: Objective, allowed: Constraints, now: Array) -> tuple[Array, Array]:
    """Climb from last year's pattern and from an even one by some of the draws, then from the better end by all."""
    few = response.thinned(_COARSE)
    even = np.repeat(now.mean(axis=1, keepdims=True), now.shape[1], axis=1)
    ends = [_climb(few, objective, start, allowed)[0] for start in (now, even)]
    best = max(ends, key=lambda end: objective.value(few.total(end)))
    return _climb(response, objective, best, allowed)


def _climb(response: FlightResponse, objective: Objective, start: Array, allowed: Constraints) -> tuple[Array, Array]:
    """Climb by Newton's steps; each is shortened until it rises. Returns the plan and the slope there."""
    shape = start.shape
    amounts = best_step(start.ravel(), np.zeros(start.size), np.ones((start.size, 1, 1)), allowed).amounts.reshape(
        shape
    )
    height = objective.smooth(response.total(amounts))
    for _round in range(_ROUNDS):
        weight = objective.pull(response.total(amounts)).weight
        slope = response.slope(amounts, weight)
        step = best_step(amounts.ravel(), slope.ravel(), _firm(response.bend(amounts, weight)), allowed)
        way = step.amounts.reshape(shape) - amounts
        if float((slope * way).sum()) < _DONE * abs(height):
            break
        for share in 0.5 ** np.arange(12):
            reached = objective.smooth(response.total(amounts + share * way))
            if reached > height:
                break
        else:
            break
        amounts, height = amounts + share * way, reached
    return amounts, slope


def _firm(bend: Array) -> Array:
    """Return the nearest curvature that bends down everywhere: where a curve is S-shaped it need not."""
    values, vectors = np.linalg.eigh(bend)
    least = 1e-4 * float(np.abs(values).max()) + 1e-300
    found: Array = (vectors * np.maximum(np.abs(values), least)[:, None, :]) @ vectors.transpose(0, 2, 1)
    return found
