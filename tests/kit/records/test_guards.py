"""The triggers: the database has those that are listed, and they can be made anew; no kept table is without."""

from sqlalchemy import inspect

from marketbook.kit.records import guards
from marketbook.kit.store import SETUP, Base, Store, triggers

DERIVED = {"waiting", "notification", "comment_mention", "draft"}
"""Tables that hang on a record and are not logged: what they hold follows from others, or is nobody's decision."""


def test_the_listed_triggers_are_there_and_can_be_made_anew(store: Store) -> None:
    with store.writing(actor=SETUP) as session:
        connection = session.connection()
        before, listed = triggers.installed(connection), guards.of_kit(connection)
        names = {one.name for one in listed}
        assert names <= before
        triggers.remove(connection, listed)
        assert triggers.installed(connection) == before - names
        triggers.install(connection, listed)
        assert triggers.installed(connection) == before


def test_every_table_that_hangs_on_a_record_is_logged(store: Store) -> None:
    hanging = {
        table.name for table in Base.metadata.sorted_tables
        if any(key.target_fullname == "record.id" for key in table.foreign_keys)
    }  # fmt: skip
    with store.reading() as session:
        made = triggers.installed(session.connection())
        there = set(inspect(session.connection()).get_table_names())
    logged = {
        name for name in hanging | {"record"} if {f"{name}_audit_{e}" for e in ("insert", "update", "delete")} <= made
    }
    assert (hanging & there) - logged <= DERIVED
