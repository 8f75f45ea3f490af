"""The views of complaints that reports stand on: no customer's name, and nothing of what was said."""

from datetime import date, datetime
from typing import Any

from pydantic import Field
from sqlalchemy import Select, select

from marketbook.customer.complaint.rules import COMPLAINT
from marketbook.customer.complaint.tables import CAUSES, DEPARTMENTS, SEVERITIES, SOURCES, Complaint, ComplaintWarning
from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record
from marketbook.office.activity import ACTIVITY, KINDS, Activity

GOALS = {"respond": mark("First answer"), "resolve": mark("Solution")}
LEVELS = {
    "soon": mark("Most of the time is over"),
    "late": mark("The time is over"),
    "very_late": mark("Long over"),
}

_record, _complaint, _activity = Record.__table__.c, Complaint.__table__.c, Activity.__table__.c
_owner = Party.__table__.alias("owner")
_about = Record.__table__.alias("about")


class ComplaintCaseRow(Row):
    """One complaint, without its words."""

    complaint: str = Field(title=mark("Complaint"))
    customer_id: int = Field(title=mark("Customer number"))
    status: str = Field(title=mark("Status"))
    source: str = Field(title=mark("Came by"))
    severity: str = Field(title=mark("Severity"))
    department: str = Field(title=mark("Department"))
    owner: str = Field(title=mark("Owner"))
    cause: str | None = Field(title=mark("Cause"))
    received_at: datetime = Field(title=mark("Came at"))
    respond_by: datetime = Field(title=mark("Answer owed by"))
    responded_at: datetime | None = Field(title=mark("Answered at"))
    resolve_by: datetime = Field(title=mark("Solution owed by"))
    resolved_at: datetime | None = Field(title=mark("Solved at"))
    solved: bool = Field(title=mark("Says how it was solved"))
    satisfaction: int | None = Field(title=mark("Satisfaction (1 to 5)"))


class ComplaintWarningRow(Row):
    """One warning that was given about a complaint."""

    complaint: str = Field(title=mark("Complaint"))
    severity: str = Field(title=mark("Severity"))
    department: str = Field(title=mark("Department"))
    goal: str = Field(title=mark("What is owed"))
    level: str = Field(title=mark("Warning"))
    due_at: datetime = Field(title=mark("To be given at"))
    given_at: datetime = Field(title=mark("Given at"))


class ComplaintActionRow(Row):
    """One thing to be done about a complaint."""

    activity: str = Field(title=mark("Activity"))
    kind: str = Field(title=mark("Kind"))
    title: str = Field(title=mark("Title"))
    status: str = Field(title=mark("Status"))
    owner: str = Field(title=mark("Owner"))
    complaint: str = Field(title=mark("Complaint"))
    cause: str | None = Field(title=mark("Cause"))
    severity: str = Field(title=mark("Severity"))
    department: str = Field(title=mark("Department"))
    received_at: datetime = Field(title=mark("Complaint came at"))
    entered_at: datetime = Field(title=mark("Entered at"))
    due_on: date = Field(title=mark("Due on"))
    done_on: date | None = Field(title=mark("Done on"))


def _cases() -> Select[Any]:
    one = _complaint
    return (
        select(
            _record.number.label("complaint"), one.party_id.label("customer_id"), _record.status, one.source,
            one.severity, one.department, _owner.c.name.label("owner"), one.cause, one.received_at, one.respond_by,
            one.responded_at, one.resolve_by, one.resolved_at, (one.resolution != "").label("solved"),
            one.satisfaction,
        )
        .select_from(Complaint.__table__)
        .join(Record.__table__, _record.id == one.id)
        .join(_owner, _owner.c.id == _record.owner_id)
    )  # fmt: skip


def _warnings() -> Select[Any]:
    given = ComplaintWarning.__table__.c
    return (
        select(
            _record.number.label("complaint"), _complaint.severity, _complaint.department, given.goal, given.level,
            given.due_at, given.at.label("given_at"),
        )
        .select_from(ComplaintWarning.__table__)
        .join(Complaint.__table__, _complaint.id == given.complaint_id)
        .join(Record.__table__, _record.id == given.complaint_id)
    )  # fmt: skip


def _actions() -> Select[Any]:
    return (
        select(
            _record.number.label("activity"), _activity.kind, _record.title, _record.status,
            _owner.c.name.label("owner"), _about.c.number.label("complaint"), _complaint.cause, _complaint.severity,
            _complaint.department, _complaint.received_at, _record.entered_at, _activity.due_on, _activity.done_on,
        )
        .select_from(Complaint.__table__)
        .join(Activity.__table__, _activity.about_id == _complaint.id)
        .join(Record.__table__, _record.id == _activity.id)
        .join(_about, _about.c.id == _complaint.id)
        .join(_owner, _owner.c.id == _record.owner_id)
    )  # fmt: skip


_NAMES = {"severity": SEVERITIES, "department": DEPARTMENTS}
COMPLAINTS = View(
    "complaints", ComplaintCaseRow, ("complaint",), mark("Complaints"),
    mark("One complaint: when it came and until when it was owed what; never what was said."),
    codes={**_NAMES, "status": COMPLAINT.statuses, "source": SOURCES, "cause": CAUSES}, query=_cases(),
    tables=("record", "complaint"),
)  # fmt: skip
COMPLAINT_WARNINGS = View(
    "complaint_warnings", ComplaintWarningRow, ("complaint", "goal", "level"), mark("Warnings about complaints"),
    mark("One warning that was given about a complaint."), codes={**_NAMES, "goal": GOALS, "level": LEVELS},
    query=_warnings(), tables=("record", "complaint"),
)  # fmt: skip
COMPLAINT_ACTIONS = View(
    "complaint_actions", ComplaintActionRow, ("complaint", "activity"), mark("What is done about complaints"),
    mark("One activity about a complaint: a corrective action, feedback that is passed on, a call."),
    codes={**_NAMES, "kind": KINDS, "status": ACTIVITY.statuses, "cause": CAUSES}, query=_actions(),
    tables=("record", "complaint", "activity"),
)  # fmt: skip
VIEWS = (COMPLAINTS, COMPLAINT_WARNINGS, COMPLAINT_ACTIONS)
