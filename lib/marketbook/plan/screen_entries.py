"""How what was typed becomes an entry, and how a record comes back into its form."""

from typing import Any

from sqlalchemy.orm import Session

from marketbook.office import measurement
from marketbook.office.activity import Activity
from marketbook.office.decision import Decision
from marketbook.office.metric import Metric
from marketbook.office.params import (
    ActivityEntry,
    DecisionEntry,
    MeasurementEntry,
    MetricEntry,
    ReportEntry,
    TransferEntry,
)
from marketbook.office.report import Report
from marketbook.plan import rules, screen_finding
from marketbook.plan.params import ObjectiveEntry, PlanEntry
from marketbook.plan.screen_forms import (
    ActivityForm,
    DecisionForm,
    EffectForm,
    MetricForm,
    ObjectiveLine,
    PlanForm,
    ReportForm,
)
from marketbook.plan.tables import Plan

HIDDEN = {"version", "pressed"}


def of_plan(session: Session, form: PlanForm) -> PlanEntry:
    """Return a form's plan."""
    about = form.model_dump(exclude={*HIDDEN, "objectives", "basis", "unbudgeted"})
    return PlanEntry(
        **about,
        objectives=[_objective(session, one) for one in form.objectives],
        basis=[one.report for one in form.basis],
        unbudgeted={one.category: one.reason for one in form.unbudgeted},
    )


def typed_plan(session: Session, plan: Plan) -> dict[str, Any]:
    """Return a plan as its form takes it."""
    targets = {row.metric.id: row for row in measurement.compare(session, subject=plan.id) if row.target is not None}
    objectives = []
    for one in rules.objectives(session, plan_id=plan.id):
        of, row = session.get_one(Metric, one.metric_id), targets.get(one.metric_id)
        target = _shown(of, row.target.value) if row is not None and row.target is not None else None
        objectives.append({"text": one.text, "metric": screen_finding.metric(of).label, "target": target})
    reports = [session.get_one(Report, one.report_id) for one in rules.basis(session, plan_id=plan.id)]
    return {
        **_same(plan, PlanForm),
        "objectives": objectives,
        "basis": [{"report": screen_finding.report(one).label} for one in reports],
        "unbudgeted": [{"category": name, "reason": reason} for name, reason in plan.unbudgeted.items()],
    }


def of_activity(form: ActivityForm) -> ActivityEntry:
    """Return a form's activity."""
    return ActivityEntry.model_validate(form.model_dump(exclude=HIDDEN))


def typed_activity(_session: Session, one: Activity) -> dict[str, Any]:
    """Return an activity as its form takes it."""
    return _same(one, ActivityForm)


def of_report(form: ReportForm) -> ReportEntry:
    """Return a form's report."""
    return ReportEntry.model_validate(form.model_dump(exclude=HIDDEN))


def typed_report(_session: Session, one: Report) -> dict[str, Any]:
    """Return a report as its form takes it."""
    return _same(one, ReportForm)


def of_decision(session: Session, form: DecisionForm) -> DecisionEntry:
    """Return a form's recommendation, with the task and the transfer that it starts."""
    of = session.get_one(Metric, form.metric)
    task = None
    if form.task_title and form.task_due_on is not None:
        task = ActivityEntry(kind="task", title=form.task_title, due_on=form.task_due_on)
    transfer = None
    if form.amount_minor is not None:
        transfer = TransferEntry(amount=form.amount_minor, from_line=form.from_line, to_line=form.to_line)
    return DecisionEntry(
        title=form.title, recommendation=form.recommendation, metric=of.code,
        predicted=_kept(of, form.predicted), low=_kept(of, form.low), high=_kept(of, form.high),
        level_bp=round(form.level_share * 10_000), cost=form.cost_minor, review_on=form.review_on,
        owner_id=form.owner_id, report_id=form.report_id, activity=task, transfer=transfer,
    )  # fmt: skip


def typed_decision(session: Session, one: Decision) -> dict[str, Any]:
    """Return a recommendation as its form takes it."""
    of, task, transfer = session.get_one(Metric, one.metric_id), one.starts_activity, one.starts_transfer
    about: dict[str, Any] = {name: _shown(of, getattr(one, name)) for name in ("predicted", "low", "high")}
    about |= {"metric": of.id, "level_share": one.level_bp / 10_000, "cost_minor": one.amount_minor or 0}
    about["amount_minor"] = None  # of the transfer; the record's own is the cost
    if task:
        due = ActivityEntry.model_validate(task).due_on
        about |= {"task_title": task["title"], "task_due_on": due}
    if transfer:
        about |= {name: transfer[name] for name in ("from_line", "to_line")} | {"amount_minor": transfer["amount"]}
    return {**_same(one, DecisionForm), **about}


def of_effect(decision: Decision, form: EffectForm) -> MeasurementEntry:
    """Return the effect that was typed."""
    error = None if form.standard_error is None else _kept(decision.metric, form.standard_error)
    return MeasurementEntry(
        metric=decision.metric.code, basis="actual", period=form.period, value=_kept(decision.metric, form.value),
        n=form.n, standard_error=error,
    )  # fmt: skip


def of_metric(form: MetricForm) -> MetricEntry:
    """Return a form's metric."""
    about = form.model_dump(exclude={"better"})
    return MetricEntry(**about, direction=1 if form.better == "more" else -1)


def _objective(session: Session, line: ObjectiveLine) -> ObjectiveEntry:
    of = session.get_one(Metric, line.metric)
    target = None if line.target is None else _kept(of, line.target)
    return ObjectiveEntry(text=line.text, metric=of.code, target=target)


def _kept(of: Metric, value: float) -> float:
    """Return a value in the metric's unit: people write yuan, and it is kept in fen."""
    return float(round(value * 100)) if of.unit == "money" else value


def _shown(of: Metric, value: float) -> float:
    return value / 100 if of.unit == "money" else value


def _same(record: Any, form: type[Any]) -> dict[str, Any]:  # noqa: ANN401
    """Return the fields that a record and its form have in common."""
    names = [name for name in form.model_fields if name not in HIDDEN and hasattr(record, name)]
    return {**{name: getattr(record, name) for name in names}, "version": str(record.version)}
