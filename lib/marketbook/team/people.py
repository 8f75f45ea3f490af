"""People, their roles and deputies, and what happens when somebody leaves. Functions flush; their caller commits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Account, Party, Record, RoleGrant, State, account, documents, person, roles, waiting
from marketbook.kit.records.person import ROLES, employee
from marketbook.kit.store import acting
from marketbook.team.service import check_administered

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """A role that somebody holds, or is going to hold.

    Attributes:
        grant_id: The grant.
        party_id, name: Whose.
        role: Which, as people call it.
        of_id, of: Whom a deputy represents; None and empty where the role is his own.
        first, last: The days on which it holds, both included; `last` is None where it stays.
    """

    grant_id: int
    party_id: int
    name: str
    role: str
    of_id: int | None
    of: str
    first: date
    last: date | None

    @property
    def days(self) -> str:
        """From when to when, in words."""
        if self.last is None:
            return _("since {first}").format(first=format_date(self.first))
        return _("{first} to {last}").format(first=format_date(self.first), last=format_date(self.last))

    @property
    def told(self) -> str:
        """What it is, in a line."""
        what = _("{role} for {other}").format(role=self.role, other=self.of) if self.of else self.role
        return _("{what} ({days})").format(what=what, days=self.days)


@dataclass(frozen=True)
class Left:
    """What was handed over when somebody left."""

    records: int
    people: int


def people() -> Rows:
    """Return the employees with what they hold today, who represents them, and how many of their records are open."""
    return Rows(_people(), complete=_with_roles)


def held(session: Session, *, party_id: int) -> list[Held]:
    """Return what somebody holds and is going to hold, his own roles first."""
    return _held(session, RoleGrant.party_id == party_id)


def deputies(session: Session, *, party_id: int) -> list[Held]:
    """Return who represents somebody, today or later."""
    return _held(session, RoleGrant.on_behalf_of_id == party_id)


def name_deputy(
    session: Session, *, party_id: int, deputy_id: int, last: date, actor: int, first: date | None = None,
    grant_id: int | None = None,
) -> list[RoleGrant]:  # fmt: skip
    """Have somebody represented for some days.

    Args:
        session: A writing session.
        party_id: Who is represented.
        deputy_id: By whom.
        last: The last day of it.
        actor: The one represented himself, or an administrator.
        first: The first day; today if none is given.
        grant_id: In which of his roles; in every one that he holds in that time if none is given.

    Raises:
        AccessError: The actor is neither.
        RecordError: He holds no such role himself in that time, or the deputy may not hold it.
    """
    if actor != party_id:
        _check_admin(session, actor)
    begin, end = first or roles.today(), last + DAY
    if begin < roles.today():
        raise RecordError(_("A deputy cannot begin on {day}, which is over.").format(day=format_date(begin)))
    own = [one for one in roles.grants(session, party_id=party_id) if one.on_behalf_of_id is None]
    asked = [one for one in own if one.id == grant_id] if grant_id is not None else _covering(own, begin, end)
    if not asked:
        name = employee(session, party_id).name
        told = _("{name} holds no role himself from {first} to {last} that a deputy could hold.")
        raise RecordError(told.format(name=name, first=format_date(begin), last=format_date(last)))
    return [
        roles.grant(
            session, party_id=deputy_id, role=one.role, valid_from=begin, valid_to=end, on_behalf_of=party_id
        )
        for one in asked
    ]  # fmt: skip


def give_role(session: Session, *, party_id: int, role: str, first: date | None, last: date | None, actor: int) -> None:
    """Give somebody a role for some days, or from a day on.

    Raises:
        AccessError: The actor is no administrator.
        RecordError: The role may not stand beside another one, or its days are wrong.
    """
    _check_admin(session, actor)
    roles.grant(session, party_id=party_id, role=role, valid_from=first, valid_to=last + DAY if last else None)


def end(session: Session, *, grant_id: int, actor: int, last: date | None = None) -> RoleGrant:
    """End a role, or a deputy: at once, or after a last day.

    Raises:
        AccessError: The actor is neither an administrator nor the one who is represented.
        RecordError: It ends by then already, or nobody would be left to administer.
    """
    found = session.get(RoleGrant, grant_id)
    if found is None or found.on_behalf_of_id != actor:
        _check_admin(session, actor)
    ended = roles.end(session, grant_id=grant_id, on=last + DAY if last else None)
    check_administered(session)
    return ended


def set_superior(session: Session, *, party_id: int, superior_id: int | None, actor: int) -> None:
    """Put somebody under another superior, or under none.

    Raises:
        AccessError: The actor is no administrator.
        RecordError: The superior stands below, or has left.
    """
    _check_admin(session, actor)
    person.set_manager(session, party_id=party_id, manager_id=superior_id)


def leave(session: Session, *, party_id: int, successor: int, actor: int) -> Left:
    """Let somebody leave: roles end, the account is shut, records and people below go to a successor, all at once.

    Args:
        session: A writing session.
        party_id: Who leaves.
        successor: Who gets the open records and those who stood below.
        actor: An administrator.

    Raises:
        AccessError: The actor is no administrator.
        RecordError: One of the two is no employee at work, or nobody would be left to administer.
    """
    _check_admin(session, actor)
    leaver, heir = employee(session, party_id), employee(session, successor)
    if leaver.id == heir.id:
        raise RecordError(_("{name} cannot be the own successor.").format(name=leaver.name))
    with acting(session, actor):
        _end_all(session, leaver)
        below = _hand_people(session, leaver, heir)
        leaver.status = "left"
        session.flush()
    check_administered(session)
    handed = documents.hand_over(session, party_id=leaver.id, to=heir.id, actor=actor)
    waiting.refresh(session, on=roles.today())
    return Left(len(handed), below)


def open_records(session: Session, *, party_id: int) -> int:
    """Return how many of somebody's records are not finished."""
    return _open_by_owner(session, [party_id]).get(party_id, 0)


def roles_of(party_id: int) -> Search:
    """Return how somebody's own roles are found, for a deputy's."""
    return _grants(lambda session: [one for one in held(session, party_id=party_id) if one.of_id is None])


def everything_of(party_id: int) -> Search:
    """Return how all that somebody holds is found, and his deputies, to end it."""
    return _grants(lambda session: [*held(session, party_id=party_id), *deputies(session, party_id=party_id)])


def _check_admin(session: Session, actor: int) -> None:
    if "admin" not in roles.held(session, party_id=documents.at_work(session, actor).id):
        raise AccessError(_("Only an administrator does this for others."))


def _covering(own: Iterable[RoleGrant], begin: date, end: date) -> list[RoleGrant]:
    return [one for one in own if one.valid_from <= begin and (one.valid_to is None or end <= one.valid_to)]


def _end_all(session: Session, leaver: Party) -> None:
    """A deputy's roles end with those of the one represented, so each is looked at as it stands then."""
    today = roles.today()
    mine = (RoleGrant.party_id == leaver.id) | (RoleGrant.on_behalf_of_id == leaver.id)
    for one in session.scalars(select(RoleGrant).where(mine).order_by(RoleGrant.id)).all():
        if one.valid_to is None or one.valid_to > max(today, one.valid_from):
            roles.end(session, grant_id=one.id)
    found = session.scalar(select(Account).where(Account.party_id == leaver.id, Account.disabled_at.is_(None)))
    if found is not None:
        account.disable(session, login=found.login)


def _hand_people(session: Session, leaver: Party, heir: Party) -> int:
    """Those below get the successor as their superior; the successor himself the one above."""
    if any(one.id == leaver.id for one in person.superiors(session, party_id=heir.id)):
        person.set_manager(session, party_id=heir.id, manager_id=leaver.manager_id)
    below = select(Party).where(Party.manager_id == leaver.id, Party.kind == "employee", Party.status == "active")
    found = session.scalars(below).all()
    for one in found:
        person.set_manager(session, party_id=one.id, manager_id=heir.id)
    return len(found)


def _people() -> Any:  # noqa: ANN401  # a query
    superior = aliased(Party)
    return (
        select(
            Party.id.label("id"), Party.name.label("name"), superior.name.label("superior"),
            Party.status.label("status"), Party.manager_id.label("superior_id"),
        )
        .outerjoin(superior, superior.id == Party.manager_id)
        .where(Party.kind == "employee")
    )  # fmt: skip


def _with_roles(session: Session, rows: list[Row]) -> None:
    numbers, today = [row["id"] for row in rows], roles.today()
    mine = RoleGrant.party_id.in_(numbers) | RoleGrant.on_behalf_of_id.in_(numbers)
    now = [one for one in _held(session, mine) if one.first <= today]
    counts = _open_by_owner(session, numbers)
    for row in rows:
        own = [one for one in now if one.party_id == row["id"]]
        row["roles"] = _(", ").join(_short(one) for one in own)
        row["deputies"] = _(", ").join(
            _("{name} until {last}").format(name=one.name, last=format_date(one.last or today))
            for one in now if one.of_id == row["id"]
        )  # fmt: skip
        row["open_records"] = counts.get(row["id"], 0)


def _short(one: Held) -> str:
    what = _("{role} for {other}").format(role=one.role, other=one.of) if one.of else one.role
    return what if one.last is None else _("{what} until {last}").format(what=what, last=format_date(one.last))


def _held(session: Session, where: ColumnElement[bool]) -> list[Held]:
    """What is over, and what ended before it began, is left out."""
    other = aliased(Party)
    query = (
        select(RoleGrant, Party.name, other.name)
        .join(Party, Party.id == RoleGrant.party_id)
        .outerjoin(other, other.id == RoleGrant.on_behalf_of_id)
        .where(where, RoleGrant.valid_to.is_(None) | (RoleGrant.valid_to > roles.today()))
        .where(RoleGrant.valid_to.is_(None) | (RoleGrant.valid_to > RoleGrant.valid_from))
        .order_by(RoleGrant.on_behalf_of_id.is_not(None), RoleGrant.valid_from, RoleGrant.id)
    )
    return [
        Held(
            one.id, one.party_id, name, _(ROLES[one.role]), one.on_behalf_of_id, of or "",
            one.valid_from, one.valid_to - DAY if one.valid_to else None,
        )
        for one, name, of in session.execute(query)
    ]  # fmt: skip


def _open_by_owner(session: Session, numbers: Iterable[int]) -> dict[int, int]:
    query = (
        select(Record.owner_id, func.count(Record.id))
        .join(State, (State.type == Record.type) & (State.status == Record.status))
        .where(Record.owner_id.in_(numbers), ~State.final)
        .group_by(Record.owner_id)
    )
    return {owner: count for owner, count in session.execute(query)}  # noqa: C416  # rows are no pairs to mypy


def _grants(read: Callable[[Session], list[Held]]) -> Search:
    def find(session: Session, text: str) -> list[Found]:
        wanted = text.strip().casefold()
        return [one for one in map(_found, read(session)) if wanted in one.label.casefold()]

    def get(session: Session, number: int) -> Found | None:
        return next((_found(one) for one in read(session) if one.grant_id == number), None)

    return Search(find=find, get=get)


def _found(one: Held) -> Found:
    return Found(one.grant_id, _("{name}: {told}").format(name=one.name, told=one.told))
