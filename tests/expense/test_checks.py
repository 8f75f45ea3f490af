"""The audit tests find what is planted, and nothing in an ordinary month."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.office.company import LIMIT, House, budget, claim, invoice, paid, submitted, walk

from marketbook.expense import checks, rules
from marketbook.expense.checks import Finding
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.language import speaking
from marketbook.kit.records import files, person, roles

DAY = timedelta(days=1)


@pytest.fixture
def clerk(house: House) -> int:
    """Someone new, whose claims are nobody else's."""
    with house.store.writing() as session:
        return person.add(session, kind="employee", name="clerk", manager_id=house.people.manager).id


def found(house: House, test: str, *numbers: int) -> list[Finding]:
    """Return what a test finds about some claims."""
    with house.store.reading() as session:
        every = checks.everything(session, since=roles.today() - DAY, on=roles.today())
    return [one for one in every if one.test == test and set(one.claims) & set(numbers)]


def test_two_payments_of_one_amount_to_one_payee_are_found(house: House, clerk: int) -> None:
    line = budget(house)
    numbers = [submitted(house, line, amount, owner=clerk) for amount in (12_345, 12_345, 12_346)]
    finding = found(house, "duplicate", *numbers)
    assert [one.claims for one in finding] == [tuple(numbers[:2])]
    assert "the same amount, CN¥246.90 in all, to the same payee" in finding[0].text


def test_claims_that_were_split_below_the_threshold_are_found(house: House, clerk: int) -> None:
    line = budget(house)
    numbers = [submitted(house, line, LIMIT - 1 - n, owner=clerk) for n in range(2)]
    finding = found(house, "split", *numbers)
    assert [one.claims for one in finding] == [tuple(numbers)]
    assert "they are CN¥9,999.97" in finding[0].text


def test_small_claims_that_stay_below_it_together_are_not(house: House, clerk: int) -> None:
    line = budget(house)
    numbers = [submitted(house, line, 1_000 + n, owner=clerk) for n in range(4)]
    assert [found(house, test, *numbers) for test in ("split", "duplicate", "same_file")] == [[], [], []]


def test_what_was_split_over_many_days_is_not(house: House, clerk: int) -> None:
    line = budget(house)
    submitted(house, line, LIMIT - 1, owner=clerk)
    submitted(house, line, LIMIT - 2, owner=clerk)
    with house.store.reading() as session:
        claims = [one for one in checks.entered(session, since=roles.today() - DAY) if one.owner_id == clerk]
        assert len(list(checks.split(session, claims))) == 1
        session.expunge_all()
        claims[0].entered_at -= 8 * DAY
        assert list(checks.split(session, claims)) == []


def test_an_invoice_file_at_two_claims_is_found(house: House, clerk: int) -> None:
    line = budget(house)
    numbers = [claim(house, line, amount, owner=clerk) for amount in (501, 502)]
    with house.store.writing() as session:
        for number in numbers:
            made = session.get_one(ExpenseClaim, number)
            files.attach(session, made, b"%PDF-1.7 the same", name="x.pdf", kind="invoice", actor=clerk)
    for number in numbers:
        walk(house, number, ("submitted", clerk))
    assert [one.claims for one in found(house, "same_file", *numbers)] == [tuple(numbers)]


def test_an_invoice_that_was_taken_back_after_payment_is_found(house: House, clerk: int) -> None:
    number = paid(house, budget(house), 700, owner=clerk)
    with house.store.writing() as session:
        made, own = session.get_one(ExpenseClaim, number), rules.lines(session, claim_id=number)[0]
        invoice(session, made, -700, house.vendor, red_of_id=own.invoice_id)
    assert "was taken back after it was claimed" in found(house, "taken_back", number)[0].text


@pytest.mark.parametrize(("days", "count"), [(-1, 1), (0, 0)])
def test_a_prepayment_whose_invoice_has_not_come_is_found(house: House, clerk: int, days: int, count: int) -> None:
    due = roles.today() + days * DAY
    about = {"kind": "vendor_payment", "vendor_id": house.vendor, "invoice_due_on": due, "invoiced": False}
    number = paid(house, budget(house), 800 + days, owner=clerk, **about)
    assert len(found(house, "overdue_invoice", number)) == count


@pytest.fixture(params=["zh_Hans", "zh_Hant"])
def _chinese(request: pytest.FixtureRequest) -> Iterator[None]:
    with speaking(request.param):
        yield


@pytest.mark.usefixtures("_chinese")
def test_findings_are_told_in_chinese(house: House, clerk: int) -> None:
    line = budget(house)
    numbers = [submitted(house, line, 54_321, owner=clerk) for _each in range(2)]
    assert "¥1,086.42" in found(house, "duplicate", *numbers)[0].text
