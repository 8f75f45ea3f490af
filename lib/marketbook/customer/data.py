"""The views of customers that reports stand on: no name, no number, no address, no birthday is in them."""

from datetime import date, datetime
from typing import Any

from pydantic import Field
from sqlalchemy import Select, exists, select

from marketbook.customer.card import METHODS, PURPOSES, STATUSES, Consent, ContactPoint, Customer
from marketbook.customer.care import data as care
from marketbook.customer.complaint import data as complaints
from marketbook.customer.grade import GRADES
from marketbook.customer.sales import data as sales
from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.records import Party

_owner = Party.__table__.alias("owner")


class CustomerCardRow(Row):
    """One customer's card, by its number; cards that are merged into others are left out."""

    customer_id: int = Field(title=mark("Customer number"))
    company: bool = Field(title=mark("A company"))
    status: str = Field(title=mark("Status"))
    owner: str = Field(title=mark("Owner"))
    grade: str | None = Field(title=mark("Class"))
    segment: str | None = Field(title=mark("Segment"))
    value_minor: int | None = Field(title=mark("Bought in 12 months"))
    met_on: date = Field(title=mark("First contact on"))
    entered_at: datetime = Field(title=mark("Entered at"))
    checked_on: date | None = Field(title=mark("Last checked"))
    has_contact: bool = Field(title=mark("Can be reached"))
    has_needs: bool = Field(title=mark("Needs are known"))
    has_preferences: bool = Field(title=mark("Preferences are known"))
    has_birthday: bool = Field(title=mark("Birthday is known"))


class ConsentRow(Row):
    """One thing that a customer said about a use of the data."""

    consent_id: int = Field(title=mark("Consent number"))
    customer_id: int = Field(title=mark("Customer number"))
    purpose: str = Field(title=mark("Used for"))
    given: bool = Field(title=mark("Allowed"))
    method: str = Field(title=mark("How it was said"))
    said_on: date = Field(title=mark("Said on"))
    recorded_at: datetime = Field(title=mark("Noted at"))


def _customers() -> Select[Any]:
    customer, party = Customer.__table__.c, Party.__table__.c
    points = ContactPoint.__table__.c
    reached = exists().where(points.customer_id == customer.id, points.removed_at.is_(None))
    return (
        select(
            customer.id.label("customer_id"), customer.company, party.status, _owner.c.name.label("owner"),
            customer.grade, party.segment, customer.value_minor, customer.met_on, customer.entered_at,
            party.checked_on, reached.label("has_contact"), (customer.needs != "").label("has_needs"),
            (customer.preferences != "").label("has_preferences"), party.birthday.is_not(None).label("has_birthday"),
        )
        .join(Party.__table__, party.id == customer.id)
        .join(_owner, _owner.c.id == customer.owner_id)
        .where(party.merged_into_id.is_(None))
    )  # fmt: skip


def _consents() -> Select[Any]:
    one = Consent.__table__.c
    return select(
        one.id.label("consent_id"), one.customer_id, one.purpose, one.given, one.method, one.said_on, one.recorded_at
    )


CUSTOMER_CARDS = View(
    "customer_cards", CustomerCardRow, ("customer_id",), mark("Customers"),
    mark("One customer, by number: class, value, and which data are there; never what they are."),
    codes={"status": STATUSES, "grade": GRADES}, query=_customers(),
    tables=("customer", "party", "contact_point", "customer_merge"),
)  # fmt: skip
CONSENTS = View(
    "consents", ConsentRow, ("consent_id",), mark("Consents"),
    mark("One thing that a customer said about a use of the data."), codes={"purpose": PURPOSES, "method": METHODS},
    query=_consents(), tables=("consent",),
)  # fmt: skip
DATASETS = ()
VIEWS = (CUSTOMER_CARDS, CONSENTS, *care.VIEWS, *complaints.VIEWS, *sales.VIEWS)
