"""`marketbook users`: accounts by the command line; a password is printed once."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from tests.app.test_cli import invoke
from tests.engines import Tables

from marketbook.kit.config import settings
from marketbook.kit.records import account, passwords, roles, sign_in
from marketbook.kit.store import Store


@pytest.fixture(autouse=True)
def _cheap_hashes_and_tables(workspace: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    (workspace / ".marketbook").mkdir()
    tables("sqlite", workspace / ".marketbook", "users").close()


def add(login: str = "zhang.san", *more: str) -> str:
    result = invoke("users", "add", login, "--name", "张三", *(more or ("--role", "sales")))
    assert result.exit_code == 0, result.output
    return result.output.splitlines()[-1]


def signed_in(login: str, password: str) -> sign_in.Opened:
    store = Store(settings().store)
    try:
        return sign_in.sign_in(store, login=login, password=password, address="127.0.0.1")
    finally:
        store.close()


def test_an_added_user_signs_in_with_the_password_that_was_printed() -> None:
    add("wang.wu", "--role", "director")
    password = add("zhang.san", "--role", "sales", "--role", "specialist", "--manager", "WANG.WU", "-l", "en")
    who = signed_in("zhang.san", password).who
    assert (who.name, who.roles, who.language, who.must_change) == ("张三", {"sales", "specialist"}, "en", True)


def test_the_list_tells_roles_and_state_but_no_password(workspace: Path) -> None:
    password = add()
    text = invoke("users", "list").output
    assert all(part in text for part in ("zhang.san", "张三", "sales", "must choose a password"))
    kept = b"".join(file.read_bytes() for file in workspace.rglob("*") if file.is_file())
    assert password not in text
    assert password.encode() not in kept


def test_a_disabled_user_is_out_until_reset_with_enable() -> None:
    add()
    assert invoke("users", "disable", "Zhang.San").output.strip() == "Disabled: zhang.san. Its sessions have ended."
    assert "enable it to reset it" in invoke("users", "reset", "zhang.san").output
    result = invoke("users", "reset", "zhang.san", "--enable")
    assert result.exit_code == 0
    assert signed_in("zhang.san", result.output.splitlines()[-1]).who.must_change


WRONG = {
    ("add", "li.si", "--name", "李四", "--role", "directer"): "Did you mean 'director'?",
    ("add", "ZHANG.SAN", "--name", "李四", "--role", "sales"): "Login name 'ZHANG.SAN' is taken",
    ("add", "li si", "--name", "李四", "--role", "sales"): "must have 2 to 50 letters",
    ("add", "li.si", "--name", "李四", "--role", "sales", "--manager", "zhan.san"): "There is no account 'zhan.san'",
    ("add", "li.si", "--name", "李四", "--role", "finance", "--role", "sales"): "stand alone",
    ("add", "li.si", "--name", "李四", "--role", "sales", "-l", "fr"): "Language 'fr' is not spoken",
    ("disable", "zhan.san"): "Did you mean 'zhang.san'?",
    ("reset", "zhan.san"): "Did you mean 'zhang.san'?",
}


@pytest.mark.parametrize(("arguments", "message"), WRONG.items())
def test_wrong_input_changes_nothing_and_ends_with_2(arguments: tuple[str, ...], message: str) -> None:
    add()
    result = invoke("users", *arguments)
    assert (result.exit_code, message in result.output) == (2, True), result.output
    store = Store(settings().store)
    with store.reading() as session:
        assert [(one.login, one.roles) for one in account.listed(session)] == [("zhang.san", {"sales"})]
        assert len(roles.grants(session, party_id=1)) == 1
    store.close()
