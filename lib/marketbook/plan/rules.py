"""What a plan must have to be handed in and to be closed. `guards` hold the database to the last."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, RecordType, parameters, roles, types
from marketbook.office import activity, budget_line, later, measurement, report
from marketbook.office.activity import Activity
from marketbook.office.metric import Metric
from marketbook.plan.tables import COMPONENTS, KINDS, TOPICS, Plan, PlanBasis, PlanObjective

CATEGORIES = ("research", "advertising", "promotion", "channel", "staff")
"""The budget categories that the policy names: a year's plan has each, or says why not."""

BUDGETED = ("marketing", "product_promotion")
"""The kinds of plan that need budget lines, of their own or of the plan above."""

BASIS_MONTHS = parameters.declare(
    parameters.Declared(
        name="plan.basis_months",
        title=mark("How many months old a report may be on which a year's plan stands"),
        kind=int,
        default=12,
        source=mark("12 months, until the company decides otherwise"),
    )
)


def objectives(session: Session, *, plan_id: int) -> list[PlanObjective]:
    """Return a plan's objectives, as they were entered."""
    query = select(PlanObjective).where(PlanObjective.plan_id == plan_id)
    return list(session.scalars(query.order_by(PlanObjective.position)))


def basis(session: Session, *, plan_id: int) -> list[PlanBasis]:
    """Return the links to the reports on which a plan stands."""
    query = select(PlanBasis).where(PlanBasis.plan_id == plan_id)
    return list(session.scalars(query.order_by(PlanBasis.report_id)))


def components(session: Session, plan_id: int) -> list[Plan]:
    """Return the plans within a plan, those within its components too, as they were entered."""
    below = list(session.scalars(select(Plan).where(Plan.parent_id == plan_id).order_by(Plan.id)))
    return [*below, *(one for part in below for one in components(session, part.id))]


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, Plan):
        return
    if to == "submitted":
        yield from _incomplete(session, record)
    elif to == "closed" and not report.reviews(session, plan_id=record.id):
        yield _("An accepted review of it is missing.")


def _incomplete(session: Session, plan: Plan) -> Iterable[str]:
    if not plan.theme:
        yield _("It has no theme.")
    if not plan.strategy:
        yield _("It has no strategy.")
    yield from _without_target(session, plan)
    parts = components(session, plan.id) if plan.kind == "marketing" else []
    yield from _not_done(activity.of_plans(session, [plan.id, *(part.id for part in parts)]))
    if plan.kind in BUDGETED:
        yield from _unfunded(session, plan)
    if plan.kind == "marketing":
        yield from _without_parts(parts)
        yield from _baseless(session, plan)
    if plan.kind == "research" and (left := [_(name) for topic, name in TOPICS.items() if topic not in plan.scope]):
        yield _("It does not cover: {topics}.").format(topics=_(", ").join(left))


def _without_target(session: Session, plan: Plan) -> Iterable[str]:
    own = objectives(session, plan_id=plan.id)
    if not own:
        yield _("It has no objective.")
    with_target = {row.metric.id for row in measurement.compare(session, subject=plan.id) if row.target is not None}
    for one in own:
        if one.metric_id not in with_target:
            name = session.get_one(Metric, one.metric_id).name
            yield _("The objective “{text}” has no target for {metric}.").format(text=one.text, metric=name)


def _not_done(found: list[Activity]) -> Iterable[str]:
    if not found:
        yield _("It has no activities.")
    for one in found:
        if one.starts_on is None:
            yield _("{number} “{title}” has no first day.").format(number=one.number, title=one.title)
        if one.qty_planned is None or not one.quality_standard:
            yield _("{number} “{title}” has no quantity or no quality standard.").format(
                number=one.number, title=one.title
            )


def _unfunded(session: Session, plan: Plan) -> Iterable[str]:
    lines = budget_line.of_plan(session, plan_id=plan.id)
    if not lines and plan.parent_id is not None:
        lines = budget_line.of_plan(session, plan_id=plan.parent_id)
    if not lines:
        yield _("It has no budget lines.")
    if plan.kind != "marketing":
        return
    funded = {line.category for line in lines}
    for name in CATEGORIES:
        if name not in funded and not plan.unbudgeted.get(name):
            yield _("{category}: there is neither a budget line nor a reason why there is none.").format(
                category=_(budget_line.CATEGORIES[name])
            )


def _without_parts(parts: list[Plan]) -> Iterable[str]:
    there = {part.kind for part in parts}
    if left := [_(KINDS[kind]) for kind in COMPONENTS if kind not in there]:
        yield _("These component plans are missing: {kinds}.").format(kinds=_(", ").join(left))


def _baseless(session: Session, plan: Plan) -> Iterable[str]:
    recent = {one.id for one in report.accepted(session, since=_earliest(session))}
    if not plan.feasibility:
        yield _("Its feasibility does not say why it can be done.")
        if not recent:
            yield _("No report was accepted on which it could stand: say there why it can do without.")
    if recent and not recent.intersection(one.report_id for one in basis(session, plan_id=plan.id)):
        yield _("It stands on none of the reports that were accepted lately.")


def _earliest(session: Session) -> date:
    today = roles.today()
    months = today.year * 12 + today.month - 1 - int(parameters.value(session, BASIS_MONTHS.name, on=today))
    return date(months // 12, months % 12 + 1, min(today.day, 28))


PLAN = types.register(
    RecordType(
        name="plan",
        title=mark("Plan"),
        prefix="PL",
        first="draft",
        statuses={
            "draft": mark("draft"),
            "submitted": mark("submitted"),
            "approved": mark("approved"),
            "active": mark("active"),
            "closed": mark("closed"),
        },
        missing=_missing,
        tables=("plan",),
        readers=later.EVERYBODY,
    )
)
