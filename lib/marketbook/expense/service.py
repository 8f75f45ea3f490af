"""Claims: entering and correcting them. Their steps are `advance`'s; what a step asks for is in `rules`."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from marketbook.expense import rules
from marketbook.expense.params import Abroad, ClaimEntry, LineEntry
from marketbook.expense.tables import ExpenseClaim, ExpenseLine, Invoice
from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, documents
from marketbook.kit.store import acting
from marketbook.office import budget_line

MILLION = 1_000_000


def enter(session: Session, entry: ClaimEntry, *, actor: int) -> ExpenseClaim:
    """Enter a claim as a draft; its amount and its category come from its lines.

    Raises:
        RecordError: A budget line, an invoice, a vendor or a request is not there, or the lines are of several
            categories.
        AccessError: The actor is no employee at work.
    """
    made = [_line(session, line) for line in entry.lines]
    claim = ExpenseClaim(**_content(session, entry, made))
    documents.enter(session, claim, actor=actor)
    with acting(session, actor):
        _add(session, claim, made)
    return claim


def correct(session: Session, claim: ExpenseClaim, entry: ClaimEntry, *, actor: int, version: int) -> ExpenseClaim:
    """Write a draft's content and lines anew: before it is handed in, or after it was sent back.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was handed in, or as for `enter`.
        AccessError: It is another's.
    """
    made = [_line(session, line) for line in entry.lines]
    content = _content(session, entry, made)
    with documents.editing(session, claim, actor=actor, version=version):
        for name, value in content.items():
            setattr(claim, name, value)
        for line in rules.lines(session, claim_id=claim.id):
            session.delete(line)
        _add(session, claim, made)
    return claim


def converted(abroad: Abroad) -> int:
    """Return what was paid abroad in minor units of the base currency, rounded half to even, once.

    Example:
        >>> converted(Abroad(currency="USD", amount=10_050, rate=Decimal("7.1234")))
        71590
    """
    here, there = get_currency_precision(settings().currency), get_currency_precision(abroad.currency)
    return int((abroad.amount * abroad.rate).scaleb(here - there).quantize(Decimal(1), ROUND_HALF_EVEN))


def _content(session: Session, entry: ClaimEntry, made: list[ExpenseLine]) -> dict[str, Any]:
    _check_vendor(session, entry)
    _check_request(session, entry)
    touched = [budget_line.named(session, number) for number in sorted({line.budget_line_id for line in made})]
    category = rules.category(touched)
    if touched and not category:
        raise RecordError(_("The lines of a claim are of one budget category; make a claim for each."))
    kept = entry.model_dump(exclude={"lines"})
    prepaid = entry.invoice_due_on is not None
    return {**kept, "prepaid": prepaid, "category": category, "amount_minor": sum(line.amount for line in made)}


def _check_vendor(session: Session, entry: ClaimEntry) -> None:
    vendor = session.get(Party, entry.vendor_id) if entry.vendor_id else None
    wanted = entry.kind == "vendor_payment" or entry.vendor_id is not None
    if wanted and (vendor is None or vendor.kind not in ("vendor", "partner")):
        raise RecordError(_("A vendor payment needs a vendor."))
    if vendor is not None and vendor.status in ("suspended", "ended"):
        raise RecordError(_("{name} is suspended or ended; nothing new is spent there.").format(name=vendor.name))
    if entry.invoice_due_on is not None and entry.kind != "vendor_payment":
        raise RecordError(_("Only a vendor payment is made before its invoice."))


def _check_request(session: Session, entry: ClaimEntry) -> None:
    if entry.request_id is None:
        return
    found = session.get(ExpenseClaim, entry.request_id)
    if found is None or found.kind != "request" or entry.kind == "request":
        raise RecordError(_("A payment names a request; {number} is none.").format(number=entry.request_id))


def _line(session: Session, entry: LineEntry) -> ExpenseLine:
    if (entry.amount is None) == (entry.abroad is None):
        raise RecordError(_("{line}: give an amount here, or one abroad with its rate.").format(line=entry.description))
    if entry.abroad is not None and entry.abroad.currency == settings().currency:
        raise RecordError(
            _("{line}: {currency} needs no rate.").format(line=entry.description, currency=entry.abroad.currency)
        )
    if entry.invoice_id is not None and session.get(Invoice, entry.invoice_id) is None:
        raise RecordError(_("There is no invoice {number}.").format(number=entry.invoice_id))
    budget_line.named(session, entry.budget_line_id)
    abroad = entry.abroad
    return ExpenseLine(
        budget_line_id=entry.budget_line_id, description=entry.description, invoice_id=entry.invoice_id,
        amount=entry.amount if abroad is None else converted(abroad),
        currency=abroad and abroad.currency, foreign_amount=abroad and abroad.amount,
        rate_ppm=abroad and int(abroad.rate * MILLION),
    )  # fmt: skip


def _add(session: Session, claim: ExpenseClaim, made: list[ExpenseLine]) -> None:
    for line in made:
        line.claim_id = claim.id
    session.add_all(made)
