"""Claims from entry to payment, and everything that may become of them on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.office.company import (
    LIMIT,
    UNPLANNED_LIMIT,
    House,
    approved,
    budget,
    claim,
    figures,
    invoice,
    paid,
    request,
    status,
    submitted,
    transfer,
    walk,
)

from marketbook.expense import invoices, rules, service
from marketbook.expense.params import Abroad, ClaimEntry, LineEntry
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import documents, roles, waiting
from marketbook.kit.store import audit
from marketbook.office import budget_line
from marketbook.office.budget_line import BudgetLine


def test_a_claim_goes_through_five_people(house: House) -> None:
    line, people = budget(house), house.people
    number = submitted(house, line, LIMIT)
    assert figures(house, line) == (1_000_000, LIMIT, 0)
    walk(
        house,
        number,
        ("manager_approved", people.manager),
        ("director_approved", people.director),
        ("finance_reviewed", people.finance),
    )
    assert figures(house, line) == (1_000_000, LIMIT, 0)
    walk(house, number, ("paid", people.payer))
    assert figures(house, line) == (1_000_000, 0, LIMIT)
    with house.store.reading() as session:
        actors = [step.actor_id for step in documents.history(session, record_id=number)]
        assert session.get_one(ExpenseClaim, number).paid_on == roles.today()
        assert audit.verify(session)
    assert actors == [people.sales, people.manager, people.director, people.finance, people.payer]


def test_below_the_threshold_finance_comes_after_the_manager(house: House) -> None:
    number = approved(house, budget(house), LIMIT - 1)
    with house.store.reading() as session:
        rows = waiting.inbox(session, party_id=house.people.director, size=1000).rows
    assert number not in {row.record_id for row in rows}
    walk(house, number, ("finance_reviewed", house.people.finance))


def unplanned(house: House) -> int:
    line = budget(house)
    with house.store.writing() as session:
        plan_id = session.get_one(BudgetLine, line).plan_id
        about = {"category": "advertising", "month": f"{roles.today().year}-07", "item": "热点"}
        fresh = budget_line.open_unplanned(session, plan_id=plan_id, **about, actor=house.people.sales).id
    walk(house, transfer(house, 900_000, line, fresh), ("approved", house.people.director))
    return fresh


def test_the_threshold_is_lower_for_what_the_plan_did_not_have(house: House) -> None:
    number = approved(house, unplanned(house), UNPLANNED_LIMIT)
    with pytest.raises(RecordError, match=r"CN¥2,000\.00, which nobody takes this step with"):
        walk(house, number, ("finance_reviewed", house.people.finance))
    walk(house, number, ("director_approved", house.people.director), ("finance_reviewed", house.people.finance))


@pytest.mark.parametrize("amount", [1, LIMIT])
def test_what_is_sent_back_is_corrected_and_sent_again(house: House, amount: int) -> None:
    line, people = budget(house), house.people
    number = approved(house, line, amount)
    walk(house, number, ("draft", people.director if amount == LIMIT else people.finance))
    assert figures(house, line) == (1_000_000, 0, 0)
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        kept = rules.lines(session, claim_id=number)[0]
        again = LineEntry(budget_line_id=line, description="运输", amount=1, invoice_id=kept.invoice_id)
        entry = ClaimEntry(kind="reimbursement", title="展会费用", purpose="展会物料的运输费用", lines=[again])
        entry.purpose += "补充说明"
        service.correct(session, made, entry, actor=people.sales, version=made.version)
    walk(house, number, ("submitted", people.sales), ("manager_approved", people.manager))
    walk(house, number, ("finance_reviewed", people.finance), ("paid", people.payer))
    assert figures(house, line) == (1_000_000, 0, 1)


@pytest.mark.parametrize(("to", "who"), [("rejected", "manager"), ("withdrawn", "sales")])
def test_rejection_and_withdrawal_release_the_money_and_are_final(house: House, to: str, who: str) -> None:
    line = budget(house)
    number = submitted(house, line)
    walk(house, number, (to, vars(house.people)[who]))
    assert (figures(house, line), status(house, number)) == ((1_000_000, 0, 0), to)
    with pytest.raises(RecordError, match="from here it can become: nothing"):
        walk(house, number, ("submitted", house.people.sales))


def test_one_fen_over_the_budget_is_refused(house: House) -> None:
    line = budget(house, 300_000)
    submitted(house, line, 200_000)
    with pytest.raises(RecordError, match=r"Advertising / 展会: CN¥1,000\.00 is left, CN¥1,000\.01 is asked for"):
        submitted(house, line, 100_001)
    submitted(house, line, 100_000)
    assert figures(house, line) == (300_000, 300_000, 0)


def test_a_vendor_is_paid_before_its_invoice(house: House) -> None:
    line, people, due = budget(house), house.people, roles.today() + timedelta(days=30)
    about = {"kind": "vendor_payment", "vendor_id": house.vendor, "invoice_due_on": due}
    number = paid(house, line, 400_000, invoiced=False, **about)
    assert figures(house, line) == (1_000_000, 0, 400_000)
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        found, own = invoice(session, made, 500_000, house.vendor), rules.lines(session, claim_id=number)[0]
        invoices.match(session, own, invoice_id=found.id, actor=people.sales)
        assert invoices.left(session, found) == 100_000
        with pytest.raises(RecordError, match="awaits no invoice"):
            invoices.match(session, own, invoice_id=found.id, actor=people.sales)


def test_payments_consume_the_reservation_of_their_request(house: House) -> None:
    line = budget(house)
    asked = request(house, line, 300_000)
    assert figures(house, line) == (1_000_000, 300_000, 0)
    first = submitted(house, line, 100_000, request_id=asked)
    assert figures(house, line) == (1_000_000, 300_000, 0)
    walk(house, first, ("manager_approved", house.people.manager), ("finance_reviewed", house.people.finance))
    walk(house, first, ("paid", house.people.payer))
    assert figures(house, line) == (1_000_000, 200_000, 100_000)
    paid(house, line, 150_000, request_id=asked)
    walk(house, asked, ("closed", house.people.sales))
    assert figures(house, line) == (1_000_000, 0, 250_000)


def test_a_payment_that_is_sent_back_gives_its_share_back_to_the_request(house: House) -> None:
    line = budget(house, 300_000)
    asked = request(house, line, 300_000)
    number = submitted(house, line, 300_000, request_id=asked)
    with pytest.raises(RecordError, match=r"CN¥0\.00 is left of the request"):
        submitted(house, line, 1, request_id=asked)
    with pytest.raises(RecordError, match="Payments are still in process: EX-"):
        walk(house, asked, ("closed", house.people.sales))
    walk(house, number, ("rejected", house.people.manager))
    assert figures(house, line) == (300_000, 300_000, 0)
    walk(house, asked, ("closed", house.people.finance))
    assert figures(house, line) == (300_000, 0, 0)
    with pytest.raises(RecordError, match="The request that it names is not open"):
        submitted(house, line, 1, request_id=asked)


def test_an_invoice_is_shared_up_to_its_total(house: House) -> None:
    line = budget(house)
    with house.store.writing() as session:
        numbers = [claim(house, line, 60_000, invoiced=False, session=session) for _each in range(2)]
        shared = invoice(session, session.get_one(ExpenseClaim, numbers[0]), 100_000, house.vendor)
        for number, amount in zip(numbers, (60_000, 40_000), strict=True):
            made = session.get_one(ExpenseClaim, number)
            own = LineEntry(budget_line_id=line, description="分摊", amount=amount, invoice_id=shared.id)
            entry = ClaimEntry(kind="reimbursement", title="展会费用", purpose=made.purpose, lines=[own])
            service.correct(session, made, entry, actor=made.owner_id, version=made.version)
    for number in numbers:
        walk(house, number, ("submitted", house.people.sales))
    with house.store.reading() as session:
        assert invoices.left(session, shared) == 0


def test_money_abroad_is_converted_once_half_to_even() -> None:
    for amount, rate, fen in [(100, "7.125", 712), (100, "7.135", 714), (1, "7.5", 8), (1, "6.5", 6)]:
        assert service.converted(Abroad(currency="USD", amount=amount, rate=Decimal(rate))) == fen
    assert service.converted(Abroad(currency="JPY", amount=10_000, rate=Decimal("0.0487"))) == 48_700


def test_a_foreign_invoice_is_claimed_in_its_currency(house: House) -> None:
    line = budget(house)
    abroad = Abroad(currency="USD", amount=10_000, rate=Decimal("7.1"))
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, claim(house, line, invoiced=False, session=session))
        about = {"kind": "foreign", "number": "INV-7", "currency": "USD"}
        found = invoice(session, made, 10_000, house.vendor, **about)
        own = LineEntry(budget_line_id=line, description="广告", abroad=abroad, invoice_id=found.id)
        entry = ClaimEntry(kind="reimbursement", title="海外广告", purpose=made.purpose, lines=[own])
        service.correct(session, made, entry, actor=made.owner_id, version=made.version)
    walk(house, made.id, ("submitted", house.people.sales))
    assert figures(house, line) == (1_000_000, 71_000, 0)
    with house.store.reading() as session:
        assert invoices.left(session, found) == 0


def test_the_director_s_own_claim_finishes(house: House) -> None:
    line, people = budget(house), house.people
    number = submitted(house, line, LIMIT, owner=people.director)
    with pytest.raises(AccessError, match="answers for this"):
        walk(house, number, ("manager_approved", people.director))
    walk(house, number, ("manager_approved", people.executive), ("director_approved", people.executive))
    walk(house, number, ("finance_reviewed", people.finance), ("paid", people.payer))
    assert figures(house, line) == (1_000_000, 0, LIMIT)
