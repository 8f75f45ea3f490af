"""Figures of money: what became of each budget line and month, and the claims behind it; frames in fen, no gates."""

import pandas as pd
from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from marketbook.expense.guards import LIVE
from marketbook.expense.tables import ExpenseClaim, ExpenseLine
from marketbook.kit.records import Party
from marketbook.office.budget_line import BudgetLine

_KEY = ["category", "item", "month"]
_AMOUNTS = ["original", "transferred", "allocated", "committed", "spent", "available"]


def by_line(session: Session, *, plan_id: int, through: str = "9999-12") -> pd.DataFrame:
    """Return what became of each line of a plan.

    Args:
        session: A session of either kind.
        plan_id: Whose lines.
        through: The last month that is over: `2026-06`.

    Returns:
        One row per line, by category, item and month; amounts in fen. `original` + `transferred` = `allocated` =
        `committed` + `spent` + `available`. `variance` is `spent` - `original` of a month that is over, 0 of the
        others, and is `unplanned` (spent on what the plan did not have) + `timing` (promised and not paid yet, below
        0) + `amount` (the rest: it cost more or less than planned).
    """
    names = ("id", "category", "item", "month", "original", "allocated", "committed", "spent")
    query = select(*(getattr(BudgetLine, name) for name in names)).where(BudgetLine.plan_id == plan_id)
    found = _frame(session, query).rename(columns={"id": "budget_line_id"}).sort_values(_KEY, ignore_index=True)
    found = found.astype(dict.fromkeys(names[4:], "int64"))
    found["transferred"] = found["allocated"] - found["original"]
    found["available"] = found["allocated"] - found["committed"] - found["spent"]
    return _split(found[["budget_line_id", *_KEY, *_AMOUNTS]], found["month"] <= through)


def by_month(lines: pd.DataFrame) -> pd.DataFrame:
    """Return what became of each month of a plan.

    Args:
        lines: As `by_line` gives them.

    Returns:
        One row per month; the same amounts, which sum to those of the lines.
    """
    return lines.drop(columns=["budget_line_id", "category", "item"]).groupby("month", as_index=False).sum()


def ledger(session: Session, *, plan_id: int) -> pd.DataFrame:
    """Return what claims take from a plan: their lines, whose sum is what the budget lines say.

    Returns:
        One row per line of a claim that was handed in and not sent back; `amount` in fen. `counts_as` is `committed` or
        `spent`; a payment stands beside its open request with the amount that it consumes below 0.
    """
    query = (
        select(
            ExpenseClaim.id.label("claim_id"), ExpenseClaim.number, ExpenseClaim.kind, ExpenseClaim.status,
            ExpenseClaim.request_id, ExpenseClaim.paid_on, Party.name.label("owner"), BudgetLine.category,
            BudgetLine.item, BudgetLine.month, ExpenseLine.description, ExpenseLine.amount, ExpenseLine.invoice_id,
        )
        .join(ExpenseClaim, ExpenseClaim.id == ExpenseLine.claim_id)
        .join(BudgetLine, BudgetLine.id == ExpenseLine.budget_line_id)
        .join(Party, Party.id == ExpenseClaim.owner_id)
        .where(BudgetLine.plan_id == plan_id, ExpenseClaim.status.in_(LIVE))
        .order_by(ExpenseLine.id)
    )  # fmt: skip
    found = _frame(session, query)
    found["counts_as"] = found["status"].eq("paid").map({True: "spent", False: "committed"})
    open_ = set(session.scalars(select(ExpenseClaim.id).where(ExpenseClaim.status == "open")))
    consumed = found[found["request_id"].isin(open_)].copy()
    consumed["amount"], consumed["counts_as"] = -consumed["amount"], "committed"
    return pd.concat([found, consumed], ignore_index=True) if len(consumed) else found


def _split(lines: pd.DataFrame, over: "pd.Series[bool]") -> pd.DataFrame:
    """Split each variance in three that sum to it."""
    planned = lines["original"] > 0
    made = lines.assign(variance=(lines["spent"] - lines["original"]).where(over, 0))
    made["timing"] = (-lines["committed"]).where(over & planned, 0)
    made["unplanned"] = made["variance"].where(~planned, 0)
    made["amount"] = made["variance"] - made["timing"] - made["unplanned"]
    return made


def _frame(session: Session, query: Executable) -> pd.DataFrame:
    rows = session.execute(query)
    return pd.DataFrame(rows.all(), columns=list(rows.keys()))
