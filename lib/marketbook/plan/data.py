"""The view of plans: each with how much of what the policy asks for it has."""

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, or_, select

from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record
from marketbook.office.activity import Activity
from marketbook.office.budget_line import BudgetLine
from marketbook.office.measurement import Measurement
from marketbook.office.report import REVIEWS, Report
from marketbook.plan.rules import CATEGORIES, PLAN
from marketbook.plan.tables import COMPONENTS, KINDS, Plan, PlanBasis, PlanObjective

_record, _own = Record.__table__.c, Plan.__table__.c
_part = Plan.__table__.alias("part")


class PlanRow(Row):
    """One plan, with how much of what the policy asks for it has."""

    plan: str = Field(title=mark("Plan"))
    title: str = Field(title=mark("Title"))
    kind: str = Field(title=mark("Kind"))
    fiscal_year: int = Field(title=mark("Year"))
    status: str = Field(title=mark("Status"))
    owner_id: int = Field(title=mark("Owner's number"))
    owner: str = Field(title=mark("Owner"))
    said: bool = Field(title=mark("With theme and strategy"))
    feasible: bool = Field(title=mark("With feasibility"))
    objectives: int = Field(title=mark("Objectives"))
    targets: int = Field(title=mark("Objectives with a target"))
    activities: int = Field(title=mark("Activities, its components' too"))
    lines: int = Field(title=mark("Budget lines"))
    categories: int = Field(title=mark("Budget categories present or explicitly zero"))
    components: int = Field(title=mark("Kinds of component plans"))
    bases: int = Field(title=mark("Reports that it stands on"))
    reviews: int = Field(title=mark("Accepted reviews"))
    entered_at: datetime = Field(title=mark("Entered at"))


def _plans() -> Select[Any]:
    owner = Party.__table__.alias("owner")
    return (
        select(
            _record.number.label("plan"), _record.title, _own.kind, _own.fiscal_year, _record.status, _record.owner_id,
            owner.c.name.label("owner"), and_(_own.theme != "", _own.strategy != "").label("said"),
            (_own.feasibility != "").label("feasible"), _objectives().label("objectives"),
            _with_target().label("targets"), _activities().label("activities"), _lines().label("lines"),
            _categories().label("categories"), _components().label("components"), _bases().label("bases"),
            _reviews().label("reviews"), _record.entered_at,
        )
        .select_from(Plan.__table__)
        .join(Record.__table__, _record.id == _own.id)
        .join(owner, owner.c.id == _record.owner_id)
    )  # fmt: skip


def _objectives() -> ColumnElement[int]:
    query = select(func.count()).select_from(PlanObjective.__table__)
    return query.where(PlanObjective.plan_id == _own.id).scalar_subquery()


def _with_target() -> ColumnElement[int]:
    target = select(Measurement.id).where(
        Measurement.subject_id == PlanObjective.plan_id, Measurement.metric_id == PlanObjective.metric_id,
        Measurement.basis == "target",
    )  # fmt: skip
    query = select(func.count()).select_from(PlanObjective.__table__)
    return query.where(PlanObjective.plan_id == _own.id, target.exists()).scalar_subquery()


def _activities() -> ColumnElement[int]:
    activity, record = Activity.__table__.c, Record.__table__.alias("activity_record")
    parts = select(_part.c.id).where(_part.c.parent_id == _own.id).correlate(Plan.__table__)
    query = select(func.count()).select_from(Activity.__table__).join(record, record.c.id == activity.id)
    held = or_(activity.plan_id == _own.id, activity.plan_id.in_(parts))
    return query.where(held, record.c.status != "cancelled").scalar_subquery()


def _lines() -> ColumnElement[int]:
    query = select(func.count()).select_from(BudgetLine.__table__)
    return query.where(BudgetLine.plan_id == _own.id).scalar_subquery()


def _categories() -> ColumnElement[int]:
    first, *others = (case((_told(name), 1), else_=0) for name in CATEGORIES)
    return sum(others, first)


def _told(category: str) -> ColumnElement[bool]:
    """Whether a category has a budget line, or a reason why it has none."""
    lines = select(BudgetLine.id).where(BudgetLine.plan_id == _own.id, BudgetLine.category == category)
    return or_(lines.exists(), cast(_own.unbudgeted, Text).like(f'%"{category}"%'))


def _components() -> ColumnElement[int]:
    query = select(func.count(_part.c.kind.distinct())).select_from(_part)
    return query.where(_part.c.parent_id == _own.id, _part.c.kind.in_(COMPONENTS)).scalar_subquery()


def _bases() -> ColumnElement[int]:
    query = select(func.count()).select_from(PlanBasis.__table__)
    return query.where(PlanBasis.plan_id == _own.id).scalar_subquery()


def _reviews() -> ColumnElement[int]:
    report, record = Report.__table__.c, Record.__table__.alias("report_record")
    query = select(func.count()).select_from(Report.__table__).join(record, record.c.id == report.id)
    kept = (report.plan_id == _own.id, report.kind.in_(REVIEWS), record.c.status == "accepted")
    return query.where(*kept).scalar_subquery()


PLANS = View(
    "plans", PlanRow, ("plan",), mark("Plans"), mark("One plan, with how much of what the policy asks for it has."),
    codes={"kind": KINDS, "status": PLAN.statuses}, query=_plans(),
    tables=("record", "plan", "plan_objective", "plan_basis", "budget_line", "activity", "measurement", "report"),
)  # fmt: skip
DATASETS = ()
VIEWS = (PLANS,)
