"""Allocation: how the total should be split, what that gains over today's split, and how sure that is."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.allocation.bounds import (
    Bounds,
    constraints,
    percent_bounds,
)
from marketbook.budget.allocation.knapsack import best_by_draw
from marketbook.budget.allocation.objective import Objective
from marketbook.budget.allocation.optimum import Optimum, best_split
from marketbook.budget.allocation.plan import PlanResponse, last_year_pattern, plan_response, today_amounts
from marketbook.budget.allocation.quadratic import Constraints
from marketbook.budget.allocation.split_result import AllocationResult
from marketbook.budget.allocation.tabulated import Tabulated, tabulate
from marketbook.budget.allocation.target import Target, largest_total, totals_allowed
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.wording import ratio
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]

_WORTH_SAYING = 0.005
"""What another yuan of room brings is said from this on, in yuan."""
_BEYOND_SHARE = 0.05
"""A plan is flagged where more than this share of its weeks exceed the highest week ever seen."""


def allocate(
    model: ResponseModel,
    *,
    weeks: int = 52,
    total: float | None = None,
    bounds: Bounds | None = None,
    pattern: pd.DataFrame | None = None,
    gross_margin: float = 1.0,
    objective: Objective | None = None,
    target: Target | None = None,
) -> AllocationResult:
    """Split a total so that revenue is highest.

    Spend keeps its weekly pattern; the plan is taken to repeat, so that carry-over into the first and out of the last
    week are the same.

    Args:
        model: A fitted response model.
        weeks: Weeks of the horizon.
        total: For all channels and the whole horizon, in currency; None: as much as last year. With a target: at most.
        bounds: Least and most of each channel and of groups; None: half to one and a half times today's spend.
        pattern: How each channel's amount is spread over the weeks (columns add up to 1); None: as last year.
        gross_margin: Share of revenue left before marketing.
        objective: What is made highest; None: expected revenue.
        target: Spend as much as meets it, in place of a total.

    Returns:
        The recommended split, its gain and how sure it is.

    Raises:
        ParamsError: The bounds cannot be met together, or the target cannot; the message says which clash.
    """
    today, objective = today_amounts(model, weeks), objective or Objective()
    bounds = bounds or percent_bounds(today, 50, 150)
    pattern = last_year_pattern(model, weeks) if pattern is None else pattern
    response = plan_response(model, pattern)
    search = Search(model, response, bounds, objective, float(today.sum()) if total is None else total)
    holds = False
    if target is not None:
        total, holds = search.meeting(target, cap=total)
        search = replace(search, total=total)
    allowed = search.allowed()
    optimum = search.best(allowed)
    return _result(model, pattern, response, search, allowed, optimum, (weeks, gross_margin, target, holds))


@dataclass(frozen=True)
class Search:
    """Looks for the best split of a total; tabulated curves first, then the exact ones."""

    model: ResponseModel
    response: PlanResponse
    bounds: Bounds
    objective: Objective
    total: float

    def allowed(self, total: float | None = None) -> Constraints:
        """Return what a plan must meet."""
        wanted = self.total if total is None else total
        history = self.model.history
        return constraints(self.bounds, history.channels, wanted, currency=history.currency)

    def best(self, allowed: Constraints) -> Optimum:
        """Return the best split."""
        coarse = best_split(self._tabulated(allowed.upper), allowed, self.objective)
        return best_split(self.response, allowed, self.objective, start=coarse.amounts)

    def meeting(self, target: Target, *, cap: float | None) -> tuple[float, bool]:
        """Return the largest total that meets a target, and whether it is the target that holds it."""
        lower, upper = self.bounds.lower.sum(), self.bounds.upper.sum()
        if not np.isfinite(upper):
            raise ParamsError(_("With a target every channel needs a most."))
        sums = self.allowed(float(min(max(self.total, lower), upper)))
        wide = replace(sums, upper=self.bounds.upper.reindex(self.model.history.channels).to_numpy(float))
        least, most = totals_allowed(wide)
        curves = self._tabulated(wide.upper)
        currency = self.model.history.currency

        def best(total: float) -> Optimum:
            return best_split(curves, self.allowed(total), self.objective)

        return largest_total(best, target, least, most if cap is None else min(cap, most), currency=currency)

    def _tabulated(self, most: Array) -> Tabulated:
        return tabulate(self.response, np.maximum(most, 1e-6 * max(float(most.max()), 1.0)))


def _result(
    model: ResponseModel,
    pattern: pd.DataFrame,
    response: PlanResponse,
    search: Search,
    allowed: Constraints,
    optimum: Optimum,
    asked: tuple[int, float, Target | None, bool],
) -> AllocationResult:
    weeks, gross_margin, target, holds = asked
    today = today_amounts(model, weeks).to_numpy(float)
    now = today * search.total / float(today.sum())
    planned, kept = (response.revenue(amounts).sum(axis=1) for amounts in (optimum.amounts, now))
    gains = planned - kept
    return AllocationResult(
        plan=_plan(model, pattern, (now, optimum.amounts), allowed, optimum, response.marginal(optimum.amounts)),
        weeks=weeks,
        total=search.total,
        gain=float(gains.mean()),
        gain_ci=_interval(gains),
        beats_today=float((np.sum(gains > 0) + 1) / (len(gains) + 2)),
        gross_margin=gross_margin,
        price=optimum.price,
        residual=optimum.residual,
        revenue=float(planned.mean()),
        revenue_ci=_interval(planned),
        regret=float(np.maximum(-gains, 0.0).mean()),
        regret_best=None if search.bounds.groups else _regret_best(response, allowed, optimum, search.total),
        groups=_groups(search.bounds, allowed, optimum),
        objective=search.objective,
        target=target,
        target_holds=holds,
        currency=model.history.currency,
    )


def _interval(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def _regret_best(response: PlanResponse, allowed: Constraints, optimum: Optimum, total: float) -> float:
    """What is lost on average against each draw's own best split (of some of the draws, on a grid)."""
    few = response.thinned(100)
    best = best_by_draw(few.revenue, total, allowed.lower, allowed.upper)
    return float(np.maximum(best - few.revenue(optimum.amounts).sum(axis=1), 0.0).mean())


def _plan(
    model: ResponseModel,
    pattern: pd.DataFrame,
    amounts: tuple[Array, Array],
    allowed: Constraints,
    optimum: Optimum,
    marginal: Array,
) -> pd.DataFrame:
    now, best = amounts
    low, high = np.quantile(marginal, [0.05, 0.95], axis=0)
    return pd.DataFrame(
        {
            "channel": model.history.channels,
            "spend_today": now,
            "spend_recommended": best,
            "change_share": best / np.where(now > 0, now, np.nan) - 1.0,
            "marginal_roas": marginal.mean(axis=0),
            "marginal_roas_low": low,
            "marginal_roas_high": high,
            "note": _notes(allowed, optimum, beyond_seen(model, pattern, best)),
        }
    )


def beyond_seen(model: ResponseModel, pattern: pd.DataFrame, amounts: Array) -> Array:
    """Return the share of weeks in which a plan exceeds the highest week ever seen, by channel."""
    weekly = pattern[model.history.channels].to_numpy(float) * amounts
    found: Array = (weekly > 1.001 * model.history.spend.max().to_numpy(float)).mean(axis=0)
    return found


def _notes(allowed: Constraints, optimum: Optimum, beyond: Array) -> list[str]:
    best, near = optimum.amounts, 1e-6 * optimum.amounts.sum()
    notes = []
    for channel in range(len(best)):
        parts = []
        if allowed.upper[channel] - allowed.lower[channel] <= near:
            parts.append(_("fixed"))
        elif best[channel] >= allowed.upper[channel] - near:
            parts.append(_at_limit(_("at its upper limit"), optimum.room[channel]))
        elif best[channel] <= allowed.lower[channel] + near:
            parts.append(_at_limit(_("at its lower limit"), optimum.room[channel]))
        if beyond[channel] > _BEYOND_SHARE:
            parts.append(
                _("beyond spend ever seen in {share} of weeks").format(share=by_name("share", beyond[channel]))
            )
        notes.append(_("; ").join(parts))
    return notes


def _at_limit(where: str, room: float) -> str:
    """Say what one more yuan of room would bring at the same total, where it is worth a fen."""
    if abs(room) < _WORTH_SAYING:
        return where
    return _("{where} (another yuan of room: {worth} yuan)").format(where=where, worth=ratio(abs(room)))


def _groups(bounds: Bounds, allowed: Constraints, optimum: Optimum) -> pd.DataFrame:
    spent, near = allowed.rows[1:] @ optimum.amounts, 1e-6 * float(optimum.amounts.sum())
    rows = []
    for place, group in enumerate(bounds.groups):
        note = ""
        if spent[place] >= group.upper - near:
            note = _at_limit(_("at its upper limit"), optimum.group_room[place])
        elif spent[place] <= group.lower + near:
            note = _at_limit(_("at its lower limit"), optimum.group_room[place])
        rows.append({"group": group.name, "spend_recommended": spent[place], "note": note})
    return pd.DataFrame(rows, columns=["group", "spend_recommended", "note"])
