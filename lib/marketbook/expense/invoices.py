"""Invoices: entering one, how much of it is left, and giving a prepayment the invoice that came later."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketbook.expense.guards import LIVE
from marketbook.expense.params import InvoiceEntry
from marketbook.expense.tables import ExpenseClaim, ExpenseLine, Invoice
from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import format_money
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Attachment, Party, Record, documents, roles
from marketbook.kit.store import acting, now
from marketbook.office import budget_line

LAST_DAY = (5, 31)
"""Month and day by which a year's invoices come in the next one: when its income tax is settled (汇算清缴)."""

_DIGITS = "0123456789"


def enter(session: Session, entry: InvoiceEntry, *, actor: int) -> Invoice:
    """Enter an invoice, of which there is one in the whole company.

    Raises:
        RecordError: It is there already, its code, number or total cannot be, or what it takes back is not there.
        AccessError: The actor is no employee at work.
    """
    written = {**entry.model_dump(), "code": _plain(entry.code), "number": _plain(entry.number)}
    numbered_by = entry.vendor_id if entry.kind == "foreign" else 0
    made = Invoice(
        **written, numbered_by=numbered_by, entered_by_id=documents.at_work(session, actor).id, entered_at=now()
    )
    if wrong := [*_wrong_number(made), *_wrong_total(session, made)]:
        raise RecordError(_("Invoice {invoice}: {wrong}").format(invoice=made.called, wrong=" ".join(wrong)))
    _check_new(session, made)
    with acting(session, actor):
        session.add(made)
    return made


def match(session: Session, line: ExpenseLine, *, invoice_id: int, actor: int) -> ExpenseLine:
    """Give a line of a prepayment the invoice that came after it was handed in.

    Args:
        session: A writing session.
        line: Of a prepayment.
        invoice_id: Which invoice.
        actor: The claim's owner, or someone of finance.

    Raises:
        RecordError: The claim is no prepayment, the line has an invoice, or the invoice does not cover it.
        AccessError: It is another's claim.
    """
    claim, invoice = session.get_one(ExpenseClaim, line.claim_id), session.get(Invoice, invoice_id)
    if actor != claim.owner_id and "finance" not in roles.held(session, party_id=actor):
        raise AccessError(_("Only its owner or finance gives a prepayment its invoice."))
    if not claim.prepaid or claim.status not in LIVE or line.invoice_id is not None:
        raise RecordError(_("{number}: this line awaits no invoice.").format(number=claim.number))
    if invoice is None:
        raise RecordError(_("There is no invoice {number}.").format(number=invoice_id))
    if wrong := [*unfit(session, claim, invoice, [line]), *short(session, invoice, more=face(line))]:
        raise RecordError(" ".join(wrong))
    with acting(session, documents.at_work(session, actor).id), session.no_autoflush:
        claim.version += 1
        session.flush()
        line.invoice_id = invoice.id
    return line


def left(session: Session, invoice: Invoice, *, but: int = 0) -> int:
    """Return how much of an invoice no claim has taken and no red-letter invoice has taken back.

    Args:
        session: A session of either kind.
        invoice: Which one.
        but: A claim that does not count.

    Returns:
        In minor units of the invoice's currency; below 0 where it was taken back after it was claimed.
    """
    used = (
        select(func.sum(func.coalesce(ExpenseLine.foreign_amount, ExpenseLine.amount)))
        .join(Record, Record.id == ExpenseLine.claim_id)
        .where(ExpenseLine.invoice_id == invoice.id, Record.status.in_(LIVE), Record.id != but)
    )
    back = select(func.sum(Invoice.total)).where(Invoice.red_of_id == invoice.id)
    return invoice.total + int(session.scalar(back) or 0) - int(session.scalar(used) or 0)


def face(line: ExpenseLine) -> int:
    """Return what a line takes of its invoice, in the invoice's currency."""
    return line.amount if line.foreign_amount is None else line.foreign_amount


def short(session: Session, invoice: Invoice, *, more: int, but: int = 0) -> Iterable[str]:
    """Say that an invoice does not cover what is asked of it."""
    found = left(session, invoice, but=but)
    if more > found:
        yield _("Invoice {invoice}: {left} is left of it, {asked} is claimed.").format(
            invoice=invoice.called, left=_money(found, invoice), asked=_money(more, invoice)
        )


def unfit(session: Session, claim: ExpenseClaim, invoice: Invoice, lines: Sequence[ExpenseLine]) -> Iterable[str]:
    """Say why an invoice is none for a claim's lines, its total apart."""
    called = invoice.called
    if invoice.red_of_id is not None:
        yield _("Invoice {invoice} is a red-letter one; nothing is paid for it.").format(invoice=called)
    if claim.vendor_id not in (None, invoice.vendor_id):
        yield _("Invoice {invoice} is another vendor's.").format(invoice=called)
    if any((line.currency or settings().currency) != invoice.currency for line in lines):
        yield _("Invoice {invoice} is in {currency}, the line is not.").format(
            invoice=called, currency=invoice.currency
        )
    yield from _out_of_time(session, invoice, lines)
    file = session.get(Attachment, invoice.attachment_id) if invoice.attachment_id else None
    if file is None or file.removed_at is not None:
        yield _("The file of invoice {invoice} is missing.").format(invoice=called)


def _out_of_time(session: Session, invoice: Invoice, lines: Sequence[ExpenseLine]) -> Iterable[str]:
    """Say that an invoice is of a day to come, or of another year than its budget; it may come by the end of May."""
    if invoice.issued_on > roles.today():
        yield _("Invoice {invoice} is dated {day}, which is still to come.").format(
            invoice=invoice.called, day=invoice.issued_on
        )
    for year in sorted({int(budget_line.named(session, line.budget_line_id).month[:4]) for line in lines}):
        if not date(year, 1, 1) <= invoice.issued_on <= date(year + 1, *LAST_DAY):
            yield _("Invoice {invoice} is dated {day}; the budget is of {year}.").format(
                invoice=invoice.called, day=invoice.issued_on, year=year
            )


def _money(amount: int, invoice: Invoice) -> str:
    return format_money(amount / 100, invoice.currency, decimals=2)


def _plain(text: str) -> str:
    """Return a number as it is compared: no wide letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _wrong_number(invoice: Invoice) -> Iterable[str]:
    digits = not (invoice.code + invoice.number).strip(_DIGITS)
    if invoice.kind == "paper" and not (digits and len(invoice.code) in (10, 12) and len(invoice.number) == 8):
        yield _("its code must have 10 or 12 digits and its number 8.")
    if invoice.kind == "digital" and not (digits and not invoice.code and len(invoice.number) == 20):
        yield _("a fully digital one has a number of 20 digits and no code.")
    if invoice.kind == "foreign" and (invoice.code or not invoice.number):
        yield _("a foreign one has a number and no code.")


def _wrong_total(session: Session, invoice: Invoice) -> Iterable[str]:
    vendor = session.get(Party, invoice.vendor_id)
    if vendor is None or vendor.kind not in ("vendor", "partner"):
        yield _("party {number} is no vendor.").format(number=invoice.vendor_id)
    if invoice.red_of_id is None:
        if invoice.total <= 0:
            yield _("its total must be above 0; a red-letter one names the invoice that it takes back.")
        return
    blue = session.get(Invoice, invoice.red_of_id)
    if blue is None or blue.red_of_id is not None or blue.vendor_id != invoice.vendor_id:
        yield _("what it takes back is no invoice of this vendor.")
        return
    back = select(func.sum(Invoice.total)).where(Invoice.red_of_id == blue.id)
    if not -(blue.total + int(session.scalar(back) or 0)) <= invoice.total < 0 or blue.currency != invoice.currency:
        yield _("it must take back something, and no more than there is of the invoice that it names.")


def _check_new(session: Session, invoice: Invoice) -> None:
    key = {name: getattr(invoice, name) for name in ("numbered_by", "code", "number")}
    found = session.scalar(select(Invoice).filter_by(**key))
    if found is not None:
        raise RecordError(
            _("Invoice {invoice} was entered by {name} before; each is entered once in the company.").format(
                invoice=invoice.called, name=session.get_one(Party, found.entered_by_id).name
            )
        )
