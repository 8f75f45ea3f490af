"""Comments on records, and whom they mention: 请 @李四 看一下. Whoever is mentioned gets a notice."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import documents, notices
from marketbook.kit.records.person import Party
from marketbook.kit.records.record import Record
from marketbook.kit.records.tables import Comment, CommentMention
from marketbook.kit.store import acting, now

LONGEST = 4_000


def comment(session: Session, record: Record, text: str, *, actor: int, mentions: Collection[int] = ()) -> Comment:
    """Say something about a record.

    Args:
        session: A writing session.
        record: Which one, whatever its status.
        text: What is said; an @ before a colleague's name mentions him.
        actor: Who says it.
        mentions: Whom it mentions besides, or which of several with the same name.

    Raises:
        RecordError: It is empty or too long, or a name is several people's.
        AccessError: The actor is no employee at work.
    """
    written = text.strip()
    if not 1 <= len(written) <= LONGEST:
        raise RecordError(
            _("The comment has {found} characters; it must have 1 to {most}.").format(found=len(written), most=LONGEST)
        )
    author = documents.at_work(session, actor)
    named = _mentioned(session, written, frozenset(mentions))
    made = Comment(record_id=record.id, author_id=author.id, text=written, at=now())
    with acting(session, actor):
        session.add(made)
        session.flush()
        session.add_all(CommentMention(comment_id=made.id, party_id=party) for party in sorted(named))
    notices.add(session, record_id=record.id, recipients=named - {actor}, kind="mentioned")
    return made


def listed(session: Session, *, record_id: int, after: int = 0, size: int = 100) -> list[Comment]:
    """Return the comments on a record, the first one first, from behind the id `after`."""
    query = select(Comment).where(Comment.record_id == record_id, Comment.id > after)
    return list(session.scalars(query.order_by(Comment.id).limit(size)))


def mentioned(session: Session, *, comment_id: int) -> list[int]:
    """Return whom a comment mentions."""
    query = select(CommentMention.party_id).where(CommentMention.comment_id == comment_id)
    return list(session.scalars(query.order_by(CommentMention.party_id)))


def _mentioned(session: Session, text: str, given: frozenset[int]) -> frozenset[int]:
    """Chinese has no spaces, so the longest name that follows the @ is meant."""
    parts = text.replace("＠", "@").split("@")[1:]
    colleagues: dict[str, list[int]] = {}
    query = select(Party.id, Party.name).where(Party.kind == "employee", Party.status == "active")
    if parts or given:
        for number, name in session.execute(query):
            colleagues.setdefault(name, []).append(number)
    if unknown := given - {number for found in colleagues.values() for number in found}:
        raise RecordError(_("Party {number} is not an employee at work.").format(number=min(unknown)))
    return given.union(*(_one(part, colleagues, given) for part in parts))


def _one(part: str, colleagues: dict[str, list[int]], given: frozenset[int]) -> frozenset[int]:
    name = max((name for name in colleagues if part.startswith(name)), key=len, default="")
    found = frozenset(colleagues.get(name, ()))
    if len(found) > 1 and not found & given:
        raise RecordError(
            _("{name} is the name of {count} colleagues; say which one is meant.").format(name=name, count=len(found))
        )
    return found & given if len(found) > 1 else found
