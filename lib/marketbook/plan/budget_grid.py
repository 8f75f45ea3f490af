"""A budget's figures as rows of items and columns of months, and its lines as they are searched."""

import re

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketbook.kit.forms.matrix import Row, Sheet
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.language import format_percent, mark
from marketbook.kit.language import gettext as _
from marketbook.office import budget_line, budget_warning
from marketbook.office.budget_line import CATEGORIES, BudgetLine, money
from marketbook.plan import budget_service
from marketbook.plan.budget_entry import MONTHS
from marketbook.plan.rules import PLAN

MEASURES = {
    "original": mark("Original"),
    "allocated": mark("Allocated"),
    "committed": mark("Committed"),
    "spent": mark("Spent"),
    "available": mark("Available"),
}
"""The figures of a line, and what they are called."""

FOUND = 20
_MONTH = re.compile(r"(\d{1,2})月")


def sheet(session: Session, plan_id: int) -> Sheet:
    """Return a plan's budget: what it was planned with; once it is in force, all its figures."""
    plan = budget_service.named(session, plan_id)
    shares = budget_warning.shares(session)
    planned = plan.status in ("draft", "submitted")
    names = ["original"] if planned else [*list(MEASURES)[1:], "original"]
    return Sheet(
        title=plan.title,
        heads=(_("Category"), _("Item")),
        columns=[_(month) for month in MONTHS.values()],
        measures={name: _(MEASURES[name]) for name in names},
        rows=[_row(lines, names, shares) for lines in _items(session, plan_id)],
        shares=[_("{share} or more is used").format(share=format_percent(share / 10_000)) for share in shares],
        about=_about(plan.number, plan.fiscal_year, PLAN.called(plan.status)),
    )


def lines_of(plan_id: int) -> Search:
    """Return how a plan's lines are found: by month, category and item, with what each has left."""
    return Search(
        find=lambda session, text: _find(session, plan_id, text),
        get=lambda session, number: _get(session, plan_id, number),
    )


def _about(number: str, year: int, status: str) -> str:
    return _("{number}, {year}: {status}. In yuan.").format(number=number, year=year, status=status)


def _items(session: Session, plan_id: int) -> list[list[BudgetLine]]:
    found: dict[tuple[int, str], list[BudgetLine]] = {}
    for line in budget_line.of_plan(session, plan_id=plan_id):
        found.setdefault((list(CATEGORIES).index(line.category), line.item), []).append(line)
    return [found[one] for one in sorted(found)]


def _row(lines: list[BudgetLine], names: list[str], shares: list[int]) -> Row:
    by_month = {line.month[-2:]: line for line in lines}
    months = [by_month.get(month) for month in MONTHS]
    return Row(
        heads=(_(CATEGORIES[lines[0].category]), lines[0].item),
        ids=[line.id if line else None for line in months],
        cells={name: [getattr(line, name) if line else 0 for line in months] for name in names},
        levels=[_level([line], shares) if line else 0 for line in months],
        level=_level(lines, shares),
    )


def _level(lines: list[BudgetLine], shares: list[int]) -> int:
    used = sum(line.committed + line.spent for line in lines)
    return budget_warning.level(used, sum(line.allocated for line in lines), shares)


def _find(session: Session, plan_id: int, text: str) -> list[Found]:
    query = select(BudgetLine).where(BudgetLine.plan_id == plan_id, *map(_holds, text.replace("/", " ").split()))
    order = (BudgetLine.category, BudgetLine.item, BudgetLine.month)
    return [_found(line) for line in session.scalars(query.order_by(*order).limit(FOUND))]


def _holds(word: str) -> ColumnElement[bool]:
    """A word is of the item, of the category's name, or of the month: `2026-06`, `6月`."""
    named = [name for name, title in CATEGORIES.items() if word.casefold() in _(title).casefold()]
    texts = [column.icontains(word, autoescape=True) for column in (BudgetLine.item, BudgetLine.month)]
    month = _MONTH.fullmatch(word)
    monthly = [BudgetLine.month.endswith(f"-{int(month[1]):02}")] if month else []
    return or_(BudgetLine.category.in_(named), *texts, *monthly)


def _get(session: Session, plan_id: int, number: int) -> Found | None:
    line = session.get(BudgetLine, number, populate_existing=True)
    return _found(line) if line is not None and line.plan_id == plan_id else None


def _found(line: BudgetLine) -> Found:
    return Found(line.id, line.called, _("{amount} available").format(amount=money(line.available)))
