"""The template's method, small and whole: one result above the function that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from marketbook.kit.errors import DataError
from marketbook.kit.facts import Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name


@dataclass(frozen=True)
class YearOverYear(Result):
    """A year's revenue beside the year before.

    Attributes:
        year: The ISO year reported on.
        weeks: One row per week of the year: `week_number`, `amount_before`, `amount` (major units).
        amount: The year's revenue.
        lift: Its relative change on the year before, over the weeks that both years have.
        lift_ci: The change's interval.
    """

    titles: ClassVar[Mapping[str, str]] = {
        "quarter": mark("Quarter"),
        "week_number": mark("Week of the year"),
        "year": mark("Year"),
        "amount_before": mark("Year before"),
        "amount": mark("Revenue"),
        "lift": mark("Change"),
    }

    year: int
    weeks: pd.DataFrame
    amount: float
    lift: float
    lift_ci: tuple[float, float]

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Revenue in {year}").format(year=self.year)

    @property
    def text(self) -> str:
        """The finding with its interval."""
        return _("{year} brought {amount}, a change of {lift} {ci} on the year before.").format(
            year=self.year,
            amount=by_name("amount", self.amount, short=True),
            lift=by_name("lift", self.lift),
            ci=by_name("lift_ci", self.lift_ci),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per quarter of 13 weeks; a 53rd week counts to the fourth."""
        quarter = self._quarter.rename("quarter")
        sums = self.weeks.groupby(quarter)[["amount_before", "amount"]].sum().reset_index()
        return sums.assign(quarter=[f"Q{n}" for n in sums["quarter"]], lift=sums["amount"] / sums["amount_before"] - 1)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the interval does not say."""
        return (_("The interval takes the weeks as independent; a slow trend within the year would widen it."),)

    def chart(self) -> Chart:
        """The two years, week by week."""
        names = {"amount_before": str(self.year - 1), "amount": str(self.year)}
        data = self.weeks.rename(columns=names).melt("week_number", var_name="year", value_name="amount").dropna()
        titles = {str(name): _(self.titles[str(name)]) for name in data}
        return Chart("line", data, x="week_number", y="amount", color="year", titles=titles, title=_("Revenue by week"))

    def numbers(self) -> dict[str, float | tuple[float, float]]:
        """Revenue and its change."""
        return {"amount": self.amount, "lift": self.lift, "lift_ci": self.lift_ci}

    def behind(self) -> Behind:
        """The weeks that each figure compares or adds up."""
        quarters = [weeks for _number, weeks in self.weeks.groupby(self._quarter)]
        return Behind(
            whole=self._weeks_in(self.weeks.dropna()),
            numbers={"amount": self._weeks_in(self.weeks, "amount")},
            table=[self._weeks_in(weeks) for weeks in quarters],
            cells={name: [self._weeks_in(weeks, name) for weeks in quarters] for name in ("amount_before", "amount")},
        )

    @property
    def _quarter(self) -> pd.Series:
        return ((self.weeks["week_number"] - 1) // 13).clip(upper=3) + 1

    def _weeks_in(self, weeks: pd.DataFrame, *columns: str) -> Rows:
        """The weeks of one of the years, or of both."""
        years = {"amount_before": self.year - 1, "amount": self.year}
        numbers = {name: weeks.loc[weeks[name].notna(), "week_number"] for name in columns or years}
        spans = [
            [date.fromisocalendar(years[name], end, 1) for end in (n.min(), n.max())] for name, n in numbers.items()
        ]
        return Rows("sales_weeks").within("week", *spans)


def year_over_year(sales: pd.DataFrame, *, year: int, confidence: float = 0.95) -> YearOverYear:
    """Compare a year's revenue with the year before, week by week of the ISO year.

    Args:
        sales: One row per week: `week` (its Monday), `revenue_minor` (fen).
        year: The ISO year reported on.
        confidence: Level of the paired t interval of the weekly log ratios.

    Returns:
        The year's revenue in major units and its relative change with its interval.

    Raises:
        DataError: Fewer than two weeks stand in both years.
    """
    weeks = _side_by_side(sales, year)
    pairs = weeks.dropna()
    ratio = np.log(pairs["amount"] / pairs["amount_before"])
    half = stats.t.ppf((1 + confidence) / 2, len(ratio) - 1) * ratio.std() / np.sqrt(len(ratio))
    low, middle, high = (float(np.expm1(ratio.mean() + d)) for d in (-half, 0.0, half))
    return YearOverYear(year, weeks, float(weeks["amount"].sum()), middle, (low, high))


def _side_by_side(sales: pd.DataFrame, year: int) -> pd.DataFrame:
    calendar = pd.to_datetime(sales["week"]).dt.isocalendar()
    amount = pd.DataFrame(
        {"year": calendar["year"], "week_number": calendar["week"], "amount": sales["revenue_minor"] / 100}
    )
    both = amount.pivot(index="week_number", columns="year", values="amount").reindex(columns=[year - 1, year])
    shared = len(both.dropna())
    if shared < 2:
        raise DataError(
            _(
                "year: {year} and the year before share {n} weeks of sales, must be at least 2; the data holds {found}."
            ).format(year=year, n=shared, found=", ".join(str(y) for y in sorted(calendar["year"].unique())))
        )
    return both.set_axis(["amount_before", "amount"], axis=1).reset_index().astype({"week_number": int})
