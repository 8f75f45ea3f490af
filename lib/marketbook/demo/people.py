"""The demo company's people: one for each role, who signs in with the role's name and the password all of them share.

Where the company has worked with its records, there are `MORE`: a team has a second manager, and who pays a claim is
not who reviewed it.

Everybody may read that password here, so they are only let into the demo company, and not beside accounts of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.demo.truth import FILE
from marketbook.kit.config import settings
from marketbook.kit.records import account, passwords, person, roles
from marketbook.kit.records.account import Account
from marketbook.kit.store import Store

HIRED = date(2023, 1, 2)
"""From when on everybody holds the role: the company's data begin on that day."""

PASSWORD = "qinghe-demo-2025"  # noqa: S105  # it is meant to be known


@dataclass(frozen=True)
class Colleague:
    """Someone of the demo company: the role, the name, the superior's login name, and the own one (else the role)."""

    role: str
    name: str
    superior: str | None
    login: str = ""

    @property
    def signs_in_as(self) -> str:
        """The login name."""
        return self.login or self.role


COLLEAGUES = (
    Colleague("executive", "沈知远", None),
    Colleague("director", "顾明岚", "executive"),
    Colleague("manager", "陆景和", "director"),
    Colleague("specialist", "苏晓禾", "manager"),
    Colleague("sales", "程立川", "manager"),
    Colleague("service", "叶安宁", "manager"),
    Colleague("finance", "韩慎之", "executive"),
    Colleague("auditor", "方正言", "executive"),
    Colleague("admin", "许思齐", "director"),
)
MORE = (
    Colleague("manager", "唐予安", "director", "manager2"),
    Colleague("specialist", "林书遥", "manager", "specialist2"),
    Colleague("specialist", "周牧野", "manager2", "specialist3"),
    Colleague("finance", "贺知秋", "executive", "finance2"),
)


def ensure(store: Store) -> bool:
    """Make the demo company's people and their accounts where the workspace is the demo company's and has no account.

    A server calls it when it starts; reports do without.

    Args:
        store: Its tables are up to date.

    Returns:
        Whether they were made.
    """
    if not is_demo():
        return False
    with store.writing() as session:
        if session.scalar(select(Account.id).limit(1)) is not None:
            return False
        hire(session, COLLEAGUES, parties={})
    return True


def is_demo() -> bool:
    """Whether the workspace holds the demo company's data."""
    return (settings().facts / FILE).exists()


def can_sign_in(store: Store) -> bool:
    """Whether any account has the password that everybody knows."""
    with store.reading() as session:
        found = [account.find(session, login=one.role) for one in COLLEAGUES]
    return any(one and one.disabled_at is None and passwords.matches(one.password_hash, PASSWORD) for one in found)


def hire(session: Session, colleagues: Iterable[Colleague], *, parties: dict[str, int]) -> None:
    """Enter colleagues with their roles and accounts.

    Args:
        session: A writing session.
        colleagues: Superiors first.
        parties: Who is there already, by login name; who is hired is added.
    """
    for one in colleagues:
        superior = parties[one.superior] if one.superior else None
        party = person.add(session, kind="employee", name=one.name, manager_id=superior)
        roles.grant(session, party_id=party.id, role=one.role, valid_from=HIRED)
        account.add(session, party_id=party.id, login=one.signs_in_as, password=PASSWORD)
        parties[one.signs_in_as] = party.id
