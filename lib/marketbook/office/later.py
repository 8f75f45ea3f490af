"""What is written into a record after it was handed in: its results. Its content stays as it was decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Record, advancing, documents, stale
from marketbook.kit.records.person import ROLES
from marketbook.kit.store import acting

EVERYBODY = frozenset(ROLES)
"""Who reads what the department does together: everybody who holds a role."""


@contextmanager
def written(session: Session, record: Record, *, actor: int, version: int) -> Iterator[None]:
    """Write results as one new version of a record, when the block ends.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        AccessError: The actor may take no step with it.
    """
    stale.check(session, record, version)
    documents.at_work(session, actor)
    if not advancing.open_steps(session, record, actor=actor):
        raise AccessError(_("{number} is not yours to write in.").format(number=record.number))
    with acting(session, actor), session.no_autoflush:  # so that the record's row comes first, as `stale` reads it
        yield
        record.version += 1


def type_of(session: Session, number: int) -> str:
    """Return the type of a record; empty where there is none."""
    return session.scalar(select(Record.type).where(Record.id == number)) or ""


def moment(day: datetime | date) -> datetime:
    """Return when a day begins where the company is; a moment stays as it is."""
    if isinstance(day, datetime):
        return day
    return datetime(day.year, day.month, day.day, tzinfo=settings().zone)
