"""Carry-over as a report tells it: what is left of past months, and where `office.carry_over` can bring it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.expense.budget_year import BudgetYear, called, named
from marketbook.expense.position import short
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Result


@dataclass(frozen=True)
class CarryOver(Result):
    """What may be carried over.

    Attributes:
        budget: The year's budget.
        rows: One row per line of a month that is over with money left: `category`, `item`, `month`, `to_month` (empty
            where the item has no later line), `amount_minor`, `budget_line_id`.
    """

    budget: BudgetYear = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "category": mark("Category"),
        "item": mark("Item"),
        "month": mark("Month"),
        "to_month": mark("To month"),
        "amount_minor": mark("Left"),
        "carried_minor": mark("Can be carried over"),
        "left_minor": mark("Without a later month"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What can be carried over")

    @property
    def text(self) -> str:
        """How much, and how much has nowhere to go."""
        found = self.numbers()
        if self.rows.empty:
            return _("Nothing is left of the months up to {month}.").format(month=called(self.budget.month))
        return _(
            "{carried} is left of the months up to {month} and can be carried over (transfers: {count}); {left} more "
            "belongs to items that have no later month."
        ).format(
            carried=short(found["carried_minor"], self.currency), month=called(self.budget.month),
            count=int((self.rows["to_month"] != "").sum()), left=short(found["left_minor"], self.currency),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per line with money left."""
        months = {
            name: [called(month) if month else "–" for month in self.rows[name]] for name in ("month", "to_month")
        }
        shown = self.rows.assign(category=self.rows["category"].map(named).astype(object), **months)
        return shown[["category", "item", "month", "to_month", "amount_minor"]]

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """What can be carried over first."""
        goes = self.rows["to_month"] != ""
        amounts = self.rows["amount_minor"]
        return {"carried_minor": int(amounts[goes].sum()), "left_minor": int(amounts[~goes].sum())}


def carry_over(budget: BudgetYear) -> CarryOver:
    """Tell what is left of the months that are over, and where it can go.

    Args:
        budget: The year's budget.

    Returns:
        One row per line with money left, by category, item and month.
    """
    key = ["plan", "category", "item"]
    later = budget.lines[budget.lines["month"] > budget.month].groupby(key)["month"].min().rename("to_month")
    left = budget.over[budget.over["available"] > 0].merge(later, how="left", on=key)
    rows = left.assign(to_month=left["to_month"].astype(object).where(left["to_month"].notna(), ""))
    rows = rows.rename(columns={"available": "amount_minor"})
    shown = rows[["category", "item", "month", "to_month", "amount_minor", "budget_line_id", "plan"]]
    return CarryOver(budget, shown.sort_values(["category", "item", "month"], ignore_index=True), budget.currency)
