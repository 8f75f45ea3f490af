"""Activities: every dated thing that someone must do, who takes part, and what came of it.

On time, in quantity and in quality are kept apart; what a plan in force promised of an activity is not changed.
"""

from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, RecordType, StatusChange, advance, documents, roles, types
from marketbook.kit.store import Base, acting
from marketbook.office import later
from marketbook.office.params import ActivityEntry, ResultEntry

KINDS = {
    "task": mark("Task"),
    "advertising": mark("Online advertising"),
    "event": mark("Event"),
    "public_relations": mark("Public relations"),
    "content": mark("Content"),
    "research": mark("Research"),
    "call": mark("Call"),
    "visit": mark("Visit"),
    "care": mark("Customer care"),
    "recommendation": mark("Recommendation to a customer"),
    "training": mark("Training"),
    "review_meeting": mark("Review meeting"),
    "product_change": mark("Request for a product change"),
    "corrective_action": mark("Corrective action"),
    "issue": mark("Issue"),
    "inspection": mark("Inspection"),
}
"""What an activity can be."""

Held = Callable[[Session, "Activity"], Iterable[str]]
_held: dict[str, Held] = {}


def hold(type_name: str, function: Held) -> None:
    """Have a chapter say why an activity about one of its records cannot be over yet.

    Args:
        type_name: Of the record that the activity is about.
        function: Given a session of either kind and the activity; says what is missing, in sentences.
    """
    _held[type_name] = function


Followed = Callable[[Session, "Activity", StatusChange], None]
Asked = Callable[[Session, "Activity", str], Iterable[str]]
_followed: dict[str, Followed] = {}
_asked: dict[str, Asked] = {}


def follow(kinds: Iterable[str], function: Followed) -> None:
    """Have a chapter go on where a step was taken with an activity of a kind, in the step's transaction.

    Args:
        kinds: Of the activity.
        function: Given a writing session in which the actor acts, the activity and the step.
    """
    _followed.update(dict.fromkeys(kinds, function))


def ask(kinds: Iterable[str], function: Asked) -> None:
    """Have a chapter say what an activity of a kind lacks for a step.

    Args:
        kinds: Of the activity.
        function: Given a session of either kind, the activity and its new status; says what is missing, in sentences.
    """
    _asked.update(dict.fromkeys(kinds, function))


PROMISED = ("plan_id", "starts_on", "due_on", "qty_planned", "qty_unit", "quality_standard")
"""What a plan in force holds an activity to."""


class Activity(Record):
    """Something dated that someone must do; its owner is who does it.

    Attributes:
        kind: One of `KINDS`.
        plan_id: The plan that it belongs to.
        about_id: The record that it is about: a report, a complaint, a decision.
        channel: Where it happens.
        method: How: a survey, an interview; a training's subject.
        qty_planned, qty_done: How many of `qty_unit`.
        quality_standard: By what its quality is judged.
        quality: From 1 to 5, as it was judged.
        outcome: What came of it.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        CheckConstraint("starts_on <= due_on", name="dates"),
        CheckConstraint("qty_planned >= 1", name="qty_planned"),
        CheckConstraint("qty_done >= 0", name="qty_done"),
        CheckConstraint("quality BETWEEN 1 AND 5", name="quality"),
        Index("ix_activity_plan", "plan_id", "due_on"),
        Index("ix_activity_about", "about_id"),
        Index("ix_activity_due", "due_on", "id"),
        Index("ix_activity_start", "starts_on", "id"),
        Index("ix_activity_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    channel: Mapped[str] = mapped_column(String(100))
    method: Mapped[str] = mapped_column(String(50))
    starts_on: Mapped[date | None]
    due_on: Mapped[date]
    qty_planned: Mapped[int | None]
    qty_unit: Mapped[str] = mapped_column(String(20))
    quality_standard: Mapped[str] = mapped_column(Text)
    done_on: Mapped[date | None]
    qty_done: Mapped[int | None]
    quality: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"polymorphic_identity": "activity", "inherit_condition": id == Record.id}  # noqa: A003, RUF012


class Participation(Base):
    """Who takes part in an activity: a colleague, a partner, a guest.

    Attributes:
        role: As what.
        attended: Whether he came; None before it is known.
        minutes: How long.
        result: Of a test, or what he said.
    """

    __tablename__ = "participation"
    __table_args__ = (CheckConstraint("minutes >= 0", name="minutes"), Index("ix_participation_party", "party_id"))

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(50))
    attended: Mapped[bool | None]
    minutes: Mapped[int | None]
    result: Mapped[str] = mapped_column(Text)


def enter(session: Session, entry: ActivityEntry, *, actor: int) -> Activity:
    """Enter an activity as planned; it is the actor's own unless it names another owner.

    Raises:
        RecordError: There is no such plan or record, or its owner is no employee at work.
        AccessError: The actor is no employee at work.
    """
    return documents.enter(session, Activity(**_content(session, entry)), actor=actor)


def correct(session: Session, activity: Activity, entry: ActivityEntry, *, actor: int, version: int) -> Activity:
    """Write a planned activity anew; it stays with its owner.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was begun, or its plan is in force and holds it to what is changed.
        AccessError: It is another's.
    """
    content = _content(session, entry)
    content.pop("owner_id")
    changes = {name: value for name, value in content.items() if getattr(activity, name) != value}
    if broken := [name for name in PROMISED if name in changes]:
        _check_unpromised(session, activity, broken)
    return documents.edit(session, activity, changes, actor=actor, version=version)


def note(session: Session, activity: Activity, entry: ResultEntry, *, actor: int, version: int) -> Activity:
    """Write down how far an activity is; what the entry does not name stays.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is not under way, or was done on a day to come.
        AccessError: The actor is neither its owner nor his superior.
    """
    if activity.status not in ("in_progress", "blocked"):
        raise RecordError(
            _("{number} is {status}; results are noted while it is under way.").format(
                number=activity.number, status=ACTIVITY.called(activity.status)
            )
        )
    if entry.done_on is not None and entry.done_on > roles.today():
        raise RecordError(_("It cannot be done on {day}, which is to come.").format(day=entry.done_on))
    with later.written(session, activity, actor=actor, version=version):
        for name, value in entry.model_dump(exclude_unset=True).items():
            setattr(activity, name, value)
    return activity


def finish(session: Session, activity: Activity, entry: ResultEntry, *, actor: int, version: int) -> StatusChange:
    """Write down what came of an activity and close it; it was done today unless another day is named.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is not under way, or its outcome, quantity or quality is missing.
        AccessError: The actor is neither its owner nor his superior.
    """
    dated = entry.model_copy(update={"done_on": entry.done_on or roles.today()})
    note(session, activity, dated, actor=actor, version=version)
    return advance(session, activity, "done", actor=actor, version=activity.version)


def invite(session: Session, activity: Activity, *, party_id: int, role: str, actor: int) -> Participation:
    """Note that someone takes part.

    Raises:
        RecordError: There is no such person, or he takes part already.
        AccessError: The actor is no employee at work.
    """
    party = session.get(Party, party_id)
    if party is None:
        raise RecordError(_("There is no party {number}.").format(number=party_id))
    if session.get(Participation, (activity.id, party_id)) is not None:
        raise RecordError(_("{name} takes part already.").format(name=party.name))
    made = Participation(activity_id=activity.id, party_id=party_id, role=role.strip(), result="")
    with acting(session, documents.at_work(session, actor).id):
        session.add(made)
    return made


def attended(
    session: Session, participation: Participation, *, came: bool, minutes: int | None = None, result: str = "",
    actor: int,
) -> Participation:  # fmt: skip
    """Note whether someone came, for how long and with which result.

    Raises:
        AccessError: The actor is no employee at work.
    """
    with acting(session, documents.at_work(session, actor).id):
        participation.attended, participation.minutes, participation.result = came, minutes, result.strip()
    return participation


def of_plans(session: Session, plan_ids: Iterable[int]) -> list[Activity]:
    """Return the activities of some plans by the day they are due; cancelled ones are left out."""
    query = select(Activity).where(Activity.plan_id.in_(list(plan_ids)), Activity.status != "cancelled")
    return list(session.scalars(query.order_by(Activity.due_on, Activity.id)))


def _content(session: Session, entry: ActivityEntry) -> dict[str, object]:
    if entry.plan_id is not None and later.type_of(session, entry.plan_id) != "plan":
        raise RecordError(_("There is no plan {number}.").format(number=entry.plan_id))
    if entry.about_id is not None and not later.type_of(session, entry.about_id):
        raise RecordError(_("There is no record {number}.").format(number=entry.about_id))
    return entry.model_dump()


def _check_unpromised(session: Session, activity: Activity, names: list[str]) -> None:
    plan = session.get(Record, activity.plan_id) if activity.plan_id is not None else None
    if plan is not None and not types.state(session, plan).editable:
        raise RecordError(
            _("{plan} was handed in and holds to {names}; cancel {number} with a reason and enter another.").format(
                plan=plan.number, names=", ".join(names), number=activity.number
            )
        )


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, Activity):
        return
    if to == "in_progress" and record.status == "planned" and record.plan_id is not None:
        plan = session.get_one(Record, record.plan_id)
        if plan.status not in ("approved", "active"):
            yield _("Its plan {plan} is not in force.").format(plan=plan.number)
    if to == "done":
        yield from _unfinished(record)
    if (asked := _asked.get(record.kind)) is not None:
        yield from asked(session, record, to)
    if to in ("done", "cancelled") and record.about_id is not None:
        held = _held.get(later.type_of(session, record.about_id))
        yield from held(session, record) if held is not None else ()


def _unfinished(activity: Activity) -> Iterable[str]:
    if not activity.outcome:
        yield _("It does not say what came of it.")
    if activity.qty_planned is not None and activity.qty_done is None:
        yield _("It does not say how many were done.")
    if activity.quality_standard and activity.quality is None:
        yield _("Its quality was not judged.")


def _effect(session: Session, record: Record, change: StatusChange) -> None:
    if isinstance(record, Activity) and (function := _followed.get(record.kind)) is not None:
        function(session, record, change)


def _prepare(_session: Session, record: Record, to: str) -> dict[str, object]:
    """What is closed was done today, unless another day was noted."""
    return {"done_on": record.done_on or roles.today()} if isinstance(record, Activity) and to == "done" else {}


ACTIVITY = types.register(
    RecordType(
        name="activity",
        title=mark("Activity"),
        prefix="AC",
        first="planned",
        statuses={
            "planned": mark("planned"),
            "in_progress": mark("in progress"),
            "blocked": mark("blocked"),
            "done": mark("done"),
            "cancelled": mark("cancelled"),
        },
        missing=_missing,
        effect=_effect,
        tables=("activity",),
        steps={"in_progress": mark("Begin or go on"), "blocked": mark("It is blocked"), "done": mark("It is done")},
        readers=later.EVERYBODY,
        prepare=_prepare,
    )
)
