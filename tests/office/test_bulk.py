"""Several decisions at once: only small ones of one type and step without remarks, each by itself."""

import pytest
from tests.office.company import House, budget, claim, status, submitted, transfer, walk

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import Record, documents, types
from marketbook.kit.records.comments import listed
from marketbook.office import briefs, bulk
from marketbook.office.briefs import Brief
from marketbook.office.bulk import Outcome

APPROVE = "expense_claim/submitted/manager_approved"


@pytest.fixture(autouse=True)
def _no_remarks(monkeypatch: pytest.MonkeyPatch) -> None:
    types.load()  # what registers briefs, so that nothing is registered in the empty table only
    monkeypatch.setattr(briefs, "_known", {})


def key(house: House, number: int, party: int) -> str:
    with house.store.reading() as session:
        found = bulk.group_of(session, session.get_one(Record, number), party_id=party)
        return found[0].key if found else ""


def decide(house: House, numbers: list[int], party: int, *, of: str = APPROVE, version: int = 0) -> list[Outcome]:
    with house.store.writing() as session:
        seen = [(number, version or session.get_one(Record, number).version) for number in numbers]
        return bulk.decide(session, seen, key=of, party_id=party)


def test_small_ones_are_approved_together(house: House) -> None:
    line = budget(house)
    numbers = [submitted(house, line, amount) for amount in (8_000, 99_999)]
    assert {key(house, number, house.people.manager) for number in numbers} == {APPROVE}
    assert [one.refused for one in decide(house, numbers, house.people.manager)] == ["", ""]
    assert {status(house, number) for number in numbers} == {"manager_approved"}


def test_from_the_amount_on_each_is_looked_at_by_itself(house: House) -> None:
    number = submitted(house, budget(house), 100_000)
    assert key(house, number, house.people.manager) == ""
    (found,) = decide(house, [number], house.people.manager)
    assert found.refused == "This one is to be looked at by itself; please open it."
    assert status(house, number) == "submitted"


def test_what_carries_a_remark_is_looked_at_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(briefs, "_known", {"expense_claim": lambda *_: Brief(warnings=["look"])})
    number = submitted(house, budget(house), 8_000)
    assert key(house, number, house.people.manager) == ""
    assert decide(house, [number], house.people.manager)[0].refused
    assert status(house, number) == "submitted"


def test_another_type_or_step_does_not_slip_in(house: House) -> None:
    line = budget(house)
    moved, drafted = transfer(house, 100, line, None), claim(house, line, 8_000)
    assert decide(house, [moved, drafted], house.people.director)[0].refused
    assert [status(house, number) for number in (moved, drafted)] == ["submitted", "draft"]
    assert key(house, drafted, house.people.sales) == "expense_claim/draft/submitted"


@pytest.mark.parametrize("to", ["rejected", "draft", "withdrawn", "paid", "nonsense"])
def test_no_other_step_is_taken_whatever_a_page_asks(house: House, to: str) -> None:
    number = submitted(house, budget(house), 8_000)
    decide(house, [number], house.people.manager, of=f"expense_claim/submitted/{to}")
    assert status(house, number) == "submitted"


def test_one_that_is_refused_leaves_no_trace_and_stops_no_other(house: House) -> None:
    line = budget(house)
    gone, stays = submitted(house, line, 8_000), submitted(house, line, 9_000)
    walk(house, gone, ("withdrawn", house.people.sales))
    with house.store.writing() as session:
        first, second = bulk.decide(session, [(gone, 3), (stays, 3)], key=APPROVE, party_id=house.people.manager)
    assert "since you opened it" in first.refused
    assert (second.refused, status(house, gone), status(house, stays)) == ("", "withdrawn", "manager_approved")
    with house.store.reading() as session:
        assert [one.to_status for one in documents.history(session, record_id=gone)] == ["submitted", "withdrawn"]
        assert listed(session, record_id=gone) == []


def test_nobody_decides_together_what_is_not_his(house: House) -> None:
    number = submitted(house, budget(house), 8_000)
    assert "may not take this step" in decide(house, [number], house.people.director)[0].refused
    with pytest.raises(AccessError, match="not for you to read"):
        decide(house, [number], house.people.admin)
    with pytest.raises(RecordError, match=f"at most {bulk.MOST} are decided at once"):
        decide(house, [number] * (bulk.MOST + 1), house.people.manager)
