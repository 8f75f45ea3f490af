"""The views of follow-ups, care and recommendations that reports stand on: customers by number, and no contact data."""

from datetime import date, datetime
from typing import Any

from pydantic import Field
from sqlalchemy import Select, select

from marketbook.customer.card import PURPOSES, Customer
from marketbook.customer.care.tables import OCCASIONS, RESPONSES, CareOccasion, ContactClock, Recommendation
from marketbook.customer.grade import GRADES
from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record
from marketbook.office.activity import ACTIVITY

_owner = Party.__table__.alias("owner")


class ContactClockRow(Row):
    """When one customer is due to be contacted."""

    customer_id: int = Field(title=mark("Customer number"))
    grade: str | None = Field(title=mark("Class"))
    owner: str = Field(title=mark("Owner"))
    last_on: date = Field(title=mark("Last contact on"))
    days: int = Field(title=mark("Days of the class"))
    due_on: date = Field(title=mark("Due on"))
    activity_id: int | None = Field(title=mark("Follow-up on a list"))


class CareOccasionRow(Row):
    """One greeting or return visit."""

    care_id: int = Field(title=mark("Care number"))
    customer_id: int = Field(title=mark("Customer number"))
    occasion: str = Field(title=mark("Occasion"))
    purpose: str = Field(title=mark("Used for"))
    falls_on: date = Field(title=mark("Day"))
    made_at: datetime = Field(title=mark("Put on the list at"))
    status: str = Field(title=mark("Status"))
    sent_at: datetime | None = Field(title=mark("Sent at"))
    sent_by_id: int | None = Field(title=mark("Who sent it, by number"))


class RecommendationRow(Row):
    """What one customer was to be recommended in a week."""

    recommendation_id: int = Field(title=mark("Recommendation number"))
    customer_id: int = Field(title=mark("Customer number"))
    wave: str = Field(title=mark("Week"))
    made_on: date = Field(title=mark("Made on"))
    category: str = Field(title=mark("Recommended category"))
    because: str = Field(title=mark("Because of"))
    held_out: bool = Field(title=mark("Held out"))
    response: str | None = Field(title=mark("Response"))


def _clocks() -> Select[Any]:
    clock, customer, party = ContactClock.__table__.c, Customer.__table__.c, Party.__table__.c
    return (
        select(
            clock.customer_id, customer.grade, _owner.c.name.label("owner"), clock.last_on, clock.days, clock.due_on,
            clock.activity_id,
        )
        .join(Customer.__table__, customer.id == clock.customer_id)
        .join(Party.__table__, party.id == customer.id)
        .join(_owner, _owner.c.id == customer.owner_id)
        .where(party.merged_into_id.is_(None))
    )  # fmt: skip


def _care() -> Select[Any]:
    care, record = CareOccasion.__table__.c, Record.__table__.c
    return select(
        care.id.label("care_id"), care.customer_id, care.occasion, care.purpose, care.falls_on,
        record.entered_at.label("made_at"), record.status, care.sent_at, care.sent_by_id,
    ).join(Record.__table__, record.id == care.activity_id)  # fmt: skip


def _recommendations() -> Select[Any]:
    one = Recommendation.__table__.c
    return select(
        one.id.label("recommendation_id"), one.customer_id, one.wave, one.made_on, one.category, one.because,
        one.held_out, one.response,
    )  # fmt: skip


CONTACT_CLOCKS = View(
    "contact_clocks", ContactClockRow, ("customer_id",), mark("Contacts that are due"),
    mark("One customer, by number: the last contact, and when the next is due."), codes={"grade": GRADES},
    query=_clocks(), tables=("contact_clock", "customer", "party", "customer_merge"),
)  # fmt: skip
CARE_OCCASIONS = View(
    "care_occasions", CareOccasionRow, ("care_id",), mark("Greetings and return visits"),
    mark("One greeting or return visit: for what, when, and whether it was sent."),
    codes={"occasion": OCCASIONS, "purpose": PURPOSES, "status": ACTIVITY.statuses}, query=_care(),
    tables=("care_occasion", "record"),
)  # fmt: skip
RECOMMENDATIONS = View(
    "recommendations", RecommendationRow, ("recommendation_id",), mark("Recommendations to customers"),
    mark("What one customer was to be recommended in a week, or was held out from."), codes={"response": RESPONSES},
    query=_recommendations(), tables=("recommendation",),
)  # fmt: skip
VIEWS = (CONTACT_CLOCKS, CARE_OCCASIONS, RECOMMENDATIONS)
