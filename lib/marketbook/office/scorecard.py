"""Templates of scorecards: what people and partners are judged by. In force only with weights of exactly 100 %.

A template of employees looks at performance, ability and attitude. Once it was handed in, it is not edited.
"""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, RecordType, documents, types
from marketbook.kit.store import Base, acting
from marketbook.office import later
from marketbook.office import metric as metrics
from marketbook.office.params import CriterionEntry, TemplateEntry

DIMENSIONS = {
    "performance": mark("Performance"),
    "ability": mark("Ability"),
    "attitude": mark("Attitude"),
    "cooperation": mark("Cooperation"),
    "compliance": mark("Compliance"),
}
"""What a criterion looks at."""

OF_EMPLOYEES = ("performance", "ability", "attitude")
"""What a template of employees must look at, and nothing else."""

WHOLE = 10_000
"""What the weights of a template sum to."""


class ScorecardTemplate(Record):
    """By what people or partners are judged.

    Attributes:
        kind: `employee` or `partner`.
        cadence: How often: each `quarter` or `year`.
    """

    __tablename__ = "scorecard_template"
    __table_args__ = (
        CheckConstraint("kind IN ('employee', 'partner')", name="kind"),
        CheckConstraint("cadence IN ('quarter', 'year')", name="cadence"),
    )
    __mapper_args__ = {"polymorphic_identity": "scorecard_template"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    cadence: Mapped[str] = mapped_column(String(10))


class Criterion(Base):
    """One thing that a scorecard looks at.

    Attributes:
        dimension: One of `DIMENSIONS`.
        standard: What is good enough.
        weight_bp: Its part of the whole, in 1/10,000.
        metric_id: The figure that it follows, where there is one.
    """

    __tablename__ = "criterion"
    __table_args__ = (
        CheckConstraint(f"dimension IN ({', '.join(repr(one) for one in DIMENSIONS)})", name="dimension"),
        CheckConstraint("name <> '' AND standard <> ''", name="named"),
        CheckConstraint(f"weight_bp BETWEEN 1 AND {WHOLE}", name="weight_bp"),
        Index("ix_criterion_template", "template_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("scorecard_template.id"))
    dimension: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    standard: Mapped[str] = mapped_column(Text)
    weight_bp: Mapped[int]
    metric_id: Mapped[int | None] = mapped_column(ForeignKey("metric.id"))


def enter(session: Session, entry: TemplateEntry, *, actor: int) -> ScorecardTemplate:
    """Enter a template as a draft.

    Raises:
        RecordError: A metric is not known.
        AccessError: The actor is no employee at work.
    """
    made = [_criterion(session, one) for one in entry.criteria]
    template = ScorecardTemplate(**entry.model_dump(exclude={"criteria"}))
    documents.enter(session, template, actor=actor)
    with acting(session, actor):
        _add(session, template, made)
    return template


def correct(
    session: Session, template: ScorecardTemplate, entry: TemplateEntry, *, actor: int, version: int
) -> ScorecardTemplate:
    """Write a draft and its criteria anew.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was handed in, or a metric is not known.
        AccessError: It is another's.
    """
    made = [_criterion(session, one) for one in entry.criteria]
    with documents.editing(session, template, actor=actor, version=version):
        for name, value in entry.model_dump(exclude={"criteria"}).items():
            setattr(template, name, value)
        for one in criteria(session, template_id=template.id):
            session.delete(one)
        _add(session, template, made)
    return template


def criteria(session: Session, *, template_id: int) -> list[Criterion]:
    """Return a template's criteria, as they were entered."""
    return list(session.scalars(select(Criterion).where(Criterion.template_id == template_id).order_by(Criterion.id)))


def _criterion(session: Session, entry: CriterionEntry) -> Criterion:
    number = metrics.named(session, entry.metric).id if entry.metric else None
    return Criterion(**entry.model_dump(exclude={"metric"}), metric_id=number)


def _add(session: Session, template: ScorecardTemplate, made: list[Criterion]) -> None:
    for one in made:
        one.template_id = template.id
    session.add_all(made)


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, ScorecardTemplate) or to not in ("submitted", "in_force"):
        return
    own = criteria(session, template_id=record.id)
    if (total := sum(one.weight_bp for one in own)) != WHOLE:
        yield _("Its weights add up to {total} %; they must be exactly 100 %.").format(
            total=f"{total // 100}.{total % 100:02d}"
        )
    there = {one.dimension for one in own}
    if record.kind == "employee" and (absent := [one for one in OF_EMPLOYEES if one not in there]):
        named = _(", ").join(_(DIMENSIONS[one]) for one in absent)
        yield _("Employees are judged in all three dimensions; here is none of {dimensions}.").format(dimensions=named)
    if record.kind == "employee" and (other := sorted(there.difference(OF_EMPLOYEES))):
        named = _(", ").join(_(DIMENSIONS[one]) for one in other)
        yield _("Employees are not judged by {dimensions}.").format(dimensions=named)


TEMPLATE = types.register(
    RecordType(
        name="scorecard_template",
        title=mark("Scorecard template"),
        prefix="ST",
        first="draft",
        statuses={
            "draft": mark("draft"),
            "submitted": mark("submitted"),
            "in_force": mark("in force"),
            "retired": mark("retired"),
        },
        missing=_missing,
        tables=("scorecard_template",),
        steps={"in_force": mark("Bring into force"), "retired": mark("Retire")},
        readers=later.EVERYBODY,
    )
)
