"""What is entered of complaints, and what the company may set for them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from marketbook.customer.complaint.tables import SEVERITIES
from marketbook.kit.config import settings
from marketbook.kit.language import mark
from marketbook.kit.records import parameters

Words = Annotated[str, StringConstraints(strip_whitespace=True)]
Source = Literal["phone", "message", "email", "platform", "social", "visit"]
Severity = Literal["critical", "high", "normal", "low"]
Department = Literal["service", "sales", "marketing", "product", "logistics", "finance", "technology"]
Cause = Literal[
    "product.defect", "product.unlike", "product.missing", "delivery.late", "delivery.damaged", "delivery.wrong",
    "service.slow", "service.wrong", "service.manner", "price.difference", "price.promotion", "price.refund",
    "advertising.misleading", "system.payment", "system.account", "customer.use", "unfounded",
]  # fmt: skip

_Minutes = Annotated[list[Annotated[int, Field(gt=0, le=100_000)]], Field(min_length=4, max_length=4)]
_Percent = Annotated[list[Annotated[int, Field(gt=0, le=1_000)]], Field(min_length=3, max_length=3)]

RESPOND = parameters.declare(
    parameters.Declared(
        name="complaint.respond_minutes",
        title=mark("Working minutes until a complaint is answered: critical, high, normal, low"),
        kind=_Minutes,
        default=[30, 120, 240, 480],
        source=mark("clause 8.3.1: in time; the house's default"),
    )
)
RESOLVE = parameters.declare(
    parameters.Declared(
        name="complaint.resolve_minutes",
        title=mark("Working minutes until a complaint is solved: critical, high, normal, low"),
        kind=_Minutes,
        default=[240, 480, 1_440, 2_880],
        source=mark("clause 8.3.1: in time; the house's default"),
    )
)
WARN_AT = parameters.declare(
    parameters.Declared(
        name="complaint.warn_at_percent",
        title=mark("After how much of the time who answers, the manager and the director are warned, in percent"),
        kind=_Percent,
        default=[80, 100, 150],
        source=mark("clause 8.3.2; the house's default"),
    )
)
REOPEN_DAYS = parameters.declare(
    parameters.Declared(
        name="complaint.reopen_days",
        title=mark("For how many days a complaint can be opened again"),
        kind=Annotated[int, Field(ge=0, le=365)],
        default=7,
        source=mark("the house's default"),
    )
)
CAUSE_DAYS = parameters.declare(
    parameters.Declared(
        name="complaint.cause_days",
        title=mark("Over how many days complaints with the same cause are counted"),
        kind=Annotated[int, Field(ge=1, le=365)],
        default=30,
        source=mark("the house's default"),
    )
)
CAUSE_COUNT = parameters.declare(
    parameters.Declared(
        name="complaint.cause_count",
        title=mark("From how many complaints with the same cause on a corrective action is asked for"),
        kind=Annotated[int, Field(ge=2, le=10_000)],
        default=5,
        source=mark("clause 8.3.3: so that it does not happen again; the house's default"),
    )
)
FEEDBACK_DAYS = parameters.declare(
    parameters.Declared(
        name="complaint.feedback_days",
        title=mark("Within how many working days what customers say is passed on to the department it concerns"),
        kind=Annotated[int, Field(ge=1, le=60)],
        default=3,
        source=mark("clause 2.2.5c: in time; the house's default"),
    )
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ComplaintEntry(_Strict):
    """A complaint as it comes in; it came just now where no other moment is named."""

    party_id: int
    content: Words = Field(min_length=10, max_length=4_000)
    source: Source = "phone"
    severity: Severity = "normal"
    department: Department = "service"
    received_at: AwareDatetime | None = None


class ResolutionEntry(_Strict):
    """How a complaint was solved, and why it came to it."""

    resolution: Words = Field(min_length=1, max_length=4_000)
    cause: Cause | None = None
    cause_text: Words = Field(default="", max_length=2_000)


class ClosingEntry(_Strict):
    """What is known at the end; what it does not name stays as it was."""

    cause: Cause | None = None
    cause_text: Words = Field(default="", max_length=2_000)
    satisfaction: int | None = Field(default=None, ge=1, le=5, strict=True)


def minutes(session: Session, *, severity: str, received_at: datetime) -> tuple[int, int]:
    """Return within how many working minutes a complaint is answered and solved, by what held when it came."""
    place, day = list(SEVERITIES).index(severity), received_at.astimezone(settings().zone).date()
    respond, resolve = (parameters.value(session, one.name, on=day)[place] for one in (RESPOND, RESOLVE))
    return respond, max(respond, resolve)
