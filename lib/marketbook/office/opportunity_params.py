"""What is entered of opportunities, and what the company may set for them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import parameters
from marketbook.office.params import Strict, Words

Source = Literal["visit", "inbound", "referral", "event", "website", "social", "shop", "repeat", "partner"]
Reason = Literal[
    "price", "competitor", "product", "delivery", "budget", "postponed", "no_answer", "no_need", "other"
]  # fmt: skip
StepKind = Literal["call", "visit", "task", "recommendation", "event"]
Amount = Annotated[int, Field(gt=0, le=10**14, strict=True)]

FIRST_CONTACT = parameters.declare(
    parameters.Declared(
        name="opportunity.first_contact_days",
        title=mark("Working days until a new prospect is contacted first"),
        kind=Annotated[int, Field(ge=1, le=30)],
        default=2,
        source=mark("clause 2.2.4a; the house's default"),
    )
)
FOLLOW_UP = parameters.declare(
    parameters.Declared(
        name="opportunity.follow_up_days",
        title=mark("Days after which an order without a follow-up is listed"),
        kind=Annotated[int, Field(ge=1, le=365)],
        default=7,
        source=mark("clause 2.2.4c; the house's default"),
    )
)


def order_no(text: str) -> str:
    """Return an order's number as it is kept: in capitals, without spaces.

    Example:
        >>> order_no(" so-2026 001 ")
        'SO-2026001'
    """
    written = "".join(text.split()).upper()
    if not written.isprintable() or not 1 <= len(written) <= 50:
        raise ValueError(_("must have 1 to 50 printable characters"))
    return written


class StepEntry(Strict):
    """What is to be done next, until when; it is the sale's owner's unless it names another."""

    kind: StepKind = "call"
    title: Words = Field(min_length=1, max_length=200)
    due_on: date
    owner_id: int | None = None


class SaleEntry(Strict):
    """What is known of a sale: the amount is an estimate, in fen."""

    product: Words = Field(min_length=1, max_length=200)
    source: Source = "visit"
    needs: Words = Field(default="", max_length=2_000)
    amount_minor: Amount | None = None
    expected_on: date | None = None


class OpportunityEntry(SaleEntry):
    """A new sale; `said` is what the customer said already, where there was a contact."""

    party_id: int
    next_step: StepEntry
    said: Words = Field(default="", max_length=2_000)
    owner_id: int | None = None


class DoneEntry(Strict):
    """What came of a step, and what is next."""

    outcome: Words = Field(min_length=1, max_length=5_000)
    next_step: StepEntry | None = None


class WonEntry(Strict):
    """The order, with its amount in fen, and when it is looked after."""

    order_no: Annotated[str, AfterValidator(order_no)]
    order_minor: Amount
    follow_up: StepEntry | None = None


class LostEntry(Strict):
    """Why a sale was lost."""

    reason: Reason
    text: Words = Field(default="", max_length=1_500)
