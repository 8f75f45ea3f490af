"""Triggers on both engines, made from one condition in SQL that SQLite and PostgreSQL both understand.

Migrations call these functions, and call them again for a table that a later step changes: a batch on SQLite copies
the table and loses its triggers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, inspect, text

Event = Literal["INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True)
class Trigger:
    """One trigger.

    Attributes:
        name: Of the trigger, and of its function on PostgreSQL.
        table: Whose rows it watches.
        sqlite, postgresql: The statements that make it.
    """

    name: str
    table: str
    sqlite: str
    postgresql: tuple[str, ...]


def install(connection: Connection, triggers: Iterable[Trigger]) -> None:
    """Make triggers, in place of those of the same names."""
    statements: list[str] = []
    for trigger in triggers:
        if connection.dialect.name == "sqlite":
            statements += [f"DROP TRIGGER IF EXISTS {trigger.name}", trigger.sqlite]
        else:
            statements += [f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}", *trigger.postgresql]
    _run(connection, statements)


def remove(connection: Connection, triggers: Iterable[Trigger]) -> None:
    """Take triggers away."""
    statements: list[str] = []
    for trigger in triggers:
        if connection.dialect.name == "sqlite":
            statements.append(f"DROP TRIGGER IF EXISTS {trigger.name}")
        else:
            statements.append(f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}")
            statements.append(f"DROP FUNCTION IF EXISTS {trigger.name}()")
    _run(connection, statements)


def installed(connection: Connection) -> set[str]:
    """Return the names of the triggers that the database has."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.execute(text(query)).scalars())


def refuse(table: str, rule: str, event: Event, *, when: str, saying: str) -> Trigger:
    """Refuse a change of a row before it is made.

    Args:
        table: Whose rows.
        rule: Completes the trigger's name.
        event: What is tried.
        when: The condition, over NEW and OLD.
        saying: What the error says after the table's name.
    """
    name, message = f"{table}_{rule}", f"{table}: {saying}".replace("'", "''")
    back = "OLD" if event == "DELETE" else "NEW"
    return Trigger(
        name, table,
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        (
            _function(name, f"IF ({when}) THEN {_raise(message)}; END IF; RETURN {back}"),
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
    )  # fmt: skip


def follow(table: str, rule: str, event: Event, *, do: str) -> Trigger:
    """Do something after a row was changed.

    Args:
        table: Whose rows.
        rule: Completes the trigger's name.
        event: What was done.
        do: One statement, over NEW and OLD.
    """
    return followed(table, rule, event, sqlite=do, postgresql=do)


def followed(table: str, rule: str, event: Event, *, sqlite: str, postgresql: str) -> Trigger:
    """Do something after a row was changed, in each engine's own words."""
    name = f"{table}_{rule}"
    return Trigger(
        name, table,
        f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {sqlite}; END",
        (
            _function(name, f"{postgresql}; RETURN NULL"),
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
    )  # fmt: skip


def never_replaced(table: str, *keys: tuple[str, ...]) -> Trigger:
    """Refuse a row whose key is there: `INSERT OR REPLACE` passes the triggers that refuse a delete."""
    found = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} AS kept WHERE " + " AND ".join(f"kept.{c} = NEW.{c}" for c in key) + ")"
        for key in keys
    )
    return refuse(table, "never_replaced", "INSERT", when=found, saying="a row is never replaced")


def changed(*columns: str) -> str:
    """Return the condition that some of the columns get another value; PostgreSQL cannot compare JSON itself."""
    return " OR ".join(f"CAST(NEW.{column} AS TEXT) IS DISTINCT FROM CAST(OLD.{column} AS TEXT)" for column in columns)


def fixed(table: str, *columns: str) -> Trigger:
    """Refuse another value in columns that never change."""
    return refuse(table, "fixed", "UPDATE", when=changed(*columns), saying=f"{', '.join(columns)} never change")


def never_deleted(table: str) -> list[Trigger]:
    """Refuse every delete, one row at a time and all at once."""
    return [refuse(table, "never_deleted", "DELETE", when="1 = 1", saying="a row is never deleted"), _truncated(table)]


def append_only(table: str) -> list[Trigger]:
    """Refuse every change of a row that is there."""
    kept = refuse(table, "never_changed", "UPDATE", when="1 = 1", saying="a row is never changed")
    return [kept, *never_deleted(table)]


def columns(connection: Connection, table: str) -> list[str]:
    """Return a table's columns, as they are in the database by now."""
    return [column["name"] for column in inspect(connection).get_columns(table)]


def _run(connection: Connection, statements: list[str]) -> None:
    """PostgreSQL takes them all at once, in a hundredth of the time."""
    if connection.dialect.name == "sqlite":
        for statement in statements:
            connection.exec_driver_sql(statement)
        return
    cursor = connection.connection.cursor()
    cursor.execute(";\n".join(statements))
    cursor.close()


def _truncated(table: str) -> Trigger:
    """SQLite has no TRUNCATE; there the trigger stands for a delete once more."""
    name, message = f"{table}_never_truncated", f"{table}: a row is never deleted"
    return Trigger(
        name, table,
        f"CREATE TRIGGER {name} BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        (
            _function(name, _raise(message)),
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}()",
        ),
    )  # fmt: skip


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; END $$"


def _raise(message: str) -> str:
    message = message.replace("%", "%%")  # which RAISE would fill in
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'"
