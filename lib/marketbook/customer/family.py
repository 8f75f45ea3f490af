"""The cards that are one customer's: the one that was kept, and those that were merged into it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from marketbook.kit.records import Party


def members(session: Session, customer_id: int) -> list[int]:
    """Return a customer's card and all cards that are merged into it, the own one first."""
    below = select(Party.id).where(Party.id == customer_id).cte("family", recursive=True)
    further = aliased(Party)
    everybody = below.union(select(further.id).join(below, further.merged_into_id == below.c.id))
    return sorted(session.scalars(select(everybody.c.id)), key=lambda one: (one != customer_id, one))


def of_many(session: Session, customer_ids: Iterable[int]) -> dict[int, int]:
    """Return which of some cards each card belongs to: itself, or one that was merged into it."""
    found = {one: one for one in customer_ids}
    level = list(found)
    while level:
        query = select(Party.id, Party.merged_into_id).where(Party.merged_into_id.in_(level))
        below = {one: into for one, into in session.execute(query) if into is not None}
        found |= {one: found[into] for one, into in below.items()}
        level = list(below)
    return found


def kept(session: Session, customer_id: int) -> int:
    """Return the card into which a card was merged in the end; itself where it was not."""
    while (into := session.scalar(select(Party.merged_into_id).where(Party.id == customer_id))) is not None:
        customer_id = into
    return customer_id
