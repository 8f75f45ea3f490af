"""The year's budget beside last year's: what changes, by how much, and where a reason is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.kit.facts import Rows
from marketbook.kit.language import format_percent, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.office.budget_line import CATEGORIES
from marketbook.plan.build import YearBuild
from marketbook.plan.rules import CATEGORIES as ASKED

TITLES = {
    "category": mark("Category"),
    "item": mark("Item"),
    "planned_minor": mark("This year's plan"),
    "before_minor": mark("Last year's budget"),
    "spent_minor": mark("Last year's spending"),
    "change_share": mark("Change of the budget"),
    "reason": mark("Reason"),
    "state": mark("State"),
    "why": mark("Why not"),
    "count_asked": mark("Reasons still asked"),
    "count_missing": mark("Categories missing"),
    "year": mark("Year"),
    "amount": mark("Amount"),
}
TOTAL = mark("All together")
AMOUNTS = ("planned_minor", "before_minor", "spent_minor")
REASONS = {"": "–", "given": mark("given"), "asked": mark("asked")}
STATES = {"present": mark("present"), "zero": mark("explicitly zero"), "missing": mark("missing")}


@dataclass(frozen=True)
class BudgetBuild(Result):
    """Each item of the budget beside last year's.

    Attributes:
        build: The year's plan in the making.
        rows: One row per item and one for all: `category`, `item`, the amounts in fen, `change_share` (of last year's
            budget; not a number where there was none), `reason`: `asked`, `given` or empty where none is needed.
    """

    build: YearBuild = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = TITLES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("The budget of {year} beside {before}").format(year=self.build.year, before=self.build.year - 1)

    @property
    def text(self) -> str:
        """How much more or less, and how many reasons are asked."""
        found = self.numbers()
        if np.isnan(found["change_share"]):
            return _("{planned} is planned for {year}; there is no budget of {before} to stand beside it.").format(
                planned=self._short(found["planned_minor"]), year=self.build.year, before=self.build.year - 1
            )
        return _(
            "{planned} is planned for {year}, {change} against the {was} of {before}, of which {spent} was spent. "
            "Items that change by more than {limit} without a reason: {asked}."
        ).format(
            planned=self._short(found["planned_minor"]), year=self.build.year, before=self.build.year - 1,
            was=self._short(found["before_minor"]), spent=self._short(found["spent_minor"]),
            change=_signed(found["change_share"]), asked=found["count_asked"],
            limit=format_percent(self.build.explain_from, decimals=0),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per item, and all together."""
        named = [*(_(CATEGORIES[one]) for one in self.rows["category"][:-1]), _(TOTAL)]
        reasons = [_(REASONS[one]) for one in self.rows["reason"]]
        return self.rows.assign(category=named, reason=reasons)

    @property
    def caveats(self) -> Sequence[str]:
        """Where a reason is written."""
        return [
            _("A reason is asked where an item's budget changes by more than the share that the company set, is new or "
              "is dropped. It counts as given when the plan's feasibility, its strategy or a comment on the plan names "
              "the item.")
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """Each category, this year and last."""
        by = self.rows.iloc[:-1].groupby("category", as_index=False)[["planned_minor", "before_minor"]].sum()
        if by.empty:
            return None
        years = {"planned_minor": str(self.build.year), "before_minor": str(self.build.year - 1)}
        long = by.melt(id_vars="category", var_name="year", value_name="amount")
        shown = long.assign(
            category=[_(CATEGORIES[one]) for one in long["category"]], year=long["year"].map(years),
            amount=long["amount"] / 100,
        )  # fmt: skip
        return Chart(
            kind="bar", data=shown, x="amount", y="category", color="year", title=_("Budget by category"),
            titles={name: _(TITLES[name]) for name in ("category", "year", "amount")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The sums, the change, and the reasons asked."""
        all_ = self.rows.iloc[-1]
        sums = {name: int(all_[name]) for name in AMOUNTS}
        asked = int((self.rows["reason"] == "asked").sum())
        return {"planned_minor": sums.pop("planned_minor"), "change_share": all_["change_share"], "count_asked": asked,
                **sums}  # fmt: skip

    def behind(self) -> Behind:
        """The budget lines of both years."""
        keys = [{"category": one.category, "item": one.item} for one in self.rows.iloc[:-1].itertuples()]
        now, then = self.build.rows(), self._then()
        return Behind(
            whole=now,
            numbers=dict.fromkeys(("before_minor", "spent_minor"), then),
            table=[*(now.being(**key) for key in keys), now],
            cells={name: [*(then.being(**key) for key in keys), then] for name in ("before_minor", "spent_minor")},
        )

    def _then(self) -> Rows:
        return self.build.rows(before=True) if self.build.before else self.build.rows()

    def _short(self, amount: int) -> str:
        return by_name("amount_minor", amount, currency=self.currency, short=True)


@dataclass(frozen=True)
class BudgetCategories(Result):
    """The categories that the policy names: present, explicitly zero, or missing.

    Attributes:
        build: The year's plan in the making.
        rows: One row per category: `category`, `planned_minor`, `before_minor`, `spent_minor`, `state`, `why`.
    """

    build: YearBuild = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = TITLES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("The five categories")

    @property
    def text(self) -> str:
        """Which are missing."""
        missing = [_(CATEGORIES[one]) for one in self.rows["category"][self.rows["state"] == "missing"]]
        if missing:
            return _("Neither money nor a reason why not: {categories}.").format(categories=_(", ").join(missing))
        return _("Each of the five categories has money, or a reason why it has none.")

    @property
    def table(self) -> pd.DataFrame:
        """One row per category."""
        return self.rows.assign(
            category=[_(CATEGORIES[one]) for one in self.rows["category"]],
            state=[_(STATES[one]) for one in self.rows["state"]],
        )

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many are missing."""
        return {"count_missing": int((self.rows["state"] == "missing").sum())}

    def behind(self) -> Behind:
        """The budget lines of each category."""
        now = self.build.rows()
        then = self.build.rows(before=True) if self.build.before else now
        keys = list(self.rows["category"])
        return Behind(
            whole=now,
            table=[now.being(category=key) for key in keys],
            cells={name: [then.being(category=key) for key in keys] for name in ("before_minor", "spent_minor")},
        )


def budget(build: YearBuild) -> BudgetBuild:
    """Hold each item of a year's budget against last year's.

    Args:
        build: The year's plan in the making.

    Returns:
        One row per item of either year; the last row is their sum.
    """
    total = build.lines[list(AMOUNTS)].sum().to_frame().T.assign(category="", item="", reasoned=True)
    rows = pd.concat([build.lines, total], ignore_index=True)
    rows = rows.astype(dict.fromkeys(AMOUNTS, "int64"))
    change = [_change(now, was) for now, was in zip(rows["planned_minor"], rows["before_minor"], strict=True)]
    rows = rows.assign(change_share=change)
    reason = [_reason(row, build) for row in rows.iloc[:-1].itertuples()]
    shown = ["category", "item", *AMOUNTS, "change_share", "reason"]
    return BudgetBuild(build, rows.assign(reason=[*reason, ""])[shown], currency=build.currency)


def categories(build: YearBuild) -> BudgetCategories:
    """Tell which of the categories that the policy names have money, or a reason why not."""
    sums = build.lines.groupby("category")[list(AMOUNTS)].sum().reindex(list(ASKED), fill_value=0)
    planned = set(build.lines["category"][build.lines["planned_minor"] > 0])
    state = ["present" if one in planned else "zero" if build.unbudgeted.get(one) else "missing" for one in ASKED]
    why = [build.unbudgeted.get(one, "") if kind == "zero" else "–" for one, kind in zip(ASKED, state, strict=True)]
    return BudgetCategories(build, sums.reset_index().assign(state=state, why=why), currency=build.currency)


def _change(now: int, was: int) -> float:
    return float(now / was - 1) if was else np.nan


def _reason(row: Any, build: YearBuild) -> str:  # noqa: ANN401  # a row of the frame
    if not build.before or abs(row.planned_minor - row.before_minor) <= build.explain_from * row.before_minor:
        return ""
    return "given" if row.reasoned else "asked"


def _signed(change: float) -> str:
    written = format_percent(change)
    return f"+{written}" if change > 0 else written
