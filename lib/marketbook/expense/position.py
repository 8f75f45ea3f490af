"""Position: how much of a year's budget is spent, promised and left, by category; and where a budget runs short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.expense.budget_year import BudgetYear, named
from marketbook.kit.language import format_percent, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

AMOUNTS = ("original", "transferred", "allocated", "committed", "spent", "available")
TITLES = {
    "category": mark("Category"),
    "item": mark("Item"),
    "month": mark("Month"),
    "original_minor": mark("Approved budget"),
    "transferred_minor": mark("Transferred"),
    "allocated_minor": mark("Allocated"),
    "committed_minor": mark("Promised"),
    "spent_minor": mark("Spent"),
    "available_minor": mark("Available"),
    "used_share": mark("Used"),
    "spent_share": mark("Spent, of what is allocated"),
    "level": mark("Warning"),
    "count_warnings": mark("Warnings"),
    "highest_used_share": mark("Highest use"),
}
TOTAL = mark("All together")


@dataclass(frozen=True)
class BudgetPosition(Result):
    """What became of a year's budget.

    Attributes:
        budget: The year's budget.
        rows: One row per category, and one for all: `category`, the amounts in fen, `used_share`.
    """

    budget: BudgetYear = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = TITLES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("The budget of {year}").format(year=self.budget.year)

    @property
    def text(self) -> str:
        """How much is spent, promised and left."""
        all_ = self.rows.iloc[-1]
        return _(
            "Of the {allocated} allocated for {year}, {spent} ({share}) is spent, {committed} is promised and "
            "{available} is left."
        ).format(
            year=self.budget.year, share=by_name("share", self.numbers()["spent_share"]),
            **{name: short(all_[f"{name}_minor"], self.currency) for name in AMOUNTS[2:]},
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per category, and all together."""
        return self.rows.assign(category=[*map(named, self.rows["category"][:-1]), _(TOTAL)])

    @property
    def caveats(self) -> Sequence[str]:
        """What is counted when."""
        return [
            _("Money is promised from the day a claim is handed in, and spent on the day it is paid; each line adds up "
              "to its claims, to the fen.")
        ]  # fmt: skip

    def chart(self) -> Chart:
        """How much of each category is used."""
        shares = self.table.iloc[:-1][["category", "used_share"]]
        return Chart(
            kind="bar", data=shares[shares["used_share"].notna()], x="used_share", y="category", rule=1.0,
            title=_("Spent and promised, of what is allocated; the line is the whole budget"),
            titles={name: _(self.titles[name]) for name in ("category", "used_share")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """What is spent first."""
        all_ = self.rows.iloc[-1]
        shown = {
            f"{name}_minor": int(all_[f"{name}_minor"]) for name in ("spent", "committed", "available", "allocated")
        }
        return {**shown, "spent_share": share(all_["spent_minor"], all_["allocated_minor"])}


@dataclass(frozen=True)
class BudgetWarnings(Result):
    """Items whose budget runs short.

    Attributes:
        budget: The year's budget.
        rows: One row per item that has used so much of its year's money that someone should know, the highest first:
            `category`, `item`, `allocated_minor`, `committed_minor`, `spent_minor`, `available_minor`, `used_share`,
            `level` (the share at which it was warned of).
        items: How many items there are.
    """

    budget: BudgetYear = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    items: int
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = TITLES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Where the budget runs short")

    @property
    def text(self) -> str:
        """How many items are warned of, and the worst of them."""
        levels = _(" and ").join(format_percent(level, decimals=0) for level in self.budget.warn_at)
        if self.rows.empty:
            return _("None of the {items} items has used {level} of its year's budget.").format(
                items=self.items, level=format_percent(self.budget.warn_at[0], decimals=0)
            )
        worst = self.rows.iloc[0]
        return _(
            "{count} of {items} items have passed {levels} of their year's budget; {worst} has used most, {used}."
        ).format(
            count=_(" and ").join(str(int((self.rows["used_share"] >= level).sum())) for level in self.budget.warn_at),
            items=self.items, levels=levels, worst=label(worst["item"]), used=by_name("share", worst["used_share"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per item that is warned of."""
        return self.rows.assign(
            category=self.rows["category"].map(named),
            level=[_("from {level}").format(level=format_percent(level, decimals=0)) for level in self.rows["level"]],
        )

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        used = self.rows["used_share"]
        return {"count_warnings": len(self.rows), "highest_used_share": float(used.iloc[0]) if len(used) else np.nan}


def position(budget: BudgetYear) -> BudgetPosition:
    """Tell how much of a year's budget is spent, promised and left.

    Args:
        budget: The year's budget.

    Returns:
        The amounts by category, in fen; the last row is their sum.
    """
    found = _summed(budget.lines, ["category"])
    total = found[list(AMOUNTS)].sum().to_frame().T.assign(category="")
    return BudgetPosition(budget, _used(pd.concat([found, total], ignore_index=True)), currency=budget.currency)


def warnings(budget: BudgetYear) -> BudgetWarnings:
    """Find the items that have used so much of their year's money that someone should know.

    Args:
        budget: The year's budget, with the shares from which on it is warned.

    Returns:
        One row per item, the highest share first; what is promised counts as used.
    """
    levels = budget.warn_at
    found = _used(_summed(budget.lines, ["category", "item"]))
    found = found[found["allocated_minor"] > 0]
    high = found[found["used_share"] >= levels[0]].sort_values(["used_share", "item"], ascending=[False, True])
    high = high.assign(level=[max(level for level in levels if level <= used) for used in high["used_share"]])
    shown = ["category", "item", *(f"{name}_minor" for name in AMOUNTS[2:]), "used_share", "level"]
    return BudgetWarnings(budget, high[shown].reset_index(drop=True), len(found), currency=budget.currency)


def short(amount: float, currency: str) -> str:
    """Write an amount in fen for a sentence."""
    return by_name("amount_minor", amount, currency=currency, short=True)


def share(part: float, whole: float) -> float:
    """Return a share; not a number where there is no whole."""
    return float(part / whole) if whole else np.nan


def _summed(lines: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return lines.groupby(by, as_index=False)[list(AMOUNTS)].sum()


def _used(found: pd.DataFrame) -> pd.DataFrame:
    used = [
        share(spent + committed, allocated)
        for spent, committed, allocated in zip(found["spent"], found["committed"], found["allocated"], strict=True)
    ]
    named_ = found.rename(columns={name: f"{name}_minor" for name in AMOUNTS}).assign(used_share=used)
    amounts = [f"{name}_minor" for name in AMOUNTS]
    keys = [name for name in ("category", "item") if name in found]
    return named_[[*keys, *amounts, "used_share"]].astype(dict.fromkeys(amounts, "int64"))
