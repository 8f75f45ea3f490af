"""What a decision about a claim needs on one screen: its lines with what the budget has left, invoices, warnings."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketbook.expense import amounts, checks, invoices, rules
from marketbook.expense.guards import LIVE
from marketbook.expense.tables import KINDS, ExpenseClaim, ExpenseLine, Invoice
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Attachment, Party, Record, roles
from marketbook.office import briefs, budget_line
from marketbook.office.briefs import Brief, Table
from marketbook.office.budget_line import money

COMPARED_DAYS = 60
"""How far back a claim is compared with others."""


def of(session: Session, record: Record) -> Brief:
    """Return what a decision about a claim needs to know, in the current language."""
    if not isinstance(record, ExpenseClaim):
        return Brief()
    own = rules.lines(session, claim_id=record.id)
    return Brief(
        rows=list(_rows(session, record)),
        tables=[_of_lines(session, record, own), _of_invoices(session, own), _of_payments(session, record)],
        warnings=[*_warnings(session, record, own)],
    )


def _rows(session: Session, claim: ExpenseClaim) -> Iterator[tuple[str, str]]:
    yield _("Kind"), _(KINDS[claim.kind])
    yield _("Purpose"), claim.purpose
    if claim.vendor_id is not None:
        yield _("Vendor"), session.get_one(Party, claim.vendor_id).name
    if claim.invoice_due_on is not None:
        yield _("Invoice due on"), format_date(claim.invoice_due_on)
    if claim.request_id is not None:
        request = session.get_one(ExpenseClaim, claim.request_id)
        yield _("On request"), f"{request.number} {request.title}"
    if claim.paid_on is not None:
        yield _("Paid on"), format_date(claim.paid_on)


def _of_lines(session: Session, claim: ExpenseClaim, own: list[ExpenseLine]) -> Table:
    heads = [_("Budget line"), _("What for"), _("Amount"), _("Available now"), _("Invoice")]
    rest = rules.rest(session, request_id=claim.request_id, but=claim.id) if claim.request_id else None
    rows = []
    for line in own:
        touched = budget_line.named(session, line.budget_line_id)
        left = money(touched.available) if rest is None else money(max(0, rest.get(touched.id, 0)))
        invoice = session.get(Invoice, line.invoice_id) if line.invoice_id else None
        rows.append([touched.called, line.description, _amount(line), left, invoice.called if invoice else _("none")])
    if rest is not None:
        heads[3] = _("Left of the request")
    return Table(_("Lines"), heads, rows, right=(2, 3))


def _amount(line: ExpenseLine) -> str:
    if line.currency is None or line.foreign_amount is None:
        return money(line.amount)
    abroad = amounts.shown(line.foreign_amount, line.currency)
    return _("{here} ({abroad})").format(here=money(line.amount), abroad=abroad)


def _of_invoices(session: Session, own: list[ExpenseLine]) -> Table:
    heads = [_("Invoice"), _("Vendor"), _("Date"), _("Total"), _("Left"), _("File")]
    numbers = sorted({line.invoice_id for line in own if line.invoice_id is not None})
    rows = []
    for number in numbers:
        one = session.get_one(Invoice, number)
        file = session.get(Attachment, one.attachment_id) if one.attachment_id else None
        left = amounts.shown(invoices.left(session, one), one.currency)
        vendor = session.get_one(Party, one.vendor_id).name
        total = amounts.shown(one.total, one.currency)
        rows.append([one.called, vendor, format_date(one.issued_on), total, left, file.name if file else _("none")])
    return Table(_("Invoices"), heads, rows, right=(3, 4))


def _of_payments(session: Session, claim: ExpenseClaim) -> Table:
    """What was paid on a request."""
    query = select(ExpenseClaim).where(ExpenseClaim.request_id == claim.id, ExpenseClaim.status.in_(LIVE))
    rows = [
        [one.number, one.title, money(one.amount_minor or 0), rules.CLAIM.called(one.status)]
        for one in session.scalars(query.order_by(ExpenseClaim.id))
    ]
    heads = [_("Claim number"), _("Title"), _("Amount"), _("Status")]
    return Table(_("Payments on this request"), heads, rows, right=(2,))


def _warnings(session: Session, claim: ExpenseClaim, own: list[ExpenseLine]) -> Iterator[str]:
    if claim.category.endswith(rules.UNPLANNED):
        yield _("The approved plan did not have this spending.")
    for vendor in _new_vendors(session, claim, own):
        yield _("{vendor} is new: finance has not checked it, and it was never paid before.").format(vendor=vendor)
    yield from (one.text for one in _findings(session, claim))


def _new_vendors(session: Session, claim: ExpenseClaim, own: list[ExpenseLine]) -> Iterable[str]:
    """Vendors that finance has not checked and that nobody was paid at before."""
    named = select(Invoice.vendor_id).where(Invoice.id.in_([line.invoice_id for line in own if line.invoice_id]))
    query = select(Party).where(Party.checked_on.is_(None), or_(Party.id == claim.vendor_id, Party.id.in_(named)))
    for party in session.scalars(query.order_by(Party.id)):
        earlier = (
            select(ExpenseClaim.id)
            .join(ExpenseLine, ExpenseLine.claim_id == ExpenseClaim.id)
            .outerjoin(Invoice, Invoice.id == ExpenseLine.invoice_id)
            .where(ExpenseClaim.status == "paid", ExpenseClaim.id != claim.id)
            .where(or_(Invoice.vendor_id == party.id, ExpenseClaim.vendor_id == party.id))
        )
        if session.scalar(earlier.limit(1)) is None:
            yield party.name


def _findings(session: Session, claim: ExpenseClaim) -> Iterator[checks.Finding]:
    """What the audit tests find about this claim, among those of the same owner or payee."""
    if claim.status not in LIVE:
        return
    near = checks.about(session, claim, since=roles.today() - timedelta(days=COMPARED_DAYS))
    found = [*checks.duplicates(near), *checks.split(session, near), *checks.same_files(session, claim=claim.id)]
    yield from (one for one in found if claim.id in one.claims)


briefs.register("expense_claim", of)
