"""Carry-over: what is left of the months that are over goes to the months to come, as one batch of transfers.

Month lines are strict: money of a month that is over is lost to its item unless a transfer brings it to a later month.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd
from sqlalchemy.orm import Session

from marketbook.expense.budget_year import BudgetYear, called, named
from marketbook.expense.position import short
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Result
from marketbook.office import budget_line, budget_transfer
from marketbook.office.budget_line import BudgetLine
from marketbook.office.budget_transfer import BudgetTransfer


@dataclass(frozen=True)
class Move:
    """What is left of a line of a month that is over, and the line of its item that comes next.

    Attributes:
        line: The line whose money is left.
        to: The item's next line; none where no later month has one.
        amount: In fen.
    """

    line: BudgetLine
    to: BudgetLine | None
    amount: int


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


def moves(session: Session, *, plan_id: int, month: str) -> list[Move]:
    """Return what is left of a plan's lines up to a month, and the line of its item that comes next.

    Args:
        session: A session of either kind.
        plan_id: Whose lines.
        month: The last month that is over: `2026-06`.
    """
    lines = budget_line.of_plan(session, plan_id=plan_id)
    over = [line for line in lines if line.month <= month and line.available > 0]
    return [Move(line, _next(lines, line, month), line.available) for line in over]


def propose(session: Session, *, plan_id: int, month: str, actor: int) -> list[BudgetTransfer]:
    """Enter what is left of a plan's months as a batch of transfers: drafts of the actor's, who hands them in.

    Args:
        session: A writing session.
        plan_id: Whose lines.
        month: The last month that is over: `2026-06`.
        actor: Who asks for them.

    Returns:
        One transfer for each line that has money left and a later month; a line for which one waits already is left.

    Raises:
        RecordError: Nothing can be carried over.
        AccessError: The actor is no employee at work.
    """
    waiting = _waiting(session, plan_id)
    found = [move for move in moves(session, plan_id=plan_id, month=month) if move.to and move.line.id not in waiting]
    if not found:
        raise RecordError(_("Nothing of the months up to {month} can be carried over.").format(month=called(month)))
    return [_transfer(session, move, actor) for move in found]


def _transfer(session: Session, move: Move, actor: int) -> BudgetTransfer:
    target = move.to
    if target is None:
        raise RecordError(_("{line}: its item has no later month.").format(line=move.line.called))
    words = {"item": label(move.line.item), "month": called(move.line.month), "to": called(target.month)}
    return budget_transfer.enter(
        session, title=_("Carry over {item}, {month}").format(**words), amount=move.amount, from_line=move.line.id,
        to_line=target.id, purpose=_("What is left of {month} is carried over to {to}.").format(**words), actor=actor,
    )  # fmt: skip


def _next(lines: Iterable[BudgetLine], line: BudgetLine, month: str) -> BudgetLine | None:
    same = [one for one in lines if (one.category, one.item) == (line.category, line.item) and one.month > month]
    return min(same, key=lambda one: one.month, default=None)


def _waiting(session: Session, plan_id: int) -> set[int]:
    """Return the lines of a plan that a transfer which is not decided yet takes money from."""
    lines: Sequence[int] = [line.id for line in budget_line.of_plan(session, plan_id=plan_id)]
    open_ = session.query(BudgetTransfer.from_line_id).where(
        BudgetTransfer.from_line_id.in_(lines), BudgetTransfer.status.in_(("draft", "submitted"))
    )
    return {number for (number,) in open_ if number is not None}
