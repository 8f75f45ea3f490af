"""What an administrator does with accounts: nobody is locked out, nothing is overwritten unseen."""

import pytest
from argon2 import PasswordHasher

from marketbook.kit.errors import RecordError
from marketbook.kit.records import account, passwords, person, roles
from marketbook.kit.store import Store
from marketbook.team import service
from marketbook.team.params import NewPerson, Person


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def team(store: Store) -> Store:
    add(store, "root", "admin")
    add(store, "zhang.san", "manager")
    return store


def add(store: Store, login: str, *held: str, superior: int | None = None) -> int:
    record = NewPerson(name=login.title(), login=login, roles=list(held), superior_id=superior)  # type: ignore[arg-type]
    with store.writing() as session:
        return service.add(session, record=record).account.id


def number(store: Store, login: str) -> int:
    with store.reading() as session:
        return account.named(session, login=login).id


def row(store: Store, login: str) -> dict[str, object]:
    with store.reading() as session:
        return service.of_account(session, account.named(session, login=login).id)


def change(store: Store, login: str, **changes: object) -> None:
    before = row(store, login)
    record = Person.model_validate({name: before[name] for name in Person.model_fields} | changes)
    with store.writing() as session:
        service.change(session, account_id=number(store, login), record=record)


def test_somebody_new_has_a_one_time_password_roles_and_a_superior(team: Store) -> None:
    with team.reading() as session:
        above = account.named(session, login="zhang.san").party_id
    with team.writing() as session:
        record = NewPerson(name="李四", login="Li.Si", roles=["sales"], superior_id=above, language="en")
        issued = service.add(session, record=record)
    assert passwords.matches(issued.account.password_hash, issued.password)
    found = row(team, "li.si")
    assert (found["name"], found["roles"], found["superior"], found["state"], found["language"]) == (
        "李四", ["sales"], "Zhang.San", "must_choose", "en",
    )  # fmt: skip


def test_roles_superior_and_language_change_from_today(team: Store) -> None:
    above = add(team, "wang.wu", "director")
    with team.reading() as session:
        party = session.get_one(account.Account, above).party_id
    change(team, "zhang.san", roles=["sales", "service"], superior_id=party, language="en")
    found = row(team, "zhang.san")
    assert (found["roles"], found["superior"], found["language"]) == (["sales", "service"], "Wang.Wu", "en")
    change(team, "zhang.san", roles=["finance"], superior_id=None)
    assert (row(team, "zhang.san")["roles"], row(team, "zhang.san")["superior"]) == (["finance"], None)


def test_roles_that_do_not_go_together_are_refused_and_nothing_changes(team: Store) -> None:
    with pytest.raises(RecordError, match="stand alone"):
        change(team, "zhang.san", roles=["finance", "manager"], language="en")
    assert (row(team, "zhang.san")["roles"], row(team, "zhang.san")["language"]) == (["manager"], "zh_Hans")


def test_what_somebody_deputises_stays(team: Store) -> None:
    above = add(team, "wang.wu", "director")
    with team.writing() as session:
        party = session.get_one(account.Account, above).party_id
        mine = account.named(session, login="zhang.san").party_id
        until = roles.today().replace(year=roles.today().year + 1)
        roles.grant(session, party_id=mine, role="director", on_behalf_of=party, valid_to=until)
    change(team, "zhang.san", roles=["sales"])
    with team.reading() as session:
        assert roles.held(session, party_id=mine) == {"sales", "director"}


def test_a_form_that_was_opened_before_somebody_elses_change_is_refused(team: Store) -> None:
    seen = row(team, "zhang.san")["version"]
    change(team, "zhang.san", roles=["sales"])
    with pytest.raises(RecordError, match="Somebody has changed this account"):
        change(team, "zhang.san", roles=["service"], version=seen)
    assert row(team, "zhang.san")["roles"] == ["sales"]


@pytest.mark.parametrize("how", ["roles", "disable"])
def test_somebody_must_be_left_to_administer(team: Store, how: str) -> None:
    number_of_root = number(team, "root")
    leave = {
        "roles": lambda session: service.set_roles(
            session, party_id=session.get(account.Account, number_of_root).party_id, wanted=["manager"]
        ),
        "disable": lambda session: service.disable(session, account_id=number_of_root),
    }
    with pytest.raises(RecordError, match="Nobody would be left to administer"), team.writing() as session:
        leave[how](session)
    add(team, "second", "admin")
    change(team, "root", roles=["manager"])


def test_a_disabled_account_is_opened_again_with_a_new_password(team: Store) -> None:
    with team.writing() as session:
        service.disable(session, account_id=account.named(session, login="zhang.san").id)
    assert row(team, "zhang.san")["state"] == "disabled"
    with team.writing() as session:
        issued = service.reset(session, account_id=account.named(session, login="zhang.san").id)
    assert (row(team, "zhang.san")["state"], issued.account.must_change) == ("must_choose", True)


def test_employees_at_work_are_found_by_name_and_login(team: Store) -> None:
    with team.writing() as session:
        person.add(session, kind="customer", name="Zhang Customer")
        search = service.employees()
        found = search.find(session, "ZHANG")
        assert [(one.label, one.about) for one in found] == [("Zhang.San", "zhang.san")]
        assert search.get(session, found[0].id) is not None
        assert search.get(session, 9999) is None
        assert len(search.find(session, "")) == 2


def test_an_account_that_is_not_there_is_said_so(team: Store) -> None:
    with team.writing() as session, pytest.raises(RecordError, match="There is no such account"):
        service.reset(session, account_id=999)
