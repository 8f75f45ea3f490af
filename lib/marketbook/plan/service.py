"""Plans: entering a year's marketing plan. The budget is entered as lines (`office.budget_line`) in a draft."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, RecordType, documents, types
from marketbook.office import budget_line
from marketbook.plan.tables import Plan


def enter(session: Session, *, title: str, fiscal_year: int, theme: str, actor: int) -> Plan:
    """Enter a year's marketing plan as a draft.

    Raises:
        AccessError: The actor is no employee at work.
        RecordError: The title cannot be used.
    """
    return documents.enter(session, Plan(title=title, fiscal_year=fiscal_year, theme=theme.strip()), actor=actor)


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, Plan) or to != "submitted":
        return
    if not record.theme:
        yield _("It has no theme.")
    if not budget_line.of_plan(session, plan_id=record.id):
        yield _("It has no budget lines.")


PLAN = types.register(
    RecordType(
        name="plan",
        title=mark("Marketing plan"),
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
    )
)
