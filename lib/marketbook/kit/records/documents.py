"""Records as documents: entering them, editing them while they may be edited, handing them over, and their history."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import notices, roles, search, stale, types, waiting
from marketbook.kit.records.person import Party, employee
from marketbook.kit.records.record import Numbering, Record, StatusChange
from marketbook.kit.store import acting, now

R = TypeVar("R", bound=Record)

_KEPT = frozenset(("id", "type", "number", "status", "owner_id", "version", "entered_by_id", "entered_at"))
"""What no edit changes."""


def enter(session: Session, record: R, *, actor: int) -> R:
    """Keep a new record, in its type's first status; its owner is the actor unless it names another, who is told.

    Args:
        session: A writing session.
        record: Of one of the chapters' classes, with what the person entered.
        actor: Who enters it.

    Raises:
        AccessError: The actor is no employee at work.
        RecordError: The owner is none, the title is empty, or the type is not known here.
    """
    kind = types.named(record.type)
    record.entered_by_id = at_work(session, actor).id
    record.owner_id = employee(session, record.owner_id or actor).id
    record.title = _titled(record.title)
    record.number, record.status, record.version, record.entered_at = _numbered(session, kind), kind.first, 1, now()
    with acting(session, actor):
        session.add(record)
    _followed(session, record)
    _told(session, record, actor)
    return record


@contextmanager
def editing(session: Session, record: Record, *, actor: int, version: int) -> Iterator[None]:
    """Change a record's content and its lines; they are written when the block ends, as one new version.

    Args:
        session: A writing session.
        record: Which one.
        actor: Its owner.
        version: Which one the actor saw.

    Raises:
        StaleError: Someone changed it since.
        RecordError: It was handed in.
        AccessError: It is another's.
    """
    stale.check(session, record, version)
    if not types.state(session, record).editable:
        raise RecordError(
            _("{number} is {status}; it can be edited only before it is handed in.").format(
                number=record.number, status=types.named(record.type).called(record.status)
            )
        )
    if at_work(session, actor).id != record.owner_id:
        owner = session.get_one(Party, record.owner_id).name
        raise AccessError(_("{number} is {owner}'s; nobody else edits it.").format(number=record.number, owner=owner))
    with acting(session, actor), session.no_autoflush:  # so that the record's row comes first, as `stale` reads it
        yield
        record.version += 1
    _followed(session, record)


def edit(session: Session, record: R, changes: Mapping[str, object], *, actor: int, version: int) -> R:
    """Give some of a record's fields other values.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was handed in, or a field is none that can be edited.
        AccessError: It is another's.
    """
    known = {attribute.key for attribute in type(record).__mapper__.column_attrs} - _KEPT
    if unknown := sorted(set(changes) - known):
        raise RecordError(
            _("{found} cannot be edited; allowed are {allowed}.").format(
                found=", ".join(unknown), allowed=", ".join(sorted(known))
            )
        )
    with editing(session, record, actor=actor, version=version):
        for name, value in changes.items():
            setattr(record, name, _titled(str(value)) if name == "title" else value)
    return record


def hand_over(session: Session, *, party_id: int, to: int, actor: int) -> list[int]:
    """Give the open records of someone who has left to another, who is told, all at once.

    Args:
        session: A writing session.
        party_id: Who has left.
        to: The new owner.
        actor: An administrator.

    Returns:
        The records' ids.

    Raises:
        AccessError: The actor is no administrator.
        RecordError: The old owner is still at work, or the new one is not.
    """
    if "admin" not in roles.held(session, party_id=actor):
        raise AccessError(_("Only an administrator hands records over."))
    left = session.get(Party, party_id)
    if left is None or left.status != "left":
        raise RecordError(_("Records are handed over when their owner has left."))
    owner = employee(session, to).id
    found = [
        one for one in session.scalars(select(Record).where(Record.owner_id == party_id)) if _is_open(session, one)
    ]
    with acting(session, actor):
        for record in found:
            record.owner_id, record.version = owner, record.version + 1
    for record in found:
        _followed(session, record)
        _told(session, record, actor)
    return [record.id for record in found]


def history(session: Session, *, record_id: int) -> list[StatusChange]:
    """Return the steps that were taken with a record, the first one first."""
    query = select(StatusChange).where(StatusChange.record_id == record_id)
    return list(session.scalars(query.order_by(StatusChange.version)))


def at_work(session: Session, actor: int) -> Party:
    """Return the employee who acts.

    Raises:
        AccessError: There is none with this id, or he has left.
    """
    party = session.get(Party, actor)
    if party is None or party.kind != "employee" or party.status != "active":
        raise AccessError(_("Party {number} is not an employee at work and cannot act.").format(number=actor))
    return party


def _followed(session: Session, record: Record) -> None:
    """Keep what is derived from a record in step: what it is found by, and for whom it waits."""
    search.keep(session, record)
    waiting.update(session, record, on=roles.today())


def _told(session: Session, record: Record, actor: int) -> None:
    """Tell a record's owner that another has made it his."""
    notices.add(session, record_id=record.id, recipients={record.owner_id} - {actor}, kind="assigned")


def _is_open(session: Session, record: Record) -> bool:
    return not types.state(session, record).final


def _titled(title: str | None) -> str:
    written = " ".join((title or "").split())
    if not 1 <= len(written) <= 200 or not written.isprintable():
        raise RecordError(_("title: {found!r}; must have 1 to 200 printable characters.").format(found=written[:220]))
    return written


def _numbered(session: Session, kind: types.RecordType) -> str:
    series = f"{kind.prefix}-{roles.today().year}"
    row = session.get(Numbering, series)
    if row is None:
        row = Numbering(series=series, last=0)
        session.add(row)
    row.last += 1
    session.flush()
    return f"{series}-{row.last:06d}"
