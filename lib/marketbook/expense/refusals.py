"""Refusals: which claims were sent back or rejected in a year, by whom they were handed in, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.expense.budget_year import BudgetYear, called
from marketbook.expense.rules import CLAIM
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Result

REFUSED = ("rejected", "draft")
"""The statuses to which a refusal leads: final, or to be corrected."""


@dataclass(frozen=True)
class Refusals(Result):
    """Claims that were sent back or rejected.

    Attributes:
        budget: The year's budget.
        steps: One row per refusal: `claimant`, `claim`, `to_status`, `reason`, `date`.
    """

    budget: BudgetYear = field(repr=False)
    steps: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "claimant": mark("Claimant"),
        "claim": mark("Claim"),
        "outcome": mark("Outcome"),
        "reason": mark("Reason"),
        "date": mark("Date"),
        "count_rejected": mark("Rejected"),
        "count_returned": mark("Sent back"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Claims that were refused")

    @property
    def text(self) -> str:
        """How many, and whose most."""
        if self.steps.empty:
            return _("No claim was sent back or rejected in {year} up to {month}.").format(
                year=self.budget.year, month=called(self.budget.month)
            )
        by = self.steps["claimant"].value_counts()
        return _("Claims sent back: {returned}, rejected: {rejected}; most of them, {count}, "
                 "were {claimant}'s.").format(
            returned=self.numbers()["count_returned"], rejected=self.numbers()["count_rejected"],
            claimant=label(str(by.index[0])), count=int(by.iloc[0]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per refusal, by claimant."""
        outcomes = {"rejected": _(CLAIM.statuses["rejected"]), "draft": _("sent back")}
        shown = self.steps.assign(outcome=self.steps["to_status"].map(outcomes).astype(object))
        return shown[["claimant", "claim", "outcome", "reason", "date"]]

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many of each."""
        return {
            "count_rejected": int((self.steps["to_status"] == "rejected").sum()),
            "count_returned": int((self.steps["to_status"] == "draft").sum()),
        }


def refusals(budget: BudgetYear) -> Refusals:
    """Gather the claims that were refused in a year up to a month.

    Args:
        budget: The year's budget; its steps are of all years.

    Returns:
        One row per refusal, by claimant and date.
    """
    steps = budget.steps[budget.steps["to_status"].isin(REFUSED)]
    days = pd.to_datetime(steps["at"]).dt.normalize()
    first, last = pd.Timestamp(f"{budget.year}-01-01"), pd.Timestamp(budget.through)
    found = steps.assign(date=days)[days.between(first, last)].sort_values(["claimant", "at"])
    return Refusals(budget, found[["claimant", "claim", "to_status", "reason", "date"]].reset_index(drop=True))
