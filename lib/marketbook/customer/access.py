"""Who may do what with customers: written here once, for every list, card and form.

Sales, customer service and the manager work with customers, and read how they are reached. The specialist reads the
cards for campaigns, with every number masked. A list that leaves as a workbook has no number in
it, unless a superior has approved that (`release`).
"""

from sqlalchemy.orm import Session

from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, documents, roles

ROLES = ("sales", "service", "specialist", "manager")
"""Who sees the customers."""

CONTACT_READERS = frozenset({"sales", "service", "manager"})
"""Who reads numbers and addresses in full."""

WRITERS = frozenset({"sales", "service", "manager"})
"""Who enters, changes and merges customers."""


def may_read_contacts(session: Session, *, party_id: int) -> bool:
    """Tell whether somebody may read today how customers are reached."""
    return bool(roles.held(session, party_id=party_id) & CONTACT_READERS)


def may_write(session: Session, *, party_id: int) -> bool:
    """Tell whether somebody may enter and change customers today."""
    return bool(roles.held(session, party_id=party_id) & WRITERS)


def check_writer(session: Session, actor: int) -> Party:
    """Return the employee who writes.

    Raises:
        AccessError: The actor is no employee at work, or may not change customers.
    """
    found = documents.at_work(session, actor)
    if not may_write(session, party_id=actor):
        raise AccessError(_("Customers are entered and changed by sales, customer service and the manager."))
    return found
