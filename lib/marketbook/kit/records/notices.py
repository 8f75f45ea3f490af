"""Notices: that something waits, was decided or sent back, or that someone was mentioned. Sending them is the app's."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, literal, select, update
from sqlalchemy.orm import Session

from marketbook.kit.records import roles
from marketbook.kit.records.tables import Notification
from marketbook.kit.store import now


def add(session: Session, *, record_id: int, recipients: Iterable[int], kind: str) -> None:
    """Note that people are to be told of a record: each of them once a day of one kind.

    Args:
        session: A writing session.
        record_id: Of which record.
        recipients: Who.
        kind: `waiting`, `decided`, `returned` or `mentioned`.
    """
    day, moment = roles.today(), now()
    for party in sorted(recipients):
        told = select(Notification.id).where(
            Notification.record_id == record_id, Notification.recipient_id == party, Notification.kind == kind,
            Notification.for_day == day,
        )  # fmt: skip
        values = {"record_id": record_id, "recipient_id": party, "kind": kind, "for_day": day, "made_at": moment}
        columns = [literal(value, Notification.__table__.c[name].type) for name, value in values.items()]
        session.execute(insert(Notification).from_select(list(values), select(*columns).where(~told.exists())))


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
