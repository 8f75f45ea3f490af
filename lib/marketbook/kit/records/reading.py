"""Who may read a record, with its files and comments: written here once, for every page and every link.

Those whose work it is: its owner, whom it is about, who entered it, everybody who has acted on it or has to act on it
now, whoever was asked in a comment, the superiors of owner and subject; the deputies of all of them. And by role: the
executive, the director and the auditor everything, others what their type of records names.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import line, roles, types
from marketbook.kit.records.line import Company
from marketbook.kit.records.record import Record, StatusChange
from marketbook.kit.records.tables import Comment, CommentMention, Waiting

EVERYTHING = frozenset({"executive", "director", "auditor"})
"""The roles that read every record."""


def may_read(session: Session, record: Record, *, party_id: int) -> bool:
    """Tell whether someone may read a record today.

    Args:
        session: A session of either kind.
        record: Which one.
        party_id: Who; as himself, and as a deputy of those whom he represents today.
    """
    held = roles.held(session, party_id=party_id)
    if held & (EVERYTHING | types.named(record.type).readers):
        return True
    company = line.read(session, on=roles.today())
    readers = {party_id, *(of for of, _role in company.represented(party_id))}
    return not readers.isdisjoint(_concerned(session, record, company))


def readable(session: Session, number: int, *, party_id: int) -> Record:
    """Return a record that someone may read.

    Raises:
        AccessError: There is none, or it is not for him; which of the two is not told.
    """
    record = session.get(Record, number)
    if record is None or not may_read(session, record, party_id=party_id):
        raise AccessError(_("There is no record {number}, or it is not for you to read.").format(number=number))
    return record


def _concerned(session: Session, record: Record, company: Company) -> set[int | None]:
    mentioned = select(CommentMention.party_id).join(Comment).where(Comment.record_id == record.id)
    acted = select(StatusChange.actor_id, StatusChange.on_behalf_of_id).where(StatusChange.record_id == record.id)
    own = [party for party in (record.owner_id, record.subject_id) if party is not None]
    return {
        *own, record.entered_by_id, *(above for party in own for above in company.line(party)),
        *session.scalars(select(Waiting.party_id).where(Waiting.record_id == record.id)),
        *session.scalars(mentioned), *(party for row in session.execute(acted) for party in row),
    }  # fmt: skip
