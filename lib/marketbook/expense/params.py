"""What is entered of claims and invoices, and what the reports of money can be asked."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from marketbook.kit.language import mark
from marketbook.kit.params import Confidence, Params

Words = Annotated[str, StringConstraints(strip_whitespace=True)]
MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"
Month = Annotated[str, StringConstraints(pattern=MONTH)]
Pair = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^=]+=[^=]+$")]
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


class ReviewBudget(Params):
    """What `expense/review-budget` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("budget_lines", "claim_lines", "claim_steps")

    month: Month | None = Field(
        default=None,
        title=mark("Month"),
        description=mark(
            "Up to which month, like 2026-06; empty: the last that is over for which something was spent."
        ),
    )
    plan: str = Field(
        default="",
        title=mark("Plan"),
        description=mark("The number of one plan; empty: all plans in force of the year."),
    )
    confidence: Confidence = 0.9


class AuditMonth(Params):
    """What `expense/audit-month` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("claims", "audit_log")

    month: Month | None = Field(
        default=None,
        title=mark("Month"),
        description=mark("Which month, like 2026-06; empty: the last that is over in which something was paid."),
    )
    seed: int = Field(default=1, ge=0, title=mark("Seed"), description=mark("The same seed gives the same numbers."))


class ReconcileMonth(Params):
    """What `expense/reconcile-month` can be asked."""

    needs: ClassVar[tuple[str, ...]] = ("ad_days",)
    views: ClassVar[tuple[str, ...]] = ("claim_lines", "invoices")

    month: Month | None = Field(
        default=None,
        title=mark("Month"),
        description=mark("Which month, like 2026-06; empty: the last that is over in which a platform reports."),
    )
    vendors: list[Pair] = Field(
        default=[],
        title=mark("Who bills for a platform"),
        description=mark(
            "Platform=vendor; others: the vendor who is paid from the budget item of the platform's name."
        ),
    )
