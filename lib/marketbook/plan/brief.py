"""What a decision about a plan needs on one screen: its objectives, what it stands on, who does what, and its money."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record
from marketbook.office import activity, briefs, budget_line, measurement, report
from marketbook.office.activity import ACTIVITY
from marketbook.office.briefs import Brief, Table
from marketbook.office.budget_line import CATEGORIES, money
from marketbook.office.measurement import Compared
from marketbook.office.report import Report
from marketbook.office.work_briefs import called, days
from marketbook.plan import rules
from marketbook.plan.tables import KINDS, TOPICS, Plan


def of(session: Session, record: Record) -> Brief:
    """Return what there is to know of a plan, in the current language."""
    if not isinstance(record, Plan):
        return Brief()
    parts = rules.components(session, record.id)
    tables = [
        _of_objectives(session, record), _of_activities(session, record, parts), _of_money(session, record),
        _of_parts(parts), _of_basis(session, record),
    ]  # fmt: skip
    rows = [(label, text) for label, text in _rows(session, record) if text]
    return Brief(rows=rows, tables=[table for table in tables if table.rows])


def _rows(session: Session, plan: Plan) -> Iterator[tuple[str, str]]:
    yield _("Kind"), _(KINDS[plan.kind])
    yield _("Year"), str(plan.fiscal_year)
    yield _("Part of"), called(session, plan.parent_id)
    if plan.ends_on is not None:
        yield _("When"), days(plan.starts_on, plan.ends_on)
    yield _("Theme"), plan.theme
    yield _("Strategy"), plan.strategy
    yield _("Feasibility"), plan.feasibility
    yield _("Covers"), _(", ").join(_(TOPICS[topic]) for topic in plan.scope)
    for category, reason in plan.unbudgeted.items():
        yield _("No money for {category}").format(category=_(CATEGORIES[category])), reason


def _of_objectives(session: Session, plan: Plan) -> Table:
    heads = [_("Objective"), _("Metric"), _("Period"), _("Target"), _("Actual")]
    compared: dict[int, list[Compared]] = {}
    for row in measurement.compare(session, subject=plan.id):
        compared.setdefault(row.metric.id, []).append(row)
    rows = [
        [one.text, row.metric.name, row.period, _figure(row, "target"), _figure(row, "actual")]
        for one in rules.objectives(session, plan_id=plan.id)
        for row in compared.get(one.metric_id, [])
    ]
    return Table(_("Objectives"), heads, rows, right=(3, 4))


def _figure(row: Compared, basis: str) -> str:
    found = row.target if basis == "target" else row.actual
    return row.metric.shown(found.value) if found else "–"


def _of_activities(session: Session, plan: Plan, parts: list[Plan]) -> Table:
    heads = [_("Activity"), _("Owner"), _("When"), _("Quantity"), _("Quality standard"), _("Status")]
    rows = [
        [
            f"{one.number} {one.title}", session.get_one(Party, one.owner_id).name, days(one.starts_on, one.due_on),
            f"{one.qty_planned or ''} {one.qty_unit}".strip(), one.quality_standard, ACTIVITY.called(one.status),
        ]
        for one in activity.of_plans(session, [plan.id, *(part.id for part in parts)])
    ]  # fmt: skip
    return Table(_("Activities"), heads, rows)


def _of_money(session: Session, plan: Plan) -> Table:
    sums: dict[str, list[int]] = {}
    for line in budget_line.of_plan(session, plan_id=plan.id):
        total = sums.setdefault(line.category, [0, 0, 0])
        for place, amount in enumerate((line.original, line.allocated, line.spent)):
            total[place] += amount
    rows = [[_(CATEGORIES[name]), *(money(amount) for amount in total)] for name, total in sums.items()]
    if rows:
        rows.append([_("Sum"), *(money(sum(column)) for column in zip(*sums.values(), strict=True))])
    return Table(
        _("Budget by category"), [_("Category"), _("Planned"), _("Allocated"), _("Spent")], rows, right=(1, 2, 3)
    )


def _of_parts(parts: list[Plan]) -> Table:
    rows = [[f"{one.number} {one.title}", _(KINDS[one.kind]), rules.PLAN.called(one.status)] for one in parts]
    return Table(_("Component plans"), [_("Plan"), _("Kind"), _("Status")], rows)


def _of_basis(session: Session, plan: Plan) -> Table:
    found = [session.get_one(Report, one.report_id) for one in rules.basis(session, plan_id=plan.id)]
    rows = [[f"{one.number} {one.title}", _(report.KINDS[one.kind]), one.period] for one in found]
    return Table(_("Stands on these reports"), [_("Report"), _("Kind"), _("Period")], rows)


briefs.register("plan", of)
