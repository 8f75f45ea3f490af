"""What the forms of claims search for: budget lines with what is available, invoices, vendors and open requests."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketbook.expense import amounts, invoices, rules
from marketbook.expense.tables import ExpenseClaim, Invoice
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.forms.typed import plain
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, roles
from marketbook.office.budget_line import CATEGORIES, SPENDING, BudgetLine, money

MOST = 20
"""How many are offered at once."""

WHOLE_NUMBER = 6
"""From this many characters on an invoice of somebody else's is found, by its whole number."""

_WORDS = re.compile(r"[\s/()（）]+")


def budget_lines(party_id: int) -> Search:
    """Return how budget lines of plans in force are found, by month, category and item.

    Args:
        party_id: Who searches; what is left of his open requests is told too.
    """

    def find(session: Session, text: str) -> list[Found]:
        lines = session.scalars(_lines(text).order_by(*_nearest()).limit(MOST)).all()
        rests = _rests(session, party_id)
        twins = _twins(session, lines)
        return [Found(one.id, _label(session, one, twins), _available(one, rests)) for one in lines]

    return Search(find=find, get=_get_line)


def line_label(session: Session, line: BudgetLine) -> str:
    """Return how a budget line is called, so that no other one in force is called the same."""
    return _label(session, line, _twins(session, [line]))


def vendors() -> Search:
    """Return how vendors and partners that may be paid are found, by name."""
    return Search(find=_find_vendors, get=_get_vendor)


def requests(party_id: int) -> Search:
    """Return how someone's open requests are found, by number or title."""

    def find(session: Session, text: str) -> list[Found]:
        query = select(ExpenseClaim).where(ExpenseClaim.status == "open", ExpenseClaim.owner_id == party_id)
        if text.strip():
            near = (ExpenseClaim.number, ExpenseClaim.title)
            query = query.where(or_(*(one.icontains(text.strip(), autoescape=True) for one in near)))
        found = session.scalars(query.order_by(ExpenseClaim.id.desc()).limit(MOST))
        return [_found_request(session, one) for one in found]

    def get(session: Session, number: int) -> Found | None:
        found = session.get(ExpenseClaim, number)
        return _found_request(session, found) if found is not None and found.kind == "request" else None

    return Search(find=find, get=get)


def own_invoices(party_id: int) -> Search:
    """Return how invoices are found: one's own by number or vendor, finance's all, others' by the whole number.

    Args:
        party_id: Who searches.
    """

    def find(session: Session, text: str) -> list[Found]:
        every = bool(roles.held(session, party_id=party_id) & {"finance"})
        query = _invoices(text, party_id, every=every).order_by(Invoice.id.desc()).limit(MOST)
        return [_found_invoice(session, invoice, vendor) for invoice, vendor in session.execute(query)]

    return Search(find=find, get=_get_invoice)


def invoice_label(session: Session, invoice: Invoice) -> str:
    """Return how an invoice is called, so that no other one is called the same."""
    if not invoice.numbered_by:
        return invoice.called
    return f"{invoice.called} ({session.get_one(Party, invoice.vendor_id).name})"


def _lines(text: str) -> Select[Any]:
    force = select(Record.id).where(Record.status.in_(SPENDING), Record.id == BudgetLine.plan_id).exists()
    query = select(BudgetLine).where(force)
    for word in filter(None, _WORDS.split(text)):
        query = query.where(_holds(word))
    return query


def _holds(word: str) -> Any:  # noqa: ANN401  # a condition
    named = [name for name, title in CATEGORIES.items() if plain(word) in plain(_(title))]
    plan = select(Record.id).where(Record.id == BudgetLine.plan_id, Record.number.icontains(word, autoescape=True))
    return or_(
        BudgetLine.month.contains(word, autoescape=True), BudgetLine.item.icontains(word, autoescape=True),
        BudgetLine.category.in_(named), plan.exists(),
    )  # fmt: skip


def _nearest() -> tuple[Any, ...]:
    """This month first, then what comes, then what is over; the shortest item first, as a whole name is typed."""
    month = f"{roles.today():%Y-%m}"
    return (
        BudgetLine.month < month, func.length(BudgetLine.item), BudgetLine.month, BudgetLine.category, BudgetLine.item,
        BudgetLine.id,
    )  # fmt: skip


def _twins(session: Session, lines: Sequence[BudgetLine]) -> set[int]:
    """Return which lines another plan in force has too."""
    mine, other = aliased(BudgetLine), aliased(BudgetLine)
    same = and_(*(getattr(mine, name) == getattr(other, name) for name in ("month", "category", "item")))
    query = (
        select(mine.id)
        .join(other, and_(same, other.id != mine.id))
        .join(Record, Record.id == other.plan_id)
        .where(mine.id.in_([one.id for one in lines]), Record.status.in_(SPENDING))
    )
    return set(session.scalars(query))


def _label(session: Session, line: BudgetLine, twins: set[int]) -> str:
    if line.id not in twins:
        return line.called
    return f"{line.called} ({session.get_one(Record, line.plan_id).number})"


def _available(line: BudgetLine, rests: Mapping[int, Sequence[tuple[str, int]]]) -> str:
    said = [_("{amount} available").format(amount=money(line.available))]
    said += [_("{amount} left of {request}").format(amount=money(a), request=n) for n, a in rests.get(line.id, ())]
    return _("; ").join(said)


def _rests(session: Session, party_id: int) -> dict[int, list[tuple[str, int]]]:
    """Return what is left of someone's open requests, by budget line."""
    query = select(ExpenseClaim.id, ExpenseClaim.number).where(
        ExpenseClaim.status == "open", ExpenseClaim.owner_id == party_id
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for number, called in session.execute(query.order_by(ExpenseClaim.id.desc()).limit(MOST)).all():
        for line, amount in rules.rest(session, request_id=number).items():
            if amount > 0:
                found.setdefault(line, []).append((called, amount))
    return found


def _get_line(session: Session, number: int) -> Found | None:
    found = session.get(BudgetLine, number)
    return None if found is None else Found(found.id, line_label(session, found), _available(found, {}))


def _find_vendors(session: Session, text: str) -> list[Found]:
    query = select(Party.id, Party.name, Party.kind).where(
        Party.kind.in_(("vendor", "partner")), Party.status.not_in(("suspended", "ended"))
    )
    if text.strip():
        query = query.where(Party.name.icontains(text.strip(), autoescape=True))
    found = session.execute(query.order_by(Party.name, Party.id).limit(MOST))
    return [Found(number, name, _("partner") if kind == "partner" else "") for number, name, kind in found]


def _get_vendor(session: Session, number: int) -> Found | None:
    found = session.get(Party, number)
    return Found(found.id, found.name) if found is not None and found.kind in ("vendor", "partner") else None


def _found_request(session: Session, request: ExpenseClaim) -> Found:
    left = sum(rules.rest(session, request_id=request.id).values())
    return Found(request.id, f"{request.number} {request.title}", _("{amount} left").format(amount=money(left)))


def _invoices(text: str, party_id: int, *, every: bool) -> Any:  # noqa: ANN401  # a query
    query = select(Invoice, Party.name).join(Party, Party.id == Invoice.vendor_id).where(Invoice.red_of_id.is_(None))
    own = Invoice.entered_by_id == party_id
    written = "".join(plain(text.partition("(")[0]).split()).upper()
    if not text.strip():
        return query if every else query.where(own)
    near = or_(
        (Invoice.code + Invoice.number).contains(written, autoescape=True),
        Party.name.icontains(text.strip(), autoescape=True),
    )
    if every:
        return query.where(near)
    whole = or_(Invoice.number == written, Invoice.code + Invoice.number == written)
    return query.where(or_(and_(own, near), whole) if len(written) >= WHOLE_NUMBER else and_(own, near))


def _found_invoice(session: Session, invoice: Invoice, vendor: str) -> Found:
    left = amounts.shown(invoices.left(session, invoice), invoice.currency)
    about = _("{vendor}, {day}: {left} left").format(vendor=vendor, day=invoice.issued_on, left=left)
    return Found(invoice.id, invoice_label(session, invoice), about)


def _get_invoice(session: Session, number: int) -> Found | None:
    found = session.get(Invoice, number)
    return _found_invoice(session, found, session.get_one(Party, found.vendor_id).name) if found else None
