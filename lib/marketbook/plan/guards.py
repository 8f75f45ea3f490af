"""What the database refuses of plans."""

from sqlalchemy import Connection

from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger


def of_plan(connection: Connection) -> list[Trigger]:
    """Return the triggers of plans."""
    return [*of_content(connection, "plan", of_type="plan"), *audited(connection, "plan")]
