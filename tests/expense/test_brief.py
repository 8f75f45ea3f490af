"""What a decision about a claim sees: lines with what is left, invoices, and what the audit tests say of it."""

from datetime import timedelta

from tests.office.company import House, budget, claim, request, submitted

from marketbook.expense import invoice_form, rules, service
from marketbook.expense.invoice_form import InvoiceForm
from marketbook.expense.params import ClaimEntry, LineEntry
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.forms import attachments
from marketbook.kit.records import roles, types
from marketbook.office import briefs
from marketbook.office.briefs import Brief


def brief(house: House, number: int) -> Brief:
    types.load()
    with house.store.reading() as session:
        return briefs.of(session, session.get_one(ExpenseClaim, number))


def test_its_lines_say_what_the_budget_has_left(house: House) -> None:
    line = budget(house)
    found = brief(house, submitted(house, line, 400_000))
    lines, papers, _payments = found.tables
    assert [list(row)[2:4] for row in lines.rows] == [["CN¥4,000.00", "CN¥6,000.00"]]
    assert [row[1] for row in papers.rows] == ["巨量引擎"]
    assert papers.rows[0][3:] == ["CN¥4,000.00", "CN¥0.00", "发票.pdf"]


def test_a_payment_says_what_is_left_of_its_request_and_the_request_its_payments(house: House) -> None:
    line = budget(house)
    asked = request(house, line, 300_000)
    number = submitted(house, line, 100_000, request_id=asked)
    found = brief(house, number)
    assert found.tables[0].columns[3] == "Left of the request"
    assert found.tables[0].rows[0][3] == "CN¥3,000.00"
    assert any(name == "On request" for name, _value in found.rows)
    payments = brief(house, asked).tables[2]
    assert [row[2:] for row in payments.rows] == [["CN¥1,000.00", "submitted"]]


def test_duplicates_and_split_claims_are_told_of_the_claims_they_are_about(house: House) -> None:
    line = budget(house, 5_000_000)
    owner = house.people.manager
    first, second = (submitted(house, line, 321_000, owner=owner) for _each in range(2))
    told = " ".join(brief(house, second).warnings)
    assert "the same amount" in told
    assert "below the director's threshold" in told
    alone = submitted(house, line, 1_100, owner=house.people.director)
    assert not [one for one in brief(house, alone).warnings if "EX-" in one]
    assert first != second


def test_a_vendor_whom_finance_has_not_checked_and_nobody_was_paid_at_is_told(house: House) -> None:
    line = budget(house)
    number = claim(house, line, invoiced=False)
    kept = attachments.keep("a.pdf", b"%PDF-1.7 brief")
    given = InvoiceForm(file=kept, number="6" * 20, total="1000", issued_on=roles.today(), new_vendor="无名小店")
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        found = invoice_form.add(session, made, given, actor=made.owner_id)
        own = LineEntry(budget_line_id=line, description="搭建", amount=100_000, invoice_id=found.id)
        entry = ClaimEntry(kind="reimbursement", title="展会", purpose=made.purpose, lines=[own])
        service.correct(session, made, entry, actor=made.owner_id, version=made.version)
    assert any("无名小店" in one for one in brief(house, number).warnings)


def test_a_prepayment_says_when_its_invoice_is_due(house: House) -> None:
    due = roles.today() + timedelta(days=9)
    about = {"kind": "vendor_payment", "vendor_id": house.vendor, "invoice_due_on": due}
    number = claim(house, budget(house), invoiced=False, **about)  # type: ignore[arg-type]
    assert "Invoice due on" in dict(brief(house, number).rows)
    with house.store.reading() as session:
        assert rules.lines(session, claim_id=number)[0].invoice_id is None
