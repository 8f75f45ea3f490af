"""Sessions: a token opens one, moves its end on while it is used, and opens nothing once it is revoked or over."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from marketbook.kit.records import roles
from marketbook.kit.records.account import Account, AccountSession
from marketbook.kit.records.person import Party
from marketbook.kit.store import Store, now

IDLE = timedelta(hours=12)
"""How long a session lasts after it was last used."""

LONGEST = timedelta(days=14)
"""How long a session lasts in all."""

STEP = timedelta(minutes=5)
"""A session's use is noted this often: a page of many requests writes once."""


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as of now.

    Attributes:
        session_id, account_id, party_id: The rows.
        login, name, language: Of the account and its owner.
        roles: What the owner holds today.
        must_change: The password was handed over: nothing is to be had before another is chosen.
        last_seen_at, expires_at: When the session was last noted, and ends if it is not used.
    """

    session_id: int
    account_id: int
    party_id: int
    login: str
    name: str
    language: str
    roles: frozenset[str]
    must_change: bool
    last_seen_at: datetime
    expires_at: datetime


def start(session: Session, *, account_id: int) -> str:
    """Open a session and return its token."""
    token, moment = secrets.token_urlsafe(32), now()
    session.add(
        AccountSession(
            account_id=account_id, token_sha256=digest(token),
            created_at=moment, last_seen_at=moment, expires_at=moment + IDLE,
        )
    )  # fmt: skip
    session.flush()
    return token


def find(session: Session, *, token: str) -> SignedIn | None:
    """Return who is signed in by a token; None where it opens nothing (any more)."""
    query = (
        select(AccountSession, Account, Party)
        .join(Account, Account.id == AccountSession.account_id)
        .join(Party, Party.id == Account.party_id)
        .where(AccountSession.token_sha256 == digest(token), *_is_open())
    )
    found = session.execute(query).one_or_none()
    return _signed_in(session, *found) if found else None


def resume(store: Store, *, token: str) -> SignedIn | None:
    """Return who is signed in by a token, and move the session's end on; writes once in `STEP`."""
    with store.reading() as session:
        who = find(session, token=token)
    if who is None or now() < who.last_seen_at + STEP:
        return who
    with store.writing() as session:
        _move_on(session, who)
        return find(session, token=token)


def held(session: Session, *, session_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return what is held today in those of some sessions that are open: not over, not revoked, the account as it was.

    Args:
        session: A session of either kind.
        session_ids: The sessions; one that is not open is left out.
    """
    query = (
        select(AccountSession.id, Party.id)
        .join(Account, Account.id == AccountSession.account_id)
        .join(Party, Party.id == Account.party_id)
        .where(AccountSession.id.in_(session_ids), *_is_open())
    )
    found = session.execute(query).all() if session_ids else []
    return {number: roles.held(session, party_id=party_id) for number, party_id in found}


def renew_token(session: Session, *, session_id: int) -> str:
    """Give a session another token; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    session.get_one(AccountSession, session_id).token_sha256 = digest(token)
    session.flush()
    return token


def sign_out(session: Session, *, token: str) -> bool:
    """Revoke the session of a token; return whether it was open."""
    query = update(AccountSession).where(
        AccountSession.token_sha256 == digest(token), AccountSession.revoked_at.is_(None)
    )
    return session.execute(query.values(revoked_at=now()).returning(AccountSession.id)).first() is not None


def digest(token: str) -> str:
    """Return what is kept of a token; it is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return (
        AccountSession.revoked_at.is_(None), AccountSession.expires_at > now(),
        Account.disabled_at.is_(None), Party.status == "active",
    )  # fmt: skip


def _move_on(session: Session, who: SignedIn) -> None:
    row = session.get_one(AccountSession, who.session_id)
    row.last_seen_at = max(now(), row.last_seen_at)
    row.expires_at = min(row.last_seen_at + IDLE, row.created_at + LONGEST)
    session.flush()


def _signed_in(session: Session, row: AccountSession, account: Account, party: Party) -> SignedIn:
    return SignedIn(
        session_id=row.id, account_id=account.id, party_id=party.id,
        login=account.login, name=party.name, language=account.language,
        roles=roles.held(session, party_id=party.id), must_change=account.must_change,
        last_seen_at=row.last_seen_at, expires_at=row.expires_at,
    )  # fmt: skip
