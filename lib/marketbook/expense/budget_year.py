"""A year's budget as a report reads it: the lines of the plans in force, and what claims take from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketbook.expense import figures
from marketbook.expense.data import BUDGET_LINES, CLAIM_LINES, CLAIM_STEPS
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts import view
from marketbook.kit.language import format_month
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Record, roles
from marketbook.kit.store import Store
from marketbook.office import budget_warning
from marketbook.office.budget_line import CATEGORIES, SPENDING, BudgetLine

IN_FORCE = (*SPENDING, "closed")
"""The statuses of a plan whose money is or was spent."""


@dataclass(frozen=True)
class BudgetYear:
    """A year's budget.

    Attributes:
        month: The last month that is over, or that is reported on: `2026-06`.
        plans: The numbers of the plans whose lines these are.
        lines: One row per line as `figures.by_line` gives them, with `plan`; amounts in fen.
        claims: One row per claim line that counts, as the view `claim_lines` has them.
        steps: One row per step of a claim, as the view `claim_steps` has them.
        warn_at: The shares of a budget from which on it is warned, the lowest first.
        currency: Of the amounts.
    """

    month: str
    plans: tuple[str, ...]
    lines: pd.DataFrame = field(repr=False)
    claims: pd.DataFrame = field(repr=False)
    steps: pd.DataFrame = field(repr=False)
    warn_at: tuple[float, ...] = (0.8, 0.95)
    currency: str = "CNY"

    @property
    def year(self) -> str:
        """The year of the budget."""
        return self.month[:4]

    @property
    def through(self) -> date:
        """The last day of the month."""
        return pd.Period(self.month, "M").end_time.date()

    @property
    def over(self) -> pd.DataFrame:
        """The lines of the months that are over."""
        return self.lines[self.lines["month"] <= self.month]


def read_budget(store: Store, *, month: str | None = None, plan: str = "") -> BudgetYear:
    """Read a year's budget at a month.

    Args:
        store: The records.
        month: Which month: `2026-06`. None: the last one that is over for which something was spent.
        plan: The number of one plan; empty: all plans in force.

    Raises:
        DataError: There is no plan in force for the year, or the plan is not known, not in force or of another year.
    """
    with store.reading() as session:
        years = _years(session, plan)
        chosen = month or _last_month(session, years)
        numbers = sorted(years.get(chosen[:4], {}))
        if not numbers:
            raise DataError(_no_plan(chosen, plan, years))
        lines = [
            figures.by_line(session, plan_id=years[chosen[:4]][number], through=chosen).assign(plan=number)
            for number in numbers
        ]
        view.note(session, BUDGET_LINES)
        levels = budget_warning.shares(session)
        claims, steps = view.read(session, CLAIM_LINES), view.read(session, CLAIM_STEPS)
    merged = pd.concat(lines, ignore_index=True)
    return BudgetYear(
        month=chosen,
        plans=tuple(numbers),
        lines=merged[merged["month"].str.startswith(chosen[:4])].reset_index(drop=True),
        claims=claims[claims["plan"].isin(numbers) & claims["budget_month"].str.startswith(chosen[:4])],
        steps=steps,
        warn_at=tuple(level / 10_000 for level in levels),
        currency=settings().currency,
    )


def last_over(today: date) -> str:
    """Return the last month that is over.

    Example:
        >>> last_over(date(2026, 1, 5))
        '2025-12'
    """
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def called(month: str) -> str:
    """Return what a month is called, in the current language."""
    return format_month(date.fromisoformat(f"{month}-01"))


def named(category: str) -> str:
    """Return what a category is called, in the current language."""
    return _(CATEGORIES[category])


def _years(session: Session, plan: str) -> dict[str, dict[str, int]]:
    """Return the plans in force by year and number."""
    query = (
        select(BudgetLine.month, Record.number, Record.id)
        .join(Record, Record.id == BudgetLine.plan_id)
        .where(Record.status.in_(IN_FORCE))
        .distinct()
    )
    found: dict[str, dict[str, int]] = {}
    for month, number, key in session.execute(query.where(Record.number == plan) if plan else query):
        found.setdefault(month[:4], {})[number] = key
    return found


def _last_month(session: Session, years: Mapping[str, Mapping[str, int]]) -> str:
    """Return the last month that is over for which something was spent; where nothing was, the last that is over."""
    over = last_over(roles.today())
    plans = [key for found in years.values() for key in found.values()]
    query = select(func.max(BudgetLine.month)).where(
        BudgetLine.plan_id.in_(plans), BudgetLine.month <= over, BudgetLine.spent > 0
    )
    return session.scalar(query) or over


def _no_plan(month: str, plan: str, years: Mapping[str, Mapping[str, int]]) -> str:
    known = _(", ").join(sorted(years)) or "–"
    if plan:
        said = _("plan: {plan} has no budget in force for {year}; its years in force: {known}.")
        return said.format(plan=plan, year=month[:4], known=known)
    said = _("There is no plan in force for {year}, so there is no budget to review; years in force: {known}.")
    return said.format(year=month[:4], known=known)
