"""Invoices: what cannot be entered, how much of one is left, and what red-letter ones take back."""

import pytest
from tests.office.company import House, budget, claim, invoice

from marketbook.expense import invoices
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.errors import RecordError


@pytest.mark.parametrize(
    ("about", "match"),
    [
        ({"number": "123"}, "a number of 20 digits and no code"),
        ({"kind": "paper", "code": "0440012345", "number": "1234567"}, "10 or 12 digits and its number 8"),
        ({"kind": "foreign", "code": "7"}, "a foreign one has a number and no code"),
        ({"total": 0}, "its total must be above 0"),
        ({"total": -5}, "its total must be above 0"),
        ({"vendor_id": 1}, "party 1 is no vendor"),
        ({"total": -5, "red_of_id": 999_999}, "no invoice of this vendor"),
    ],
)
def test_a_wrong_invoice_is_refused(house: House, about: dict[str, object], match: str) -> None:
    number = claim(house, budget(house), invoiced=False)
    with house.store.writing() as session, pytest.raises(RecordError, match=match):
        invoice(session, session.get_one(ExpenseClaim, number), **{"total": 5, "vendor": house.vendor, **about})


def test_a_red_letter_invoice_takes_back_what_is_left_and_no_more(house: House) -> None:
    number = claim(house, budget(house), invoiced=False)
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        blue = invoice(session, made, 1_000, house.vendor)
        invoice(session, made, -400, house.vendor, red_of_id=blue.id)
        assert invoices.left(session, blue) == 600
        with pytest.raises(RecordError, match="no more than there is of the invoice"):
            invoice(session, made, -601, house.vendor, red_of_id=blue.id)


def test_paper_invoices_of_one_number_differ_by_their_code(house: House) -> None:
    number = claim(house, budget(house), invoiced=False)
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        for code in ("0440012345", "044001234567"):
            invoice(session, made, 5, house.vendor, kind="paper", code=code, number="12345678")
        with pytest.raises(RecordError, match="Invoice 0440012345 12345678 was entered by sales before"):
            invoice(session, made, 5, house.vendor, kind="paper", code="0440 012345", number="12345678")
