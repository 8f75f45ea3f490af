"""Records are tested on SQLite and on PostgreSQL, with real hashes that cost little."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from tests.engines import Tables
from tests.kit.records import claims

from marketbook.kit.records import Party, account, passwords, person, roles, sessions, sign_in, throttle
from marketbook.kit.records.account import Issued
from marketbook.kit.store import Store

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """A clock that is set by hand."""
    made = Clock()
    for module in (account, roles, sessions, sign_in, throttle):
        monkeypatch.setattr(module, "now", lambda: made.moment)
    return made


@dataclass(frozen=True)
class House:
    """A store with a company of people and a type of claims; one for a whole file, whose tests leave no trace."""

    store: Store
    people: claims.People


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = tables(request.param, tmp_path_factory.mktemp("house"), "house")
    claims.install(made)
    yield House(made, claims.hire(made))
    made.close()


@pytest.fixture(scope="module")
def more(house: House) -> dict[str, int]:
    """People who may not: a deputy, one whose role is over, one whose is to come, one who has left, a customer."""
    made, today = {}, roles.today()
    day = timedelta(days=1)
    with house.store.writing() as session:
        for name in ("deputy", "former", "future", "left", "other"):
            made[name] = person.add(session, kind="employee", name=name, manager_id=house.people.manager).id
        made["customer"] = person.add(session, kind="customer", name="customer").id
        old = {"valid_from": today - 9 * day, "valid_to": today}
        roles.grant(session, party_id=made["former"], role="manager", **old)
        roles.grant(session, party_id=made["future"], role="manager", valid_from=today + day)
        for role, of in (("manager", house.people.manager), ("director", house.people.director)):
            roles.grant(
                session, party_id=made["deputy"], role=role, on_behalf_of=of, valid_from=today, valid_to=today + day
            )
        session.get_one(Party, made["left"]).status = "left"
    return made


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def pass_by(self, **time: float) -> None:
        self.moment += timedelta(**time)


def enter(store: Store, name: str = "张三", **about: object) -> int:
    with store.writing() as session:
        return person.add(session, kind="employee", name=name, **about).id  # type: ignore[arg-type]


def open_account(store: Store, login: str = "Zhang.San", *, password: str = PASSWORD) -> Issued:
    party = enter(store, login)
    with store.writing() as session:
        return account.add(session, party_id=party, login=login, password=password)
