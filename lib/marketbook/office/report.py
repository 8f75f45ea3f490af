"""Reports in four parts: what was looked at, what was found, what it means, and what should be done."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, RecordType, StatusChange, documents, types
from marketbook.office import later
from marketbook.office import period as periods
from marketbook.office.params import ReportEntry

KINDS = {
    "research": mark("Market research"),
    "market_note": mark("Market note"),
    "campaign_review": mark("Review of a campaign"),
    "plan_review": mark("Review of a plan"),
    "brand_health": mark("Brand health"),
    "product_review": mark("Review of a product"),
    "channel_review": mark("Review of channels"),
    "decision_proposal": mark("Proposal for a decision"),
    "budget_variance": mark("Budget variance"),
    "progress": mark("Progress"),
    "inspection": mark("Inspection"),
}
"""What a report can be."""

PARTS = {
    "overview": mark("overview"),
    "findings": mark("findings"),
    "conclusions": mark("conclusions"),
    "recommendations": mark("recommendations"),
}
"""The four parts."""

REVIEWS = ("campaign_review", "plan_review")
"""The kinds that a plan is closed with."""


class Report(Record):
    """A report.

    Attributes:
        kind: One of `KINDS`.
        plan_id: The plan that it is about.
        period: Which it is for.
        overview, findings, conclusions, recommendations: Its four parts.
        run_id: The run of a notebook that it was written from.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        CheckConstraint(periods.RULE.format("period"), name="period"),
        Index("ix_report_plan", "plan_id"),
        Index("ix_report_kind", "kind", "period"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    period: Mapped[str] = mapped_column(String(10))
    overview: Mapped[str] = mapped_column(Text)
    findings: Mapped[str] = mapped_column(Text)
    conclusions: Mapped[str] = mapped_column(Text)
    recommendations: Mapped[str] = mapped_column(Text)
    run_id: Mapped[int | None]

    __mapper_args__ = {"polymorphic_identity": "report", "inherit_condition": id == Record.id}  # noqa: A003, RUF012


def enter(session: Session, entry: ReportEntry, *, actor: int) -> Report:
    """Enter a report as a draft.

    Raises:
        RecordError: There is no such plan.
        AccessError: The actor is no employee at work.
    """
    return documents.enter(session, Report(**_content(session, entry)), actor=actor)


def correct(session: Session, report: Report, entry: ReportEntry, *, actor: int, version: int) -> Report:
    """Write a report anew: before it is handed in, or after it was returned.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was handed in.
        AccessError: It is another's.
    """
    return documents.edit(session, report, _content(session, entry), actor=actor, version=version)


def accepted(session: Session, *, since: datetime | date | None = None) -> list[Report]:
    """Return the reports that were accepted, since a day where one is given, the last one first."""
    query = select(Report).where(Report.status == "accepted")
    if since is not None:
        step = (StatusChange.record_id == Report.id) & (StatusChange.to_status == "accepted")
        query = query.join(StatusChange, step).where(StatusChange.at >= later.moment(since))
    return list(session.scalars(query.order_by(Report.id.desc())))


def reviews(session: Session, *, plan_id: int) -> list[Report]:
    """Return the accepted reviews of a plan, the last one first."""
    query = select(Report).where(Report.plan_id == plan_id, Report.status == "accepted", Report.kind.in_(REVIEWS))
    return list(session.scalars(query.order_by(Report.id.desc())))


def _content(session: Session, entry: ReportEntry) -> dict[str, object]:
    if entry.plan_id is not None and later.type_of(session, entry.plan_id) != "plan":
        raise RecordError(_("There is no plan {number}.").format(number=entry.plan_id))
    return entry.model_dump()


def _missing(_session: Session, record: Record, to: str) -> Iterable[str]:
    if isinstance(record, Report) and to == "submitted":
        for name, title in PARTS.items():
            if not getattr(record, name).strip():
                yield _("This part is empty: {part}.").format(part=_(title))


REPORT = types.register(
    RecordType(
        name="report",
        title=mark("Report"),
        prefix="RP",
        first="draft",
        statuses={
            "draft": mark("draft"),
            "submitted": mark("submitted"),
            "accepted": mark("accepted"),
            "returned": mark("returned"),
        },
        missing=_missing,
        tables=("report",),
        readers=later.EVERYBODY,
    )
)
