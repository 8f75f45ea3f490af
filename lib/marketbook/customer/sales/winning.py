"""What a sale does to its customer's card: who has bought is an active customer."""

from sqlalchemy.orm import Session

from marketbook.customer import cards, family
from marketbook.customer.card import Customer
from marketbook.kit.records import Party, Record, StatusChange
from marketbook.office import opportunity_rules
from marketbook.office.opportunity import Opportunity


@opportunity_rules.after
def make_active(session: Session, record: Record, change: StatusChange) -> None:
    """Make a prospect or a dormant customer an active one when a sale is won."""
    if change.to_status != "won" or not isinstance(record, Opportunity):
        return
    number = family.kept(session, record.party_id)
    party, card = session.get_one(Party, number), session.get(Customer, number)
    if party.status not in ("prospect", "dormant"):
        return
    if card is None:
        party.status = "active"
    else:
        cards.count(session, card, cards.put(session, card, {"status": "active"}))
