"""What is entered of claims and invoices."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Abroad(_Strict):
    """What was paid in another currency: its amount in minor units, and what one of its units costs here."""

    currency: Currency
    amount: int = Field(gt=0, strict=True)
    rate: Decimal = Field(gt=0, max_digits=12, decimal_places=6)


class LineEntry(_Strict):
    """A line of a claim: an amount in fen, or what was paid abroad."""

    budget_line_id: int
    description: Words = Field(min_length=1, max_length=200)
    amount: int | None = Field(default=None, gt=0, strict=True)
    abroad: Abroad | None = None
    invoice_id: int | None = None


class ClaimEntry(_Strict):
    """A claim."""

    kind: Literal["request", "vendor_payment", "reimbursement"]
    title: Words = Field(min_length=1, max_length=200)
    purpose: Words = Field(default="", max_length=2_000)
    lines: list[LineEntry] = Field(default_factory=list, max_length=500)
    vendor_id: int | None = None
    request_id: int | None = None
    invoice_due_on: date | None = None


class InvoiceEntry(_Strict):
    """An invoice; a red-letter one names the invoice that it takes back, and has a total below 0."""

    kind: Literal["paper", "digital", "foreign"]
    vendor_id: int
    code: Words = ""
    number: Words = Field(min_length=1, max_length=50)
    currency: Currency = "CNY"
    total: int = Field(strict=True)
    issued_on: date
    red_of_id: int | None = None
    attachment_id: int | None = None
