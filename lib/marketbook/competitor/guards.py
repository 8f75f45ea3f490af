"""What the database refuses of the competitor log."""

from sqlalchemy import Connection

from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, refuse

_NOTED = "EXISTS (SELECT 1 FROM record AS r WHERE r.id = {0} AND r.type = 'competitor_entry' AND r.status = 'noted')"


def of_log(connection: Connection) -> list[Trigger]:
    """Return the triggers of the log."""
    stranger = "NOT EXISTS (SELECT 1 FROM party WHERE party.id = NEW.competitor_id AND party.kind = 'competitor')"
    gone = f"NEW.supersedes_id IS NOT NULL AND NOT {_NOTED.format('NEW.supersedes_id')}"
    twice = (
        "EXISTS (SELECT 1 FROM competitor_entry AS e WHERE e.competitor_id = NEW.competitor_id "
        "AND e.product = NEW.product AND e.channel = NEW.channel AND e.seen_on = NEW.seen_on "
        "AND e.price_minor = NEW.price_minor AND e.price_kind = NEW.price_kind AND e.currency = NEW.currency "
        f"AND e.size = NEW.size AND e.unit = NEW.unit AND e.id <> coalesce(NEW.supersedes_id, 0) "
        f"AND {_NOTED.format('e.id')})"
    )
    alone = (
        "NEW.to_status = 'corrected' AND EXISTS (SELECT 1 FROM competitor_entry AS own WHERE own.id = NEW.record_id) "
        "AND NOT EXISTS (SELECT 1 FROM competitor_entry AS e WHERE e.supersedes_id = NEW.record_id)"
    )
    return [
        *of_content(connection, "competitor_entry", of_type="competitor_entry"),
        refuse("competitor_entry", "of_competitor", "INSERT", when=stranger, saying="it is about no competitor"),
        refuse("competitor_entry", "supersedes", "INSERT", when=gone, saying="what it corrects does not stand"),
        refuse("competitor_entry", "single", "INSERT", when=twice, saying="the same was noted already"),
        refuse("status_change", "competitor_corrected", "INSERT", when=alone, saying="nothing takes its place"),
        *audited(connection, "competitor_entry"),
    ]
