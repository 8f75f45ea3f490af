"""The only way to a new status: `advance`, one function over the table of transitions.

It says who may take a step, of which amount, with whose eyes and which reason, and writes it as a `status_change`; the
database applies that, and refuses every other change of a status.
"""

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import format_money
from marketbook.kit.language import gettext as _
from marketbook.kit.records import documents, line, notices, roles, stale, types, waiting
from marketbook.kit.records.line import Company, Matter, Seat
from marketbook.kit.records.person import ROLES, Party
from marketbook.kit.records.record import OWNER, Record, StatusChange, Transition
from marketbook.kit.store import acting, now

LONGEST_REASON = 2_000

R = TypeVar("R", bound=Record)


def advance(session: Session, record: Record, to: str, *, actor: int, version: int, reason: str = "") -> StatusChange:
    """Take a step with a record.

    Args:
        session: A writing session.
        record: Which one.
        to: Its new status.
        actor: Who takes the step.
        version: Which version the actor saw.
        reason: Why; some steps ask for it.

    Returns:
        The step as it was written; `record` has its new status and version.

    Raises:
        StaleError: Someone changed the record since the actor saw it; it carries the difference.
        RecordError: There is no such step for this amount, a reason or something else is missing.
        AccessError: The actor may not take the step; the message says why, and whose it is.
    """
    kind, party = types.named(record.type), documents.at_work(session, actor)
    stale.check(session, record, version)
    steps = _steps(session, record, to)
    company, matter = line.read(session, on=roles.today(), owner=record.owner_id), waiting.matter(session, record)
    step, seat, of = _seat(session, company, steps, matter, party)
    given = _reason(step, reason)
    _prepare(session, record, kind.prepare(session, record, to), actor)
    _check_complete(session, record, to, kind)
    number = _round(session, record, matter)
    change = StatusChange(
        record_id=record.id, version=record.version, from_status=record.status, to_status=to, actor_id=actor,
        role=step.role, acted_as=seat.role, on_behalf_of_id=of, reason=given, round=number, at=now(),
    )  # fmt: skip
    with acting(session, actor):
        session.add(change)
        session.flush()
        _applied(record, change)
        kind.effect(session, record, change)
    _tell(session, record, change, company, _after(matter, change))
    return change


def open_steps(session: Session, record: Record, *, actor: int) -> list[Transition]:
    """Return the steps that someone may take with a record today, whether or not it is complete for them."""
    company, matter = line.read(session, on=roles.today(), owner=record.owner_id), waiting.matter(session, record)
    found = (one for one in types.steps(session, record) if one.covers(record.amount_minor or 0))
    return [step for step in found if line.seat(company, step, matter, actor)]


def _steps(session: Session, record: Record, to: str) -> list[Transition]:
    kind = types.named(record.type)
    if not (found := types.steps(session, record, to=to)):
        ways = sorted({kind.called(step.to_status) for step in types.steps(session, record)})
        raise RecordError(
            _("{number} is {status} and cannot become {to}; from here it can become: {ways}.").format(
                number=record.number, status=kind.called(record.status), to=kind.called(to),
                ways=_(", ").join(ways) or _("nothing"),
            )
        )  # fmt: skip
    amount = record.amount_minor or 0
    if covered := [step for step in found if step.covers(amount)]:
        return covered
    ranges = _("; ").join(_range(step) for step in found)
    raise RecordError(
        _("{number} is about {amount}, which nobody takes this step with: {ranges}.").format(
            number=record.number, amount=_money(amount), ranges=ranges
        )
    )


def _range(step: Transition) -> str:
    if step.amount_below is None:
        return _("{role} from {least}").format(role=_role(step.role), least=_money(step.amount_from))
    return _("{role} from {least} to below {most}").format(
        role=_role(step.role), least=_money(step.amount_from), most=_money(step.amount_below)
    )


def _seat(
    session: Session, company: Company, steps: list[Transition], matter: Matter, party: Party
) -> tuple[Transition, Seat, int | None]:
    for step in steps:
        if found := line.seat(company, step, matter, party.id):
            return step, *found
    raise AccessError(_why_not(session, company, steps[0], matter, party))


def _why_not(session: Session, company: Company, step: Transition, matter: Matter, party: Party) -> str:
    if step.four_eyes:
        if party.id == matter.owner:
            return _("{name} answers for this record and may not decide on it.").format(name=party.name)
        if party.id == matter.subject:
            return _("This record is about {name}, who may not decide on it.").format(name=party.name)
        if party.id in matter.own(company):
            return _("{name} represents the owner of this record and may not decide on it.").format(name=party.name)
        if party.id in matter.acted:
            return _("{name} has acted on this record before; a second person decides.").format(name=party.name)
    seats = line.seats(company, step, matter)
    names = [session.get_one(Party, seat.party).name for seat in seats[:3]]
    if not names:
        return _("Nobody who holds {role} today may take this step.").format(role=_role(step.role))
    return _("{name} may not take this step today: it is for {role}, here {names}.").format(
        name=party.name, role=_role(step.role), names=_(", ").join(names)
    )


def _role(role: str) -> str:
    return _("the owner") if role == OWNER else _(ROLES[role])


def _money(amount: int) -> str:
    return format_money(amount / 100, settings().currency, decimals=2)


def _reason(step: Transition, reason: str) -> str:
    given = reason.strip()
    if step.needs_reason and not given:
        raise RecordError(_("This step needs a reason."))
    if len(given) > LONGEST_REASON:
        raise RecordError(
            _("The reason has {found} characters; at most {most} are kept.").format(
                found=len(given), most=LONGEST_REASON
            )
        )
    return given


def _prepare(session: Session, record: Record, writes: Mapping[str, object], actor: int) -> None:
    """Write what the step asks for as a version of its own; nothing where it stands so already."""
    changes = {name: value for name, value in writes.items() if getattr(record, name) != value}
    if not changes:
        return
    with acting(session, actor):
        for name, value in changes.items():
            setattr(record, name, value)
        record.version += 1


def _check_complete(session: Session, record: Record, to: str, kind: types.RecordType) -> None:
    if missing := list(kind.missing(session, record, to)):
        raise RecordError(
            _("{number} cannot become {status} yet: {missing}").format(
                number=record.number, status=kind.called(to), missing=" ".join(missing)
            )
        )


def _round(session: Session, record: Record, matter: Matter) -> int:
    """Return the round that a step belongs to: handing a record in opens the next one."""
    return matter.round + (types.state(session, record).editable or matter.round == 0)


def _after(matter: Matter, change: StatusChange) -> Matter:
    acted = frozenset(party for party in (change.actor_id, change.on_behalf_of_id) if party is not None)
    before = matter.acted if change.round == matter.round else frozenset()
    return Matter(matter.owner, matter.subject, before | acted, change.round)


def _applied(record: Record, change: StatusChange) -> None:
    """The database has applied the step to the record; nothing else can have changed it, as one writes at a time."""
    set_committed_value(record, "status", change.to_status)
    set_committed_value(record, "version", change.version + 1)


def _tell(session: Session, record: Record, change: StatusChange, company: Company, matter: Matter) -> None:
    """Put the record before those who decide next, tell them and their deputies, and its owner what was decided."""
    deciding = waiting.restart(session, record, company=company, about=matter) - {record.owner_id}
    deputies = {deputy for party in deciding for deputy in company.deputies_of(party)}
    recipients = deciding | (deputies - matter.own(company) - matter.acted)
    notices.add(session, record_id=record.id, recipients=recipients, kind="waiting")
    if change.actor_id != record.owner_id and change.role != OWNER:
        kind = "returned" if types.state(session, record).editable else "decided"
        notices.add(session, record_id=record.id, recipients=[record.owner_id], kind=kind)
