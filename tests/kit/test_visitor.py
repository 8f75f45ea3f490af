"""Whom a kernel serves: nobody until the private channel has said so."""

from collections.abc import Iterator

import pytest

from marketbook.kit import config, visitor
from marketbook.kit.errors import AccessError

TOLD = {
    "account_id": 3,
    "party_id": 7,
    "login": "lin",
    "name": "林悦",
    "language": "zh_Hans",
    "roles": ["manager"],
    "store": "postgresql+psycopg://lin:secret@127.0.0.1/marketbook",
    "server": "/",
}


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(visitor, "_served", None)
    yield
    config.use_store("")


def test_nobody_is_served_where_nothing_was_told() -> None:
    assert visitor.served() is None
    with pytest.raises(AccessError, match="here they are only read"):
        visitor.required()


def test_who_was_told_is_served_with_the_store_that_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBOOK_STORE_URL", "sqlite:///other.db")
    visitor.receive(TOLD)
    assert visitor.required().roles == {"manager"}
    assert config.settings().store == TOLD["store"]


def test_without_a_store_of_its_own_the_one_that_is_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBOOK_STORE_URL", "sqlite:///set.db")
    config.settings.cache_clear()
    visitor.receive({name: value for name, value in TOLD.items() if name != "store"})
    assert config.settings().store == "sqlite:///set.db"


def test_the_password_is_in_no_repr() -> None:
    visitor.receive(TOLD)
    assert "secret" not in repr(visitor.served()) + repr(config.settings())


def test_the_record_that_the_address_names_is_told_or_none_is() -> None:
    visitor.receive(TOLD)
    assert visitor.required().record is None
    visitor.receive({**TOLD, "record": 17})
    assert visitor.required().record == 17


def test_what_is_told_is_whole() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'extra'"):
        visitor.receive({**TOLD, "extra": 1})
