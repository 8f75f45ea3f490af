"""Forms are tried on SQLite and on PostgreSQL, by somebody with an account, and in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from tests.chromium import chromium
from tests.engines import Tables
from tests.kit.forms.mounting import Shelf, shelf

from marketbook.kit import visitor
from marketbook.kit.forms import served
from marketbook.kit.records import account, passwords, person, roles
from marketbook.kit.store import Store
from marketbook.kit.visitor import Visitor

Visit = Callable[[Store], Visitor]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> Iterator[Visit]:  # noqa: ARG001
    """Return a function that gives somebody an account and has the kernel serve him."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    def come(store: Store) -> Visitor:
        with store.writing() as session:
            party = person.add(session, kind="employee", name="张三").id
            roles.grant(session, party_id=party, role="manager")
            made = account.add(session, party_id=party, login="zhang.san").account
        who = Visitor(
            account_id=made.id, party_id=party, login=made.login, name="张三", language="en",
            roles=frozenset({"manager"}), store=store.url.render_as_string(hide_password=False),
        )  # fmt: skip
        monkeypatch.setattr(visitor, "_served", who)
        return who

    yield come
    if visitor.served():
        served.store().close()
    served._opened.cache_clear()


@pytest.fixture
def visited(visit: Visit, tables: Tables, tmp_path: Path) -> Iterator[Store]:
    """A store on SQLite whose kernel serves somebody."""
    made = tables("sqlite", tmp_path, "visited")
    visit(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def kept() -> Iterator[Shelf]:
    """A server that hands out pages and keeps drafts."""
    with shelf() as made:
        yield made
