"""Roles: half-open in time, deputies that end, finance and auditor alone; the database holds what it can."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from tests.kit.records.conftest import Clock, enter

from marketbook.kit.errors import RecordError
from marketbook.kit.records import person, roles
from marketbook.kit.records.person import ROLES, RoleGrant
from marketbook.kit.store import Store, now

JANUARY, MARCH, MAY, JULY = (date(2026, month, 1) for month in (1, 3, 5, 7))


def grant(store: Store, party: int, role: str, first: date = JANUARY, end: date | None = None, **about: int) -> int:
    with store.writing() as session:
        return roles.grant(session, party_id=party, role=role, valid_from=first, valid_to=end, **about).id


def end(store: Store, number: int, on: date) -> RoleGrant:
    with store.writing() as session:
        return roles.end(session, grant_id=number, on=on)


def held(store: Store, party: int, on: date) -> set[str]:
    with store.reading() as session:
        return set(roles.held(session, party_id=party, on=on))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_held_from_its_first_day_until_the_day_it_ends(store: Store, role: str) -> None:
    party = enter(store)
    grant(store, party, role, MARCH, MAY)
    days = (date(2026, 2, 28), MARCH, date(2026, 4, 30), MAY)
    assert [held(store, party, day) == {role} for day in days] == [False, True, True, False]


def test_today_is_the_companys_day(store: Store, clock: Clock) -> None:
    party = enter(store)
    grant(store, party, "sales", date(2026, 11, 24))
    clock.moment = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
    with store.reading() as session:
        assert roles.held(session, party_id=party) == frozenset()
        clock.pass_by(minutes=1)
        assert roles.held(session, party_id=party) == {"sales"}


def test_roles_stand_beside_one_another(store: Store) -> None:
    party = enter(store)
    for role in ("manager", "specialist", "admin"):
        grant(store, party, role)
    assert held(store, party, JULY) == {"manager", "specialist", "admin"}


def test_finance_and_auditor_stand_alone(store: Store) -> None:
    for role, other in (("finance", "sales"), ("auditor", "admin"), ("finance", "auditor"), ("director", "finance")):
        party = enter(store)
        grant(store, party, role, MARCH, JULY)
        told = f"张三 holds {ROLES[role]} in that time, and cannot hold {ROLES[other]} too"
        with pytest.raises(RecordError, match=told):
            grant(store, party, other, JANUARY, MAY)
        grant(store, party, other, JULY)


def test_the_same_role_twice_in_a_time_is_refused(store: Store) -> None:
    party = enter(store)
    grant(store, party, "sales", MARCH)
    with pytest.raises(RecordError, match="holds Sales representative already in that time"):
        grant(store, party, "sales", JANUARY, MAY)


def test_it_refuses_an_unknown_role_and_wrong_days(store: Store) -> None:
    party = enter(store)
    with pytest.raises(RecordError, match=r"Role 'directer' is not known\. Did you mean 'director'"):
        grant(store, party, "directer")
    for last in (JANUARY, MARCH):
        with pytest.raises(RecordError, match="must end after its first day"):
            grant(store, party, "sales", MARCH, last)
    with pytest.raises(RecordError, match="Party 99 is not an employee"):
        grant(store, 99, "sales")


def test_a_deputy_holds_the_role_of_the_one_represented(store: Store) -> None:
    director, deputy = enter(store, "总监"), enter(store, "代理")
    grant(store, director, "director")
    grant(store, deputy, "director", MARCH, MAY, on_behalf_of=director)
    assert (held(store, deputy, MARCH), held(store, deputy, MAY)) == ({"director"}, set())


def test_it_refuses_a_deputy_who_stays_or_holds_more(store: Store) -> None:
    director, deputy = enter(store, "总监"), enter(store, "代理")
    grant(store, director, "director", MARCH, MAY)
    for first, last, of, message in (
        (MARCH, None, director, "a deputy's role must end"),
        (MARCH, MAY, deputy, "nobody is his own deputy"),
        (JANUARY, MAY, director, "总监 does not hold Marketing director himself from 2026-01-01"),
        (MARCH, JULY, director, "a deputy cannot hold more"),
        (MARCH, MAY, 99, "Party 99 is not an employee"),
    ):
        with pytest.raises(RecordError, match=message):
            grant(store, deputy, "director", first, last, on_behalf_of=of)


def test_a_deputy_has_no_deputy(store: Store) -> None:
    director, deputy, third = enter(store, "总监"), enter(store, "代理"), enter(store, "丙")
    grant(store, director, "director")
    grant(store, deputy, "director", MARCH, JULY, on_behalf_of=director)
    with pytest.raises(RecordError, match="代理 does not hold Marketing director himself"):
        grant(store, third, "director", MARCH, MAY, on_behalf_of=deputy)


def test_a_deputy_ends_with_the_one_represented(store: Store) -> None:
    director, deputy = enter(store, "总监"), enter(store, "代理")
    own = grant(store, director, "director")
    grant(store, deputy, "director", MARCH, JULY, on_behalf_of=director)
    end(store, own, MAY)
    assert [held(store, deputy, day) for day in (MARCH, MAY)] == [{"director"}, set()]


def test_a_role_ends_sooner_but_never_later(store: Store) -> None:
    party = enter(store)
    number = grant(store, party, "sales", MARCH, JULY)
    assert end(store, number, MAY).valid_to == MAY
    with pytest.raises(RecordError, match="Sales representative ends on 2026-05-01 already; it can only end sooner"):
        end(store, number, JULY)
    with pytest.raises(RecordError, match="There is no grant 99"):
        end(store, 99, MAY)


def test_a_role_granted_by_mistake_is_as_if_it_had_never_been(store: Store) -> None:
    party = enter(store)
    end(store, grant(store, party, "finance", MARCH), JANUARY)
    assert held(store, party, MARCH) == set()
    grant(store, party, "sales")
    assert held(store, party, MARCH) == {"sales"}


def test_someone_who_has_left_gets_no_role(store: Store) -> None:
    party = enter(store)
    with store.writing() as session:
        person.employee(session, party).status = "left"
    with pytest.raises(RecordError, match="is not an employee at work"):
        grant(store, party, "sales")


WRONG_GRANTS = {
    "role": {"role": "boss"},
    "days": {"valid_to": date(2025, 12, 31)},
    "a deputy who stays": {"on_behalf_of_id": 2},
    "his own deputy": {"on_behalf_of_id": 1, "valid_to": MAY},
    "nobody": {"party_id": 99},
    "beside finance": {"party_id": 2, "role": "sales"},
    "beside others": {"party_id": 3, "role": "auditor"},
}


@pytest.mark.parametrize("about", WRONG_GRANTS.values(), ids=WRONG_GRANTS)
def test_the_database_itself_refuses_a_wrong_grant(store: Store, about: dict[str, object]) -> None:
    for name in "甲乙丙":
        enter(store, name)
    grant(store, 2, "finance")
    grant(store, 3, "sales")
    row = {"party_id": 1, "role": "sales", "valid_from": JANUARY, "granted_at": now(), **about}
    with pytest.raises(Exception, match=r"CHECK|check|FOREIGN KEY|foreign key|stand alone"), store.writing() as session:
        session.add(RoleGrant(**row))


def test_the_database_itself_refuses_a_changed_grant_beside_finance(store: Store) -> None:
    party = enter(store)
    grant(store, party, "finance", JANUARY, MARCH)
    grant(store, party, "sales", MARCH)
    for change in ("role = 'manager', valid_from = '2026-01-01' WHERE role = 'sales'", "valid_to = NULL"):
        with pytest.raises(Exception, match="finance and auditor stand alone"), store.writing() as session:
            session.execute(text(f"UPDATE role_grant SET {change}"))
