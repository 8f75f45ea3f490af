"""The tables of complaints: what is complained of, the hands of its clock, and the warnings that were given."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.kit.language import mark
from marketbook.kit.records import Record
from marketbook.kit.store import Base, Moment

SOURCES = {
    "phone": mark("Phone"),
    "message": mark("Online message"),
    "email": mark("E-mail"),
    "platform": mark("Shop platform"),
    "social": mark("Social media"),
    "visit": mark("In person"),
}
"""How complaints come."""

SEVERITIES = {
    "critical": mark("Critical"),
    "high": mark("High"),
    "normal": mark("Normal"),
    "low": mark("Low"),
}
"""How bad it is, the worst first."""

SEVERE = ("critical", "high")
"""What is not closed without a corrective action."""

DEPARTMENTS = {
    "service": mark("Customer service"),
    "sales": mark("Sales"),
    "marketing": mark("Marketing"),
    "product": mark("Product"),
    "logistics": mark("Logistics"),
    "finance": mark("Finance"),
    "technology": mark("Technology"),
}
"""Who has to do with it."""

CAUSES = {
    "product.defect": mark("Product: defect"),
    "product.unlike": mark("Product: not as described"),
    "product.missing": mark("Product: something missing"),
    "delivery.late": mark("Delivery: late"),
    "delivery.damaged": mark("Delivery: damaged"),
    "delivery.wrong": mark("Delivery: wrong goods or address"),
    "service.slow": mark("Service: slow answer"),
    "service.wrong": mark("Service: wrong information"),
    "service.manner": mark("Service: manner"),
    "price.difference": mark("Price: difference"),
    "price.promotion": mark("Price: rules of a promotion"),
    "price.refund": mark("Price: refund"),
    "advertising.misleading": mark("Advertising: misleading"),
    "system.payment": mark("System: payment"),
    "system.account": mark("System: account or data"),
    "customer.use": mark("Customer: wrong use"),
    "unfounded": mark("Unfounded"),
}
"""The causes, by group."""


def listed(names: dict[str, str]) -> str:
    """Write names as a list in SQL."""
    return ", ".join(f"'{name}'" for name in names)


class Complaint(Record):
    """What a customer complains of; its owner took it in and answers for it to the end.

    Attributes:
        party_id: The customer.
        received_at: When it came; the clock starts then.
        department: Which one has to do with it.
        handler_id: Who works on it now; nobody before it is taken.
        respond_by, resolve_by: Written at intake: until when it is to be answered and solved.
        provisional: They were counted over days that are not announced yet, and are counted again.
        responded_at, resolved_at: When it was; none before, nor after it was opened again.
        resolution: How it was solved.
        cause, cause_text: Why it came to it, coded and in words.
        satisfaction: What the customer says of it in the end, from 1 to 5.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint(f"source IN ({listed(SOURCES)})", name="source"),
        CheckConstraint(f"severity IN ({listed(SEVERITIES)})", name="severity"),
        CheckConstraint(f"department IN ({listed(DEPARTMENTS)})", name="department"),
        CheckConstraint(f"cause IN ({listed(CAUSES)})", name="cause"),
        CheckConstraint("length(trim(content)) >= 10", name="content"),
        CheckConstraint("received_at <= respond_by AND respond_by <= resolve_by", name="due"),
        CheckConstraint("responded_at >= received_at", name="responded_at"),
        CheckConstraint(
            "resolved_at IS NULL OR resolved_at >= coalesce(responded_at, received_at)", name="resolved_at"
        ),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
        Index("ix_complaint_party", "party_id", "id"),
        Index("ix_complaint_cause", "cause", "received_at"),
        Index("ix_complaint_received", "received_at"),
        Index("ix_complaint_handler", "handler_id", "id"),
        Index("ix_complaint_provisional", "provisional", "id"),
    )
    __mapper_args__ = {"polymorphic_identity": "complaint"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    source: Mapped[str] = mapped_column(String(20))
    severity: Mapped[str] = mapped_column(String(10))
    content: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Moment)
    department: Mapped[str] = mapped_column(String(20))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    respond_by: Mapped[datetime] = mapped_column(Moment)
    resolve_by: Mapped[datetime] = mapped_column(Moment)
    provisional: Mapped[bool]
    responded_at: Mapped[datetime | None] = mapped_column(Moment)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    resolution: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str | None] = mapped_column(String(30))
    cause_text: Mapped[str] = mapped_column(Text, default="")
    satisfaction: Mapped[int | None]


class ComplaintClock(Base):
    """The hands of a clock that runs; kept by `ticker` with every step, and not a source. No row where it stands.

    Attributes:
        due_at: What is owed next is due then: the answer, and once it is given the solution.
        warn_at: When the next warning is given; none where all were.
    """

    __tablename__ = "complaint_clock"
    __table_args__ = (
        Index("ix_complaint_clock_due", "due_at", "complaint_id"),
        Index("ix_complaint_clock_warn", "warn_at"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True, autoincrement=False)
    due_at: Mapped[datetime] = mapped_column(Moment)
    warn_at: Mapped[datetime | None] = mapped_column(Moment)


class ComplaintWarning(Base):
    """That a warning was given: once for each goal and level of a complaint."""

    __tablename__ = "complaint_warning"
    __table_args__ = (
        CheckConstraint("goal IN ('respond', 'resolve')", name="goal"),
        CheckConstraint("level IN ('soon', 'late', 'very_late')", name="level"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True, autoincrement=False)
    goal: Mapped[str] = mapped_column(String(10), primary_key=True)
    level: Mapped[str] = mapped_column(String(10), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
