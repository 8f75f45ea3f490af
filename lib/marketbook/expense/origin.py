"""Origin: which budget lines, claim lines, steps and invoices stand behind the figures of a report of money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import singledispatchmethod
from typing import Any

import pandas as pd

from marketbook.expense.budget_year import BudgetYear
from marketbook.expense.carry_over import CarryOver
from marketbook.expense.forecast import BudgetForecast
from marketbook.expense.position import BudgetPosition, BudgetWarnings
from marketbook.expense.refusals import REFUSED, Refusals
from marketbook.expense.variance import BudgetVariance
from marketbook.kit.facts import Rows
from marketbook.kit.report import Behind

COUNTED = {"spent_minor": "spent", "committed_minor": "committed"}


@dataclass(frozen=True, eq=False)
class Origin:
    """Where the figures of a budget review come from.

    Attributes:
        budget: The year's budget.
    """

    budget: BudgetYear = field(repr=False)

    @singledispatchmethod
    def behind(self, result: Any) -> Behind:  # noqa: ANN401  # one method for each kind of result
        """Return the rows behind a result's figures."""
        raise NotImplementedError(type(result).__name__)

    @behind.register
    def _position(self, result: BudgetPosition) -> Behind:
        whole, claimed = self._lines(), self._claims()
        keys = [{"category": name} for name in result.rows["category"].iloc[:-1]]
        return Behind(
            whole=whole,
            numbers={name: claimed.being(counts_as=how) for name, how in COUNTED.items()},
            table=[*(whole.being(**key) for key in keys), whole],
            cells=self._counted([*keys, {}]),
        )

    @behind.register
    def _warnings(self, result: BudgetWarnings) -> Behind:
        keys = _keys(result.rows, "category", "item")
        worst = self._lines().being(**keys[0]) if keys else self._lines()
        return Behind(
            whole=self._lines(),
            numbers={"highest_used_share": worst},
            table=[self._lines().being(**key) for key in keys],
            cells=self._counted(keys),
        )

    @behind.register
    def _forecast(self, result: BudgetForecast) -> Behind:
        months = [f"{month:%Y-%m}" for month in result.months["month"]]
        over = self._lines().between("budget_month", None, self.budget.month)
        return Behind(
            whole=self._lines(),
            numbers={"pace_share": over, "naive_minor": over},
            table=[self._lines().between("budget_month", None, month) for month in months],
            cells={
                name: [self._lines().being(budget_month=month) for month in months]
                for name in ("allocated_minor", "used_minor")
            },
        )

    @behind.register
    def _variance(self, result: BudgetVariance) -> Behind:
        whole, claimed = (
            rows.between("budget_month", None, self.budget.month) for rows in (self._lines(), self._claims())
        )
        column = {"month": "budget_month"}.get(result.by, result.by)
        keys = [{column: name} for name in result.rows[result.by].iloc[:-1]]
        spent, promised = claimed.being(counts_as="spent"), claimed.being(counts_as="committed")
        return Behind(
            whole=whole,
            numbers={"timing_minor": promised},
            table=[*(whole.being(**key) for key in keys), whole],
            cells={
                "spent_minor": [*(spent.being(**key) for key in keys), spent],
                "timing_minor": [*(promised.being(**key) for key in keys), promised],
            },
        )

    @behind.register
    def _refusals(self, result: Refusals) -> Behind:
        year = Rows("claim_steps").between("at", date(int(self.budget.year), 1, 1), self.budget.through)
        return Behind(
            whole=year.among("to_status", REFUSED),
            numbers={
                "count_rejected": year.being(to_status="rejected"),
                "count_returned": year.being(to_status="draft"),
            },
            table=[Rows("claim_steps").being(claim=claim) for claim in result.steps["claim"]],
        )

    @behind.register
    def _carry_over(self, result: CarryOver) -> Behind:
        over = self._lines().between("budget_month", None, self.budget.month)
        table = [Rows("budget_lines").being(line_id=number) for number in result.rows["budget_line_id"]]
        goes = result.rows["to_month"] != ""
        return Behind(
            whole=over,
            numbers={
                name: Rows("budget_lines").among("line_id", result.rows["budget_line_id"][rows]) if rows.any() else over
                for name, rows in (("carried_minor", goes), ("left_minor", ~goes))
            },
            table=table,
        )

    def _counted(self, keys: Iterable[Mapping[str, str]]) -> dict[str, list[Rows]]:
        return {name: [self._claims().being(**key, counts_as=how) for key in keys] for name, how in COUNTED.items()}

    def _lines(self) -> Rows:
        return self._of_year(Rows("budget_lines"))

    def _claims(self) -> Rows:
        return self._of_year(Rows("claim_lines"))

    def _of_year(self, rows: Rows) -> Rows:
        months = (f"{self.budget.year}-01", f"{self.budget.year}-12")
        return rows.among("plan", self.budget.plans).between("budget_month", *months)


def _keys(frame: pd.DataFrame, *names: str) -> list[dict[str, str]]:
    return [dict(zip(names, values, strict=True)) for values in frame[list(names)].itertuples(index=False, name=None)]
