"""Passwords: hashing by argon2id, what a password must be, and passwords that are handed over once.

Passwords are compared in Unicode's NFKC form, so an input method's wide letters are the plain ones.
"""

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _

SHORTEST, LONGEST = 10, 200

hasher = PasswordHasher()
"""The second recommendation of RFC 9106: three passes over 64 MiB. Tests put a cheaper one here."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """Return the hash to keep."""
    return hasher.hash(_bytes(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept; takes as long where none was kept."""
    decoy = _decoy(hasher)
    right = _verified(kept or decoy, password[:LONGEST])
    return right and kept is not None and len(password) <= LONGEST


def is_dated(kept: str) -> bool:
    """Whether a hash was made with other costs than those in force."""
    return hasher.check_needs_rehash(kept)


def check(password: str, *, login: str, old: str = "") -> None:
    """Hold a new password to the rules.

    Raises:
        RecordError: It is too short, too long, the login name, the old password, or hardly more than one character.
    """
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise RecordError(
            _("The password has {found} characters; it must have {shortest} to {longest}.").format(
                found=len(plain), shortest=SHORTEST, longest=LONGEST
            )
        )
    if plain.strip().casefold() == _plain(login).casefold():
        raise RecordError(_("The password is the login name; it must be another word."))
    if plain == _plain(old):
        raise RecordError(_("The password is the old one; it must be another."))
    if len(set(plain)) < 3:
        raise RecordError(_("The password repeats one or two characters; it must have more."))


def one_time() -> str:
    """Return a password to hand over once: 16 letters and digits that are not taken for one another."""
    letters = [secrets.choice(_LETTERS) for _each in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _plain(password).encode(errors="surrogatepass")


def _verified(kept: str, password: str) -> bool:
    try:
        return hasher.verify(kept, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=2)
def _decoy(costs: PasswordHasher) -> str:
    return costs.hash(secrets.token_hex())
