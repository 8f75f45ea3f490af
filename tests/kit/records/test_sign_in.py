"""Signing in: who is right gets in, nobody learns why not, and who tries too often reaches no hash."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from tests.kit.records.conftest import PASSWORD, Clock, open_account

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import Account, Party, SignInTries, account, passwords, roles, sessions, sign_in, throttle
from marketbook.kit.records.sign_in import Opened
from marketbook.kit.records.throttle import ThrottledError
from marketbook.kit.store import Store

HERE, THERE = "192.0.2.7", "198.51.100.9"


class Counting(PasswordHasher):
    """A real hasher that counts."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, *given: object) -> bool:
        self.verified += 1
        return super().verify(*given)  # type: ignore[arg-type]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    made = Counting()
    monkeypatch.setattr(passwords, "hasher", made)
    return made


def enter(store: Store, password: str = PASSWORD, *, login: str = "zhang.san", address: str = HERE) -> Opened:
    return sign_in.sign_in(store, login=login, password=password, address=address)


def attempt(store: Store, *, login: str = "zhang.san", password: str = "wrong", address: str = HERE) -> str:
    try:
        enter(store, password, login=login, address=address)
    except ThrottledError:
        return "throttled"
    except AccessError as error:
        return str(error)
    return "in"


def test_the_right_name_and_password_open_a_session(store: Store, clock: Clock) -> None:
    made = open_account(store).account
    with store.writing() as session:
        roles.grant(session, party_id=made.party_id, role="sales", valid_from=clock.moment.date())
    opened = enter(store, login="ZHANG.SAN")
    assert opened.token not in repr(opened)
    assert (opened.who.login, opened.who.roles, opened.who.must_change) == ("Zhang.San", {"sales"}, False)
    with store.reading() as session:
        assert sessions.find(session, token=opened.token) == opened.who
        assert session.scalars(select(SignInTries)).all() == []


def test_a_refusal_does_not_say_why_and_always_costs_one_hash(store: Store, counting: Counting) -> None:
    for login in ("zhang.san", "disabled", "left"):
        open_account(store, login)
    with store.writing() as session:
        account.disable(session, login="disabled")
        session.execute(update(Party).where(Party.name == "left").values(status="left"))
    said = {attempt(store, login=login) for login in ("zhang.san", "nobody", "a\x00b", "\ud800", "x" * 9000)}
    said |= {attempt(store, login=login, password=PASSWORD) for login in ("disabled", "left")}
    assert said == {"The name or the password is wrong, or the account is closed."}
    assert counting.verified == 7


def test_a_one_time_password_is_good_for_seven_days(store: Store, clock: Clock) -> None:
    issued = open_account(store, password="")
    clock.pass_by(days=6)
    assert enter(store, issued.password).who.must_change
    clock.pass_by(days=1)
    assert "wrong" in attempt(store, password=issued.password)


@pytest.mark.parametrize("login", ["zhang.san", "nobody"])
def test_many_tries_of_a_name_are_hashed_five_times(store: Store, counting: Counting, login: str) -> None:
    open_account(store)
    tries = 1_000 if store.file else 300
    answers = [attempt(store, login=login) for _n in range(tries)]
    assert (counting.verified, answers[5:]) == (5, ["throttled"] * (tries - 5))
    with store.reading() as session:
        assert len(session.scalars(select(SignInTries)).all()) == 3


def test_tries_of_a_name_from_many_addresses_are_hashed_fifty_times(store: Store, counting: Counting) -> None:
    open_account(store)
    answers = [attempt(store, address=f"10.0.{n // 250}.{n % 250}") for n in range(300)]
    assert (counting.verified, set(answers[50:])) == (50, {"throttled"})


def test_who_guesses_a_name_does_not_lock_its_owner_out(store: Store) -> None:
    open_account(store)
    assert [attempt(store) for _n in range(40)][-1] == "throttled"
    assert attempt(store, password=PASSWORD, address=THERE) == "in"
    assert attempt(store, password=PASSWORD) == "throttled"


def test_tries_of_many_names_from_an_address_are_hashed_thirty_times(store: Store, counting: Counting) -> None:
    for n in range(300):
        attempt(store, login=f"name{n}", address=f"2001:db8::{n:x}")
    assert counting.verified == 30


def test_tries_at_once_get_no_further(store: Store, counting: Counting) -> None:
    open_account(store)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _n: attempt(store), range(40)))
    assert (answers.count("throttled"), counting.verified) == (35, 5)


def test_even_the_right_password_waits_and_then_opens(store: Store, clock: Clock) -> None:
    open_account(store)
    for _each in range(5):
        attempt(store)
    clock.pass_by(minutes=14)
    with pytest.raises(ThrottledError, match="Wait 2 minutes") as caught:
        enter(store)
    assert caught.value.seconds == 61
    clock.pass_by(minutes=1)
    assert enter(store).who.login == "Zhang.San"


def test_being_right_forgets_the_names_tries_but_not_the_addresss(store: Store, counting: Counting) -> None:
    open_account(store)
    for n in range(28):
        attempt(store, login=f"name{n}")
    assert attempt(store, password=PASSWORD) == "in"
    answers = [attempt(store, login=f"other{n}") for n in range(4)]
    assert [answer == "throttled" for answer in answers] == [False, False, True, True]
    assert counting.verified == 31


def test_a_reset_lets_a_name_be_tried_at_once(store: Store) -> None:
    open_account(store)
    answers = [attempt(store) for _each in range(6)]
    assert answers[-1] == "throttled"
    with store.writing() as session:
        issued = account.reset(session, login="zhang.san")
    assert enter(store, issued.password).who.must_change


def test_a_hash_of_other_costs_is_made_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = open_account(store).account.password_hash
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    enter(store)
    with store.reading() as session:
        after = account.named(session, login="zhang.san").password_hash
    assert (after != before, passwords.is_dated(after), passwords.matches(after, PASSWORD)) == (True, False, True)


def test_an_account_that_is_disabled_while_its_password_is_checked_stays_shut(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_account(store)
    matches = passwords.matches

    def slow(kept: str | None, password: str) -> bool:
        with store.writing() as session:
            account.disable(session, login="zhang.san")
        return matches(kept, password)

    monkeypatch.setattr(passwords, "matches", slow)
    assert "closed" in attempt(store, password=PASSWORD)


def test_a_new_password_ends_the_other_sessions(store: Store) -> None:
    open_account(store, password="")
    with store.writing() as session:
        issued = account.reset(session, login="zhang.san")
    here, there = enter(store, issued.password), enter(store, issued.password, address=THERE)
    token = sign_in.renew_password(store, who=here.who, old=issued.password, new="another good one", address=HERE)
    assert [sessions.resume(store, token=one.token) for one in (there, here)] == [None, None]
    who = sessions.resume(store, token=token)
    assert who is not None
    assert (who.must_change, who.session_id) == (False, here.who.session_id)
    assert (attempt(store, password="another good one"), "wrong" in attempt(store, password=PASSWORD)) == ("in", True)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("not the old one", "another good one", AccessError),
        (PASSWORD, PASSWORD, RecordError),
        (PASSWORD, "short", RecordError),
        (PASSWORD, "zhang.sanfeng", RecordError),
    ],
)
def test_a_password_is_not_changed_to_a_wrong_one_or_without_the_old(
    store: Store, old: str, new: str, error: type[Exception]
) -> None:
    open_account(store, "Zhang.Sanfeng")
    who = enter(store, login="zhang.sanfeng").who
    with pytest.raises(error):
        sign_in.renew_password(store, who=who, old=old, new=new, address=HERE)
    assert attempt(store, login="zhang.sanfeng", password=PASSWORD) == "in"


def test_guessing_the_old_password_is_throttled_too(store: Store, counting: Counting) -> None:
    open_account(store)
    who = enter(store).who
    for _each in range(5):
        with pytest.raises(AccessError, match="is wrong"):
            sign_in.renew_password(store, who=who, old="wrong", new="another good one", address=HERE)
    with pytest.raises(ThrottledError):
        sign_in.renew_password(store, who=who, old=PASSWORD, new="another good one", address=HERE)
    assert counting.verified == 6


def test_nothing_typed_is_kept_of_a_wrong_try(store: Store) -> None:
    attempt(store, login="my.password.by.mistake")
    with store.reading() as session:
        assert all(re.fullmatch("[0-9a-f]{32,64}", subject) for subject in session.scalars(select(SignInTries.subject)))
        assert session.scalars(select(Account)).all() == []


def test_an_ipv6_network_counts_as_one_address() -> None:
    assert throttle.network("2001:db8::1%eth0") == throttle.network("2001:db8::ffff")
    assert throttle.network("a socket") == "a socket"
