"""Measurements: targets, actual figures and forecasts in one place. A figure is superseded, never edited.

Values are statistics, kept as they were measured; money that is decided or spent is in records, in whole fen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, documents
from marketbook.kit.store import Base, Moment, acting, now
from marketbook.office import metric as metrics
from marketbook.office import period as periods
from marketbook.office.metric import Metric
from marketbook.office.params import MeasurementEntry

BASES = {"target": mark("target"), "actual": mark("actual"), "forecast": mark("forecast")}
"""What a figure says: what is wanted, what is, what will be."""


class Measurement(Base):
    """A figure of a metric for a period.

    Attributes:
        subject_id: The record that it is about; None for the company.
        basis: One of `BASES`.
        value: In the metric's unit.
        n: How many answers, orders or persons it stands on.
        standard_error: Of the value.
        run_id: The run of a notebook that computed it.
        supersedes_id: The figure whose place it takes.
        recorded_by_id: Who entered it; None where a run did.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        CheckConstraint(f"basis IN ({', '.join(repr(basis) for basis in BASES)})", name="basis"),
        CheckConstraint(periods.RULE.format("period"), name="period"),
        CheckConstraint("n >= 1", name="n"),
        CheckConstraint("standard_error >= 0", name="standard_error"),
        CheckConstraint("recorded_by_id IS NOT NULL OR run_id IS NOT NULL", name="source"),
        Index("ix_measurement_metric", "metric_id", "basis", "period"),
        Index("ix_measurement_subject", "subject_id", "metric_id"),
        Index("uq_measurement_supersedes_id", "supersedes_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metric.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    basis: Mapped[str] = mapped_column(String(10))
    period: Mapped[str] = mapped_column(String(10))
    value: Mapped[float]
    n: Mapped[int | None]
    standard_error: Mapped[float | None]
    run_id: Mapped[int | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("measurement.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Compared:
    """What was wanted, what is and what is expected, of one metric in one period; None where there is no figure."""

    metric: Metric
    period: str
    target: Measurement | None
    actual: Measurement | None
    forecast: Measurement | None

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None where one of the two is missing."""
        if self.target is None or self.actual is None:
            return None
        return (self.actual.value - self.target.value) * self.metric.direction >= 0


def record(session: Session, entry: MeasurementEntry, *, actor: int | None) -> Measurement:
    """Record a figure; one of the same metric, subject, basis and period is superseded by it.

    Args:
        session: A writing session.
        entry: The figure.
        actor: Who enters it; None where a notebook's run does, which it names.

    Raises:
        RecordError: There is no such metric or subject, or nobody answers for it.
        AccessError: The actor is no employee at work.
    """
    if entry.subject_id is not None and session.get(Record, entry.subject_id) is None:
        raise RecordError(_("There is no record {number}.").format(number=entry.subject_id))
    if actor is None and entry.run_id is None:
        raise RecordError(_("A figure names who entered it, or the run that computed it."))
    about = entry.model_dump(exclude={"metric"})
    made = Measurement(metric_id=metrics.named(session, entry.metric).id, **about, recorded_by_id=actor, at=now())
    before = session.scalar(_current().filter_by(**{name: getattr(made, name) for name in _KEY}))
    made.supersedes_id = before.id if before else None
    if actor is None:
        session.add(made)
        session.flush()
        return made
    with acting(session, documents.at_work(session, actor).id):
        session.add(made)
    return made


def target(session: Session, *, metric: str, period: str, subject: int | None = None) -> Measurement | None:
    """Return the target of a metric in a period, as it stands now; None where there is none."""
    return _one(session, "target", metric, period, subject)


def actual(session: Session, *, metric: str, period: str, subject: int | None = None) -> Measurement | None:
    """Return what a metric was in a period, as it is known now; None where it was not measured."""
    return _one(session, "actual", metric, period, subject)


def series(session: Session, *, metric: str, basis: str = "actual", subject: int | None = None) -> list[Measurement]:
    """Return the figures of a metric as they stand now, by period."""
    wanted = {"metric_id": metrics.named(session, metric).id, "basis": basis, "subject_id": subject}
    return list(session.scalars(_current().filter_by(**wanted).order_by(Measurement.period)))


def compare(session: Session, *, subject: int | None = None, metric: str = "") -> list[Compared]:
    """Return target, actual figure and forecast side by side, by metric and period.

    Args:
        session: A session of either kind.
        subject: The record that the figures are about; None for the company's.
        metric: Of one metric; of every one where it is empty.
    """
    query = _current().filter_by(subject_id=subject)
    if metric:
        query = query.filter_by(metric_id=metrics.named(session, metric).id)
    return _side_by_side(session, session.scalars(query.order_by(Measurement.period)))


def history(session: Session, figure: Measurement) -> list[Measurement]:
    """Return everything that a figure was before, the first one first, and itself."""
    same = {name: getattr(figure, name) for name in _KEY}
    return list(session.scalars(select(Measurement).filter_by(**same).order_by(Measurement.id)))


_KEY = ("metric_id", "subject_id", "basis", "period")
"""What two figures have in common of which the later one supersedes the earlier."""


def _current() -> Select[Measurement]:
    later = aliased(Measurement)
    return select(Measurement).where(~select(later.id).where(later.supersedes_id == Measurement.id).exists())


def _one(session: Session, basis: str, metric: str, period: str, subject: int | None) -> Measurement | None:
    wanted = {"metric_id": metrics.named(session, metric).id, "basis": basis, "period": period, "subject_id": subject}
    return session.scalar(_current().filter_by(**wanted))


def _side_by_side(session: Session, figures: Iterable[Measurement]) -> list[Compared]:
    found: dict[tuple[int, str], dict[str, Measurement]] = {}
    for one in figures:
        found.setdefault((one.metric_id, one.period), {})[one.basis] = one
    known = {one.id: one for one in metrics.everything(session)}
    rows = [
        Compared(known[number], when, of.get("target"), of.get("actual"), of.get("forecast"))
        for (number, when), of in found.items()
    ]
    return sorted(rows, key=lambda row: (row.metric.code, row.period))
