"""The year's records of a small demo company, made once for the tests that read them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from tests.demo.conftest import Company

from marketbook.demo import people, year
from marketbook.kit import config
from marketbook.kit.records import account, passwords
from marketbook.kit.store import Store

TODAY = date(2026, 11, 25)


def workspace_of(folder: Path, facts: Path, patch: pytest.MonkeyPatch) -> Store:
    """Point settings to a workspace with the demo company's data, and return its store, which has nothing yet."""
    (folder / "notebooks").mkdir()
    patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    patch.setenv("MARKETBOOK_HOME", str(folder))
    patch.setenv("MARKETBOOK_FACTS_PATH", str(facts))
    config.settings.cache_clear()
    return Store(config.settings().store)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, company: Company) -> Iterator[Store]:
    """The store with its records."""
    with pytest.MonkeyPatch.context() as patch:
        store = workspace_of(tmp_path_factory.mktemp("home"), company.facts.path, patch)
        assert year.ensure(store, today=TODAY)
        yield store
        store.close()
    config.settings.cache_clear()


@pytest.fixture(scope="module")
def parties(made: Store) -> dict[str, int]:
    """Who signs in with which name."""
    with made.reading() as session:
        names = [one.signs_in_as for one in (*people.COLLEAGUES, *people.MORE)]
        return {login: account.named(session, login=login).party_id for login in names}
