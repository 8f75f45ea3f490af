"""Signing in and proving a password: throttled, and the same to see and to time whether or not the name is known.

A try is counted before its password is looked at and taken back when it was right: so many at once get no further than
one after another, and a throttled try reaches no hash. Passwords are hashed outside every transaction.
"""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import account, passwords, sessions, throttle
from marketbook.kit.records.account import Account
from marketbook.kit.records.sessions import SignedIn
from marketbook.kit.store import Store, now


@dataclass(frozen=True)
class Opened:
    """A new session: who it is, and the token for the browser's cookie, which is nowhere else."""

    who: SignedIn
    token: str = field(repr=False)


@dataclass(frozen=True)
class _Proved:
    account_id: int
    password_hash: str = field(repr=False)
    fresh_hash: str = field(repr=False)


def sign_in(store: Store, *, login: str, password: str, address: str) -> Opened:
    """Open a session for who gives the right name and password.

    Args:
        store: Where the accounts are.
        login: The name, whatever its capitals.
        password: The password.
        address: The network address that asks, as the server sees it.

    Raises:
        ThrottledError: There were too many wrong tries of this name or from this address.
        AccessError: The name or the password is wrong, or the account is disabled; it is not said which.
    """
    proved = _prove(store, login=login, password=password, address=address)
    with store.writing() as session:
        found = _unchanged(session, proved)
        throttle.take_back(session, name=found.login_key, address=address)
        found.password_hash = proved.fresh_hash
        token = sessions.start(session, account_id=found.id)
        if who := sessions.find(session, token=token):
            return Opened(who, token)
        raise AccessError(_refusal())


def renew_password(store: Store, *, who: SignedIn, old: str, new: str, address: str) -> str:
    """Change the password of someone signed in; all other sessions of the account end.

    Returns:
        The session's new token: what somebody may have read before opens nothing any more.

    Raises:
        ThrottledError: There were too many wrong tries.
        AccessError: The old password is wrong.
        RecordError: The new one breaks the rules.
    """
    passwords.check(new, login=who.login, old=old)
    proved = _prove(store, login=who.login, password=old, address=address)
    fresh = passwords.hashed(new)
    with store.writing() as session:
        found = _unchanged(session, proved)
        throttle.take_back(session, name=found.login_key, address=address)
        account.replace_password(session, account=found, password_hash=fresh, keep=who.session_id)
        return sessions.renew_token(session, session_id=who.session_id)


def _prove(store: Store, *, login: str, password: str, address: str) -> _Proved:
    name = account.key(login)
    with store.reading() as session:  # a throttled try costs a reading, and takes no lock
        throttle.check(session, name=name, address=address)
    with store.writing() as session:
        throttle.check(session, name=name, address=address)
        throttle.count(session, name=name, address=address)
        found = account.find(session, login=login)
    kept = found.password_hash if found and _is_open(found) else None
    if not passwords.matches(kept, password) or found is None or kept is None:
        raise AccessError(_refusal())
    return _Proved(found.id, kept, passwords.hashed(password) if passwords.is_dated(kept) else kept)


def _unchanged(session: Session, proved: _Proved) -> Account:
    """The account may have been reset or disabled while its password was looked at."""
    found = session.get_one(Account, proved.account_id)
    if found.password_hash != proved.password_hash or not _is_open(found):
        raise AccessError(_refusal())
    return found


def _is_open(found: Account) -> bool:
    return found.disabled_at is None and (found.password_until is None or now() < found.password_until)


def _refusal() -> str:
    return _("The name or the password is wrong, or the account is closed.")
