"""The decision ledger: each recommendation with the effect it is expected to have, what became of it, and what it did.

Accepting one starts its activity and its budget transfer in the same transaction. At its review the effect that was
measured stands beside the one that was predicted: the interval held it or it did not.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, RecordType, StatusChange, advance, documents, types
from marketbook.office import activity as activities
from marketbook.office import budget_line, budget_transfer, later, measurement, scenario
from marketbook.office import metric as metrics
from marketbook.office.measurement import Measurement
from marketbook.office.metric import Metric
from marketbook.office.params import ActivityEntry, DecisionEntry, MeasurementEntry, TransferEntry
from marketbook.office.report import Report


class Decision(Record):
    """A recommendation, decided or open; its amount is what it costs.

    Attributes:
        report_id, scenario_id: Where it comes from; neither where a person recommends it.
        recommendation: What should be done.
        metric_id: What it is expected to move.
        predicted, low, high: By how much, and the interval of that, in the metric's unit.
        level_bp: How often such an interval should hold, in 1/10,000.
        review_on: When the effect is looked at.
        starts_activity, starts_transfer: What is set in motion when it is accepted, as it was entered.
        activity_id, transfer_id: What was.
        measurement_id: The effect that was measured.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("recommendation <> ''", name="recommendation"),
        CheckConstraint("low <= predicted AND predicted <= high", name="interval"),
        CheckConstraint("level_bp BETWEEN 1 AND 9999", name="level_bp"),
        CheckConstraint("report_id IS NULL OR scenario_id IS NULL", name="source"),
        Index("ix_decision_report", "report_id"),
        Index("ix_decision_scenario", "scenario_id"),
        Index("ix_decision_review", "review_on"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    scenario_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))
    recommendation: Mapped[str] = mapped_column(Text)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metric.id"))
    predicted: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    level_bp: Mapped[int]
    review_on: Mapped[date]
    starts_activity: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    starts_transfer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("budget_transfer.id"))
    measurement_id: Mapped[int | None] = mapped_column(ForeignKey("measurement.id"))

    metric: Mapped[Metric] = relationship()
    measurement: Mapped[Measurement | None] = relationship()

    __mapper_args__ = {"polymorphic_identity": "decision", "inherit_condition": id == Record.id}  # noqa: A003, RUF012

    @property
    def held(self) -> bool | None:
        """Whether the interval held the effect that was measured; None before its review."""
        return None if self.measurement is None else self.low <= self.measurement.value <= self.high


def propose(session: Session, entry: DecisionEntry, *, actor: int) -> Decision:
    """Enter a recommendation, open to be decided; who proposes it does not decide on it.

    Args:
        session: A writing session.
        entry: What is recommended. Its owner, the actor where it names none, sees that it is done.
        actor: Who recommends it.

    Raises:
        RecordError: There is no such metric, report, scenario or budget line.
        AccessError: The actor is no employee at work.
    """
    made = Decision(**_content(session, entry), owner_id=entry.owner_id or actor)
    made.subject_id = actor if made.owner_id != actor else None
    return documents.enter(session, made, actor=actor)


def correct(session: Session, decision: Decision, entry: DecisionEntry, *, actor: int, version: int) -> Decision:
    """Write a recommendation anew while it is open; it stays with its owner.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was decided.
        AccessError: It is another's.
    """
    return documents.edit(session, decision, _content(session, entry), actor=actor, version=version)


def accept(session: Session, decision: Decision, *, actor: int, version: int, reason: str = "") -> StatusChange:
    """Accept a recommendation, and start the activity and the transfer that it names.

    The activity is planned and the transfer entered as a draft, both as the owner's; the transfer takes its own way to
    whoever decides on money.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was decided, or what it starts cannot be entered.
        AccessError: The actor owns or proposed it, or the decision is another's.
    """
    return advance(session, decision, "accepted", actor=actor, version=version, reason=reason)


def decline(session: Session, decision: Decision, *, actor: int, version: int, reason: str) -> StatusChange:
    """Decline a recommendation.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was decided, or no reason is given.
        AccessError: The actor owns or proposed it, or the decision is another's.
    """
    return advance(session, decision, "declined", actor=actor, version=version, reason=reason)


def review(
    session: Session, decision: Decision, measured: Measurement | MeasurementEntry | None = None, *, actor: int,
    version: int, reason: str = "",
) -> StatusChange:  # fmt: skip
    """Hold an accepted recommendation against the effect that was measured.

    Args:
        session: A writing session.
        decision: Which one.
        measured: The effect: a figure that is recorded, or one to record as this decision's; None where it was noted.
        actor: The owner's superior.
        version: Which version the actor saw.
        reason: What was learned.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was not accepted, the effect is missing, or is of another metric.
        AccessError: The review is another's.
    """
    if measured is not None:
        note(session, decision, measured, actor=actor, version=version)
        version = decision.version
    return advance(session, decision, "reviewed", actor=actor, version=version, reason=reason)


def note(
    session: Session, decision: Decision, measured: Measurement | MeasurementEntry, *, actor: int, version: int
) -> Decision:
    """Write down the effect that an accepted recommendation had, before its review.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is not in force, its effect is noted already, or this one is of another metric.
        AccessError: The decision is none of the actor's.
    """
    if decision.status != "accepted" or decision.measurement_id is not None:
        raise RecordError(
            _("{number} is {status}; an effect is noted once, of what was accepted.").format(
                number=decision.number, status=DECISION.called(decision.status)
            )
        )
    found = measured if isinstance(measured, Measurement) else _recorded(session, decision, measured, actor)
    if found.metric_id != decision.metric_id or found.basis != "actual":
        raise RecordError(_("The effect is measured as an actual figure of {metric}.").format(metric=_name(decision)))
    with later.written(session, decision, actor=actor, version=version):
        decision.measurement_id = found.id
    session.refresh(decision, ["measurement"])
    return decision


def _recorded(session: Session, decision: Decision, entry: MeasurementEntry, actor: int) -> Measurement:
    return measurement.record(session, entry.model_copy(update={"subject_id": decision.id}), actor=actor)


def _name(decision: Decision) -> str:
    return decision.metric.name


def _content(session: Session, entry: DecisionEntry) -> dict[str, Any]:
    if entry.report_id is not None and session.get(Report, entry.report_id) is None:
        raise RecordError(_("There is no report {number}.").format(number=entry.report_id))
    if entry.scenario_id is not None:
        scenario.named(session, entry.scenario_id)
    if entry.transfer is not None:
        _check_transfer(session, entry.transfer)
    kept = entry.model_dump(exclude={"metric", "cost", "owner_id", "activity", "transfer"})
    return {
        **kept,
        "metric_id": metrics.named(session, entry.metric).id,
        "amount_minor": entry.cost,
        "starts_activity": entry.activity and entry.activity.model_dump(mode="json"),
        "starts_transfer": entry.transfer and entry.transfer.model_dump(mode="json"),
    }


def _check_transfer(session: Session, entry: TransferEntry) -> None:
    lines = [number for number in (entry.from_line, entry.to_line) if number is not None]
    if not lines or entry.from_line == entry.to_line:
        raise RecordError(_("A transfer goes from one budget line to another, or to or from none."))
    for number in lines:
        budget_line.named(session, number)


def _missing(_session: Session, record: Record, to: str) -> Iterable[str]:
    if isinstance(record, Decision) and to == "reviewed" and record.measurement_id is None:
        yield _("The effect that was measured is missing.")


def _effect(session: Session, record: Record, change: StatusChange) -> None:
    if not isinstance(record, Decision) or change.to_status != "accepted":
        return
    if record.starts_activity:
        record.activity_id = _start_activity(session, record, record.starts_activity, change.actor_id)
    if record.starts_transfer:
        record.transfer_id = _start_transfer(session, record, record.starts_transfer, change.actor_id)
    session.flush()


def _start_activity(session: Session, decision: Decision, about: Mapping[str, Any], actor: int) -> int:
    entry = ActivityEntry.model_validate(about)
    owned = {"owner_id": entry.owner_id or decision.owner_id, "about_id": entry.about_id or decision.id}
    return activities.enter(session, entry.model_copy(update=owned), actor=actor).id


def _start_transfer(session: Session, decision: Decision, about: Mapping[str, Any], actor: int) -> int:
    made = budget_transfer.enter(
        session, title=decision.title, **about, purpose=f"{decision.number}: {decision.recommendation}",
        actor=actor, owner=decision.owner_id,
    )  # fmt: skip
    return made.id


def due(session: Session, *, on: date) -> list[Decision]:
    """Return the accepted recommendations whose review is due on a day, the oldest first."""
    query = select(Decision).where(Decision.status == "accepted", Decision.review_on <= on)
    return list(session.scalars(query.order_by(Decision.review_on, Decision.id)))


DECISION = types.register(
    RecordType(
        name="decision",
        title=mark("Recommendation"),
        prefix="DC",
        first="open",
        statuses={
            "open": mark("to be decided"),
            "accepted": mark("accepted"),
            "declined": mark("declined"),
            "reviewed": mark("reviewed"),
        },
        missing=_missing,
        effect=_effect,
        tables=("decision",),
        steps={"declined": mark("Decline"), "reviewed": mark("Review")},
        readers=later.EVERYBODY,
    )
)
