"""Records are made in the demo company's workspace only, and never beside others."""

from pathlib import Path

import pytest
from sqlalchemy import select
from tests.demo.conftest import Company
from tests.demo.year.conftest import TODAY, workspace_of

from marketbook.demo import people, year
from marketbook.demo.year import build
from marketbook.kit.facts import Facts
from marketbook.kit.records import Record, account, person, roles, rules
from marketbook.kit.store import Store

SOURCE = "因为"


def records(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(Record.id)).all())


@pytest.fixture
def store(tmp_path: Path, company: Company, monkeypatch: pytest.MonkeyPatch) -> Store:
    return workspace_of(tmp_path, company.facts.path, monkeypatch)


def test_none_are_made_outside_the_demo_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = workspace_of(tmp_path, tmp_path, monkeypatch)
    assert not year.ensure(store, today=TODAY)
    assert store.file is not None
    assert not store.file.exists()


def test_none_are_made_beside_accounts_of_its_own(store: Store) -> None:
    store.upgrade()
    with store.writing() as session:
        party = person.add(session, kind="employee", name="张三")
        account.add(session, party_id=party.id, login="zhang.san")
    assert not year.ensure(store, today=TODAY)
    assert records(store) == 0


def test_none_are_made_beside_a_record(store: Store) -> None:
    store.upgrade()
    people.ensure(store)
    with store.writing() as session:
        admin = account.named(session, login="admin").party_id
        rules.propose_parameter(
            session, name="budget.manager_moves_bp", value=500, valid_from=roles.today(), source=SOURCE, actor=admin
        )
    assert not year.ensure(store, today=TODAY)
    assert records(store) == 1


def test_broken_off_it_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_ruling", lambda _stage, _today: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        year.ensure(store, today=TODAY)
    assert records(store) == 0


def test_the_same_seed_draws_the_same_year(company: Company, store: Store) -> None:
    assert store.file is not None
    drawn = [build.draw(Facts(company.facts.path), company.truth, today=TODAY) for _each in range(2)]
    assert drawn[0] == drawn[1]
    assert 250 <= len(drawn[0].claims) <= 400
