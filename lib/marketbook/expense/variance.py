"""Variance: how spending of the months that are over differs from the approved budget, and why: split in three."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import pandas as pd

from marketbook.expense.budget_year import BudgetYear, called, named
from marketbook.expense.position import TOTAL, short
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result

By = Literal["category", "item", "month"]
PARTS = ("timing", "amount", "unplanned")
KINDS = {"timing": mark("Timing"), "amount": mark("Amount"), "unplanned": mark("Not planned")}
_SUMMED = ("original", "spent", "variance", *PARTS)


@dataclass(frozen=True)
class BudgetVariance(Result):
    """Spent beside planned, up to a month.

    Attributes:
        budget: The year's budget.
        by: What the rows are: categories, items or months.
        rows: One row each and one for all: its name in a column `by`, `original_minor`, `spent_minor`,
            `variance_minor` = `timing_minor` + `amount_minor` + `unplanned_minor`.
    """

    budget: BudgetYear = field(repr=False)
    by: By
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "category": mark("Category"),
        "item": mark("Item"),
        "month": mark("Month"),
        "original_minor": mark("Approved budget"),
        "spent_minor": mark("Spent"),
        "variance_minor": mark("Variance"),
        "timing_minor": KINDS["timing"],
        "amount_minor": KINDS["amount"],
        "unplanned_minor": KINDS["unplanned"],
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return {
            "category": _("Variance by category"), "item": _("Variance by item"), "month": _("Variance by month"),
        }[self.by]  # fmt: skip

    @property
    def text(self) -> str:
        """The variance and its three parts, and the row that makes most of it."""
        all_ = self.rows.iloc[-1]
        parts = {name: signed(all_[f"{name}_minor"], self.currency) for name in ("variance", *PARTS)}
        said = _(
            "Up to {month}, spending is {variance} off the approved budget: {timing} by timing (promised, not paid "
            "yet), {unplanned} not planned, {amount} by amount."
        ).format(month=called(self.budget.month), **parts)
        if len(self.rows) < 3:
            return said
        most = self.rows.iloc[:-1].sort_values("variance_minor", key=abs).iloc[-1]
        return said + _(" Most of it is {name}: {most}.").format(
            name=self._called(most[self.by]), most=signed(most["variance_minor"], self.currency)
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row each, and all together."""
        return self.rows.assign(**{self.by: [*map(self._called, self.rows[self.by].iloc[:-1]), _(TOTAL)]})

    @property
    def caveats(self) -> Sequence[str]:
        """What the three parts are."""
        if self.by != "category":
            return ()
        return [
            _("Timing is what was handed in for these months and is not paid yet; not planned is what was spent on "
              "lines that the approved plan did not have; the rest is amount: it cost less or more than planned.")
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """The variance of each row."""
        data = self.table.iloc[:-1]
        if data.empty:
            return None
        shown = pd.DataFrame({"name": data[self.by], "amount": data["variance_minor"] / 100})
        return Chart(
            kind="bar", data=shown, x="amount", y="name", rule=0.0,
            title=_("Spent less approved budget, up to {month}").format(month=called(self.budget.month)),
            titles={"name": _(self.titles[self.by]), "amount": _("Variance")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The variance first, then what it is made of."""
        all_ = self.rows.iloc[-1]
        return {f"{name}_minor": int(all_[f"{name}_minor"]) for name in ("variance", *PARTS)}

    def _called(self, name: str) -> str:
        return {"category": named, "item": label, "month": called}[self.by](name)


def variance(budget: BudgetYear, *, by: By = "category") -> BudgetVariance:
    """Split the variance of the months that are over by what it is due to.

    Args:
        budget: The year's budget.
        by: What the rows are.

    Returns:
        One row each; the last row is their sum, and in each row the three parts sum to the variance, to the fen.
    """
    over = budget.over
    found = over.groupby(by, as_index=False)[list(_SUMMED)].sum()
    total = over[list(_SUMMED)].sum().to_frame().T.assign(**{by: ""})
    rows = pd.concat([found, total], ignore_index=True)[[by, *_SUMMED]]
    rows = rows.astype(dict.fromkeys(_SUMMED, "int64")).rename(columns={name: f"{name}_minor" for name in _SUMMED})
    return BudgetVariance(budget, by, rows, currency=budget.currency)


def signed(amount: int, currency: str) -> str:
    """Write a difference in fen with its sign."""
    return f"+{short(amount, currency)}" if amount > 0 else short(amount, currency)
