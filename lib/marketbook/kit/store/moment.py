"""A moment in time as a column: aware going in, UTC in the store and coming out, on SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A column type for moments; SQLite would drop their zone without it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone; store the others as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; a moment must have one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_given: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """Return this moment, in UTC; the one that was given, inside `at`."""
    return _given.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be another moment: for a made-up company's past, and for tests of days and terms.

    The audit log keeps the computer's own clock: it says when a row was really written.

    Args:
        moment: With a time zone.

    Example:
        >>> from datetime import timedelta
        >>> with at(datetime(2025, 3, 1, 9, 30, tzinfo=UTC)):
        ...     print(now() + timedelta(days=1))
        2025-03-02 09:30:00+00:00
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; a moment must have one")
    before = _given.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _given.reset(before)
