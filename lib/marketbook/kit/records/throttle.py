"""Wrong tries of late, counted by login name, by address, and by name at an address, known name or not.

A name is shut at the address that guesses long before it is shut everywhere: who only knows a name cannot lock its
owner out, who signs in from somewhere else.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _
from marketbook.kit.store import Base, Moment, now

TRIES_OF_A_NAME_HERE = 5
TRIES_OF_A_NAME = 50
TRIES_OF_AN_ADDRESS = 30
HALF = 32
"""How many letters of the two sha256 a name at an address is kept by."""

WAIT = timedelta(minutes=15)
"""After so many wrong tries, none is looked at until this long after the first of them."""


class SignInTries(Base):
    """Wrong tries of one subject, kept by the sha256 of it: people type passwords for names."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (CheckConstraint("tries > 0", name="tries"), Index("ix_sign_in_tries_since", "since"))

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    since: Mapped[datetime] = mapped_column(Moment)


class ThrottledError(AccessError):
    """Too many wrong tries.

    Attributes:
        seconds: How long to wait.
    """

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        super().__init__(_("Too many tries. Wait {minutes} minutes, then try again.").format(minutes=minutes))
        self.seconds = seconds


def check(session: Session, *, name: str, address: str) -> None:
    """Refuse a further try where there were too many.

    Args:
        session: A session of either kind.
        name: The login name, in the form in which such names are the same.
        address: The network address.

    Raises:
        ThrottledError: Too many wrong tries of the name or from the address.
    """
    for subject, limit in _limits(name, address).items():
        row = session.get(SignInTries, subject)
        left = row.since + WAIT - now() if row and row.tries >= limit else timedelta()
        if left > timedelta():
            raise ThrottledError(int(left.total_seconds()) + 1)


def count(session: Session, *, name: str, address: str) -> None:
    """Count a try as wrong; those that are over are forgotten."""
    moment = now()
    session.execute(delete(SignInTries).where(SignInTries.since <= moment - WAIT))
    session.expire_all()
    for subject in _limits(name, address):
        row = session.get(SignInTries, subject) or SignInTries(subject=subject, tries=0, since=moment)
        row.tries += 1
        session.add(row)
    session.flush()


def take_back(session: Session, *, name: str, address: str) -> None:
    """The try was right: forget the name's from here; those from elsewhere and the address's others stay counted."""
    here = session.get(SignInTries, _of_name_at(name, address))
    tries = here.tries if here else 0
    for subject, fewer in ((_of_name_at(name, address), tries), (_of_name(name), tries), (_of_address(address), 1)):
        row = session.get(SignInTries, subject)
        if row and row.tries > fewer:
            row.tries -= fewer
        elif row:
            session.delete(row)
    session.flush()


def forget(session: Session, *, name: str) -> None:
    """Let a name be tried again at once, everywhere."""
    session.execute(delete(SignInTries).where(SignInTries.subject.startswith(_of_name(name))))


def network(address: str) -> str:
    """Return what is counted of an address: the owner of an IPv6 network has an address for each try.

    Example:
        >>> network("2001:db8::1"), network("::ffff:192.0.2.7")
        ('2001:db8::/64', '192.0.2.7')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _limits(name: str, address: str) -> dict[str, int]:
    """Return the subjects of a try and how many of each are looked at; all that concern a name begin alike."""
    return {
        _of_name_at(name, address): TRIES_OF_A_NAME_HERE,
        _of_name(name): TRIES_OF_A_NAME,
        _of_address(address): TRIES_OF_AN_ADDRESS,
    }


def _of_name_at(name: str, address: str) -> str:
    return _of_name(name) + _of_address(address)[:HALF]


def _of_name(name: str) -> str:
    return _hashed("name", name)[:HALF]


def _of_address(address: str) -> str:
    return _hashed("address", network(address))


def _hashed(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind} {text}".encode(errors="replace")).hexdigest()
