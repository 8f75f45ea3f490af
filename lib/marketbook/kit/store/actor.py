"""Who acts in a transaction. The database refuses to write a kept row without one, and logs him beside every change.

An actor is a party's number, or `system` where no person acts: a server, a command, a schedule, a migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketbook.kit import visitor
from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _

SYSTEM = "system"
SETUP = "system:setup"
"""The actor of migrations, who alone writes rules without two people."""


def named(actor: int | str | None) -> str:
    """Return an actor as the database knows him: a party, the system, or by default whom this kernel serves.

    Example:
        >>> named(7), named(None), named("system:import")
        ('7', 'system', 'system:import')
    """
    if actor is None:
        served = visitor.served()
        return str(served.party_id) if served else SYSTEM
    if isinstance(actor, int) or actor.partition(":")[0] == SYSTEM:
        return str(actor)
    raise ValueError(f"{actor!r} is no actor; give a party's number, or a text that starts with {SYSTEM!r}")


@contextmanager
def acting(session: Session, actor: int) -> Iterator[None]:
    """Act as a party for a while in a transaction that the system began; what is pending is written by then.

    Raises:
        AccessError: The transaction is another party's.
    """
    connection, wanted = session.connection(), named(actor)
    before = connection.info.get("actor") or SYSTEM
    if before == wanted:
        yield
        session.flush()
        return
    if not before.startswith(SYSTEM):
        raise AccessError(
            _("Party {before} is acting here; party {wanted} cannot.").format(before=before, wanted=actor)
        )
    session.flush()
    set_actor(connection, wanted)
    try:
        yield
        session.flush()
    finally:
        with suppress(DBAPIError):  # after a refusal PostgreSQL only rolls back
            set_actor(connection, before)


def set_actor(connection: Connection, actor: str | None) -> None:
    """Tell the database who acts until the transaction ends."""
    connection.info["actor"] = actor
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT set_config('marketbook.actor', %s, true)", (actor or "",))
