"""The tables of claims, their lines, and invoices."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.kit.language import mark
from marketbook.kit.records import Record
from marketbook.kit.store import Base, Minor, Moment
from marketbook.kit.store.money import whole

KINDS = {
    "request": mark("Request"),
    "vendor_payment": mark("Vendor payment"),
    "reimbursement": mark("Reimbursement"),
}
"""The kinds of claims."""

INVOICES = {
    "paper": mark("VAT invoice with a code"),
    "digital": mark("Fully digital invoice"),
    "foreign": mark("Foreign invoice"),
}
"""The kinds of invoices."""

_PAPER = "kind <> 'paper' OR (length(code) IN (10, 12) AND length(number) = 8 AND ltrim(code || number, '{0}') = '')"
_DIGITAL = "kind <> 'digital' OR (code = '' AND length(number) = 20 AND ltrim(number, '{0}') = '')"
_FOREIGN = "kind <> 'foreign' OR code = ''"


def _listed(names: dict[str, str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


class ExpenseClaim(Record):
    """A request, a payment to a vendor, or a reimbursement; its amount is the record's.

    Attributes:
        purpose: What for.
        request_id: The request whose reservation a payment consumes.
        prepaid: The invoice comes after the payment.
        invoice_due_on: By when it is to come.
        paid_on: The day it was paid.
    """

    found_by = ("owner_id", "vendor_id")

    __tablename__ = "expense_claim"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_listed(KINDS)})", name="kind"),
        CheckConstraint("kind <> 'vendor_payment' OR vendor_id IS NOT NULL", name="vendor"),
        CheckConstraint("kind <> 'request' OR request_id IS NULL", name="request"),
        CheckConstraint("NOT prepaid OR kind = 'vendor_payment'", name="prepaid"),
        CheckConstraint("prepaid = (invoice_due_on IS NOT NULL)", name="invoice_due_on"),
        Index("ix_expense_claim_request", "request_id"),
        Index("ix_expense_claim_vendor", "vendor_id"),
        Index("ix_expense_claim_kind", "kind", "id"),
    )
    __mapper_args__ = {"polymorphic_identity": "expense_claim"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(Text)
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("expense_claim.id"))
    prepaid: Mapped[bool] = mapped_column(default=False)
    invoice_due_on: Mapped[date | None]
    paid_on: Mapped[date | None]


class Invoice(Base):
    """An invoice, of which there is one in the whole company.

    Attributes:
        numbered_by: The vendor whose own numbers a foreign invoice has; 0 for the tax office's, which are unique.
        code: Of a VAT invoice of the old form; empty for the others.
        number: 8 digits beside a code, 20 of a fully digital invoice, anything abroad.
        total: In minor units of its currency; below 0 for a red-letter invoice.
        red_of_id: The invoice that a red-letter one takes back, in whole or in part.
        attachment_id: Its file.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_listed(INVOICES)})", name="kind"),
        CheckConstraint("numbered_by = CASE WHEN kind = 'foreign' THEN vendor_id ELSE 0 END", name="numbered_by"),
        CheckConstraint(_PAPER.format("0123456789"), name="paper"),
        CheckConstraint(_DIGITAL.format("0123456789"), name="digital"),
        CheckConstraint(f"number <> '' AND ({_FOREIGN})", name="number"),
        CheckConstraint(f"total <> 0 AND (total < 0) = (red_of_id IS NOT NULL) AND {whole('total')}", name="total"),
        CheckConstraint("length(currency) = 3", name="currency"),
        Index("uq_invoice_numbered_by_code_number", "numbered_by", "code", "number", unique=True),
        Index("ix_invoice_red_of", "red_of_id"),
        Index("ix_invoice_vendor", "vendor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    numbered_by: Mapped[int]
    code: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(50))
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(Minor)
    issued_on: Mapped[date]
    red_of_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    entered_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def called(self) -> str:
        """What people call it."""
        return f"{self.code} {self.number}".strip()


class ExpenseLine(Base):
    """What a claim takes from one budget line, for one invoice or part of it.

    Attributes:
        amount: In fen of the base currency.
        currency, foreign_amount, rate_ppm: Of what was paid abroad: in its minor units, and how many parts per million
            of the base currency one of its units costs; all three or none.
    """

    __tablename__ = "expense_line"
    __table_args__ = (
        CheckConstraint("description <> ''", name="description"),
        CheckConstraint(f"amount > 0 AND {whole('amount')}", name="amount"),
        CheckConstraint(f"foreign_amount > 0 AND {whole('foreign_amount')}", name="foreign_amount"),
        CheckConstraint("rate_ppm > 0", name="rate_ppm"),
        CheckConstraint(
            "(currency IS NULL) = (foreign_amount IS NULL) AND (rate_ppm IS NULL) = (foreign_amount IS NULL)",
            name="foreign",
        ),
        Index("ix_expense_line_claim", "claim_id", "id"),
        Index("ix_expense_line_budget_line", "budget_line_id", "claim_id"),
        Index("ix_expense_line_invoice", "invoice_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("expense_claim.id"))
    budget_line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    description: Mapped[str] = mapped_column(String(200))
    amount: Mapped[int] = mapped_column(Minor)
    currency: Mapped[str | None] = mapped_column(String(3))
    foreign_amount: Mapped[int | None] = mapped_column(Minor)
    rate_ppm: Mapped[int | None] = mapped_column(Minor)
