"""The tables of follow-ups and care: when a customer is due, what is celebrated, and who was shown a number."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.customer.care.days import FESTIVALS
from marketbook.kit.language import mark
from marketbook.kit.store import Base, Moment

CONTACTS = ("call", "visit")
"""The kinds of activities by which a customer is contacted regularly."""

OCCASIONS = {"birthday": mark("Birthday"), "return_visit": mark("Return visit"), **FESTIVALS}
"""What a customer is greeted for, or asked after."""

RESPONSES = {
    "accepted": mark("wants it"),
    "thinking": mark("thinks about it"),
    "declined": mark("does not want it"),
}
"""What a customer says of a recommendation."""

CUSTOMER = "customer"
"""As what a customer takes part in an activity."""


class ContactClock(Base):
    """When a customer is due to be contacted again; one row for each, so that nobody is on two lists.

    Attributes:
        last_on: The day of the last contact, or of the first acquaintance.
        days: Within how many days after it the customer is due, by class.
        activity_id: The follow-up that is on somebody's list; None before it is put there.
    """

    __tablename__ = "contact_clock"
    __table_args__ = (
        CheckConstraint("days >= 1", name="days"),
        CheckConstraint("due_on >= last_on", name="due_on"),
        Index("ix_contact_clock_due", "due_on", "customer_id"),
        Index("uq_contact_clock_activity_id", "activity_id", unique=True),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    last_on: Mapped[date]
    days: Mapped[int]
    due_on: Mapped[date]
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))


class CareOccasion(Base):
    """That a customer is greeted for an occasion: once in a year, or once for what a return visit is about.

    Attributes:
        occasion: Of `OCCASIONS`.
        period: The year of the occasion's own calendar, or the number of the complaint that is asked after.
        purpose: The consent that it needs, when it is made and again when it is sent.
        falls_on: The day itself.
        sent_at: When it was sent or said; None before.
    """

    __tablename__ = "care_occasion"
    __table_args__ = (
        CheckConstraint(f"occasion IN ({', '.join(repr(one) for one in OCCASIONS)})", name="occasion"),
        CheckConstraint("purpose IN ('care', 'survey')", name="purpose"),
        CheckConstraint("(sent_by_id IS NULL) = (sent_at IS NULL)", name="sent"),
        Index("uq_care_occasion_customer_id_occasion_period", "customer_id", "occasion", "period", unique=True),
        Index("uq_care_occasion_activity_id", "activity_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    occasion: Mapped[str] = mapped_column(String(20))
    period: Mapped[str] = mapped_column(String(30))
    purpose: Mapped[str] = mapped_column(String(20))
    falls_on: Mapped[date]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class ContactReveal(Base):
    """That somebody was shown how a customer is reached, and for which activity."""

    __tablename__ = "contact_reveal"
    __table_args__ = (Index("ix_contact_reveal_customer", "customer_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Recommendation(Base):
    """What a customer was to be recommended in a week, and why; some are held out, so that the effect can be told.

    Attributes:
        wave: The week, as 2026-W26.
        category: What is recommended.
        because: What the customer bought, of which that follows.
        buyers: How many customers bought that.
        share_bp, base_bp: How many of them, and how many of all customers, bought what is recommended.
        held_out: Nothing is recommended: the customer is one of those with whom the others are compared.
        response: What the customer said; of `RESPONSES`.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        CheckConstraint("category <> '' AND because <> ''", name="named"),
        CheckConstraint("buyers >= 1", name="buyers"),
        CheckConstraint("share_bp BETWEEN 0 AND 10000 AND base_bp BETWEEN 0 AND 10000", name="shares"),
        CheckConstraint("held_out = (activity_id IS NULL)", name="held_out"),
        CheckConstraint(f"response IN ({', '.join(repr(one) for one in RESPONSES)})", name="response"),
        CheckConstraint("(response IS NULL) = (answered_on IS NULL)", name="answered"),
        Index("uq_recommendation_customer_id_wave", "customer_id", "wave", unique=True),
        Index("uq_recommendation_activity_id", "activity_id", unique=True),
        Index("ix_recommendation_wave", "wave", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    wave: Mapped[str] = mapped_column(String(8))
    made_on: Mapped[date]
    category: Mapped[str] = mapped_column(String(100))
    because: Mapped[str] = mapped_column(String(100))
    buyers: Mapped[int]
    share_bp: Mapped[int]
    base_bp: Mapped[int]
    held_out: Mapped[bool]
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    response: Mapped[str | None] = mapped_column(String(10))
    answered_on: Mapped[date | None]
