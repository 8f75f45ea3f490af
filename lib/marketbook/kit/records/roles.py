"""Roles: who holds which on a day, granting and ending them.

Finance and auditor stand alone; the database holds that too, by a trigger. A deputy holds what the one represented
holds himself, and no longer.
"""

from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import waiting
from marketbook.kit.records.person import ALONE, ROLES, RoleGrant, employee
from marketbook.kit.store import now
from marketbook.kit.suggestion import instead


def today() -> date:
    """Return today's date where the company is."""
    return now().astimezone(settings().zone).date()


def held(session: Session, *, party_id: int, on: date | None = None) -> frozenset[str]:
    """Return the roles that someone holds on a day, today if none is given, deputised ones among them."""
    query = select(RoleGrant.role).where(RoleGrant.party_id == party_id, _holds_on(on or today()))
    return frozenset(session.scalars(query))


def grants(session: Session, *, party_id: int) -> list[RoleGrant]:
    """Return everything that someone holds, held and is going to hold, by its first day."""
    query = select(RoleGrant).where(RoleGrant.party_id == party_id)
    return list(session.scalars(query.order_by(RoleGrant.valid_from, RoleGrant.id)))


def grant(
    session: Session,
    *,
    party_id: int,
    role: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    on_behalf_of: int | None = None,
) -> RoleGrant:
    """Give an employee a role.

    Args:
        session: A writing session.
        party_id: Who gets it.
        role: One of the nine roles.
        valid_from: Its first day; today if none is given.
        valid_to: The first day without it; none where it stays.
        on_behalf_of: Whom the deputy represents.

    Raises:
        RecordError: The role is unknown, its days are wrong, it may not stand beside another role, or the one
            represented does not hold it himself.
    """
    if role not in ROLES:
        raise RecordError(_("Role {role!r} is not known. {instead}").format(role=role, instead=instead(role, ROLES)))
    name = employee(session, party_id).name
    made = RoleGrant(
        party_id=party_id, role=role, on_behalf_of_id=on_behalf_of,
        valid_from=valid_from or today(), valid_to=valid_to, granted_at=now(),
    )  # fmt: skip
    if made.valid_to is not None and made.valid_to <= made.valid_from:
        raise RecordError(
            _("{role} from {first} to {end}: must end after its first day.").format(
                role=_(ROLES[role]), first=made.valid_from, end=made.valid_to
            )
        )
    if on_behalf_of is not None:
        _check_deputy(session, made)
    _check_beside(session, made, name)
    session.add(made)
    session.flush()
    waiting.refresh(session, on=today())
    return made


def end(session: Session, *, grant_id: int, on: date | None = None) -> RoleGrant:
    """End a grant: `on`, today if none is given, is the first day without it. Its deputies end with it.

    Raises:
        RecordError: There is no such grant, or it has ended by then.
    """
    found = session.get(RoleGrant, grant_id)
    if found is None:
        raise RecordError(_("There is no grant {number}.").format(number=grant_id))
    day = max(on or today(), found.valid_from)
    if found.valid_to is not None and found.valid_to <= day:
        raise RecordError(
            _("{role} ends on {end} already; it can only end sooner.").format(
                role=_(ROLES[found.role]), end=found.valid_to
            )
        )
    found.valid_to = day
    for deputy in _deputies(session, found):
        if deputy.valid_to is None or deputy.valid_to > day:
            deputy.valid_to = max(day, deputy.valid_from)
    session.flush()
    waiting.refresh(session, on=today())
    return found


def _holds_on(day: date) -> ColumnElement[bool]:
    return (RoleGrant.valid_from <= day) & or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > day)


def _overlap(one: RoleGrant, other: RoleGrant) -> bool:
    first = max(one.valid_from, other.valid_from)
    return first < min(one.valid_to or date.max, other.valid_to or date.max)


def _check_deputy(session: Session, made: RoleGrant) -> None:
    if made.valid_to is None:
        raise RecordError(_("{role}: a deputy's role must end; give its last day.").format(role=_(ROLES[made.role])))
    if made.on_behalf_of_id is None or made.on_behalf_of_id == made.party_id:
        raise RecordError(_("{role}: nobody is his own deputy.").format(role=_(ROLES[made.role])))
    represented = employee(session, made.on_behalf_of_id)
    for own in grants(session, party_id=represented.id):
        if own.role == made.role and own.on_behalf_of_id is None and _covers(own, made):
            return
    raise RecordError(
        _("{name} does not hold {role} himself from {first} to {end}; a deputy cannot hold more.").format(
            name=represented.name, role=_(ROLES[made.role]), first=made.valid_from, end=made.valid_to
        )
    )


def _covers(own: RoleGrant, made: RoleGrant) -> bool:
    return own.valid_from <= made.valid_from and (made.valid_to or date.max) <= (own.valid_to or date.max)


def _check_beside(session: Session, made: RoleGrant, name: str) -> None:
    for other in grants(session, party_id=made.party_id):
        if not _overlap(made, other):
            continue
        if other.role == made.role:
            if other.on_behalf_of_id == made.on_behalf_of_id:
                raise RecordError(
                    _("{name} holds {role} already in that time.").format(name=name, role=_(ROLES[made.role]))
                )
        elif made.role in ALONE or other.role in ALONE:
            raise RecordError(
                _("{name} holds {held} in that time, and cannot hold {role} too: {alone} stand alone.").format(
                    name=name,
                    held=_(ROLES[other.role]),
                    role=_(ROLES[made.role]),
                    alone=_(", ").join(_(ROLES[one]) for one in ALONE),
                )
            )


def _deputies(session: Session, own: RoleGrant) -> list[RoleGrant]:
    if own.on_behalf_of_id is not None:
        return []
    query = select(RoleGrant).where(RoleGrant.on_behalf_of_id == own.party_id, RoleGrant.role == own.role)
    return [deputy for deputy in session.scalars(query) if _overlap(own, deputy) or deputy.valid_from >= own.valid_from]
