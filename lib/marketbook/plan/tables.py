"""The table of plans, which hold the budget's lines."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.kit.records import Record


class Plan(Record):
    """A year's marketing plan.

    Attributes:
        fiscal_year: The calendar year that it is for.
        theme: What the year stands under.
    """

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("fiscal_year BETWEEN 2000 AND 2999", name="fiscal_year"),
        Index("ix_plan_fiscal_year", "fiscal_year"),
    )
    __mapper_args__ = {"polymorphic_identity": "plan"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    fiscal_year: Mapped[int]
    theme: Mapped[str] = mapped_column(Text)
