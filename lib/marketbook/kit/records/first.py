"""The first account of a company that has none."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.language import gettext as _
from marketbook.kit.records import account, person, roles
from marketbook.kit.records.account import Account, Issued

LOGIN = "admin"


def first_admin(session: Session) -> Issued | None:
    """Make the administrator's account where there is no account at all.

    Returns:
        The account with its one-time password, to be shown once; None where there are accounts.
    """
    if session.scalar(select(Account.id).limit(1)) is not None:
        return None
    party = person.add(session, kind="employee", name=_("Administrator"))
    roles.grant(session, party_id=party.id, role="admin")
    return account.add(session, party_id=party.id, login=LOGIN)
