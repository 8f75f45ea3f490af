"""The tables of what hangs on a record: whom it waits for, files, comments and notices; and the company's rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.kit.records.record import Record
from marketbook.kit.store import Base, Moment

ONCE = ("record_id", "recipient_id", "kind", "for_day")
"""What no two notices have in common."""

NOTICES = (
    "waiting", "decided", "returned", "mentioned", "assigned",
    "respond_soon", "respond_late", "respond_very_late", "resolve_soon", "resolve_late", "resolve_very_late",
    "price_drop",
)  # fmt: skip
"""The kinds of notices: of decisions, of what was passed on, of what is owed to a customer, and of competitors."""

CLOCK = "{0} LIKE '__:__' AND {0} >= '00:00' AND {0} <= '24:00'"


class Waiting(Base):
    """That a record waits for someone's decision, or for its owner to correct it. Kept by `waiting`; not a source."""

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_party", "party_id", "role", "since", "record_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)


class Attachment(Base):
    """A file at a record; its content is kept once, in a folder, under its hash."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("name <> '' AND kind <> ''", name="named"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("bytes > 0", name="bytes"),
        CheckConstraint("(removed_by_id IS NULL) = (removed_at IS NULL)", name="removed"),
        Index("ix_attachment_record", "record_id", "id"),
        Index("ix_attachment_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int]
    attached_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    attached_at: Mapped[datetime] = mapped_column(Moment)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class Comment(Base):
    """What someone said about a record."""

    __tablename__ = "comment"
    __table_args__ = (CheckConstraint("text <> ''", name="text"), Index("ix_comment_record", "record_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class CommentMention(Base):
    """Whom a comment mentions."""

    __tablename__ = "comment_mention"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)


class Notification(Base):
    """Something that a person is to be told; at most once of a kind, a record and a day."""

    __tablename__ = "notification"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in NOTICES)})", name="kind"),
        Index("uq_notification_record_id_recipient_id_kind_for_day", *ONCE, unique=True),
        Index("ix_notification_recipient", "recipient_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    kind: Mapped[str] = mapped_column(String(20))
    for_day: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)


class RuleChange(Record):
    """A change of a rule, which one person proposes and another approves.

    Attributes:
        rule: Which kind of row it writes.
        key: Of the row: a parameter's name; a state's or transition's primary key; where a threshold stands.
        value: The rest of the row; a threshold's new amount.
        valid_from: A parameter's first day.
        source: Why, or where it is written.
    """

    __tablename__ = "rule_change"
    __table_args__ = (
        CheckConstraint("rule IN ('parameter', 'state', 'transition', 'threshold')", name="rule"),
        CheckConstraint("(rule = 'parameter') = (valid_from IS NOT NULL)", name="valid_from"),
    )
    __mapper_args__ = {"polymorphic_identity": "rule_change"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(20))
    key: Mapped[dict[str, Any]] = mapped_column(JSON)
    value: Mapped[Any] = mapped_column(JSON)
    valid_from: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)


class Parameter(Base):
    """What a parameter is from a day on."""

    __tablename__ = "parameter"
    __table_args__ = (Index("uq_parameter_change_id", "change_id", unique=True),)

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(Text)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))


class CalendarYear(Base):
    """A year whose working days are written down; provisional where they only follow the weekday rule."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provisional: Mapped[bool]
    loaded_at: Mapped[datetime] = mapped_column(Moment)


class CalendarInterval(Base):
    """A stretch of working time; a working day has two, with lunch between them, and a day off has none."""

    __tablename__ = "calendar"
    __table_args__ = (
        CheckConstraint(CLOCK.format("opens"), name="opens"),
        CheckConstraint(CLOCK.format("closes"), name="closes"),
        CheckConstraint("closes > opens", name="order"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    opens: Mapped[str] = mapped_column(String(5), primary_key=True)
    closes: Mapped[str] = mapped_column(String(5))


class ExternalId(Base):
    """By what another system (CRM, ERP, an ad platform) knows a record or a party of ours."""

    __tablename__ = "external_id"
    __table_args__ = (
        CheckConstraint("system <> '' AND id <> ''", name="named"),
        CheckConstraint("(record_id IS NULL) <> (party_id IS NULL)", name="of_one"),
        Index("ix_external_id_record", "record_id"),
        Index("ix_external_id_party", "party_id"),
    )

    system: Mapped[str] = mapped_column(String(30), primary_key=True)
    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    linked_at: Mapped[datetime] = mapped_column(Moment)


class DailyTask(Base):
    """The last day on which something was done that is done once a day."""

    __tablename__ = "daily_task"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    day: Mapped[date]
