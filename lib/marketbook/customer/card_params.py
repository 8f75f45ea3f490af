"""What the company may set for customers' cards, each from a day on."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field
from sqlalchemy.orm import Session

from marketbook.customer import quality
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import parameters

_Share = Annotated[int, Field(ge=0, le=10_000)]


def _rising(found: list[int]) -> list[int]:
    if found != sorted(found):
        raise ValueError(_("the first must not be above the second"))
    return found


STALE = parameters.declare(
    parameters.Declared(
        name="customer.stale_days",
        title=mark("After how many days a customer's data are to be looked at again"),
        kind=Annotated[int, Field(ge=1, le=3_650)],
        default=quality.STALE_DAYS,
        source=mark("clause 8.1.3: regularly; the house's default"),
    )
)
CLASSES = parameters.declare(
    parameters.Declared(
        name="customer.class_limits_bp",
        title=mark("Up to which share of all purchases customers are in class A, and in class A or B, in 1/10,000"),
        kind=Annotated[list[_Share], Field(min_length=2, max_length=2), AfterValidator(_rising)],
        default=[8_000, 9_500],
        source=mark("clause 8.1.2; the house's default"),
    )
)


def stale_days(session: Session, *, on: date) -> int:
    """Return after how many days a card is to be looked at again, by what holds on a day."""
    found: int = parameters.value(session, STALE.name, on=on)
    return found


def class_limits(session: Session, *, on: date) -> tuple[int, int]:
    """Return the shares up to which customers are in class A, and in class A or B, by what holds on a day."""
    first, second = parameters.value(session, CLASSES.name, on=on)
    return first, second
