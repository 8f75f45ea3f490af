"""Sessions: they survive a restart, slide on while they are used, end at last, and can be revoked."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from tests.kit.records.conftest import Clock, open_account

from marketbook.kit.records import AccountSession, Party, account, roles, sessions
from marketbook.kit.store import Store


def start(store: Store, number: int) -> str:
    with store.writing() as session:
        return sessions.start(session, account_id=number)


@pytest.fixture
def number(store: Store) -> int:
    return open_account(store).account.id


def test_a_session_survives_a_new_store_and_a_revoked_one_does_not(store: Store, number: int) -> None:
    kept, gone = start(store, number), start(store, number)
    with store.writing() as session:
        assert sessions.sign_out(session, token=gone)
        assert not sessions.sign_out(session, token=gone)
    store.close()
    again = Store(store.url.render_as_string(hide_password=False))
    found = [sessions.resume(again, token=token) for token in (kept, gone)]
    again.close()
    assert [one is not None for one in found] == [True, False]


def test_only_the_hash_of_a_token_is_kept(store: Store, number: int) -> None:
    token = start(store, number)
    with store.reading() as session:
        assert token not in repr(session.execute(text("SELECT * FROM session")).all())
        (kept,) = session.scalars(select(AccountSession.token_sha256))
        assert sessions.find(session, token=kept) is None


@pytest.mark.parametrize("token", ["", "nonsense", "a\x00b", "\ud800", "x" * 100_000])
def test_a_token_that_is_none_opens_nothing(store: Store, token: str) -> None:
    assert sessions.resume(store, token=token) is None


def test_a_session_slides_on_while_it_is_used_until_it_is_fourteen_days_old(
    store: Store, number: int, clock: Clock
) -> None:
    token, began = start(store, number), clock.moment
    while who := sessions.resume(store, token=token):
        assert who.expires_at <= began + timedelta(days=14)
        clock.pass_by(hours=11)
    assert timedelta(days=14) <= clock.moment - began < timedelta(days=14, hours=11)


def test_a_session_that_is_not_used_ends_after_twelve_hours(store: Store, number: int, clock: Clock) -> None:
    token = start(store, number)
    clock.pass_by(hours=12)
    assert sessions.resume(store, token=token) is None


def test_use_is_noted_once_in_five_minutes(store: Store, number: int, clock: Clock) -> None:
    token, began = start(store, number), clock.moment
    seen = []
    for _each in range(4):
        clock.pass_by(minutes=2)
        who = sessions.resume(store, token=token)
        assert who is not None
        seen.append((who.last_seen_at - began).seconds // 60)
    assert seen == [0, 0, 6, 6]


def test_all_sessions_of_an_account_are_revoked_but_one_to_keep(store: Store, number: int) -> None:
    other = start(store, open_account(store, "li.si").account.id)
    tokens = [start(store, number) for _each in range(3)]
    with store.writing() as session:
        who = sessions.find(session, token=tokens[1])
        assert who is not None
        account.end_sessions(session, account_id=number, keep=who.session_id)
    found = [sessions.resume(store, token=token) is not None for token in (*tokens, other)]
    assert found == [False, True, False, True]


def test_who_has_left_is_signed_in_no_more(store: Store, number: int) -> None:
    token = start(store, number)
    with store.writing() as session:
        session.execute(update(Party).values(status="left"))
    assert sessions.resume(store, token=token) is None


def test_a_role_that_ends_is_gone_from_the_open_session(store: Store, number: int, clock: Clock) -> None:
    token, day = start(store, number), clock.moment.date()
    with store.writing() as session:
        party = account.named(session, login="zhang.san").party_id
        roles.grant(session, party_id=party, role="sales", valid_from=day, valid_to=day + timedelta(days=1))
    before = sessions.resume(store, token=token)
    clock.pass_by(hours=8)
    after = sessions.resume(store, token=token)
    assert [one.roles if one else None for one in (before, after)] == [{"sales"}, frozenset()]
