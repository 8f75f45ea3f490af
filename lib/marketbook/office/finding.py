"""How forms find people and firms by their name."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketbook.kit.forms.search import Found, Search
from marketbook.kit.records import Party

MOST = 20
"""How many are offered at once."""


def parties(kind: str, *where: ColumnElement[bool]) -> Search:
    """Return how parties of a kind that are active are found, by a part of their name.

    Args:
        kind: A kind of `Party`, such as `employee`.
        where: What else must hold of them.
    """
    query = select(Party).where(Party.kind == kind, Party.status == "active", *where)

    def find(session: Session, text: str) -> list[Found]:
        named = query.where(Party.name.icontains(text.strip(), autoescape=True)) if text.strip() else query
        return [Found(one.id, one.name) for one in session.scalars(named.order_by(Party.name, Party.id).limit(MOST))]

    def get(session: Session, number: int) -> Found | None:
        one = session.scalar(query.where(Party.id == number))
        return None if one is None else Found(one.id, one.name)

    return Search(find=find, get=get)
