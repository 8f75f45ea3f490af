"""The lists of plans and of what is to be done: whose they are, and what a row says."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Date, func, literal, null, select
from sqlalchemy.orm import Session, aliased

from marketbook.kit.forms.listing import View
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, roles, search, types
from marketbook.office import activity, report
from marketbook.office.activity import Activity
from marketbook.office.decision import Decision
from marketbook.office.period import days
from marketbook.office.report import Report
from marketbook.plan.tables import KINDS, Plan

OPEN = ("planned", "in_progress", "blocked")
"""The statuses of an activity that is still to be done."""


class WorkRow(BaseModel):
    """A row of a list of plans, tasks, reports or recommendations."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(title=mark("No."))]
    title: Annotated[str, Field(title=mark("Title"))]
    kind: Annotated[str, Field(title=mark("Kind"))]
    owner: Annotated[str, Field(title=mark("Owner"))]
    first_on: Annotated[date | None, Field(title=mark("Begins on"))] = None
    due_on: Annotated[date | None, Field(title=mark("Due on"))] = None
    status: Annotated[str, Field(title=mark("Status"))]


def views(party_id: int) -> list[View]:
    """Return the lists of the screen: one's own tasks first.

    Args:
        party_id: The reader.
    """
    open_ = Activity.status.in_(OPEN)
    some = select(Record.id).where(Record.type == "activity", Record.status.in_(OPEN))
    mine = some.where(Record.owner_id == party_id)
    return [
        View(_("My tasks"), tasks(Activity.owner_id == party_id, open_, few=mine)),
        View(_("Late"), tasks(open_, Activity.due_on < roles.today(), few=some)),
        View(_("All tasks"), tasks()),
        View(_("Plans"), _plans()),
        View(_("Reports"), _reports()),
        View(_("Recommendations"), _decisions()),
    ]


def tasks(*where: ColumnElement[bool], few: Any = None) -> Rows:  # noqa: ANN401  # a query
    """Return the activities of which something is true.

    Args:
        where: What.
        few: The ids of those that it may be true of, where these may be few among all.
    """
    return _rows(Activity, (Activity.kind, Activity.starts_on, Activity.due_on), activity.KINDS, *where, few=few)


def _plans() -> Rows:
    return _rows(Plan, (Plan.kind, Plan.starts_on, Plan.ends_on), KINDS)


def _reports() -> Rows:
    none = null().cast(Date)
    return _rows(Report, (Report.kind, none, none), report.KINDS)


def _decisions() -> Rows:
    none = null().cast(Date)
    called = {"decision": types.named("decision").title}
    return _rows(Decision, (literal("decision"), none, Decision.review_on), called)


def _rows(
    of: type[Record], columns: tuple[Any, Any, Any], called: dict[str, str], *where: ColumnElement[bool],
    few: Any = None,  # noqa: ANN401
) -> Rows:  # fmt: skip
    """Return the records of a type: its kind, its first and last day, and what its kinds are called."""
    kind, first, due = columns
    owner, known = aliased(Party), types.named(str(of.__mapper__.polymorphic_identity))
    query: Any = (
        select(
            Record.id.label("id"), Record.number.label("number"), Record.title.label("title"),
            kind.label("kind"), owner.name.label("owner"), first.label("first_on"), due.label("due_on"),
            Record.status.label("status"), Record.type.label("type"), of.__table__.c.id.label("own_id"),
        )
        .select_from(of)
        .join(owner, owner.id == Record.owner_id)
        .where(*where)
    )  # fmt: skip

    def complete(_session: Session, rows: list[Row]) -> None:
        for row in rows:
            title = called[row["kind"]]
            row |= {"kind": _(title), "status": known.called(row["status"])}

    return Rows(
        query, complete=complete, newest_first=True, few=few, texts=("number", "title", "owner"),
        hits=lambda session, text: search.records(session, text, prefix=known.prefix),
        sorts=("number", "title", "kind", "first_on", "due_on", "status"),
        keys=dict.fromkeys(("id", "kind", "first_on", "due_on"), "own_id"), always=("type", known.name),
        as_entered=("number",),
    )  # fmt: skip


def between(session: Session, first: date, last: date, *, party_id: int | None = None) -> list[Activity]:
    """Return the activities of some days that were not cancelled, by the day they begin.

    Args:
        session: A session of either kind.
        first: The first of the days.
        last: The last one.
        party_id: Whose; everybody's where none is given.
    """
    begins = func.coalesce(Activity.starts_on, Activity.due_on)
    query = select(Activity).where(begins <= last, Activity.due_on >= first, Activity.status != "cancelled")
    if party_id is not None:
        query = query.where(Activity.owner_id == party_id)
    return list(session.scalars(query.order_by(begins, Activity.due_on, Activity.id)))


def quarter_from(month: str) -> tuple[date, date]:
    """Return the first and the last day of three months.

    Example:
        >>> [day.isoformat() for day in quarter_from("2026-12")]
        ['2026-12-01', '2027-02-28']
    """
    first = days(month)[0]
    count = first.year * 12 + first.month + 1
    return first, days(f"{count // 12}-{count % 12 + 1:02d}")[1]
