"""People, roles, deputies: a deputy ends and holds no more than who is represented; leaving hands everything over."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from tests.kit.records import claims
from tests.kit.records.claims import People, claim, step

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import Party, Record, account, passwords, roles, waiting
from marketbook.kit.records.tables import Waiting
from marketbook.kit.store import Store
from marketbook.kit.store.audit import AuditLog
from marketbook.team import people

DAY = timedelta(days=1)


@pytest.fixture
def company(store: Store, monkeypatch: pytest.MonkeyPatch) -> People:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    claims.install(store)
    made = claims.hire(store)
    with store.writing() as session:
        account.add(session, party_id=made.admin, login="admin", password="a long enough password")
    return made


def deputy(store: Store, of: int, by: int, *, actor: int = 0, first: int = 0, last: int = 3, **about: int) -> list[str]:
    today = roles.today()
    with store.writing() as session:
        made = people.name_deputy(
            session, party_id=of, deputy_id=by, first=today + first * DAY, last=today + last * DAY,
            actor=actor or of, **about,
        )  # fmt: skip
        return [one.role for one in made]


def held(store: Store, party: int, days: int = 0) -> set[str]:
    with store.reading() as session:
        return set(roles.held(session, party_id=party, on=roles.today() + days * DAY))


def submitted(store: Store, company: People) -> int:
    number = claim(store, company.sales)
    step(store, number, "submitted", company.sales)
    return number


def waits_for(store: Store, number: int) -> set[int]:
    with store.reading() as session:
        return set(session.scalars(select(Waiting.party_id).where(Waiting.record_id == number)))


def test_who_is_away_names_a_deputy_who_decides_until_the_last_day_and_no_longer(store: Store, company: People) -> None:
    assert deputy(store, company.manager, company.director, last=2) == ["manager"]
    assert [held(store, company.director, days) for days in (0, 2, 3)] == [
        *({"director", "manager"}, {"director", "manager"}),
        {"director"},
    ]
    number = submitted(store, company)
    with store.reading() as session:
        found = waiting.inbox(session, party_id=company.director, on=roles.today())
    assert [(row.record_id, row.on_behalf_of_id) for row in found.rows] == [(number, company.manager)]
    assert step(store, number, "manager_approved", company.director).on_behalf_of_id == company.manager


def test_all_roles_go_to_a_deputy_or_the_one_that_is_named(store: Store, company: People) -> None:
    with store.writing() as session:
        roles.grant(session, party_id=company.manager, role="specialist")
        (second,) = (one for one in roles.grants(session, party_id=company.manager) if one.role == "specialist")
    assert deputy(store, company.manager, company.sales, grant_id=second.id) == ["specialist"]
    assert deputy(store, company.manager, company.director) == ["manager", "specialist"]


@pytest.mark.parametrize(
    ("about", "error", "message"),
    [
        ({"of": "manager", "by": "manager"}, RecordError, "nobody is his own deputy"),
        ({"of": "manager", "by": "finance"}, RecordError, "Finance, Auditor stand alone"),
        ({"of": "manager", "by": "director", "first": -1}, RecordError, "which is over"),
        ({"of": "manager", "by": "director", "first": 2, "last": 1}, RecordError, "must end after its first day"),
        ({"of": "manager", "by": "director", "actor": "sales"}, AccessError, "Only an administrator does this for"),
        ({"of": "manager", "by": "director", "grant_id": 1}, RecordError, "manager holds no role himself"),
    ],
)
def test_a_wrong_deputy_is_refused(
    store: Store, company: People, about: dict[str, object], error: type[Exception], message: str
) -> None:
    named = {name: getattr(company, given) if isinstance(given, str) else given for name, given in about.items()}
    with pytest.raises(error, match=message):
        deputy(store, **named)  # type: ignore[arg-type]


def test_a_deputy_names_no_deputy_for_what_he_only_represents(store: Store, company: People) -> None:
    deputy(store, company.manager, company.sales)
    with store.reading() as session:
        borrowed = next(one for one in people.held(session, party_id=company.sales) if one.of)
    assert deputy(store, company.sales, company.director) == ["sales"]
    with pytest.raises(RecordError, match="holds no role himself"):
        deputy(store, company.sales, company.admin, grant_id=borrowed.grant_id)


def test_a_role_that_ends_sooner_is_not_lent_beyond_its_end(store: Store, company: People) -> None:
    with store.writing() as session:
        (own,) = people.held(session, party_id=company.manager)
        people.end(session, grant_id=own.grant_id, last=roles.today() + DAY, actor=company.admin)
    with pytest.raises(RecordError, match="holds no role himself"):
        deputy(store, company.manager, company.director, last=2)
    assert deputy(store, company.manager, company.director, last=1) == ["manager"]


def test_the_one_represented_ends_it_at_once_and_nobody_else_but_an_administrator(
    store: Store, company: People
) -> None:
    deputy(store, company.manager, company.sales)
    with store.reading() as session:
        (made,) = people.deputies(session, party_id=company.manager)
        (own,) = people.held(session, party_id=company.manager)
    for actor, grant in ((company.sales, made.grant_id), (company.manager, own.grant_id)):
        with pytest.raises(AccessError, match="Only an administrator"), store.writing() as session:
            people.end(session, grant_id=grant, actor=actor)
    with store.writing() as session:
        people.end(session, grant_id=made.grant_id, actor=company.manager)
    assert held(store, company.sales) == {"sales"}


def test_an_expired_role_decides_nothing_and_the_next_one_up_gets_what_waits(store: Store, company: People) -> None:
    number = submitted(store, company)
    with store.writing() as session:
        (own,) = people.held(session, party_id=company.manager)
        people.end(session, grant_id=own.grant_id, actor=company.admin)
    assert waits_for(store, number) == {company.director}
    with pytest.raises(AccessError, match="may not take this step today"):
        step(store, number, "manager_approved", company.manager)
    with store.writing() as session:
        people.give_role(
            session, party_id=company.manager, role="manager", first=None, last=None, actor=company.admin
        )  # fmt: skip
    assert waits_for(store, number) == {company.manager}


def test_who_leaves_hands_over_records_and_people_in_one_audited_batch(store: Store, company: People) -> None:
    with store.writing() as session:
        account.add(session, party_id=company.manager, login="manager", password="a long enough password")
    deputy(store, company.manager, company.sales)
    number, own = submitted(store, company), claim(store, company.manager)
    with store.writing() as session:
        left = people.leave(session, party_id=company.manager, successor=company.director, actor=company.admin)
    assert (left.records, left.people) == (1, 1)
    with store.reading() as session:
        assert session.get_one(Record, own).owner_id == company.director
        assert session.get_one(Party, company.sales).manager_id == company.director
        assert account.named(session, login="manager").disabled_at is not None
        query = select(AuditLog.actor).where(AuditLog.table_name == "record", AuditLog.row_key == str(own))
        assert session.scalars(query.order_by(AuditLog.seq.desc())).first() == str(company.admin)
    assert (held(store, company.manager), held(store, company.sales)) == (set(), {"sales"})
    assert waits_for(store, number) == {company.director}


def test_a_successor_from_below_gets_the_superior_of_who_left(store: Store, company: People) -> None:
    with store.writing() as session:
        people.leave(session, party_id=company.manager, successor=company.sales, actor=company.admin)
        assert session.get_one(Party, company.sales).manager_id == company.director


@pytest.mark.parametrize(
    ("leaver", "successor", "actor", "message"),
    [
        ("manager", "director", "director", "Only an administrator does this for others"),
        ("manager", "manager", "admin", "cannot be the own successor"),
        ("admin", "director", "admin", "Nobody would be left to administer"),
    ],
)
def test_a_wrong_leaving_changes_nothing(
    store: Store, company: People, leaver: str, successor: str, actor: str, message: str
) -> None:
    ids = vars(company)
    with pytest.raises((RecordError, AccessError), match=message), store.writing() as session:
        people.leave(session, party_id=ids[leaver], successor=ids[successor], actor=ids[actor])
    assert held(store, ids[leaver]) == {leaver}
    with store.reading() as session:
        assert session.get_one(Party, ids[leaver]).status == "active"


def test_the_list_says_roles_deputies_and_open_records(store: Store, company: People) -> None:
    deputy(store, company.manager, company.sales)
    submitted(store, company)
    with store.reading() as session:
        found = people.people().some(session, [company.manager, company.sales])
    assert found[company.manager]["deputies"].startswith("sales until ")
    assert found[company.sales]["roles"].startswith("Sales representative, Marketing manager for manager until ")
    assert (found[company.sales]["open_records"], found[company.sales]["superior"]) == (1, "manager")
