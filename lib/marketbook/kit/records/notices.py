"""Notices: that something waits, was decided, passed on or is late, or someone was mentioned. The app sends them."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from marketbook.kit.records import roles
from marketbook.kit.records.tables import ONCE, Notification
from marketbook.kit.store import now

_TABLE = cast("Table", Notification.__table__)
_GIVEN = {name: bindparam(f"a_{name}", type_=_TABLE.c[name].type) for name in (*ONCE, "made_at")}
_TOLD = select(_TABLE.c.id).where(*(_TABLE.c[name] == _GIVEN[name] for name in ONCE))
_ADD = insert(_TABLE).from_select(list(_GIVEN), select(*_GIVEN.values()).where(~_TOLD.exists()))
"""Adds a notice where there is none of its kind on that day; made once, as every step asks it."""


def add(session: Session, *, record_id: int, recipients: Iterable[int], kind: str) -> None:
    """Note that people are to be told of a record: each of them once a day of one kind.

    Args:
        session: A writing session.
        record_id: Of which record.
        recipients: Who.
        kind: One of `tables.NOTICES`.
    """
    about = {"a_record_id": record_id, "a_kind": kind, "a_for_day": roles.today(), "a_made_at": now()}
    for party in sorted(recipients):
        session.execute(_ADD, {**about, "a_recipient_id": party})


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
