"""When the year's records are made: once, in the demo company's workspace, where the store has none."""

from datetime import date

from sqlalchemy import select

from marketbook.demo import people
from marketbook.kit.config import keep_private
from marketbook.kit.records import Record, roles
from marketbook.kit.store import Store


def ensure(store: Store, *, today: date | None = None) -> bool:
    """Make the demo company's people and records where the workspace is the demo company's and its store has none.

    Args:
        store: What it has stays as it is: accounts of its own, or any record.
        today: The day on which things are going on; the real one if none is given.

    Returns:
        Whether records were made.
    """
    if not people.is_demo():
        return False
    keep_private()
    store.upgrade()
    people.ensure(store)
    with store.reading() as session:
        if session.scalar(select(Record.id).limit(1)) is not None:
            return False
    from marketbook.demo.year import build  # the chapters are slow to import, and this is asked at each run

    return build.make(store, today=today or roles.today())
