"""Plans: entering and correcting them. Their steps are `advance`'s; what a step asks for is in `rules`.

The budget is entered as lines (`office.budget_line`), what is to be done as activities (`office.activity`), both in a
draft. Each objective's target is a measurement of the plan.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import documents
from marketbook.kit.store import acting
from marketbook.office import measurement
from marketbook.office import metric as metrics
from marketbook.office.params import MeasurementEntry
from marketbook.office.report import Report
from marketbook.plan import rules
from marketbook.plan.params import ObjectiveEntry, PlanEntry
from marketbook.plan.tables import Plan, PlanBasis, PlanObjective, rank

_LINES = {"objectives", "basis"}


def enter(session: Session, entry: PlanEntry, *, actor: int) -> Plan:
    """Enter a plan as a draft, with its objectives and their targets.

    Raises:
        RecordError: Its parent, a metric or a report is not there or does not fit, or the title cannot be used.
        AccessError: The actor is no employee at work.
    """
    _check(session, entry, own=None)
    plan = documents.enter(session, Plan(**_content(entry)), actor=actor)
    with acting(session, actor):
        _add(session, plan, entry)
    _set_targets(session, plan, entry, actor)
    return plan


def correct(session: Session, plan: Plan, entry: PlanEntry, *, actor: int, version: int) -> Plan:
    """Write a draft anew: before it is handed in, or after it was sent back. A new target supersedes the former.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was handed in, or as for `enter`.
        AccessError: It is another's.
    """
    _check(session, entry, own=plan)
    with documents.editing(session, plan, actor=actor, version=version):
        for name, value in _content(entry).items():
            setattr(plan, name, value)
        for one in [*rules.objectives(session, plan_id=plan.id), *rules.basis(session, plan_id=plan.id)]:
            session.delete(one)
        _add(session, plan, entry)
    _set_targets(session, plan, entry, actor)
    return plan


def components(session: Session, *, plan_id: int) -> list[Plan]:
    """Return the plans that a plan consists of, those within its components too, as they were entered."""
    return rules.components(session, plan_id)


def _content(entry: PlanEntry) -> dict[str, Any]:
    return entry.model_dump(exclude=_LINES)


def _check(session: Session, entry: PlanEntry, *, own: Plan | None) -> None:
    if entry.parent_id is not None:
        _check_parent(session, entry)
    if own is not None:
        _check_children(session, own, entry)
    for number in entry.basis:
        found = session.get(Report, number)
        if found is None or found.status != "accepted":
            raise RecordError(
                _("Report {number} is not accepted; a plan stands on accepted ones.").format(number=number)
            )


def _check_parent(session: Session, entry: PlanEntry) -> None:
    above = session.get(Plan, entry.parent_id)
    if above is None:
        raise RecordError(_("There is no plan {number}.").format(number=entry.parent_id))
    if above.fiscal_year != entry.fiscal_year or rank(above.kind) >= rank(entry.kind):
        raise RecordError(
            _("{parent} cannot hold this plan: it must be of the same year, and stand above it.").format(
                parent=above.number
            )
        )


def _check_children(session: Session, own: Plan, entry: PlanEntry) -> None:
    below = session.scalars(select(Plan).where(Plan.parent_id == own.id)).all()
    if any(one.fiscal_year != entry.fiscal_year or rank(one.kind) <= rank(entry.kind) for one in below):
        raise RecordError(
            _("{number} holds other plans; its year stays, and it stays above them.").format(number=own.number)
        )


def _add(session: Session, plan: Plan, entry: PlanEntry) -> None:
    for position, one in enumerate(entry.objectives, start=1):
        number = metrics.named(session, one.metric).id
        session.add(PlanObjective(plan_id=plan.id, metric_id=number, position=position, text=one.text))
    session.add_all(PlanBasis(plan_id=plan.id, report_id=number) for number in dict.fromkeys(entry.basis))


def _set_targets(session: Session, plan: Plan, entry: PlanEntry, actor: int) -> None:
    for one in entry.objectives:
        if one.target is not None:
            _set_target(session, plan, one, actor)


def _set_target(session: Session, plan: Plan, one: ObjectiveEntry, actor: int) -> None:
    when = one.period or str(plan.fiscal_year)
    before = measurement.target(session, metric=one.metric, period=when, subject=plan.id)
    if before is None or before.value != one.target:
        about = {"metric": one.metric, "basis": "target", "period": when, "value": one.target, "subject_id": plan.id}
        measurement.record(session, MeasurementEntry.model_validate(about), actor=actor)
