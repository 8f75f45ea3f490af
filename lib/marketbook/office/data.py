"""The views that several chapters share: records and their steps, activities, figures, runs, and the audit log."""

from datetime import date, datetime
from typing import Any

from pydantic import Field
from sqlalchemy import Select, String, column, select, table

from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.records import Attachment, Party, Record, RoleGrant, StatusChange
from marketbook.kit.records.person import ROLES
from marketbook.kit.store import Moment
from marketbook.kit.store.audit import AuditLog
from marketbook.office.activity import ACTIVITY, KINDS, Activity
from marketbook.office.measurement import BASES, Measurement
from marketbook.office.metric import Metric
from marketbook.office.report import KINDS as REPORTS
from marketbook.office.report import REPORT, Report
from marketbook.office.scenario import Scenario

_record = Record.__table__.c
_owner = Party.__table__.alias("owner")
_plan = Record.__table__.alias("plan_record")


class AuditLogRow(Row):
    """One change of a kept row."""

    seq: int = Field(title=mark("Row"))
    at: str = Field(title=mark("When (UTC)"))
    actor: str = Field(title=mark("Actor"))
    table_name: str = Field(title=mark("Table"))
    row_key: str = Field(title=mark("Key"))
    op: str = Field(title=mark("Change"))
    hash: str = Field(title=mark("Hash"))


class DocumentRow(Row):
    """One record of any kind."""

    record: str = Field(title=mark("Record"))
    type: str = Field(title=mark("Type"))
    title: str = Field(title=mark("Title"))
    status: str = Field(title=mark("Status"))
    owner_id: int = Field(title=mark("Owner's number"))
    owner: str = Field(title=mark("Owner"))
    entered_by_id: int = Field(title=mark("Who entered it, by number"))
    entered_at: datetime = Field(title=mark("Entered at"))


class StepRow(Row):
    """One step of a record: who took it, in which role, when."""

    step_id: int = Field(title=mark("Step number"))
    record: str = Field(title=mark("Record"))
    type: str = Field(title=mark("Type"))
    from_status: str = Field(title=mark("From"))
    to_status: str = Field(title=mark("To"))
    actor_id: int = Field(title=mark("Actor's number"))
    actor: str = Field(title=mark("Decided by"))
    role: str = Field(title=mark("In the role"))
    own: bool = Field(title=mark("Of an own record"))
    reasoned: bool = Field(title=mark("With a reason"))
    at: datetime = Field(title=mark("When"))


class ActivityRow(Row):
    """One activity, with what came of it."""

    activity: str = Field(title=mark("Activity"))
    title: str = Field(title=mark("Title"))
    kind: str = Field(title=mark("Kind"))
    status: str = Field(title=mark("Status"))
    owner_id: int = Field(title=mark("Owner's number"))
    owner: str = Field(title=mark("Owner"))
    plan: str | None = Field(title=mark("Plan"))
    plan_title: str | None = Field(title=mark("Title of the plan"))
    starts_on: date | None = Field(title=mark("Starts on"))
    due_on: date = Field(title=mark("Due on"))
    done_on: date | None = Field(title=mark("Done on"))
    on_time: bool | None = Field(title=mark("On time"))
    qty_planned: int | None = Field(title=mark("Planned quantity"))
    qty_done: int | None = Field(title=mark("Quantity done"))
    qty_unit: str = Field(title=mark("Unit"))
    full: bool | None = Field(title=mark("In full"))
    quality: int | None = Field(title=mark("Quality, 1 to 5"))


class ReportRow(Row):
    """One report in four parts."""

    report: str = Field(title=mark("Report"))
    title: str = Field(title=mark("Title"))
    kind: str = Field(title=mark("Kind"))
    status: str = Field(title=mark("Status"))
    owner_id: int = Field(title=mark("Owner's number"))
    owner: str = Field(title=mark("Owner"))
    period: str = Field(title=mark("Period"))
    plan: str | None = Field(title=mark("Plan"))
    entered_at: datetime = Field(title=mark("Entered at"))


class FigureRow(Row):
    """One figure of a metric that was not superseded."""

    figure_id: int = Field(title=mark("Figure's number"))
    metric: str = Field(title=mark("Metric"))
    name: str = Field(title=mark("What is measured"))
    unit: str = Field(title=mark("Unit"))
    direction: int = Field(title=mark("1: more is better, -1: less is"))
    subject: str | None = Field(title=mark("Of the record"))
    basis: str = Field(title=mark("Kind of figure"))
    period: str = Field(title=mark("Period"))
    value: float = Field(title=mark("Value"))
    recorded_by_id: int | None = Field(title=mark("Who recorded it, by number"))
    recorded_at: datetime = Field(title=mark("Recorded at"))


class PostRow(Row):
    """One role that somebody holds or held."""

    grant_id: int = Field(title=mark("Grant's number"))
    party_id: int = Field(title=mark("Person's number"))
    person: str = Field(title=mark("Person"))
    at_work: bool = Field(title=mark("At work"))
    superior: str | None = Field(title=mark("Superior"))
    role: str = Field(title=mark("Role"))
    deputy: bool = Field(title=mark("As a deputy"))
    valid_from: date = Field(title=mark("From"))
    valid_to: date | None = Field(title=mark("Until before"))


class FileRow(Row):
    """One file at a record."""

    file_id: int = Field(title=mark("File's number"))
    record: str = Field(title=mark("Record"))
    kind: str = Field(title=mark("Kind"))
    name: str = Field(title=mark("Name"))
    sha256: str = Field(title=mark("Hash"))
    attached_by_id: int = Field(title=mark("Who attached it, by number"))
    attached_by: str = Field(title=mark("Attached by"))
    attached_at: datetime = Field(title=mark("Attached at"))


class RunRow(Row):
    """One run of a report."""

    run_id: int = Field(title=mark("Run"))
    notebook: str = Field(title=mark("Report"))
    variant: str = Field(title=mark("Variant"))
    language: str = Field(title=mark("Language"))
    status: str = Field(title=mark("Status"))
    started_at: datetime = Field(title=mark("Started at"))
    ended_at: datetime | None = Field(title=mark("Ended at"))


def _documents() -> Select[Any]:
    return select(
        _record.number.label("record"), _record.type, _record.title, _record.status, _record.owner_id,
        _owner.c.name.label("owner"), _record.entered_by_id, _record.entered_at,
    ).join(_owner, _owner.c.id == _record.owner_id)  # fmt: skip


def _steps() -> Select[Any]:
    step, actor = StatusChange.__table__.c, Party.__table__.alias("actor")
    return (
        select(
            step.id.label("step_id"), _record.number.label("record"), _record.type, step.from_status, step.to_status,
            step.actor_id, actor.c.name.label("actor"), step.role, (step.actor_id == _record.owner_id).label("own"),
            (step.reason != "").label("reasoned"), step.at,
        )
        .select_from(StatusChange.__table__)
        .join(Record.__table__, _record.id == step.record_id)
        .join(actor, actor.c.id == step.actor_id)
    )  # fmt: skip


def _activities() -> Select[Any]:
    own = Activity.__table__.c
    return (
        select(
            _record.number.label("activity"), _record.title, own.kind, _record.status, _record.owner_id,
            _owner.c.name.label("owner"), _plan.c.number.label("plan"), _plan.c.title.label("plan_title"),
            own.starts_on, own.due_on, own.done_on, (own.done_on <= own.due_on).label("on_time"), own.qty_planned,
            own.qty_done, own.qty_unit, (own.qty_done >= own.qty_planned).label("full"), own.quality,
        )
        .select_from(Activity.__table__)
        .join(Record.__table__, _record.id == own.id)
        .join(_owner, _owner.c.id == _record.owner_id)
        .outerjoin(_plan, _plan.c.id == own.plan_id)
    )  # fmt: skip


def _reports() -> Select[Any]:
    own = Report.__table__.c
    return (
        select(
            _record.number.label("report"), _record.title, own.kind, _record.status, _record.owner_id,
            _owner.c.name.label("owner"), own.period, _plan.c.number.label("plan"), _record.entered_at,
        )
        .select_from(Report.__table__)
        .join(Record.__table__, _record.id == own.id)
        .join(_owner, _owner.c.id == _record.owner_id)
        .outerjoin(_plan, _plan.c.id == own.plan_id)
    )  # fmt: skip


class ScenarioRow(Row):
    """One calculation that someone kept."""

    scenario_id: int = Field(title=mark("Scenario number"))
    name: str = Field(title=mark("Name"))
    notebook: str = Field(title=mark("Where it was made"))
    kept_by_id: int = Field(title=mark("Who kept it, by number"))
    kept_by: str = Field(title=mark("Who kept it"))
    kept_at: datetime = Field(title=mark("When it was kept"))


def _scenarios() -> Select[Any]:
    own, party = Scenario.__table__.c, Party.__table__
    return select(
        own.id.label("scenario_id"), own.name, own.notebook, own.made_by_id.label("kept_by_id"),
        party.c.name.label("kept_by"), own.made_at.label("kept_at"),
    ).join(party, party.c.id == own.made_by_id)  # fmt: skip


def _figures() -> Select[Any]:
    own, metric, later = Measurement.__table__.c, Metric.__table__.c, Measurement.__table__.alias("later")
    return (
        select(
            own.id.label("figure_id"), metric.code.label("metric"), metric.name, metric.unit, metric.direction,
            _record.number.label("subject"), own.basis, own.period, own.value, own.recorded_by_id,
            own.at.label("recorded_at"),
        )
        .select_from(Measurement.__table__)
        .join(Metric.__table__, metric.id == own.metric_id)
        .outerjoin(Record.__table__, _record.id == own.subject_id)
        .outerjoin(later, later.c.supersedes_id == own.id)
        .where(later.c.id.is_(None))
    )  # fmt: skip


def _posts() -> Select[Any]:
    grant, superior = RoleGrant.__table__.c, Party.__table__.alias("superior")
    return (
        select(
            grant.id.label("grant_id"), grant.party_id, _owner.c.name.label("person"),
            (_owner.c.status == "active").label("at_work"), superior.c.name.label("superior"), grant.role,
            grant.on_behalf_of_id.is_not(None).label("deputy"), grant.valid_from, grant.valid_to,
        )
        .select_from(RoleGrant.__table__)
        .join(_owner, _owner.c.id == grant.party_id)
        .outerjoin(superior, superior.c.id == _owner.c.manager_id)
    )  # fmt: skip


def _files() -> Select[Any]:
    file, by = Attachment.__table__.c, Party.__table__.alias("attached_by")
    return (
        select(
            file.id.label("file_id"), _record.number.label("record"), file.kind, file.name, file.sha256,
            file.attached_by_id, by.c.name.label("attached_by"), file.attached_at,
        )
        .select_from(Attachment.__table__)
        .join(Record.__table__, _record.id == file.record_id)
        .join(by, by.c.id == file.attached_by_id)
        .where(file.removed_at.is_(None))
    )  # fmt: skip


def _runs() -> Select[Any]:
    texts, moments = ("notebook", "variant", "language", "status"), ("started_at", "ended_at")
    of_text, of_time = [column(name, String) for name in texts], [column(name, Moment) for name in moments]
    run = table("notebook_run", column("id"), *of_text, *of_time).c  # the app's own table
    return select(run.id.label("run_id"), *(run[name] for name in (*texts, *moments)))


AUDIT_LOG = View(
    "audit_log", AuditLogRow, ("seq",), mark("Audit log"), mark("One change of a kept row."),
    codes={"op": {"INSERT": mark("added"), "UPDATE": mark("changed"), "DELETE": mark("removed")}},
    query=select(*(getattr(AuditLog, name) for name in AuditLogRow.model_fields)),
)  # fmt: skip
DOCUMENTS = View(
    "documents", DocumentRow, ("record",), mark("Records"), mark("One record of any kind."),
    query=_documents(), tables=("record",),
)  # fmt: skip
STEPS = View(
    "steps", StepRow, ("record", "step_id"), mark("Steps of records"),
    mark("One step of a record: who took it, in which role, when."), codes={"role": ROLES}, query=_steps(),
    tables=("record", "status_change"),
)  # fmt: skip
ACTIVITIES = View(
    "activities", ActivityRow, ("activity",), mark("Activities"), mark("One activity, with what came of it."),
    codes={"kind": KINDS, "status": ACTIVITY.statuses}, query=_activities(), tables=("record", "activity"),
)  # fmt: skip
REPORT_ROWS = View(
    "report_records", ReportRow, ("report",), mark("Written reports"), mark("One report in four parts."),
    codes={"kind": REPORTS, "status": REPORT.statuses}, query=_reports(), tables=("record", "report"),
)  # fmt: skip
FIGURES = View(
    "figures", FigureRow, ("metric", "period", "figure_id"), mark("Targets and figures"),
    mark("One figure of a metric that was not superseded."), codes={"basis": BASES}, query=_figures(),
    tables=("measurement",),
)  # fmt: skip
POSTS = View(
    "posts", PostRow, ("person", "grant_id"), mark("Posts"), mark("One role that somebody holds or held."),
    codes={"role": ROLES}, query=_posts(), tables=("role_grant", "party"),
)  # fmt: skip
FILES = View(
    "files", FileRow, ("record", "file_id"), mark("Files"), mark("One file at a record."), query=_files(),
    tables=("attachment",),
)  # fmt: skip
RUNS = View(
    "runs", RunRow, ("run_id",), mark("Runs of reports"), mark("One run of a report."),
    codes={"status": {"running": mark("running"), "succeeded": mark("succeeded"), "failed": mark("failed")}},
    query=_runs(), tables=("notebook_run",),
)  # fmt: skip
SCENARIOS = View(
    "scenarios", ScenarioRow, ("scenario_id",), mark("Scenarios"), mark("One calculation that someone kept."),
    query=_scenarios(), tables=("scenario", "party"),
)  # fmt: skip
DATASETS = ()
VIEWS = (AUDIT_LOG, DOCUMENTS, STEPS, ACTIVITIES, REPORT_ROWS, FIGURES, POSTS, FILES, RUNS, SCENARIOS)
