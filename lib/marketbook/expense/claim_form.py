"""What the forms of claims ask, and how it becomes a claim and comes back from one."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from marketbook.expense import amounts, finding, rules
from marketbook.expense.amounts import Amount, Currency, Rate
from marketbook.expense.params import Abroad, ClaimEntry, LineEntry, Words
from marketbook.expense.tables import ExpenseClaim, ExpenseLine, Invoice
from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.fields import Hidden, LongText, Reference
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.office import budget_line

CLAIMANTS = ("specialist", "sales", "service", "manager", "director", "executive")
"""The roles that enter claims."""

HAND_IN = "submitted"
"""What the second button of a claim's form puts into `pressed`."""

Title = Annotated[Words, Field(min_length=1, max_length=200, title=mark("Title"))]
Purpose = Annotated[
    LongText, Field(max_length=2_000, title=mark("Purpose"), description=mark("At least 10 characters to hand it in."))
]
Vendor = Annotated[Reference, Field(title=mark("Vendor"), description=mark("One that is missing is added by finance."))]
Request = Annotated[
    Reference | None,
    Field(title=mark("Open request"), description=mark("Its reservation is used, not the budget a second time.")),
]
Line = Annotated[Reference, Field(title=mark("Budget line"), description=mark("Search by month, category or item."))]
About = Annotated[Words, Field(min_length=1, max_length=200, title=mark("What for"))]
Fen = Annotated[int | None, Field(gt=0, title=mark("Amount (yuan)"), description=mark("Or what was paid abroad."))]
Paper = Annotated[Reference | None, Field(title=mark("Invoice"), description=mark("Search by its number or vendor."))]
Money = Annotated[Currency | None, Field(title=mark("Currency"))]
Abroad_ = Annotated[Amount, Field(title=mark("Amount abroad"))]
Costs = Annotated[Rate, Field(title=mark("Rate"), description=mark("What one unit of the currency costs in yuan."))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskedLine(_Strict):
    """A line of a request."""

    budget_line_id: Line
    description: About
    amount_minor: Fen = None
    currency: Money = None
    foreign_amount: Abroad_ = None
    rate: Costs = None


class PaidLine(_Strict):
    """A line of a payment, which has an invoice or waits for one."""

    budget_line_id: Line
    description: About
    amount_minor: Fen = None
    invoice_id: Paper = None
    currency: Money = None
    foreign_amount: Abroad_ = None
    rate: Costs = None


class RequestForm(_Strict):
    """A request: money is asked for before it is promised to anybody."""

    version: Hidden = ""
    pressed: Hidden = ""
    title: Title
    purpose: Purpose = ""
    lines: Annotated[list[AskedLine], Field(max_length=500, title=mark("Lines"))] = []


class PaymentForm(_Strict):
    """A payment to a vendor."""

    version: Hidden = ""
    pressed: Hidden = ""
    title: Title
    vendor_id: Vendor
    invoice_due_on: Annotated[
        date | None,
        Field(
            title=mark("Invoice due on"),
            description=mark("Only where it is paid before the invoice comes; else leave it empty."),
        ),
    ] = None
    request_id: Request = None
    purpose: Purpose = ""
    lines: Annotated[list[PaidLine], Field(max_length=500, title=mark("Lines"))] = []


class ReimbursementForm(_Strict):
    """What somebody paid for the company and gets back."""

    version: Hidden = ""
    pressed: Hidden = ""
    title: Title
    request_id: Request = None
    purpose: Purpose = ""
    lines: Annotated[list[PaidLine], Field(max_length=500, title=mark("Lines"))] = []


ClaimForm = RequestForm | PaymentForm | ReimbursementForm

FORMS: Mapping[str, type[ClaimForm]] = {
    "request": RequestForm,
    "vendor_payment": PaymentForm,
    "reimbursement": ReimbursementForm,
}
"""The form of each kind of claim."""


def entry(kind: str, form: ClaimForm) -> ClaimEntry:
    """Return a form's claim.

    Raises:
        RecordError: What was paid abroad is not said whole.
    """
    about = form.model_dump(include={"title", "purpose", "vendor_id", "invoice_due_on", "request_id"})
    return ClaimEntry.model_validate({"kind": kind, **about, "lines": [_line_entry(one) for one in form.lines]})


def typed(session: Session, claim: ExpenseClaim) -> dict[str, Any]:
    """Return a claim as its form shows it, with the version that is shown."""
    own = rules.lines(session, claim_id=claim.id)
    return {
        "version": str(claim.version), "title": claim.title, "purpose": claim.purpose, "vendor_id": claim.vendor_id,
        "invoice_due_on": claim.invoice_due_on, "request_id": claim.request_id,
        "lines": [_typed_line(session, line) for line in own],
    }  # fmt: skip


def on_request(session: Session, request: ExpenseClaim) -> dict[str, Any]:
    """Return what a payment's form shows that is begun from an open request: what is left of it."""
    left = rules.rest(session, request_id=request.id)
    lines = []
    for line in rules.lines(session, claim_id=request.id):
        amount = min(line.amount, max(0, left[line.budget_line_id]))
        left[line.budget_line_id] -= amount
        if amount:
            called = finding.line_label(session, budget_line.named(session, line.budget_line_id))
            lines.append({"budget_line_id": called, "description": line.description, "amount_minor": amount})
    return {
        "title": request.title, "purpose": request.purpose, "request_id": request.id,
        "vendor_id": request.vendor_id, "lines": lines,
    }  # fmt: skip


def _line_entry(line: AskedLine | PaidLine) -> LineEntry:
    said = {"currency": line.currency, "amount": line.foreign_amount, "rate": line.rate}
    given = [value for value in said.values() if value is not None]
    abroad = None
    if line.currency and line.foreign_amount and line.rate:
        paid = amounts.minor(line.foreign_amount, line.currency)
        abroad = Abroad.model_validate({**said, "amount": _above_zero(line.description, paid)})
    elif given and line.currency != settings().currency:
        raise RecordError(
            _("{line}: what was paid abroad needs its currency, its amount and its rate.").format(line=line.description)
        )
    about = line.model_dump(include={"budget_line_id", "description", "invoice_id"})
    return LineEntry(**about, amount=line.amount_minor, abroad=abroad)


def _above_zero(line: str, amount: int) -> int:
    if amount <= 0:
        raise RecordError(_("{line}: the amount must be above 0.").format(line=line))
    return amount


def _typed_line(session: Session, line: ExpenseLine) -> dict[str, Any]:
    abroad = line.currency is not None and line.foreign_amount is not None and line.rate_ppm is not None
    invoice = session.get(Invoice, line.invoice_id) if line.invoice_id else None
    return {
        "budget_line_id": finding.line_label(session, budget_line.named(session, line.budget_line_id)),
        "description": line.description,
        "amount_minor": None if abroad else line.amount,
        "invoice_id": finding.invoice_label(session, invoice) if invoice else None,
        "currency": line.currency,
        "foreign_amount": amounts.major(line.foreign_amount or 0, line.currency or "CNY") if abroad else None,
        "rate": _rate(line.rate_ppm or 0) if abroad else None,
    }


def _rate(parts: int) -> str:
    whole, rest = divmod(parts, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
