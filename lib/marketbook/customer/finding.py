"""How the forms find customers, and employees who may answer for them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import index, lists
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.records import Party

MOST = 20


def employees() -> Search:
    """Return how employees at work are found, by name."""
    return Search(find=_find_employees, get=_get_employee)


def _find_employees(session: Session, text: str) -> list[Found]:
    query = select(Party.id, Party.name).where(Party.kind == "employee", Party.status == "active")
    if text.strip():
        query = query.where(Party.name.icontains(text.strip(), autoescape=True))
    return [Found(number, name) for number, name in session.execute(query.order_by(Party.name, Party.id).limit(MOST))]


def _get_employee(session: Session, number: int) -> Found | None:
    found = session.get(Party, number)
    at_work = found is not None and found.kind == "employee" and found.status == "active"
    return Found(found.id, found.name) if found is not None and at_work else None


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
