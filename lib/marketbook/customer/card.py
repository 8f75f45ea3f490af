"""The tables of a customer's card: the card itself, contact points, consents, merges, and who may be the same."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.customer.contacts import KINDS
from marketbook.customer.grade import GRADES
from marketbook.kit.language import mark
from marketbook.kit.store import Base, Minor, Moment
from marketbook.kit.store.money import whole

STATUSES = {
    "prospect": mark("prospect"),
    "active": mark("active customer"),
    "dormant": mark("dormant"),
    "merged": mark("merged into another"),
}
"""What a customer is to us; `party.status`."""

PURPOSES = {
    "care": mark("Greetings and care"),
    "promotion": mark("Offers and news"),
    "personal": mark("Personal recommendations"),
    "survey": mark("Surveys and return visits"),
}
"""For what a customer's data may be used, each with a consent of its own."""

METHODS = {
    "form": mark("on our form or page"),
    "phone": mark("by telephone"),
    "message": mark("by message"),
    "contract": mark("in a contract"),
    "in_person": mark("in person"),
}
"""How a customer said so."""


def _listed(names: dict[str, str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


class Customer(Base):
    """A customer's card; name, birthday (mm-dd), segment and status are the party's, whose id it shares.

    Attributes:
        company: A company, not a person.
        owner_id: The employee who answers for the card.
        needs, preferences: In words.
        reading: The name's pinyin and initials, by which it is found.
        value_minor: What was bought in the twelve months up to `valued_on`, in fen.
        grade: The class by that value.
        met_on: The day on which the data were got.
        lunar_birthday: The birthday is one of the lunar calendar; empty is no.
        changed: The names of the fields that the last change touched; the log holds them, and not what they hold.
        version: Counts the changes; who changes something says which version was seen.
    """

    __tablename__ = "customer"
    __table_args__ = (
        CheckConstraint(f"grade IN ({_listed(dict(GRADES))})", name="grade"),
        CheckConstraint(f"{whole('value_minor')}", name="value_minor"),
        CheckConstraint("(value_minor IS NULL) = (valued_on IS NULL)", name="valued_on"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_customer_owner", "owner_id", "id"),
        Index("ix_customer_grade", "grade", "id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)
    company: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    needs: Mapped[str] = mapped_column(Text, default="")
    preferences: Mapped[str] = mapped_column(Text, default="")
    reading: Mapped[str] = mapped_column(Text, default="")
    value_minor: Mapped[int | None] = mapped_column(Minor)
    valued_on: Mapped[date | None]
    grade: Mapped[str | None] = mapped_column(String(1))
    met_on: Mapped[date]
    changed: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    lunar_birthday: Mapped[bool | None]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    entered_at: Mapped[datetime] = mapped_column(Moment)


class ContactPoint(Base):
    """How a customer is reached; one customer's alone, unless it is marked as shared.

    Attributes:
        value: In the form of `contacts.normalised`.
        shared: Several customers are reached there: a family, a switchboard.
        removed_at: Since when it is not used any more; it is kept for the story.
    """

    __tablename__ = "contact_point"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_listed(dict(KINDS))})", name="kind"),
        CheckConstraint("value <> ''", name="value"),
        CheckConstraint("(removed_by_id IS NULL) = (removed_at IS NULL)", name="removed"),
        Index(
            "uq_contact_point_kind_value", "kind", "value", unique=True,
            sqlite_where=text("NOT shared AND removed_at IS NULL"),
            postgresql_where=text("NOT shared AND removed_at IS NULL"),
        ),
        Index(
            "uq_contact_point_customer_id_kind_value", "customer_id", "kind", "value", unique=True,
            sqlite_where=text("removed_at IS NULL"), postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_contact_point_value", "value"),
        Index("ix_contact_point_customer", "customer_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(254))
    shared: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    added_at: Mapped[datetime] = mapped_column(Moment)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class Consent(Base):
    """That a customer allowed a purpose, or does not allow it any more; what was said last holds."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint(f"purpose IN ({_listed(PURPOSES)})", name="purpose"),
        CheckConstraint(f"method IN ({_listed(METHODS)})", name="method"),
        Index("ix_consent_customer", "customer_id", "purpose", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    given: Mapped[bool]
    method: Mapped[str] = mapped_column(String(20))
    said_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class CustomerMerge(Base):
    """That two cards are one customer's; what hangs on the merged one stays there and is read with the kept one.

    Attributes:
        former: What the kept card and the merged one held before, by field; put back when it is undone.
        taken: What the kept card holds since then, of those fields.
    """

    __tablename__ = "customer_merge"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="two"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(undone_by_id IS NULL) = (undone_at IS NULL)", name="undone"),
        Index(
            "uq_customer_merge_merged_id", "merged_id", unique=True,
            sqlite_where=text("undone_at IS NULL"), postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_customer_merge_kept", "kept_id"),
        Index("ix_customer_merge_merged", "merged_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    merged_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    reason: Mapped[str] = mapped_column(Text)
    former: Mapped[dict[str, Any]] = mapped_column(JSON)
    taken: Mapped[dict[str, Any]] = mapped_column(JSON)
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    merged_at: Mapped[datetime] = mapped_column(Moment)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class DuplicatePair(Base):
    """Two customers who may be the same one. Kept by `duplicate_list`; not a source."""

    __tablename__ = "duplicate_pair"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    reasons: Mapped[list[str]] = mapped_column(JSON)

    __table_args__ = (
        CheckConstraint("first_id < second_id", name="ordered"),
        Index("uq_duplicate_pair_first_id_second_id", "first_id", "second_id", unique=True),
    )


class DistinctPair(Base):
    """That somebody looked at two customers and found that they are two."""

    __tablename__ = "distinct_pair"
    __table_args__ = (CheckConstraint("first_id < second_id", name="ordered"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    said_at: Mapped[datetime] = mapped_column(Moment)
