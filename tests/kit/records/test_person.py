"""Parties: what each kind may be, and superiors without circles."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tests.kit.records.conftest import enter

from marketbook.kit.errors import RecordError
from marketbook.kit.records import person
from marketbook.kit.records.person import STATUSES
from marketbook.kit.store import Store


def set_manager(store: Store, party: int, manager: int | None) -> None:
    with store.writing() as session:
        person.set_manager(session, party_id=party, manager_id=manager)


@pytest.mark.parametrize("kind", STATUSES)
def test_a_party_of_each_kind_starts_in_its_first_status(store: Store, kind: str) -> None:
    with store.writing() as session:
        party = person.add(session, kind=kind, name="  青禾   优品 ")
    assert (party.status, party.name, party.profile) == (STATUSES[kind][0], "青禾 优品", {})


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("friend", "张三", "kind: 'friend' is not known; allowed are employee, customer"),
        ("employee", "  ", "must have 1 to 100 printable characters"),
        ("employee", "张" * 101, "must have 1 to 100 printable characters"),
        ("employee", "张\x00三", "must have 1 to 100 printable characters"),
    ],
)
def test_it_refuses_a_party_that_cannot_be(store: Store, kind: str, name: str, message: str) -> None:
    with pytest.raises(RecordError, match=message), store.writing() as session:
        person.add(session, kind=kind, name=name)


def test_superiors_are_listed_up_to_the_top(store: Store) -> None:
    top = enter(store, "甲")
    middle = enter(store, "乙", manager_id=top)
    low = enter(store, "丙", manager_id=middle)
    with store.reading() as session:
        assert [one.name for one in person.superiors(session, party_id=low)] == ["乙", "甲"]


def test_superiors_in_a_circle_are_refused(store: Store) -> None:
    top = enter(store, "甲")
    middle = enter(store, "乙", manager_id=top)
    low = enter(store, "丙", manager_id=middle)
    for manager in (middle, low, top):
        with pytest.raises(RecordError, match="stands below 甲"):
            set_manager(store, top, manager)


def test_a_superior_may_change_and_go(store: Store) -> None:
    first, second = enter(store, "甲"), enter(store, "乙")
    low = enter(store, "丙", manager_id=first)
    set_manager(store, low, second)
    with store.reading() as session:
        assert [one.id for one in person.superiors(session, party_id=low)] == [second]
    set_manager(store, low, None)
    with store.reading() as session:
        assert person.superiors(session, party_id=low) == []


def test_only_an_employee_at_work_has_and_is_a_superior(store: Store) -> None:
    top = enter(store, "甲")
    with store.writing() as session:
        customer = person.add(session, kind="customer", name="客户").id
    with pytest.raises(RecordError, match="only an employee has a superior"), store.writing() as session:
        person.add(session, kind="vendor", name="供应商", manager_id=top)
    with pytest.raises(RecordError, match="is not an employee at work"):
        enter(store, "乙", manager_id=customer)
    with pytest.raises(RecordError, match="is not an employee at work"):
        set_manager(store, customer, top)


WRONG_PARTIES = {
    "kind": "kind = 'friend'",
    "status": "status = 'prospect'",
    "name": "name = ''",
    "its own superior": "manager_id = id",
    "a customer's superior": "kind = 'customer', manager_id = 2",
    "no such superior": "manager_id = 99",
    "merged into nobody": "kind = 'customer', status = 'merged'",
    "merged into itself": "kind = 'customer', status = 'merged', merged_into_id = id",
    "birthday": "birthday = '2000-01-01'",
}


@pytest.mark.parametrize("change", WRONG_PARTIES.values(), ids=WRONG_PARTIES)
def test_the_database_itself_refuses_a_wrong_party(store: Store, change: str) -> None:
    party, _other = enter(store, "甲"), enter(store, "乙")
    refusal = r"CHECK|check|FOREIGN KEY|foreign key|too long|only a merge"
    with pytest.raises(Exception, match=refusal), store.writing() as session:
        session.execute(text(f"UPDATE party SET {change} WHERE id = {party}"))
    with store.reading() as session:
        assert person.employee(session, party).name == "甲"


def test_a_party_with_rows_of_its_own_is_not_deleted(store: Store) -> None:
    top = enter(store, "甲")
    enter(store, "乙", manager_id=top)
    with pytest.raises(IntegrityError), store.writing() as session:
        session.execute(text(f"DELETE FROM party WHERE id = {top}"))
