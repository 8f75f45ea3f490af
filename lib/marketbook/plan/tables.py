"""The tables of plans: what is meant to be done, by which objectives it is measured, and on which reports it stands."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.kit.language import mark
from marketbook.kit.records import Record
from marketbook.kit.store import Base

KINDS = {
    "marketing": mark("Marketing plan of the year"),
    "research": mark("Research plan"),
    "brand_building": mark("Brand building"),
    "brand_promotion": mark("Brand promotion"),
    "product_promotion": mark("Product promotion"),
    "sales_promotion": mark("Sales promotion"),
    "channel_expansion": mark("Channel expansion"),
    "recruitment": mark("Recruitment plan"),
    "training": mark("Training plan"),
    "campaign": mark("Marketing campaign"),
}
"""What a plan can be: the year's, one of its components, or a campaign within one."""

COMPONENTS = ("brand_promotion", "product_promotion", "sales_promotion", "channel_expansion")
"""The component plans that a year's marketing plan consists of."""

TOPICS = {
    "market_size": mark("Market size"),
    "market_trend": mark("Market trend"),
    "competitors": mark("Competition"),
    "customer_needs": mark("Customer needs"),
    "consumer_behaviour": mark("Consumer behaviour"),
}
"""What a research plan covers."""


def rank(kind: str) -> int:
    """Return how deep in the tree a kind stands: 0 for the year's plan, 1 for its components, 2 for campaigns."""
    return {"marketing": 0, "campaign": 2}.get(kind, 1)


class Plan(Record):
    """A plan.

    Attributes:
        kind: One of `KINDS`.
        parent_id: The plan that it is part of: a component of the year's, a campaign of either.
        fiscal_year: The calendar year that it is for.
        theme: What it stands under.
        starts_on, ends_on: When it is carried out; the whole year where they are missing.
        strategy: How its objectives are to be reached.
        feasibility: Market, competitors, means and abilities; and why it stands on no report, where there is none.
        scope: Which of `TOPICS` a research plan covers.
        unbudgeted: The budget categories that get no money, each with its reason.
    """

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("fiscal_year BETWEEN 2000 AND 2999", name="fiscal_year"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("kind <> 'marketing' OR parent_id IS NULL", name="parent"),
        Index("ix_plan_fiscal_year", "fiscal_year"),
        Index("ix_plan_parent", "parent_id"),
    )
    __mapper_args__ = {"polymorphic_identity": "plan"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    fiscal_year: Mapped[int]
    theme: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(30))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    strategy: Mapped[str] = mapped_column(Text)
    feasibility: Mapped[str] = mapped_column(Text)
    scope: Mapped[list[str]] = mapped_column(JSON)
    unbudgeted: Mapped[dict[str, str]] = mapped_column(JSON)


class PlanObjective(Base):
    """What a plan wants to reach, and the metric that says whether it did; its target is a measurement of the plan."""

    __tablename__ = "plan_objective"
    __table_args__ = (CheckConstraint("text <> ''", name="text"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metric.id"), primary_key=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class PlanBasis(Base):
    """An accepted report that a plan stands on."""

    __tablename__ = "plan_basis"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
