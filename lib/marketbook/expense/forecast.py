"""Forecast: what a year's budget will have been used for by its end, with an interval, held against a plain rule.

Of each yuan planned for a month that is over, a share was used; what is planned for the months to come is expected to
be used at the same pace. The pace is a ratio, the sum used over the sum planned; its error and the months' own scatter
make the interval. A month's scatter is taken to grow with the root of its plan, for which the ratio is the best
linear estimate (Brewer). What is promised or spent for a coming month counts at least, and its budget bounds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from marketbook.expense.budget_year import BudgetYear, called
from marketbook.expense.position import short
from marketbook.kit.language import format_percent, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result

FEWEST = 3
"""Months that must be over for an interval, and for a forecast to be tried on what is known."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pace:
    """How much of what is planned is used.

    Attributes:
        ratio: Used over planned, of the months that are over.
        scatter: Variance of a month's use for each unit planned.
        planned: What was planned for the months that are over.
        months: How many they are.
    """

    ratio: float
    scatter: float
    planned: float
    months: int

    def interval(self, planned: float, confidence: float) -> float:
        """Return half the width of the interval of what is used of some plan to come; not a number with few months."""
        if self.months < FEWEST:
            return float("nan") if planned else 0.0
        variance = self.scatter * (planned + planned**2 / self.planned)
        return float(stats.t.ppf((1 + confidence) / 2, self.months - 1) * np.sqrt(variance))


@dataclass(frozen=True)
class BudgetForecast(Result):
    """What the year will end at.

    Attributes:
        budget: The year's budget.
        months: One row per month: `month`, `allocated_minor`, `used_minor` (spent and promised), `expected_minor` to
            have been used by its end since the year began, with `expected_low_minor` and `expected_high_minor`.
        pace: How much of what is planned is used.
        expected, low, high: What is used by the end of the year, in fen; the ends not a number with few months.
        naive: The same if each month to come were as the average month so far.
        error, naive_error: By which share of the month's use the next month was missed on average, tried on the months
            that are over: by the pace, and by the average month; not a number with few months.
        confidence: How often the interval should hold the truth.
    """

    budget: BudgetYear = field(repr=False)
    months: pd.DataFrame = field(repr=False)
    pace: Pace
    expected: int
    low: float
    high: float
    naive: int
    error: float
    naive_error: float
    confidence: float
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "month": mark("Month"),
        "allocated_minor": mark("Allocated"),
        "used_minor": mark("Spent and promised"),
        "expected_minor": mark("Used since the year began, expected"),
        "expected_low_minor": mark("Low end"),
        "expected_high_minor": mark("High end"),
        "forecast_minor": mark("Used by the end of the year"),
        "over_minor": mark("Left unused"),
        "naive_minor": mark("As the average month"),
        "pace_share": mark("Used of each yuan planned"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Forecast to the end of {year}").format(year=self.budget.year)

    @property
    def text(self) -> str:
        """The forecast with its interval, beside the budget."""
        allocated = int(self.months["allocated_minor"].sum())
        named = {
            "year": self.budget.year, "expected": short(self.expected, self.currency),
            "allocated": short(allocated, self.currency), "left": short(allocated - self.expected, self.currency),
            "pace": format_percent(self.pace.ratio), "month": called(self.budget.month),
        }  # fmt: skip
        if np.isnan(self.low):
            return _(
                "{year} is expected to end with {expected} used of {allocated}; with fewer than three months behind "
                "it, no interval can be given."
            ).format(**named)
        if self.budget.month.endswith("-12"):
            return _("{year} is over: {expected} of {allocated} is spent or promised, {left} is left.").format(**named)
        return _(
            "{year} is expected to end with {expected} used ({confidence} interval {low} to {high}) of {allocated}; up "
            "to {month}, {pace} of each yuan planned was used."
        ).format(
            confidence=format_percent(self.confidence, decimals=0), low=short(self.low, self.currency),
            high=short(self.high, self.currency), **named,
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per month."""
        return self.months

    @property
    def caveats(self) -> Sequence[str]:
        """The plain rule beside it, and what it does not know."""
        naive = _("If each month to come were as the average month so far, it would be {naive}.").format(
            naive=short(self.naive, self.currency)
        )
        tried = _(
            "Tried on the months that are over, the next month was missed by {error} of its use on average, and by "
            "{naive_error} with the average month."
        ).format(error=format_percent(self.error, decimals=0), naive_error=format_percent(self.naive_error, decimals=0))
        unknown = _("The forecast knows the plan by month and the pace so far; transfers still to come move it.")
        return [naive, *([] if np.isnan(self.error) else [tried]), unknown]

    def chart(self) -> Chart:
        """What is used since the year began, with the interval of the months to come; the line is the budget."""
        return Chart(
            kind="line", data=self._in_yuan(), x="month", y="amount", low="amount_low", high="amount_high",
            rule=float(self.months["allocated_minor"].sum() / 100),
            title=_("Used since the year began; the line is the year's budget"),
            titles={"month": _("Month"), "amount": _("Used since the year began")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The forecast first."""
        allocated = int(self.months["allocated_minor"].sum())
        ends = {} if np.isnan(self.low) else {"forecast_minor_ci": (self.low, self.high)}
        return {
            "forecast_minor": self.expected, **ends, "over_minor": allocated - self.expected,
            "naive_minor": self.naive, "pace_share": self.pace.ratio,
        }  # fmt: skip

    def _in_yuan(self) -> pd.DataFrame:
        names = {"expected_minor": "amount", "expected_low_minor": "amount_low", "expected_high_minor": "amount_high"}
        found = self.months[["month", *names]].rename(columns=names)
        return found.assign(**{name: found[name] / 100 for name in names.values()})


def forecast(budget: BudgetYear, *, confidence: float = 0.9) -> BudgetForecast:
    """Forecast what is used of a year's budget by its end.

    Args:
        budget: The year's budget.
        confidence: How often the interval should hold the truth.

    Returns:
        The forecast; with fewer than three months over it has no interval, and the pace is that of all months.

    References:
        Brewer (1963). Ratio estimation and finite populations. Australian Journal of Statistics 5, 93-105.
    """
    by_month = budget.lines.groupby("month")[["allocated", "committed", "spent"]].sum()
    by_month = by_month.reindex([f"{budget.year}-{n:02d}" for n in range(1, 13)], fill_value=0)
    plan, used = by_month["allocated"].to_numpy(float), (by_month["committed"] + by_month["spent"]).to_numpy(float)
    over = int(budget.month[5:])
    pace = pace_of(plan[:over], used[:over])
    ends = [_ahead(plan, used, over, pace, confidence, through) for through in range(12)]
    months = pd.DataFrame({"month": pd.to_datetime(by_month.index + "-01")})
    for name, values in (("allocated", plan), ("used", used), *zip(("expected", "expected_low", "expected_high"),
                         np.array(ends).T, strict=True)):  # fmt: skip
        months[f"{name}_minor"] = values
    whole = ["allocated_minor", "used_minor", "expected_minor"]
    months[whole] = months[whole].round().astype("int64")
    tried = [_tried(plan, used, n) for n in range(FEWEST, over) if used[n]]
    error, naive_error = np.array(tried).mean(axis=0) if tried else (np.nan, np.nan)
    return BudgetForecast(
        budget, months, pace, round(ends[-1][0]), ends[-1][1], ends[-1][2],
        naive=round(used[:over].sum() / over * 12), error=float(error), naive_error=float(naive_error),
        confidence=confidence, currency=budget.currency,
    )  # fmt: skip


def pace_of(plan: Array, used: Array) -> Pace:
    """Return how much of what was planned is used.

    Args:
        plan: What was planned, one for each month that is over.
        used: What was spent or promised of it.

    Example:
        >>> pace_of(np.array([100.0, 100.0, 200.0]), np.array([80.0, 100.0, 180.0])).ratio
        0.9
    """
    some = plan > 0
    planned = float(plan[some].sum())
    if not planned:
        return Pace(1.0, 0.0, 1.0, 0)
    ratio = float(used[some].sum() / planned)
    freedom = max(int(some.sum()) - 1, 1)
    scatter = float((((used - ratio * plan)[some] ** 2) / plan[some]).sum() / freedom)
    return Pace(ratio, scatter, planned, int(some.sum()))


def _ahead(
    plan: Array, used: Array, over: int, pace: Pace, confidence: float, through: int
) -> tuple[float, float, float]:
    """Return what is used by the end of a month, with its interval; nothing is unsure of a month that is over."""
    if through < over:
        known = float(used[: through + 1].sum())
        return known, known, known
    coming = slice(over, through + 1)
    known, least, most = used[:over].sum(), used[coming].sum(), np.maximum(plan, used)[coming].sum()
    expected = np.clip(pace.ratio * plan[coming], used[coming], np.maximum(plan, used)[coming]).sum()
    half = pace.interval(float(plan[coming].sum()), confidence)
    low, high = np.clip([expected - half, expected + half], least, most)
    return float(known + expected), float(known + low), float(known + high)


def _tried(plan: Array, used: Array, month: int) -> tuple[float, float]:
    """Return by which share of its use a month was missed by the pace before it, and by the average month before it."""
    expected = min(pace_of(plan[:month], used[:month]).ratio * plan[month], plan[month])
    return abs(expected - used[month]) / used[month], abs(used[:month].mean() - used[month]) / used[month]
