"""Origin: which weeks of sales and media stand behind the figures of a budget report."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Any

import pandas as pd

from marketbook.budget.acquisition import AcquisitionResult
from marketbook.budget.allocation import AllocationResult
from marketbook.budget.allocation.flight_result import FlightResult
from marketbook.budget.carry_over import CarryOverResult
from marketbook.budget.change import ChangeResult
from marketbook.budget.comparison import ComparisonResult
from marketbook.budget.contribution import ContributionResult
from marketbook.budget.curve import CurveResult
from marketbook.budget.geo_contribution import GeoContributionResult, NoGeosResult
from marketbook.budget.history import DAY, WEEK, History
from marketbook.budget.learned import LearnedResult
from marketbook.budget.prior_check import PriorCheckResult
from marketbook.budget.residual import DiagnosisResult, ResidualResult
from marketbook.budget.returns import ReturnResult
from marketbook.budget.rolling import RollingResult
from marketbook.budget.validation import ValidationResult
from marketbook.kit.facts import Rows
from marketbook.kit.report import Behind


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a report's figures come from.

    What was spent or booked stands on the weeks that it adds up; what the model tells of a channel stands on the
    channel's weeks that the model learned from, and what it tells of all together on those of sales.

    Attributes:
        history: What the model learned from.
    """

    history: History = field(repr=False)

    @singledispatchmethod
    def behind(self, result: Any) -> Behind:  # noqa: ANN401  # one method for each kind of result
        """Return the rows behind a result's figures."""
        raise NotImplementedError(type(result).__name__)

    @behind.register
    def _allocation(self, result: AllocationResult) -> Behind:
        weeks = self._last_year[: result.weeks * WEEK // self.history.period_days]
        return Behind(
            whole=self._sales(self.history.weeks),
            numbers={"spend_total": self._spent(weeks)},
            table=self._learned(result.plan["channel"]),
            cells={"spend_today": [self._spent(weeks, channel) for channel in result.plan["channel"]]},
        )

    @behind.register
    def _flight(self, result: FlightResult) -> Behind:
        weeks = self._last_year[: len(result.plan)]
        return Behind(
            whole=self._sales(self.history.weeks),
            numbers={"revenue_carry_in": self._spent(self.history.spend.index)},
            table=self._learned(result.channels["channel"]),
            cells={"spend_today": [self._spent(weeks, channel) for channel in result.channels["channel"]]},
        )

    @behind.register
    def _contribution(self, result: ContributionResult) -> Behind:
        channels = list(result.parts["source"].head(result.channels))
        counted = pd.DatetimeIndex([result.first_week, result.last_week])
        media, sales = self._spent(self.history.spend.index), self._sales(self.history.weeks)
        unpaid = [sales] * 3
        return Behind(
            whole=media,
            table=[*self._learned(channels), media, sales, sales, self._sales(counted)],
            cells={"spend": [*(self._spent(counted, channel) for channel in channels), self._spent(counted), *unpaid]},
        )

    @behind.register
    def _by_geo(self, result: GeoContributionResult) -> Behind:
        names = list(result.geos["geo"].iloc[:-1])
        media = Rows("geo_media_weeks").between("week", *result.learned)
        counted = Rows("geo_media_weeks").between("week", result.first_week, result.last_week)
        return Behind(
            whole=media,
            table=[*(media.being(geo=name) for name in names), media],
            cells={"spend": [*(counted.being(geo=name) for name in names), counted]},
        )

    @behind.register
    def _no_geos(self, _result: NoGeosResult) -> Behind:
        return Behind(whole=self._sales(self.history.weeks))

    @behind.register
    def _returns(self, result: ReturnResult) -> Behind:
        best, worst = self._learned(end["channel"] for end in result.ends)
        return Behind(
            whole=self._spent(self.history.spend.index),
            numbers={"best_marginal_roas": best, "worst_marginal_roas": worst},
            table=self._learned(result.channels["channel"]),
        )

    @behind.register
    def _curves(self, result: CurveResult) -> Behind:
        least, most = self._learned(end["channel"] for end in result.ends)
        weeks, channels = self._last_year, result.summary["channel"]
        return Behind(
            whole=self._spent(self.history.spend.index),
            numbers={"least_used_share": least, "most_used_share": most},
            table=self._learned(channels),
            cells={"spend_today": [self._spent(weeks, channel) for channel in channels]},
        )

    @behind.register
    def _prior(self, result: PriorCheckResult) -> Behind:
        spent = self._spent(self.history.spend.index)
        numbers = {"inside_share": self._sales(self.history.weeks)}
        return Behind(whole=spent, numbers=numbers, table=[*self._learned(result.channels["channel"][:-1]), spent])

    @behind.register
    def _by_channel(self, result: LearnedResult | CarryOverResult | ChangeResult | AcquisitionResult) -> Behind:
        return Behind(
            whole=self._spent(self.history.spend.index), table=self._learned(result.channels["channel"].tolist())
        )

    @behind.register
    def _residuals(self, result: ResidualResult) -> Behind:
        weeks = pd.DatetimeIndex(result.table["week"])
        return Behind(whole=self._sales(self.history.weeks), table=[self._sales(self._days_of(week)) for week in weeks])

    @behind.register
    def _rolled(self, result: RollingResult) -> Behind:
        weeks = pd.DatetimeIndex(result.weeks["week"])
        predicted = [weeks[weeks >= first][: len(weeks) // len(result.cuts)] for first in result.cuts["week"]]
        return Behind(
            whole=self._sales(self.history.weeks), table=[self._sales(self._days_of(*dates)) for dates in predicted]
        )

    @behind.register
    def _model(self, _result: DiagnosisResult | ComparisonResult) -> Behind:
        return Behind(whole=self._sales(self.history.weeks))

    @behind.register
    def _validation(self, result: ValidationResult) -> Behind:
        hidden = pd.DatetimeIndex(result.weeks["week"])
        before = hidden - pd.Timedelta(weeks=52)
        held_out = self._sales(hidden)
        repeated = Rows("sales_weeks").within("week", (before.min(), before.max()), (hidden.min(), hidden.max()))
        return Behind(
            whole=self._sales(self.history.weeks),
            numbers={"error_rate": held_out, "covered_share": held_out, "naive_error_rate": repeated},
            table=[held_out, repeated],
        )

    def _learned(self, channels: Iterable[str]) -> list[Rows]:
        """All weeks of each channel that the model learned from, those before the first sales included."""
        return [self._spent(self.history.spend.index, channel) for channel in channels]

    @property
    def _last_year(self) -> pd.Index:
        return self.history.media.index[-self.history.periods_a_year :]

    @property
    def _period(self) -> str:
        return "day" if self.history.period_days == DAY else "week"

    def _days_of(self, *weeks: pd.Timestamp) -> pd.DatetimeIndex:
        """First and last period of some weeks."""
        return pd.DatetimeIndex([weeks[0], weeks[-1] + pd.Timedelta(days=WEEK - self.history.period_days)])

    def _spent(self, weeks: pd.Index, *channel: str) -> Rows:
        found = Rows(f"media_{self._period}s").between(self._period, weeks.min(), weeks.max())
        return found.among("channel", channel) if channel else found

    def _sales(self, weeks: pd.Index) -> Rows:
        return Rows(f"sales_{self._period}s").between(self._period, weeks.min(), weeks.max())
