"""What the database refuses of contact data that leaves: without an approval, by another, too much, too often."""

from sqlalchemy import Connection

from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, refuse

_APPROVED = (
    "EXISTS (SELECT 1 FROM contact_release AS asked JOIN record AS r ON r.id = asked.id WHERE asked.id = NEW.record_id "
    "AND r.status = 'approved' AND r.entered_by_id = NEW.party_id AND asked.purpose = NEW.purpose "
    "AND NEW.count <= asked.most "
    "AND asked.times > (SELECT count(*) FROM list_export AS before WHERE before.record_id = asked.id))"
)


def of_releases(connection: Connection) -> list[Trigger]:
    """Return the triggers of the requests, and of the lists that leave on them; the log holds no reason's words."""
    unlike = f"(NEW.record_id IS NOT NULL OR NEW.purpose IS NOT NULL) AND NOT coalesce({_APPROVED}, 1 = 0)"
    return [
        *of_content(connection, "contact_release", of_type="contact_release"),
        refuse("list_export", "approved", "INSERT", when=unlike, saying="nobody has approved that it leaves so"),
        *audited(connection, "contact_release", digested=("reason",)),
    ]
