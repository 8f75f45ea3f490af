"""Accounts: names unique whatever their capitals, one-time passwords kept nowhere, the rules of a password."""

import multiprocessing
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, text
from tests.kit.records.conftest import PASSWORD, Clock, enter, open_account

from marketbook.kit.errors import RecordError
from marketbook.kit.records import Account, account, first, passwords, person, roles, sessions
from marketbook.kit.store import Store


def everything_kept(store: Store) -> str:
    with store.reading() as session:
        tables = inspect(session.connection()).get_table_names()
        return repr([session.execute(text(f"SELECT * FROM {table}")).all() for table in tables])


def test_an_account_gets_a_one_time_password_that_is_kept_nowhere(store: Store, clock: Clock) -> None:
    issued = open_account(store, password="")
    assert len(issued.password) == 19
    assert issued.password not in repr(issued) + everything_kept(store)
    assert passwords.matches(issued.account.password_hash, issued.password)
    assert issued.account.must_change
    assert issued.account.password_until == clock.moment + timedelta(days=7)


def test_a_chosen_password_need_not_be_changed(store: Store) -> None:
    made = open_account(store).account
    assert (made.must_change, made.password_until, made.state) == (False, None, "open")
    assert PASSWORD not in everything_kept(store)


@pytest.mark.parametrize("login", ["zhang.san", "ZHANG.SAN", " ｚｈａｎｇ．ｓａｎ "])
def test_a_login_name_is_the_same_whatever_its_capitals(store: Store, login: str) -> None:
    open_account(store, "Zhang.San")
    with store.reading() as session:
        assert account.named(session, login=login).login == "Zhang.San"
    with pytest.raises(RecordError, match="is taken"):
        open_account(store, login)


@pytest.mark.parametrize("login", ["a", "a b", "", "a\x00b", "<b>", "'; --", "x" * 51, "-rf", "\ud800x"])
def test_it_refuses_a_login_name_that_cannot_be_used(store: Store, login: str) -> None:
    party = enter(store)
    with pytest.raises(RecordError, match="must have 2 to 50 letters"), store.writing() as session:
        account.add(session, party_id=party, login=login)
    with store.reading() as session:
        assert account.find(session, login=login) is None


def test_one_account_for_each_employee_at_work(store: Store) -> None:
    party = open_account(store).account.party_id
    with pytest.raises(RecordError, match=r"Zhang\.San has an account already"), store.writing() as session:
        account.add(session, party_id=party, login="other")
    with store.writing() as session:
        customer = person.add(session, kind="customer", name="客户").id
    with pytest.raises(RecordError, match="is not an employee at work"), store.writing() as session:
        account.add(session, party_id=customer, login="other")


def test_it_refuses_a_language_that_is_not_spoken(store: Store) -> None:
    made = open_account(store).account
    with store.writing() as session:
        account.set_language(session, account=session.get_one(Account, made.id), language="zh_Hant")
    with pytest.raises(RecordError, match="Language 'fr' is not spoken"), store.writing() as session:
        account.set_language(session, account=session.get_one(Account, made.id), language="fr")
    with store.reading() as session:
        assert account.named(session, login="zhang.san").language == "zh_Hant"


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "has 5 characters; it must have 10 to 200"),
        ("x" * 201, "has 201 characters"),
        ("ZHANG.SANFENG", "is the login name"),
        ("abababababab", "repeats one or two characters"),
        ("the old password", "is the old one"),
    ],
)
def test_a_password_is_held_to_the_rules(password: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        passwords.check(password, login="zhang.sanfeng", old="the old password")


def test_a_password_may_have_any_characters_and_wide_ones_are_the_plain_ones() -> None:
    assert passwords.matches(passwords.hashed("一个足够长的密码１２３"), "一个足够长的密码123")
    assert passwords.matches(passwords.hashed("\ud800\x00 and more"), "\ud800\x00 and more")
    assert not passwords.matches(passwords.hashed("x" * 200), "x" * 201)
    assert not passwords.matches("no hash at all", PASSWORD)


def test_disabling_ends_the_sessions_and_is_done_once(store: Store) -> None:
    made = open_account(store).account
    with store.writing() as session:
        token = sessions.start(session, account_id=made.id)
        account.disable(session, login="ZHANG.SAN")
    with store.reading() as session:
        assert sessions.find(session, token=token) is None
        assert account.listed(session)[0].state == "disabled"
    with pytest.raises(RecordError, match="is disabled already"), store.writing() as session:
        account.disable(session, login="zhang.san")


def test_a_reset_replaces_the_password_and_ends_the_sessions(store: Store) -> None:
    made = open_account(store).account
    with store.writing() as session:
        token = sessions.start(session, account_id=made.id)
        issued = account.reset(session, login="zhang.san")
    with store.reading() as session:
        kept = session.get_one(Account, made.id)
        assert sessions.find(session, token=token) is None
    assert not passwords.matches(kept.password_hash, PASSWORD)
    assert passwords.matches(kept.password_hash, issued.password)


def test_a_disabled_account_is_reset_only_when_it_is_to_be_enabled(store: Store) -> None:
    open_account(store)
    with store.writing() as session:
        account.disable(session, login="zhang.san")
    with pytest.raises(RecordError, match="enable it to reset it"), store.writing() as session:
        account.reset(session, login="zhang.san")
    with store.writing() as session:
        assert account.reset(session, login="zhang.san", enable=True).account.state == "must choose a password"


@pytest.mark.parametrize("change", [account.disable, account.reset])
def test_a_misspelt_login_name_gets_a_suggestion(store: Store, change: object) -> None:
    open_account(store)
    with pytest.raises(RecordError, match=r"no account 'zhan\.san'.*Zhang\.San"), store.writing() as session:
        change(session, login="zhan.san")  # type: ignore[operator]


def test_the_first_admin_is_made_once(store: Store) -> None:
    with store.writing() as session:
        issued = first.first_admin(session)
    assert issued is not None
    with store.writing() as session:
        assert first.first_admin(session) is None
        assert roles.held(session, party_id=issued.account.party_id) == {"admin"}
    assert (issued.account.login, issued.account.must_change) == ("admin", True)


def add_one(url: str, party: int) -> None:
    store = Store(url)
    try:
        with store.writing() as session:
            account.add(session, party_id=party, login="Same.Name", password=PASSWORD)
    except RecordError:
        raise SystemExit(3) from None
    finally:
        store.close()


def test_of_three_who_take_a_name_at_once_one_gets_it(store: Store) -> None:
    url, parties = store.url.render_as_string(hide_password=False), [enter(store, name) for name in "甲乙丙"]
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=add_one, args=(url, party)) for party in parties]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert sorted(process.exitcode or 0 for process in processes) == [0, 3, 3]
    with store.reading() as session:
        assert list(session.scalars(select(Account.login))) == ["Same.Name"]


WRONG_ACCOUNTS = {
    "a name that is taken": "login_key = 'li.si'",
    "another's party": "party_id = 2",
    "a password as it is": "password_hash = 'password'",
    "language": "language = 'fr'",
    "no name": "login = ''",
    "an end without need": "password_until = '2026-01-01 00:00:00'",
}


@pytest.mark.parametrize("change", WRONG_ACCOUNTS.values(), ids=WRONG_ACCOUNTS)
def test_the_database_itself_refuses_a_wrong_account(store: Store, change: str) -> None:
    made, _other = open_account(store).account, open_account(store, "li.si")
    with pytest.raises(Exception, match=r"CHECK|check|UNIQUE|unique"), store.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE account SET {change} WHERE id = {made.id}")
