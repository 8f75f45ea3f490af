"""The views of money: the budget lines, claim lines, claims, steps and invoices that the reports' numbers stand on."""

from datetime import date, datetime
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, CompoundSelect, Select, case, func, literal, select, union_all

from marketbook.expense.guards import LIVE
from marketbook.expense.rules import CLAIM
from marketbook.expense.tables import INVOICES, KINDS, ExpenseClaim, ExpenseLine, Invoice
from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, StatusChange
from marketbook.office.budget_line import CATEGORIES, BudgetLine

COUNTS_AS = {"committed": mark("promised"), "spent": mark("spent")}
"""What a claim's line does to its budget line."""

_record, _claim, _line = Record.__table__.c, ExpenseClaim.__table__.c, ExpenseLine.__table__.c
_vendor = Party.__table__.alias("vendor")
_owner = Party.__table__.alias("owner")
_plan = Record.__table__.alias("plan_record")


class BudgetLineRow(Row):
    """One budget line, with what became of it."""

    line_id: int = Field(title=mark("Line number"))
    plan: str = Field(title=mark("Plan"))
    category: str = Field(title=mark("Category"))
    item: str = Field(title=mark("Item"))
    budget_month: str = Field(title=mark("Budget month"))
    original_minor: int = Field(title=mark("Approved budget"))
    transferred_minor: int = Field(title=mark("Transferred"))
    allocated_minor: int = Field(title=mark("Allocated"))
    committed_minor: int = Field(title=mark("Promised"))
    spent_minor: int = Field(title=mark("Spent"))
    available_minor: int = Field(title=mark("Available"))


class ClaimLineRow(Row):
    """One line of a claim that counts; a payment takes its amount off its open request, which is a row of its own."""

    line_id: int = Field(title=mark("Line number"))
    takes_off: bool = Field(title=mark("Taken off a request"))
    claim: str = Field(title=mark("Claim"))
    kind: str = Field(title=mark("Kind"))
    status: str = Field(title=mark("Status"))
    counts_as: str = Field(title=mark("Counts as"))
    claimant: str = Field(title=mark("Claimant"))
    vendor: str | None = Field(title=mark("Vendor"))
    plan: str = Field(title=mark("Plan"))
    category: str = Field(title=mark("Category"))
    item: str = Field(title=mark("Item"))
    budget_month: str = Field(title=mark("Budget month"))
    budget_line_id: int = Field(title=mark("Budget line"))
    description: str = Field(title=mark("Description"))
    amount_minor: int = Field(title=mark("Amount"))
    paid_on: date | None = Field(title=mark("Paid on"))
    invoice: str | None = Field(title=mark("Invoice"))


class ClaimRow(Row):
    """One claim."""

    claim: str = Field(title=mark("Claim"))
    title: str = Field(title=mark("Title"))
    kind: str = Field(title=mark("Kind"))
    status: str = Field(title=mark("Status"))
    category: str = Field(title=mark("Category"))
    claimant: str = Field(title=mark("Claimant"))
    vendor: str | None = Field(title=mark("Vendor"))
    amount_minor: int = Field(title=mark("Amount"))
    entered_at: datetime = Field(title=mark("Entered at"))
    paid_on: date | None = Field(title=mark("Paid on"))


class ClaimStepRow(Row):
    """One step of a claim: who took it, when, and why."""

    step_id: int = Field(title=mark("Step number"))
    claim: str = Field(title=mark("Claim"))
    claimant: str = Field(title=mark("Claimant"))
    from_status: str = Field(title=mark("From"))
    to_status: str = Field(title=mark("To"))
    actor: str = Field(title=mark("Decided by"))
    reason: str = Field(title=mark("Reason"))
    at: datetime = Field(title=mark("When"))


class InvoiceRow(Row):
    """One invoice."""

    invoice_id: int = Field(title=mark("Invoice record"))
    invoice: str = Field(title=mark("Invoice"))
    kind: str = Field(title=mark("Kind"))
    vendor: str = Field(title=mark("Vendor"))
    currency: str = Field(title=mark("Currency"))
    total_minor: int = Field(title=mark("Total"))
    issued_on: date = Field(title=mark("Issued on"))


def _budget_lines() -> Select[Any]:
    line = BudgetLine.__table__.c
    return select(
        line.id.label("line_id"), _plan.c.number.label("plan"), line.category, line.item,
        line.month.label("budget_month"), line.original.label("original_minor"),
        (line.allocated - line.original).label("transferred_minor"), line.allocated.label("allocated_minor"),
        line.committed.label("committed_minor"), line.spent.label("spent_minor"),
        (line.allocated - line.committed - line.spent).label("available_minor"),
    ).join(_plan, _plan.c.id == line.plan_id)  # fmt: skip


def _claim_lines() -> CompoundSelect[Any]:
    request = Record.__table__.alias("request_record")
    own = _counted(_line.amount, case((_record.status == "paid", "spent"), else_="committed"), taken_off=False)
    consumed = _counted(-_line.amount, literal("committed"), taken_off=True).join(
        request, (request.c.id == _claim.request_id) & (request.c.status == "open")
    )
    return union_all(own, consumed)


def _counted(amount: ColumnElement[Any], counts_as: ColumnElement[Any], *, taken_off: bool) -> Select[Any]:
    budget, invoice = BudgetLine.__table__, Invoice.__table__
    return (
        select(
            _line.id.label("line_id"), literal(taken_off).label("takes_off"), _record.number.label("claim"),
            _claim.kind, _record.status, counts_as.label("counts_as"), _owner.c.name.label("claimant"),
            _vendor.c.name.label("vendor"), _plan.c.number.label("plan"), budget.c.category, budget.c.item,
            budget.c.month.label("budget_month"), budget.c.id.label("budget_line_id"), _line.description,
            amount.label("amount_minor"), _claim.paid_on, invoice.c.number.label("invoice"),
        )
        .select_from(ExpenseLine.__table__)
        .join(ExpenseClaim.__table__, _claim.id == _line.claim_id)
        .join(Record.__table__, _record.id == _claim.id)
        .join(budget, budget.c.id == _line.budget_line_id)
        .join(_plan, _plan.c.id == budget.c.plan_id)
        .join(_owner, _owner.c.id == _record.owner_id)
        .outerjoin(_vendor, _vendor.c.id == _claim.vendor_id)
        .outerjoin(invoice, invoice.c.id == _line.invoice_id)
        .where(_record.status.in_(LIVE))
    )  # fmt: skip


def _claims() -> Select[Any]:
    return (
        select(
            _record.number.label("claim"), _record.title, _claim.kind, _record.status, _record.category,
            _owner.c.name.label("claimant"), _vendor.c.name.label("vendor"),
            func.coalesce(_record.amount_minor, 0).label("amount_minor"), _record.entered_at, _claim.paid_on,
        )
        .select_from(ExpenseClaim.__table__)
        .join(Record.__table__, _record.id == _claim.id)
        .join(_owner, _owner.c.id == _record.owner_id)
        .outerjoin(_vendor, _vendor.c.id == _claim.vendor_id)
    )  # fmt: skip


def _claim_steps() -> Select[Any]:
    step, actor = StatusChange.__table__.c, Party.__table__.alias("actor")
    return (
        select(
            step.id.label("step_id"), _record.number.label("claim"), _owner.c.name.label("claimant"),
            step.from_status, step.to_status, actor.c.name.label("actor"), step.reason, step.at,
        )
        .select_from(StatusChange.__table__)
        .join(Record.__table__, _record.id == step.record_id)
        .join(_owner, _owner.c.id == _record.owner_id)
        .join(actor, actor.c.id == step.actor_id)
        .where(_record.type == "expense_claim")
    )  # fmt: skip


def _invoices() -> Select[Any]:
    invoice = Invoice.__table__.c
    return select(
        invoice.id.label("invoice_id"), invoice.number.label("invoice"), invoice.kind, _vendor.c.name.label("vendor"),
        invoice.currency, invoice.total.label("total_minor"), invoice.issued_on,
    ).join(_vendor, _vendor.c.id == invoice.vendor_id)  # fmt: skip


_MONEY = ("expense_line", "expense_claim", "record", "budget_line")

BUDGET_LINES = View(
    "budget_lines", BudgetLineRow, ("plan", "category", "item", "budget_month"), mark("Budget lines"),
    mark("One line of a plan's budget: an item in a month."), codes={"category": CATEGORIES},
    query=_budget_lines(), tables=("budget_line",),
)  # fmt: skip
CLAIM_LINES = View(
    "claim_lines", ClaimLineRow, ("claim", "line_id", "takes_off"), mark("Claim lines"),
    mark("One line of a claim that was handed in and not sent back."),
    codes={"category": CATEGORIES, "kind": KINDS, "status": CLAIM.statuses, "counts_as": COUNTS_AS},
    query=_claim_lines(), tables=(*_MONEY, "invoice"),
)  # fmt: skip
CLAIMS = View(
    "claims", ClaimRow, ("claim",), mark("Claims"), mark("One claim: a request, a payment or a reimbursement."),
    codes={"category": CATEGORIES, "kind": KINDS, "status": CLAIM.statuses}, query=_claims(), tables=_MONEY,
)  # fmt: skip
CLAIM_STEPS = View(
    "claim_steps", ClaimStepRow, ("claim", "step_id"), mark("Steps of claims"),
    mark("One step of a claim: who took it, when, and why."),
    codes={"from_status": CLAIM.statuses, "to_status": CLAIM.statuses}, query=_claim_steps(),
    tables=("record", "status_change"),
)  # fmt: skip
INVOICE_ROWS = View(
    "invoices", InvoiceRow, ("invoice_id",), mark("Invoices"), mark("One invoice of a vendor."),
    codes={"kind": INVOICES}, query=_invoices(), tables=("invoice",),
)  # fmt: skip
DATASETS = ()
VIEWS = (BUDGET_LINES, CLAIM_LINES, CLAIMS, CLAIM_STEPS, INVOICE_ROWS)
