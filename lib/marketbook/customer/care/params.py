"""What the company may set for follow-ups and care, each from a day on."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy.orm import Session

from marketbook.customer.grade import GRADES
from marketbook.kit.language import mark
from marketbook.kit.records import parameters

_Days = Annotated[int, Field(ge=1, le=1_000)]
_Festival = Literal["new_year", "spring", "lantern", "dragon_boat", "mid_autumn", "double_ninth", "national"]

INTERVALS = parameters.declare(
    parameters.Declared(
        name="customer.contact_days",
        title=mark("Within how many days a customer is contacted again: class A, B, C and all others"),
        kind=Annotated[list[_Days], Field(min_length=3, max_length=3)],
        default=[30, 90, 180],
        source=mark("clause 8.2.1: regularly; the house's default"),
    )
)
A_DAY = parameters.declare(
    parameters.Declared(
        name="customer.contacts_a_day",
        title=mark("How many contacts that are due are on one employee's list at most"),
        kind=Annotated[int, Field(ge=1, le=500)],
        default=20,
        source=mark("the house's default: a list that can be worked off in a day"),
    )
)
AHEAD = parameters.declare(
    parameters.Declared(
        name="customer.care_days_ahead",
        title=mark("How many days ahead greetings are put on the list"),
        kind=Annotated[int, Field(ge=0, le=60)],
        default=7,
        source=mark("clause 8.2.3; the house's default"),
    )
)
FESTIVALS = parameters.declare(
    parameters.Declared(
        name="customer.care_festivals",
        title=mark("Festivals for which customers are greeted"),
        kind=Annotated[list[_Festival], Field(max_length=8)],
        default=["spring", "dragon_boat", "mid_autumn"],
        source=mark("clause 8.2.3; the house's default"),
    )
)
GREETED = parameters.declare(
    parameters.Declared(
        name="customer.care_classes",
        title=mark("Classes of customers who are greeted in person at festivals"),
        kind=Annotated[list[Literal["A", "B", "C"]], Field(max_length=3)],
        default=["A", "B"],
        source=mark("clause 8.2.3; the house's default"),
    )
)
RETURN_AFTER = parameters.declare(
    parameters.Declared(
        name="customer.return_visit_days",
        title=mark("How many days after a complaint was closed the customer is asked how it went"),
        kind=Annotated[int, Field(ge=0, le=60)],
        default=7,
        source=mark("clause 8.2.3; the house's default"),
    )
)

A_WEEK = parameters.declare(
    parameters.Declared(
        name="customer.recommendations_a_week",
        title=mark("How many recommendations are on one employee's list in a week at most"),
        kind=Annotated[int, Field(ge=0, le=200)],
        default=10,
        source=mark("clause 8.2.2; the house's default"),
    )
)
HELD_OUT = parameters.declare(
    parameters.Declared(
        name="customer.held_out_percent",
        title=mark("How many of those who could be recommended something are held out for comparison, in percent"),
        kind=Annotated[int, Field(ge=0, le=90)],
        default=20,
        source=mark("clause 8.2.2; the house's default"),
    )
)


def days(session: Session, grade: str | None, *, on: date) -> int:
    """Return within how many days a customer of a class is contacted again; who has none is as class C."""
    found: list[int] = parameters.value(session, INTERVALS.name, on=on)
    return found[list(GRADES).index(grade or "C")]
