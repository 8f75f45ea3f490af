"""The store in which a served kernel may write, and what somebody has half typed there."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from marketbook.kit import language, visitor
from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import draft, roles
from marketbook.kit.records.account import Account
from marketbook.kit.store import Store
from marketbook.kit.visitor import Visitor


def store() -> Store:
    """Return the store of whom this kernel serves.

    Raises:
        AccessError: Nobody is served.
    """
    return _opened(visitor.required().store)


@lru_cache(maxsize=1)
def _opened(url: str) -> Store:
    return Store(url)


def check(session: Session, allowed: Collection[str] = ()) -> Visitor:
    """Return who is served, if the account is still open and holds one of the roles today.

    Args:
        session: What was true when the kernel started may not be so any more.
        allowed: The roles that may do it; empty for everybody with an account.

    Raises:
        AccessError: It is not so.
    """
    who = visitor.required()
    account = session.get(Account, who.account_id)
    held = roles.held(session, party_id=who.party_id)
    if account is None or account.disabled_at is not None or (allowed and not held & set(allowed)):
        raise AccessError(_("You may not do this (any more)."))
    return who


def load_draft(form: str, record_id: int | None) -> dict[str, Any] | None:
    """Return what the visitor has typed into a form and not sent, with when, in words; None where there is nothing."""
    who = visitor.served()
    if who is None:
        return None
    with store().reading() as session:
        found = draft.load(session, account_id=who.account_id, form=form, record_id=record_id)
    if found is None or not isinstance(found.content.get("values"), dict):
        return None
    moment = language.format_datetime(found.saved_at.astimezone(settings().zone))
    return {"values": found.content["values"], "at": found.content.get("at"), "moment": moment}
