"""What the database refuses of complaints."""

from sqlalchemy import Connection

from marketbook.customer.complaint.tables import SEVERE
from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, append_only, changed, never_replaced, refuse

DUE = ("respond_by", "resolve_by", "provisional")
RESULTS = ("department", "handler_id", "responded_at", "resolution", "cause", "cause_text")
LATER = (*DUE, *RESULTS, "resolved_at", "satisfaction")
"""What may change after it was taken: when it is due, how it goes on, and what came of it."""

WORDS = ("content", "resolution", "cause_text")
"""What was said, in which somebody may have named a number."""

_STATUS = "(SELECT r.status FROM record AS r WHERE r.id = OLD.id)"


def of_complaints(connection: Connection) -> list[Trigger]:
    """Return the triggers of complaints and of the warnings about them."""
    return [
        *of_content(connection, "complaint", of_type="complaint", free=LATER),
        *_of_people(),
        *_of_clock(),
        *_of_steps(),
        never_replaced("complaint_warning", ("complaint_id", "goal", "level")),
        *append_only("complaint_warning"),
        *log_of_complaints(connection),
    ]


def log_of_complaints(connection: Connection) -> list[Trigger]:
    """Return the triggers that log the changes of complaints; of their words the log holds the hash."""
    return audited(connection, "complaint", digested=WORDS)


def _of_people() -> list[Trigger]:
    stranger = "NOT EXISTS (SELECT 1 FROM party WHERE party.id = NEW.party_id AND party.kind = 'customer')"
    outsider = (
        "NEW.handler_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM party WHERE party.id = NEW.handler_id AND party.kind = 'employee')"
    )
    return [
        refuse("complaint", "of_customer", "INSERT", when=stranger, saying="it is no customer's"),
        refuse("complaint", "to_customer", "UPDATE", when=stranger, saying="it is no customer's"),
        refuse("complaint", "handled", "UPDATE", when=outsider, saying="who works on it is no employee"),
    ]


def _of_clock() -> list[Trigger]:
    fresh = "NEW.responded_at IS NOT NULL OR NEW.resolved_at IS NOT NULL OR NEW.cause IS NOT NULL"
    moved = f"({changed(*DUE)}) AND NOT OLD.provisional AND NEW.severity = OLD.severity"
    again = "OLD.responded_at IS NOT NULL AND (NEW.responded_at IS NULL OR NEW.responded_at <> OLD.responded_at)"
    return [
        refuse("complaint", "fresh", "INSERT", when=fresh, saying="it begins unanswered"),
        refuse("complaint", "received", "UPDATE", when=changed("received_at"), saying="it came when it came"),
        refuse("complaint", "due_once", "UPDATE", when=moved, saying="when it is due was written at intake"),
        refuse("complaint", "answered_once", "UPDATE", when=again, saying="its first answer was given when it was"),
        refuse(
            "complaint", "over", "UPDATE", when=f"({changed(*RESULTS)}) AND {_STATUS} = 'closed'",
            saying="what is closed stays as it is",
        ),
    ]  # fmt: skip


def _of_steps() -> list[Trigger]:
    unsolved = "own.responded_at IS NULL OR own.resolved_at IS NULL OR trim(own.resolution) = ''"
    unacted = (
        f"own.severity IN ({', '.join(repr(one) for one in SEVERE)}) AND NOT EXISTS "
        "(SELECT 1 FROM activity AS a JOIN record AS r ON r.id = a.id WHERE a.about_id = own.id "
        "AND a.kind = 'corrective_action' AND r.status <> 'cancelled')"
    )
    rules = {
        "complaint_told": (_step("resolved", "trim(own.resolution) = ''"), "how the complaint was solved is missing"),
        "complaint_solved": (_step("closed", unsolved), "the complaint is not solved"),
        "complaint_caused": (_step("closed", "own.cause IS NULL"), "the complaint's cause is missing"),
        "complaint_acted": (_step("closed", unacted), "the complaint's corrective action is missing"),
    }
    return [
        refuse("status_change", name, "INSERT", when=f"({when})", saying=say) for name, (when, say) in rules.items()
    ]


def _step(to: str, when: str) -> str:
    """Return SQL for: a step to a status of a complaint of which something is true."""
    return (
        f"NEW.to_status = '{to}' AND EXISTS (SELECT 1 FROM complaint AS own WHERE own.id = NEW.record_id AND ({when}))"
    )
