"""How the forms find customers, and employees who may answer for them."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketbook.customer import index, lists
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.records import Party, RoleGrant, roles
from marketbook.office.finding import MOST, parties


def employees(held: Collection[str] = ()) -> Search:
    """Return how employees at work are found, by name.

    Args:
        held: Roles of which somebody must hold one today; any employee will do where there is none.
    """
    return parties("employee", *([_holds(held).exists()] if held else []))


def _holds(held: Collection[str]) -> Select[int]:
    today = roles.today()
    return select(RoleGrant.id).where(
        RoleGrant.party_id == Party.id, RoleGrant.role.in_(held), RoleGrant.valid_from <= today,
        RoleGrant.valid_to.is_(None) | (RoleGrant.valid_to > today),
    )  # fmt: skip


def customers() -> Search:
    """Return how customers are found: by name, pinyin, a whole number or address, or the card's number."""
    return Search(find=_find_customers, get=_get_customer)


def _find_customers(session: Session, text: str) -> list[Found]:
    query = select(Party.id, Party.name).where(Party.kind == "customer", Party.status != "merged")
    if text.strip():
        query = query.where(Party.id.in_(index.hits(session, text)))
    found = session.execute(query.order_by(Party.id.desc()).limit(MOST)).all()
    numbers = lists.masked(session, [number for number, _name in found])
    return [Found(number, f"{name} ({number})", numbers.get(number, "")) for number, name in found]


def _get_customer(session: Session, number: int) -> Found | None:
    found = session.get(Party, number)
    if found is None or found.kind != "customer" or found.status == "merged":
        return None
    return Found(found.id, f"{found.name} ({found.id})")
