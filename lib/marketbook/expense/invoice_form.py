"""What the forms of invoices and vendors ask, and how they are kept."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.expense import amounts, invoices, rules
from marketbook.expense.amounts import Currency
from marketbook.expense.params import InvoiceEntry, Words
from marketbook.expense.tables import INVOICES, ExpenseClaim, ExpenseLine, Invoice
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms.fields import Attached, Labels, Reference
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Attachment, Party, Record, files, person, roles

FILE_KIND = "invoice"

File = Annotated[
    Attached, Field(title=mark("Invoice file"), description=mark("PDF, OFD, XML or a photo; at most 20 MB."))
]
Kind = Annotated[
    Literal["digital", "paper", "foreign"], Labels(INVOICES), Field(title=mark("Kind of invoice"))
]  # fmt: skip
Code = Annotated[
    Words, Field(max_length=12, title=mark("Invoice code"), description=mark("Only of a VAT invoice with a code."))
]
Number = Annotated[
    Words,
    Field(
        min_length=1,
        max_length=50,
        title=mark("Invoice number"),
        description=mark("20 digits of a fully digital invoice, 8 beside a code."),
    ),
]
Total = Annotated[amounts.Total, Field(title=mark("Total with tax"))]
IssuedOn = Annotated[date, Field(title=mark("Invoice date"))]
Vendor = Annotated[Reference | None, Field(title=mark("Vendor"), description=mark("Search by name."))]
NewVendor = Annotated[
    Words,
    Field(
        max_length=100,
        title=mark("Vendor that is not listed"),
        description=mark("Its name as it is printed on the invoice; finance sees that it is new."),
    ),
]
Money = Annotated[Currency, Field(title=mark("Currency"))]
Blue = Annotated[
    Reference, Field(title=mark("Invoice that it takes back"), description=mark("Search by its number or vendor."))
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class VendorInvoiceForm(_Strict):
    """An invoice of the vendor who is paid."""

    file: File
    kind: Kind = "digital"
    number: Number
    code: Code = ""
    total: Total
    currency: Money = "CNY"
    issued_on: IssuedOn


class InvoiceForm(VendorInvoiceForm):
    """An invoice of any vendor."""

    vendor_id: Vendor = None
    new_vendor: NewVendor = ""


class RedForm(_Strict):
    """A red-letter invoice, which takes back one that is there, in whole or in part."""

    red_of_id: Blue
    file: Annotated[Attached | None, Field(title=mark("Invoice file"))] = None
    kind: Kind = "digital"
    number: Number
    code: Code = ""
    total: Total
    issued_on: IssuedOn


class ListedInvoiceForm(_Strict):
    """An invoice that is there already."""

    invoice_id: Annotated[Reference, Field(title=mark("Invoice"), description=mark("Search by its number or vendor."))]


class VendorForm(_Strict):
    """A vendor."""

    name: Annotated[Words, Field(min_length=1, max_length=100, title=mark("Vendor's name"))]


def add(session: Session, claim: ExpenseClaim, form: VendorInvoiceForm, *, actor: int) -> Invoice:
    """Enter an invoice and attach its file to a claim.

    Args:
        session: A writing session.
        claim: Which one; whatever its status, as an invoice may come after the payment.
        form: What was typed.
        actor: Its owner, or someone of finance.

    Raises:
        RecordError: The invoice was entered before, its number or total cannot be, its file is of no kind that is
            kept, or no vendor is named.
        AccessError: It is another's claim.
    """
    if actor != claim.owner_id and "finance" not in roles.held(session, party_id=actor):
        raise AccessError(_("Only its owner or finance gives a claim an invoice."))
    vendor = _vendor(session, form, claim)
    entry = InvoiceEntry(
        kind=form.kind, vendor_id=vendor, code=form.code, number=form.number, currency=form.currency,
        total=amounts.minor(form.total, form.currency), issued_on=form.issued_on,
    )  # fmt: skip
    made = invoices.enter(session, entry, actor=actor)
    made.attachment_id = _attach(session, claim, form.file, actor).id
    session.flush()
    return made


def take_back(session: Session, form: RedForm, *, actor: int) -> Invoice:
    """Enter a red-letter invoice; its file goes where the file of the invoice is that it takes back.

    Raises:
        RecordError: It takes back more than there is, or as for `add`.
    """
    blue = session.get(Invoice, form.red_of_id)
    if blue is None:
        raise RecordError(_("There is no invoice {number}.").format(number=form.red_of_id))
    entry = InvoiceEntry(
        kind=form.kind, vendor_id=blue.vendor_id, code=form.code, number=form.number, currency=blue.currency,
        total=-abs(amounts.minor(form.total, blue.currency)), issued_on=form.issued_on, red_of_id=blue.id,
    )  # fmt: skip
    made = invoices.enter(session, entry, actor=actor)
    place = session.get(Attachment, blue.attachment_id) if blue.attachment_id else None
    if form.file is not None and place is not None:
        made.attachment_id = _attach(session, session.get_one(Record, place.record_id), form.file, actor).id
    session.flush()
    return made


def give(session: Session, claim: ExpenseClaim, invoice: Invoice, *, actor: int) -> list[ExpenseLine]:
    """Give a prepayment the invoice that came later: its lines that wait for one, as far as the invoice covers them.

    Args:
        session: A writing session.
        claim: A prepayment that was handed in.
        invoice: Which one.
        actor: Its owner, or someone of finance.

    Returns:
        The lines that have it now.

    Raises:
        RecordError: No line waits for one, or it does not cover the first that does.
        AccessError: It is another's claim.
    """
    given: list[ExpenseLine] = []
    for line in waiting_lines(session, claim):
        if given and invoices.face(line) > invoices.left(session, invoice):
            continue
        given.append(invoices.match(session, line, invoice_id=invoice.id, actor=actor))
        session.flush()
    if not given:
        raise RecordError(_("{number}: none of its lines waits for an invoice.").format(number=claim.number))
    return given


def waiting_lines(session: Session, claim: ExpenseClaim) -> Sequence[ExpenseLine]:
    """Return the lines of a claim that have no invoice."""
    return [line for line in rules.lines(session, claim_id=claim.id) if line.invoice_id is None]


def add_vendor(session: Session, form: VendorForm) -> Party:
    """Add a vendor that finance has checked.

    Raises:
        RecordError: There is one of this name.
    """
    name = " ".join(form.name.split())
    if _named(session, name) is not None:
        raise RecordError(_("There is a vendor {name} already.").format(name=name))
    made = person.add(session, kind="vendor", name=name)
    made.checked_on = roles.today()
    session.flush()
    return made


def _vendor(session: Session, form: VendorInvoiceForm, claim: ExpenseClaim) -> int:
    """The one that is paid; or the one that was chosen; or a new one, of which whoever decides is told."""
    if claim.vendor_id is not None:
        return claim.vendor_id
    chosen, name = getattr(form, "vendor_id", None), " ".join(getattr(form, "new_vendor", "").split())
    if bool(chosen) == bool(name):
        raise RecordError(_("Choose the vendor of the invoice, or type the name of one that is not listed."))
    if chosen:
        return int(chosen)
    found = _named(session, name)
    return found.id if found is not None else person.add(session, kind="vendor", name=name).id


def _named(session: Session, name: str) -> Party | None:
    return session.scalar(select(Party).where(Party.kind.in_(("vendor", "partner")), Party.name == name).limit(1))


def _attach(session: Session, record: Record, file: Attached, actor: int) -> Attachment:
    made = files.attach_kept(
        session, record, sha256=file.sha256, name=file.name, kind=FILE_KIND, actor=actor
    )  # fmt: skip
    session.flush()
    return made
