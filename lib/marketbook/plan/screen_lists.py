"""The lists of plans and of what is to be done: whose they are, and what a row says."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Date, func, literal, null, select
from sqlalchemy.orm import Session, aliased

from marketbook.kit.forms.listing import View
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, roles, types
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
    return [
        View(_("My tasks"), tasks(Activity.owner_id == party_id, open_)),
        View(_("Late"), tasks(open_, Activity.due_on < roles.today())),
        View(_("All tasks"), tasks()),
        View(_("Plans"), _plans()),
        View(_("Reports"), _reports()),
        View(_("Recommendations"), _decisions()),
    ]


def tasks(*where: ColumnElement[bool]) -> Rows:
    """Return the activities of which something is true."""
    return _rows(Activity, Activity.kind, Activity.starts_on, Activity.due_on, where, activity.KINDS)


def _plans() -> Rows:
    return _rows(Plan, Plan.kind, Plan.starts_on, Plan.ends_on, (), KINDS)


def _reports() -> Rows:
    none = null().cast(Date)
    return _rows(Report, Report.kind, none, none, (), report.KINDS)


def _decisions() -> Rows:
    none = null().cast(Date)
    return _rows(
        Decision, literal("decision"), none, Decision.review_on, (), {"decision": types.named("decision").title}
    )


def _rows(
    of: type[Record], kind: Any, first: Any, due: Any, where: Iterable[ColumnElement[bool]], called: dict[str, str]  # noqa: ANN401
) -> Rows:  # fmt: skip
    owner = aliased(Party)
    query: Any = (
        select(
            Record.id.label("id"), Record.number.label("number"), Record.title.label("title"),
            kind.label("kind"), owner.name.label("owner"), first.label("first_on"), due.label("due_on"),
            Record.status.label("status"), Record.type.label("type"),
        )
        .select_from(of)
        .join(owner, owner.id == Record.owner_id)
        .where(*where)
    )  # fmt: skip

    def complete(_session: Session, rows: list[Row]) -> None:
        for row in rows:
            of, name = types.named(row["type"]), called[row["kind"]]
            row |= {"kind": _(name), "status": of.called(row["status"])}

    return Rows(query, complete=complete, newest_first=True)


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
