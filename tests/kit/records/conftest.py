"""Records are tested on SQLite and on PostgreSQL, with real hashes that cost little."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from tests.engines import blank, postgres, store

from marketbook.kit.records import account, passwords, person, roles, sessions, sign_in, throttle
from marketbook.kit.records.account import Issued
from marketbook.kit.store import Store

__all__ = ["blank", "postgres", "store"]

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
