"""Scenarios side by side: what each plan spends where, what it is expected to bring, and what has come of it so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd
from sqlalchemy import select

from marketbook.budget.planner import kept
from marketbook.budget.planner.kept import KeptPlan
from marketbook.budget.wording import money
from marketbook.kit.errors import RecordError
from marketbook.kit.facts import Facts, Rows
from marketbook.kit.language import format_date, label, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.store import Store
from marketbook.office.scenario import Scenario

FEWEST = 3
"""How many scenarios are compared where none are named."""
_DIFFERS = 0.01


@dataclass(frozen=True)
class Compared:
    """Plans to compare.

    Attributes:
        plans: In the order that was asked.
        spent: Weeks x channels of what was spent up to now, in fen, indexed by the week's Monday.
    """

    plans: Sequence[KeptPlan]
    spent: pd.DataFrame

    @property
    def rows(self) -> Rows:
        """The scenarios' rows."""
        return Rows("scenarios").among("scenario_id", [plan.number for plan in self.plans])

    def row(self, plan: KeptPlan) -> Rows:
        """A scenario's row."""
        return Rows("scenarios").being(scenario_id=plan.number)


def read_scenarios(store: Store, facts: Facts, numbers: Sequence[int]) -> Compared:
    """Read plans that were kept, and what was spent since.

    Args:
        store: Where scenarios are kept.
        facts: Where `media_weeks` are.
        numbers: Which scenarios; empty: the last three plans of the planner.

    Raises:
        RecordError: One is not there or holds no plan, or none was kept yet.
    """
    query = select(Scenario).where(Scenario.notebook == kept.NOTEBOOK).order_by(Scenario.id.desc())
    query = query.where(Scenario.id.in_(list(numbers))) if numbers else query.limit(FEWEST)
    with store.reading() as session:
        found = {one.id: one for one in session.scalars(query)}
        missing = [number for number in numbers if number not in found]
        if missing or not found:
            raise RecordError(
                _("There is no plan in scenario {number}.").format(number=missing[0])
                if missing
                else _("No plan was kept as a scenario yet; the planner keeps them.")
            )
        order = list(numbers) or sorted(found)
        plans = [kept.read(n, found[n].name, found[n].parameters, found[n].result) for n in order]
    media = facts.read("media_weeks")
    media["week"] = pd.to_datetime(media["week"])
    return Compared(plans, media.pivot_table(index="week", columns="channel", values="spend_minor", aggfunc="sum"))


@dataclass(frozen=True)
class ScenarioComparison(Result):
    """The scenarios, a row each: what they spend, gain and risk.

    Attributes:
        compared: The plans.
        plans: One row for each: `scenario`, `spend_minor`, `revenue_minor`, `gain_minor` with its 90 % interval,
            `beats_today_share`, `careful_minor` (the mean of the worst tenth), `regret_minor`.
    """

    compared: Compared
    plans: pd.DataFrame
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "scenario": mark("Scenario"),
        "spend_minor": mark("It spends"),
        "revenue_minor": mark("Expected revenue"),
        "gain_minor": mark("More than today's split"),
        "gain_low_minor": mark("Low end"),
        "gain_high_minor": mark("High end"),
        "beats_today_share": mark("Chance of more"),
        "careful_minor": mark("Revenue in the worst tenth of cases"),
        "regret_minor": mark("Expected loss where today's split is better"),
        "best_gain_minor": mark("Largest expected gain"),
        "best_careful_minor": mark("Most revenue in the worst tenth of cases"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What the scenarios are worth")

    @property
    def text(self) -> str:
        """Which gains most, and which is best where things turn out badly."""
        best, safest = self._best("gain_minor"), self._best("careful_minor")
        told = _(
            "{best} is expected to bring {gain} more than today's split at its total (90% interval {low} to {high}); "
            "where things turn out badly {safest} brings most, {careful} on average over the worst tenth of cases."
        )
        return told.format(
            best=best["scenario"],
            gain=self._money(best["gain_minor"]),
            low=self._money(best["gain_low_minor"]),
            high=self._money(best["gain_high_minor"]),
            safest=safest["scenario"],
            careful=self._money(safest["careful_minor"]),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each scenario."""
        return self.plans

    @property
    def caveats(self) -> Sequence[str]:
        """What is compared with what."""
        totals = self.plans["spend_minor"]
        told = [_("Each gain is counted from today's split at the scenario's own total.")]
        if totals.max() > (1 + _DIFFERS) * totals.min():
            told.append(_("The scenarios spend different totals: compare revenue with spend, not gains alone."))
        return told

    def chart(self) -> Chart:
        """The gains with their intervals."""
        return Chart(
            kind="bar",
            data=self.plans,
            x="gain_minor",
            y="scenario",
            low="gain_low_minor",
            high="gain_high_minor",
            title=_("Revenue above today's split, with its 90% interval"),
            titles={"gain_minor": _("More than today's split"), "scenario": _("Scenario")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The largest gain, and the most in bad cases."""
        best, safest = self._best("gain_minor"), self._best("careful_minor")
        return {
            "best_gain_minor": best["gain_minor"],
            "best_gain_minor_ci": (best["gain_low_minor"], best["gain_high_minor"]),
            "best_careful_minor": safest["careful_minor"],
        }

    def behind(self) -> Behind:
        """The scenarios themselves."""
        return Behind(whole=self.compared.rows, table=[self.compared.row(plan) for plan in self.compared.plans])

    def _best(self, column: str) -> pd.Series:
        return self.plans.iloc[int(self.plans[column].argmax())]

    def _money(self, fen: float) -> str:
        return money(fen / 100, self.currency)


def side_by_side(compared: Compared) -> ScenarioComparison:
    """Compare what scenarios spend, gain and risk."""
    rows = [
        {
            "scenario": label(plan.name),
            "spend_minor": plan.total,
            "revenue_minor": plan.revenue[0],
            "gain_minor": plan.effect.gain,
            "gain_low_minor": plan.effect.low,
            "gain_high_minor": plan.effect.high,
            "beats_today_share": plan.beats_today,
            "careful_minor": plan.careful,
            "regret_minor": plan.regret,
        }
        for plan in compared.plans
    ]
    return ScenarioComparison(compared, pd.DataFrame(rows), currency=compared.plans[0].currency)


@dataclass(frozen=True)
class ScenarioDifference(Result):
    """Where the scenarios differ: what each spends in each channel.

    Attributes:
        compared: The plans.
        rows: One row for each channel and scenario: `channel`, `scenario`, `spend_minor`, `change_share` (from today's
            split at the scenario's total).
    """

    compared: Compared
    rows: pd.DataFrame
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "scenario": mark("Scenario"),
        "spend_minor": mark("It spends"),
        "change_share": mark("Change from today's split"),
        "largest_difference_minor": mark("Largest difference in a channel"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Where they differ")

    @property
    def text(self) -> str:
        """The channel in which they differ most."""
        channel, least, most = self._widest
        if most["spend_minor"] == least["spend_minor"]:
            return _("The scenarios spend the same in every channel.")
        return _("They differ most in {channel}: {low} in {lower}, {high} in {higher}.").format(
            channel=label(channel),
            low=self._money(least["spend_minor"]),
            lower=least["scenario"],
            high=self._money(most["spend_minor"]),
            higher=most["scenario"],
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel and scenario."""
        return self.rows

    def chart(self) -> Chart:
        """Spend by channel, a colour for each scenario."""
        return Chart(
            kind="bar",
            data=self.rows,
            x="spend_minor",
            y="channel",
            color="scenario",
            title=_("Spend by channel"),
            titles={"spend_minor": _("Spend"), "channel": _("Channel"), "scenario": _("Scenario")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """How far they differ in the channel in which they differ most."""
        _channel, least, most = self._widest
        return {"largest_difference_minor": most["spend_minor"] - least["spend_minor"]}

    def behind(self) -> Behind:
        """The scenarios themselves."""
        by_name = {label(plan.name): self.compared.row(plan) for plan in self.compared.plans}
        return Behind(whole=self.compared.rows, table=[by_name[name] for name in self.rows["scenario"]])

    @property
    def _widest(self) -> tuple[str, pd.Series, pd.Series]:
        spread = self.rows.groupby("channel", sort=False)["spend_minor"].agg(lambda spent: spent.max() - spent.min())
        channel = str(spread.idxmax())
        own = self.rows[self.rows["channel"] == channel].sort_values("spend_minor", kind="stable")
        return channel, own.iloc[0], own.iloc[-1]

    def _money(self, fen: float) -> str:
        return by_name("amount", fen / 100, currency=self.currency)


def difference(compared: Compared) -> ScenarioDifference:
    """Compare what scenarios spend in each channel."""
    rows = [
        {
            "channel": row["channel"],
            "scenario": label(plan.name),
            "spend_minor": int(row["planned_minor"]),
            "change_share": row["planned_minor"] / row["today_minor"] - 1 if row["today_minor"] else None,
        }
        for plan in compared.plans
        for row in plan.channels.to_dict("records")
    ]
    found = pd.DataFrame(rows)
    names = list(dict.fromkeys(found["channel"]))
    found = found.sort_values("channel", key=lambda column: column.map(names.index), kind="stable", ignore_index=True)
    return ScenarioDifference(compared, found, currency=compared.plans[0].currency)


@dataclass(frozen=True)
class ScenarioOutcome(Result):
    """What was spent in the months of the plans that are over.

    Attributes:
        compared: The plans.
        rows: One row for each scenario: `scenario`, `months_over`, `planned_minor`, `actual_minor`, `actual_share`.
        until: The last day of the data.
    """

    compared: Compared
    rows: pd.DataFrame
    until: date
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "scenario": mark("Scenario"),
        "months_over": mark("Months that are over"),
        "planned_minor": mark("Planned for them"),
        "actual_minor": mark("Spent in them"),
        "actual_share": mark("Spent, of what was planned"),
        "months_over_count": mark("Months that are over"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What has come of them")

    @property
    def text(self) -> str:
        """How much of the plans' time is over, and what was spent in it."""
        over = self.rows[self.rows["months_over"] > 0]
        if over.empty:
            return _("No month of these plans is over: the data end on {day}.").format(day=format_date(self.until))
        first = over.iloc[0]
        told = ngettext(
            "In the {count} month of {scenario} that is over {planned} was planned and {actual} spent.",
            "In the {count} months of {scenario} that are over {planned} was planned and {actual} spent.",
            int(first["months_over"]),
        )
        return told.format(
            count=int(first["months_over"]),
            scenario=first["scenario"],
            planned=by_name("amount", first["planned_minor"] / 100, currency=self.currency),
            actual=by_name("amount", first["actual_minor"] / 100, currency=self.currency),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each scenario."""
        return self.rows

    @property
    def caveats(self) -> Sequence[str]:
        """Where the effect is looked at."""
        return [_("Whether a plan brought what it promised is told by the review of the decision that it became.")]

    def chart(self) -> None:
        """A table says it better."""
        return

    def numbers(self) -> Mapping[str, Any]:
        """How many months are over, of the plan of which most are."""
        return {"months_over_count": int(self.rows["months_over"].max())}

    def behind(self) -> Behind:
        """The scenarios, and what was spent."""
        return Behind(
            whole=self.compared.rows,
            table=[self.compared.row(plan) for plan in self.compared.plans],
            cells={"actual_minor": [self._spent(plan) for plan in self.compared.plans]},
        )

    def _spent(self, plan: KeptPlan) -> Rows:
        """The weeks of a plan that have come; the scenario itself where none has."""
        if plan.first_day > self.until:
            return self.compared.row(plan)
        return Rows("media_weeks").between("week", plan.first_day, min(plan.last_day, self.until))


def outcome(compared: Compared) -> ScenarioOutcome:
    """Compare what was planned with what was spent, in the months that are over."""
    until = (compared.spent.index.max() + pd.Timedelta(days=6)).date()
    rows = []
    for plan in compared.plans:
        months = [month for month in plan.months.index if (pd.Period(month, "M").end_time.date()) <= until]
        planned = int(plan.months.loc[months].to_numpy().sum())
        actual = _spent(compared.spent, months) if months else 0
        rows.append(
            {
                "scenario": label(plan.name),
                "months_over": len(months),
                "planned_minor": planned,
                "actual_minor": actual,
                "actual_share": actual / planned if planned else None,
            }
        )
    return ScenarioOutcome(compared, pd.DataFrame(rows), until, currency=compared.plans[0].currency)


def _spent(weekly: pd.DataFrame, months: Sequence[str]) -> int:
    """What was spent in months; the days of a week between two count alike."""
    total = weekly.sum(axis=1)
    daily = total.loc[total.index.repeat(7)] / 7
    daily.index = pd.date_range(total.index[0], periods=len(daily), freq="D")
    return round(float(daily[daily.index.strftime("%Y-%m").isin(list(months))].sum()))
