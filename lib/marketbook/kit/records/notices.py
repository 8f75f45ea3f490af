"""Notices: that something waits, was decided or sent back, or that someone was mentioned. Sending them is the app's."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketbook.kit.records import roles
from marketbook.kit.records.tables import Notification
from marketbook.kit.store import now


def add(session: Session, *, record_id: int, recipient_id: int, kind: str) -> Notification | None:
    """Note that someone is to be told of a record; of one kind once a day.

    Returns:
        The notice; None where there is one of today that was not seen yet.
    """
    day = roles.today()
    query = select(Notification).where(
        Notification.record_id == record_id, Notification.recipient_id == recipient_id, Notification.kind == kind,
        Notification.for_day == day,
    )  # fmt: skip
    if session.scalar(query) is not None:
        return None
    made = Notification(record_id=record_id, recipient_id=recipient_id, kind=kind, for_day=day, made_at=now())
    session.add(made)
    session.flush()
    return made


def listed(session: Session, *, party_id: int, before: int | None = None, size: int = 50) -> list[Notification]:
    """Return someone's notices, the newest first.

    Args:
        session: A session of either kind.
        party_id: Whose.
        before: The id of the last one of the page before.
        size: How many.
    """
    query = select(Notification).where(Notification.recipient_id == party_id)
    if before is not None:
        query = query.where(Notification.id < before)
    return list(session.scalars(query.order_by(Notification.id.desc()).limit(size)))


def unsent(session: Session, *, size: int = 500) -> list[Notification]:
    """Return notices that were not sent, the oldest first."""
    return list(
        session.scalars(
            select(Notification).where(Notification.sent_at.is_(None)).order_by(Notification.id).limit(size)
        )
    )


def sent(session: Session, *, number: int, at: datetime | None = None) -> None:
    """Note that a notice was sent."""
    session.execute(update(Notification).where(Notification.id == number).values(sent_at=at or now()))


def seen(session: Session, *, party_id: int, record_id: int) -> int:
    """Note that someone has opened a record; return how many notices that settles."""
    mine = (Notification.recipient_id == party_id) & (Notification.record_id == record_id)
    done = update(Notification).where(mine, Notification.seen_at.is_(None)).values(seen_at=now())
    return len(session.execute(done.returning(Notification.id)).all())
