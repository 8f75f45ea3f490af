"""The audit pack: the sample is drawn again by its seed, the tests find what they should, and a decision stays."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.office.company import LIMIT, House, budget, paid, submitted, walk

from marketbook.expense import audit_pack, inspection, unusual
from marketbook.expense.checks import Finding
from marketbook.expense.inspection import Inspection
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError, DataError, RecordError
from marketbook.kit.language import speaking
from marketbook.kit.records import roles
from marketbook.kit.store import audit

TODAY = roles.today()
NOW = f"{TODAY:%Y-%m}"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture(scope="module")
def claims(house: House) -> list[int]:
    """Nine payments: one above the threshold, a round sum, and two of one amount."""
    line = budget(house, 5_000_000)
    amounts = [100_000, 12_345, 12_345, 1_111, 2_222, 3_333, 4_444, 5_555]
    return [_high(house, line, LIMIT + 1), *(paid(house, line, amount) for amount in amounts)]


def _high(house: House, line: int, amount: int) -> int:
    number, people = submitted(house, line, amount), house.people
    walk(house, number, ("manager_approved", people.manager), ("director_approved", people.director))
    walk(house, number, ("finance_reviewed", people.finance), ("paid", people.payer))
    return number


@pytest.fixture
def pack(house: House, claims: list[int]) -> Inspection:
    assert claims
    return inspection.read_inspection(house.store, month=NOW)


def rows(count: int, high: int = 0) -> pd.DataFrame:
    amounts = [10**6] * high + [1_000] * (count - high)
    return pd.DataFrame({"claim": [f"EX-{n:04d}" for n in range(count)], "category": "", "amount_minor": amounts})


DRAWN = [(0, 0, 0), (3, 0, 3), (5, 5, 0), (20, 2, 5), (101, 0, 11), (100, 0, 10)]


@pytest.mark.parametrize(("count", "high", "drawn"), DRAWN)
def test_a_tenth_and_at_least_five_are_drawn_beside_all_above_the_threshold(count: int, high: int, drawn: int) -> None:
    why = inspection.drawn(rows(count, high), {"": 10**6}, month="2026-06", seed=1)
    assert (why.count("above"), why.count("drawn")) == (high, drawn)


def test_the_seed_draws_the_same_again_and_each_month_another() -> None:
    def of(month: str, seed: int) -> list[str]:
        return inspection.drawn(rows(200), {"": 10**6}, month=month, seed=seed)

    assert of("2026-06", 1) == of("2026-06", 1)
    assert of("2026-06", 1) != of("2026-07", 1)
    assert of("2026-06", 1) != of("2026-06", 2)


def test_every_payment_is_as_likely_as_another() -> None:
    drawn = [inspection.drawn(rows(20), {"": 10**6}, month="2026-06", seed=seed) for seed in range(800)]
    hits = (np.array(drawn) == "drawn").sum(axis=0)
    assert hits.min() > 150
    assert hits.max() < 250


def test_the_pack_holds_the_month(house: House, pack: Inspection, claims: list[int]) -> None:
    assert len(pack.paid) == len(claims)
    assert list(pack.paid["why"]).count("above") == 1
    tests = {one.test for one in pack.findings}
    assert {"duplicate", "round_sum"} <= tests
    with house.store.reading() as session:
        assert pack.head == audit.head(session)
    assert pack.verified


def test_its_findings_are_told_open_first(pack: Inspection) -> None:
    found = audit_pack.findings(pack)
    assert found.numbers()["count_open"] == len(pack.findings)
    assert f"9 claims of CN¥6,414 were paid in {TODAY:%b %Y}" in found.text
    assert "The audit log is whole" in found.text
    assert set(found.table["decision"]) == {"pending"}


def test_a_month_without_payments_says_so(house: House, claims: list[int]) -> None:
    assert claims
    empty = inspection.read_inspection(house.store, month="2020-02")
    said = audit_pack.findings(empty).text
    assert said.startswith("0 claims of CN¥0 were paid in Feb 2020; the tests found nothing.")
    assert audit_pack.findings(empty).chart() is None
    assert audit_pack.sample(empty).text == "Nothing was paid in Feb 2020, so there is nothing to draw from."


def test_a_month_to_come_is_refused(house: House) -> None:
    with pytest.raises(DataError, match="month: 2199-01 is still to come"):
        inspection.read_inspection(house.store, month="2199-01")


def test_only_an_auditor_closes_a_finding_and_once(house: House, pack: Inspection) -> None:
    one = pack.findings[0]
    with house.store.writing() as session:
        with pytest.raises(AccessError, match="Only an auditor"):
            inspection.close(session, one, decision="已核实", actor=house.people.finance)
        with pytest.raises(RecordError, match="decision: must have 1 to 2000 characters"):
            inspection.close(session, one, decision=" ", actor=house.people.auditor)
        inspection.close(session, one, decision="已核实", actor=house.people.auditor)
        with pytest.raises(RecordError, match="was closed before"):
            inspection.close(session, one, decision="再核实", actor=house.people.auditor)
    again = audit_pack.findings(inspection.read_inspection(house.store, month=NOW))
    assert again.numbers()["count_open"] == len(pack.findings) - 1
    assert (again.rows["decision"].iloc[-1], again.rows["by"].iloc[-1]) == ("已核实", "auditor")


@pytest.mark.parametrize("statement", ["UPDATE finding_closed SET decision = 'x'", "DELETE FROM finding_closed"])
def test_a_decision_stays(house: House, statement: str) -> None:
    with house.store.writing() as session:
        one = Finding("weekend", (-1,), 0, "")
        session.begin_nested()
        inspection.close(session, one, decision="已核实", actor=house.people.auditor)
        with pytest.raises(DBAPIError, match="finding_closed"):
            session.execute(text(statement))
        session.rollback()


def test_what_was_done_on_a_day_off_is_found(house: House, claims: list[int]) -> None:
    with house.store.reading() as session:
        one = session.get_one(ExpenseClaim, claims[0])
        session.expunge(one)
    for day, off in ((date(2026, 2, 14), False), (date(2026, 2, 16), True), (date(2026, 3, 7), True)):
        one.entered_at = datetime.combine(day, datetime.min.time(), settings().zone) + timedelta(hours=10)
        one.paid_on = date(2026, 3, 9)
        found = list(unusual.weekend([one]))
        assert bool(found) is off
    assert f"on a day off, {day.day} Mar 2026." in found[0].text


ROUND = [
    ("reimbursement", 100_000, 1), ("reimbursement", 100_001, 0), ("reimbursement", 50_000, 0), ("request", 100_000, 0),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "amount", "count"), ROUND)
def test_round_sums_of_reimbursements_are_found(kind: str, amount: int, count: int) -> None:
    one = ExpenseClaim(id=1, number="EX-1", kind=kind, amount_minor=amount)
    assert len(list(unusual.round_sums([one]))) == count
