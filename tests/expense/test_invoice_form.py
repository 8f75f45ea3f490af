"""Invoices as their forms ask for them: with a file; later, for a prepayment; taken back by a red letter."""

from datetime import timedelta

import pytest
from tests.office.company import House, budget, claim, invoice, paid

from marketbook.expense import invoice_form, invoices, rules
from marketbook.expense.invoice_form import InvoiceForm, RedForm, VendorForm
from marketbook.expense.tables import ExpenseClaim, Invoice
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms import attachments
from marketbook.kit.records import Party, files, roles


def form(number: int, total: str = "1,000.00", **about: object) -> InvoiceForm:
    kept = attachments.keep("发票.pdf", b"%%PDF-1.7 form %d" % number)
    values = {"file": kept, "number": f"7{number:019d}", "total": total, "issued_on": roles.today(), **about}
    return InvoiceForm.model_validate(values)


def bare(house: House, amount: int = 100_000, **about: object) -> int:
    return claim(house, budget(house), amount, invoiced=False, **about)  # type: ignore[arg-type]


def prepaid(house: House, amount: int) -> int:
    due = roles.today() + timedelta(days=30)
    about = {"kind": "vendor_payment", "vendor_id": house.vendor, "invoice_due_on": due}
    return paid(house, budget(house), amount, invoiced=False, **about)


def test_an_invoice_is_entered_with_its_file_and_a_vendor_that_is_new(house: House) -> None:
    number = bare(house)
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        found = invoice_form.add(session, made, form(1, new_vendor="小马快印"), actor=house.people.sales)
        again = invoice_form.add(session, made, form(2, new_vendor=" 小马快印 "), actor=house.people.sales)
        assert (found.total, session.get_one(Party, found.vendor_id).name) == (100_000, "小马快印")
        assert again.vendor_id == found.vendor_id
        attached = files.listed(session, record_id=number, kinds=["invoice"])
    assert [one.id for one in attached] == [found.attachment_id, again.attachment_id]


def test_it_needs_one_vendor_a_claim_of_one_s_own_and_to_be_new(house: House) -> None:
    number, mine = bare(house), house.people.sales
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        for about in ({}, {"vendor_id": house.vendor, "new_vendor": "另一家"}):
            with pytest.raises(RecordError, match="Choose the vendor of the invoice"):
                invoice_form.add(session, made, form(3, **about), actor=mine)
        with pytest.raises(AccessError, match="Only its owner or finance"):
            invoice_form.add(session, made, form(3, vendor_id=house.vendor), actor=house.people.manager)
        invoice_form.add(session, made, form(3, vendor_id=house.vendor), actor=mine)
        with pytest.raises(RecordError, match="was entered by sales before"):
            invoice_form.add(session, made, form(3, vendor_id=house.vendor), actor=mine)


def test_a_prepayment_gets_the_invoice_that_came(house: House) -> None:
    number = prepaid(house, 400_000)
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        small = invoice_form.add(session, made, form(4, "3,999.99"), actor=house.people.sales)
        with pytest.raises(RecordError, match=r"CN¥3,999\.99 is left of it, CN¥4,000\.00 is claimed"):
            invoice_form.give(session, made, small, actor=house.people.sales)
        found = invoice_form.add(session, made, form(5, "4000"), actor=house.people.finance)
        assert len(invoice_form.give(session, made, found, actor=house.people.finance)) == 1
        assert invoice_form.waiting_lines(session, made) == []
        with pytest.raises(RecordError, match="none of its lines waits"):
            invoice_form.give(session, made, found, actor=house.people.sales)


def test_a_red_letter_invoice_takes_back_what_is_left_and_no_more(house: House) -> None:
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, bare(house))
        blue = invoice(session, made, 100_000, house.vendor)
    values = {"red_of_id": blue.id, "number": f"8{blue.id:019d}", "total": "400", "issued_on": roles.today()}
    with house.store.writing() as session:
        red = invoice_form.take_back(session, RedForm.model_validate(values), actor=house.people.sales)
        assert (red.total, red.vendor_id) == (-40_000, blue.vendor_id)
        assert invoices.left(session, session.get_one(Invoice, blue.id)) == 60_000
        more = {**values, "number": f"8{blue.id + 1:019d}", "total": "600.01"}
        with pytest.raises(RecordError, match="no more than there is"):
            invoice_form.take_back(session, RedForm.model_validate(more), actor=house.people.sales)


def test_a_vendor_is_added_once_and_is_checked(house: House) -> None:
    with house.store.writing() as session:
        made = invoice_form.add_vendor(session, VendorForm(name="东方会展"))
        assert made.checked_on == roles.today()
        with pytest.raises(RecordError, match="There is a vendor 东方会展 already"):
            invoice_form.add_vendor(session, VendorForm(name=" 东方会展 "))


def test_lines_of_a_draft_keep_their_invoices(house: House) -> None:
    number = claim(house, budget(house))
    with house.store.reading() as session:
        assert all(one.invoice_id for one in rules.lines(session, claim_id=number))
