"""Accounts: with which name an employee signs in. A password leaves here once, in `Issued`, and only its hash stays."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import passwords, roles, throttle
from marketbook.kit.records.person import Party, employee
from marketbook.kit.store import Base, Moment, now
from marketbook.kit.suggestion import instead

LANGUAGES = ("zh_Hans", "en", "zh_Hant")
ONE_TIME_DAYS = 7
"""How long a handed-over password lets its owner in to choose another."""

_LOGIN = re.compile(r"\w[\w.@-]{1,49}")


class Account(Base):
    """An employee's account."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("language IN ('zh_Hans', 'en', 'zh_Hant')", name="language"),
        CheckConstraint("login <> '' AND login_key <> ''", name="login"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_hash"),
        CheckConstraint("password_until IS NULL OR must_change", name="password_until"),
        Index("uq_account_login_key", "login_key", unique=True),
        Index("uq_account_party_id", "party_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    login: Mapped[str] = mapped_column(String(50))
    login_key: Mapped[str] = mapped_column(String(150))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool]
    password_until: Mapped[datetime | None] = mapped_column(Moment)
    language: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def state(self) -> str:
        """Whether its owner may sign in, as a message to translate."""
        if self.disabled_at is not None:
            return mark("disabled")
        return mark("must choose a password") if self.must_change else mark("open")


class AccountSession(Base):
    """A browser that is signed in. Only the sha256 of its token is kept."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires"),
        CheckConstraint("last_seen_at >= created_at", name="last_seen"),
        Index("uq_session_token_sha256", "token_sha256", unique=True),
        Index("ix_session_account", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Issued:
    """An account and the password to hand to its owner, which is nowhere else."""

    account: Account
    password: str = field(repr=False)


@dataclass(frozen=True)
class Listed:
    """An account in a list."""

    login: str
    name: str
    roles: frozenset[str]
    state: str


def key(login: str) -> str:
    """Return the form in which login names are the same.

    Example:
        >>> key(" Zhang.San") == key("ｚｈａｎｇ.san")
        True
    """
    return _plain(login).casefold()


def add(session: Session, *, party_id: int, login: str, language: str = "", password: str = "") -> Issued:
    """Give an employee an account, with a one-time password unless one is given.

    Raises:
        RecordError: The name cannot be used or is taken, the party is no employee at work or has an account, the
            language is not spoken, or the password breaks the rules.
    """
    name = _usable(login)
    person = employee(session, party_id)
    if find(session, login=name):
        raise RecordError(_("Login name {login!r} is taken.").format(login=name))
    if session.scalar(select(Account.id).where(Account.party_id == party_id)):
        raise RecordError(_("{name} has an account already.").format(name=person.name))
    account = Account(
        party_id=party_id, login=name, login_key=key(name), language=_spoken(language or settings().language),
        created_at=now(),
    )  # fmt: skip
    if password:
        passwords.check(password, login=name)
        account.password_hash, account.must_change = passwords.hashed(password), False
    issued = Issued(account, password or _hand_over(account))
    session.add(account)
    session.flush()
    return issued


def find(session: Session, *, login: str) -> Account | None:
    """Return the account with a login name, whatever its capitals."""
    if not _LOGIN.fullmatch(_plain(login)):
        return None  # PostgreSQL refuses to compare some of what people can send
    return session.scalar(select(Account).where(Account.login_key == key(login)))


def named(session: Session, *, login: str) -> Account:
    """Return the account with a login name.

    Raises:
        RecordError: There is none; the message names one that is like it.
    """
    if found := find(session, login=login):
        return found
    logins = session.scalars(select(Account.login).order_by(Account.login_key).limit(200))
    raise RecordError(
        _("There is no account {login!r}. {instead}").format(login=login[:50], instead=instead(login[:50], logins))
    )


def listed(session: Session) -> list[Listed]:
    """Return every account with its owner, what the owner holds today, and its state, by login name."""
    query = select(Account, Party).join(Party, Party.id == Account.party_id).order_by(Account.login_key)
    return [
        Listed(account.login, party.name, roles.held(session, party_id=party.id), account.state)
        for account, party in session.execute(query)
    ]


def disable(session: Session, *, login: str) -> Account:
    """Shut an account and end its sessions.

    Raises:
        RecordError: There is none, or it is shut already.
    """
    account = named(session, login=login)
    if account.disabled_at is not None:
        raise RecordError(_("Account {login!r} is disabled already.").format(login=account.login))
    account.disabled_at = now()
    end_sessions(session, account_id=account.id)
    return account


def reset(session: Session, *, login: str, enable: bool = False) -> Issued:
    """Replace a forgotten password by a one-time password, and end the account's sessions.

    Raises:
        RecordError: There is no such account, or it is disabled and not to be enabled.
    """
    account = named(session, login=login)
    if account.disabled_at is not None and not enable:
        raise RecordError(_("Account {login!r} is disabled; enable it to reset it.").format(login=account.login))
    account.disabled_at = None
    issued = Issued(account, _hand_over(account))
    throttle.forget(session, name=account.login_key)
    end_sessions(session, account_id=account.id)
    return issued


def replace_password(session: Session, *, account: Account, password_hash: str, keep: int | None = None) -> None:
    """Keep the hash of the password that the owner has chosen; the account's sessions end, but for the one to keep."""
    account.password_hash, account.must_change, account.password_until = password_hash, False, None
    end_sessions(session, account_id=account.id, keep=keep)


def set_language(session: Session, *, account: Account, language: str) -> None:
    """Remember the language of an account's owner.

    Raises:
        RecordError: It is not spoken.
    """
    account.language = _spoken(language)
    session.flush()


def end_sessions(session: Session, *, account_id: int, keep: int | None = None) -> None:
    """Revoke all sessions of an account, but for one to keep."""
    open_ones = (AccountSession.account_id == account_id) & AccountSession.revoked_at.is_(None)
    if keep is not None:
        open_ones &= AccountSession.id != keep
    session.flush()
    session.execute(update(AccountSession).where(open_ones).values(revoked_at=now()))


def _usable(login: str) -> str:
    name = _plain(login)
    if not _LOGIN.fullmatch(name):
        raise RecordError(
            _("Login name {login!r}: must have 2 to 50 letters, digits, '.', '_', '-' or '@'.").format(login=login[:60])
        )
    return name


def _plain(login: str) -> str:
    return unicodedata.normalize("NFKC", login).strip()


def _spoken(language: str) -> str:
    if language not in LANGUAGES:
        raise RecordError(
            _("Language {language!r} is not spoken; allowed are {allowed}.").format(
                language=language, allowed=", ".join(LANGUAGES)
            )
        )
    return language


def _hand_over(account: Account) -> str:
    password = passwords.one_time()
    account.password_hash, account.must_change = passwords.hashed(password), True
    account.password_until = now() + timedelta(days=ONE_TIME_DAYS)
    return password
