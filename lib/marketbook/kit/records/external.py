"""By what other systems know our records and parties: a system's own id is linked once, to one of ours."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records.person import Party
from marketbook.kit.records.record import Record
from marketbook.kit.records.tables import ExternalId
from marketbook.kit.store import now


def link(
    session: Session, *, system: str, id: str, record_id: int | None = None, party_id: int | None = None  # noqa: A002
) -> ExternalId:  # fmt: skip
    """Note by what a system knows a record or a party; to note it again changes nothing.

    Args:
        session: A writing session.
        system: The other system's name, such as `crm`; capitals do not count.
        id: By what it knows it.
        record_id: Of our record; none where it is a party.
        party_id: Of our party; none where it is a record.

    Raises:
        RecordError: The name or the id cannot be, there is no such record or party, or the id is another's.
    """
    name, known = _named(system), _known(id)
    found = session.get(ExternalId, (name, known))
    if found is not None and (found.record_id, found.party_id) == (record_id, party_id):
        return found
    if found is not None:
        raise RecordError(
            _("{system} {id} is {other} already.").format(system=name, id=known, other=_called(session, found))
        )
    made = ExternalId(system=name, id=known, record_id=record_id, party_id=party_id, linked_at=now())
    _check_there(session, made)
    session.add(made)
    session.flush()
    return made


def unlink(session: Session, *, system: str, id: str) -> None:  # noqa: A002
    """Take a link away that was wrong; the audit log keeps it.

    Raises:
        RecordError: There is none.
    """
    found = find(session, system=system, id=id)
    if found is None:
        raise RecordError(_("{system} {id} is not known here.").format(system=system[:30], id=id[:100]))
    session.delete(found)
    session.flush()


def find(session: Session, *, system: str, id: str) -> ExternalId | None:  # noqa: A002
    """Return what a system's id stands for; None where it is not known here."""
    return session.get(ExternalId, (system.strip().lower(), id.strip()))


def listed(session: Session, *, record_id: int | None = None, party_id: int | None = None) -> list[ExternalId]:
    """Return by what other systems know a record or a party."""
    mine = ExternalId.record_id == record_id if record_id is not None else ExternalId.party_id == party_id
    return list(session.scalars(select(ExternalId).where(mine).order_by(ExternalId.system, ExternalId.id)))


def _named(system: str) -> str:
    name = system.strip().lower()
    if not 1 <= len(name) <= 30 or not name.isprintable():
        raise RecordError(_("system: {found!r}; must have 1 to 30 printable characters.").format(found=system[:40]))
    return name


def _known(given: str) -> str:
    written = given.strip()
    if not 1 <= len(written) <= 100 or not written.isprintable():
        raise RecordError(_("id: {found!r}; must have 1 to 100 printable characters.").format(found=given[:120]))
    return written


def _check_there(session: Session, made: ExternalId) -> None:
    if (made.record_id is None) == (made.party_id is None):
        raise RecordError(_("An id of another system stands for one record or for one party."))
    table, number = (Record.id, made.record_id) if made.record_id is not None else (Party.id, made.party_id)
    if session.scalar(select(table).where(table == number)) is None:
        raise RecordError(
            _("{system} {id}: what it is to stand for is not there.").format(system=made.system, id=made.id)
        )


def _called(session: Session, found: ExternalId) -> str:
    if found.record_id is not None:
        return str(session.scalar(select(Record.number).where(Record.id == found.record_id)))
    return session.get_one(Party, found.party_id).name
