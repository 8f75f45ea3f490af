"""What is done once a day, whoever comes first: the app server, a run of reports, a schedule.

The day is kept in the store, so that a restart or a second process does nothing twice. What fails is logged and tried
again; it does not keep the rest from being done.
"""

import logging
from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.records import roles, tidy, waiting
from marketbook.kit.records.tables import DailyTask
from marketbook.kit.store import Store

Task = Callable[[Session, date], object]
Apart = Callable[[Store, date], object]

log = logging.getLogger("marketbook.daily")

_tasks: dict[str, Task] = {}
_apart: dict[str, Apart] = {}


def register(name: str, task: Task) -> None:
    """Have something done once a day, in a transaction of its own.

    Args:
        name: Under which the store remembers it.
        task: Takes a writing session and the company's day.
    """
    _tasks[name] = task


def register_apart(name: str, task: Apart) -> None:
    """Have something done once a day that takes long, or is no change of the records: nobody waits for it to end.

    Args:
        name: Under which the store remembers it.
        task: Takes the store and the company's day, and opens transactions of its own. Two processes may do it at the
            same time, and it is done again where its process ended before it did.
    """
    _apart[name] = task


def run(store: Store, *, on: date | None = None) -> list[str]:
    """Do what was not done yet on a day; costs one look where everything was.

    Args:
        store: Its tables are up to date.
        on: The day; today where the company is, if none is given.

    Returns:
        The names of what was done.
    """
    day = on or roles.today()
    with store.reading() as session:
        open_ones = [name for name in (*_tasks, *_apart) if not _is_done(session, name, day)]
    return [name for name in open_ones if _perform(store, name, day)]


def last_days(session: Session) -> dict[str, date]:
    """Return the last day on which each thing was done."""
    return {row.name: row.day for row in session.scalars(select(DailyTask))}


def _is_done(session: Session, name: str, day: date) -> bool:
    row = session.get(DailyTask, name)
    return row is not None and row.day >= day


def _perform(store: Store, name: str, day: date) -> bool:
    try:
        if name in _apart:
            _apart[name](store, day)
        with store.writing() as session:
            if _is_done(session, name, day):  # by another process, while this one waited
                return False
            session.merge(DailyTask(name=name, day=day))
            if name in _tasks:
                _tasks[name](session, day)
    except Exception:
        log.exception("%s: not done on %s, and tried again", name, day)
        return False
    return True


register("waiting", lambda session, day: waiting.refresh(session, on=day))
register("tidy", lambda session, day: tidy.tidy(session, on=day))
