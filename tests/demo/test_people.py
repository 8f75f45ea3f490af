"""The demo company's people: one for each role, and only in the demo company."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from tests.engines import Tables

from marketbook.demo import people
from marketbook.demo.truth import FILE
from marketbook.kit.config import settings
from marketbook.kit.records import Account, account, first, passwords, person, sign_in
from marketbook.kit.records.person import ROLES
from marketbook.kit.store import Store


@pytest.fixture
def store(workspace: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = tables("sqlite", workspace, "people")
    yield made
    made.close()


def write_truth() -> None:
    settings().facts.mkdir(parents=True)
    (settings().facts / FILE).write_text("{}", "utf-8")


def test_each_role_has_one_who_signs_in_with_the_known_password(store: Store) -> None:
    write_truth()
    assert people.ensure(store)
    for n, role in enumerate(ROLES):
        who = sign_in.sign_in(store, login=role, password=people.PASSWORD, address=f"192.0.2.{n}").who
        assert (who.roles, who.must_change) == ({role}, False)


def test_everyone_stands_below_the_general_manager(store: Store) -> None:
    write_truth()
    people.ensure(store)
    with store.reading() as session:
        tops = {
            person.superiors(session, party_id=n)[-1].name for n in session.scalars(select(Account.party_id)) if n > 1
        }
    assert tops == {"沈知远"}


def test_they_are_made_once(store: Store) -> None:
    write_truth()
    assert [people.ensure(store) for _each in range(2)] == [True, False]
    with store.writing() as session:
        assert first.first_admin(session) is None
        assert len(session.scalars(select(Account)).all()) == 9


def test_none_are_made_outside_the_demo_company(store: Store) -> None:
    assert not people.ensure(store)
    with store.reading() as session:
        assert account.listed(session) == []


def test_none_are_made_beside_accounts_of_its_own(store: Store) -> None:
    write_truth()
    with store.writing() as session:
        party = person.add(session, kind="employee", name="张三")
        account.add(session, party_id=party.id, login="zhang.san")
    assert not people.ensure(store)
    with store.reading() as session:
        assert [one.login for one in account.listed(session)] == ["zhang.san"]
