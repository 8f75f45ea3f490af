"""Who decides: the company on a day, its superiors and deputies, and whose eyes must not be the second pair.

The decision is the owner's superior's who holds the level that a step asks for; where the owner holds that level, the
next one up. Where nobody is left to decide there is always someone else, so that every role's own record can finish.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, Date, Integer, bindparam, or_, select
from sqlalchemy.orm import Session

from marketbook.kit.records.person import Party, RoleGrant
from marketbook.kit.records.record import OWNER, Transition

LEVELS = ("manager", "director", "executive")
"""The roles that decide by rank, from the lowest."""


_DAY: BindParameter[date] = bindparam("day", type_=Date)
_HELD = (
    select(RoleGrant.party_id, RoleGrant.role, RoleGrant.on_behalf_of_id)
    .join(Party, Party.id == RoleGrant.party_id)
    .where(Party.kind == "employee", Party.status == "active", RoleGrant.valid_from <= _DAY)
    .where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > _DAY))
)
"""What is held on a day, by those at work; made once, as every step asks it."""

_EVERYBODY = select(Party.id, Party.manager_id).where(Party.kind == "employee")
"""Those who have left among them: they are still a rung of the ladder."""

_RUNG = select(Party.id, Party.manager_id).where(Party.id == bindparam("owner", type_=Integer)).cte(recursive=True)
_LADDER = _RUNG.union(select(Party.id, Party.manager_id).join(_RUNG, Party.id == _RUNG.c.manager_id))
_LINE = select(_LADDER.c.id, _LADDER.c.manager_id)


@dataclass(frozen=True)
class Company:
    """Who is whose superior, and who holds what, on a day.

    Attributes:
        superior: Of each employee, or of one and those above.
        own: The roles that someone at work holds himself.
        deputies: Of whom and in which role.
    """

    superior: Mapping[int, int | None]
    own: Mapping[int, frozenset[str]]
    deputies: Mapping[tuple[int, str], tuple[int, ...]]

    def level(self, party: int | None) -> int:
        """Return someone's rank; -1 where there is none."""
        held = self.own.get(party or 0, frozenset())
        return max((rank for rank, role in enumerate(LEVELS) if role in held), default=-1)

    def holders(self, role: str) -> list[int]:
        """Return who holds a role himself."""
        return sorted(party for party, held in self.own.items() if role in held)

    def line(self, party: int) -> Iterator[int]:
        """Return someone's superiors, up to the top."""
        seen, above = {party}, self.superior.get(party)
        while above is not None and above not in seen:
            seen.add(above)
            yield above
            above = self.superior.get(above)

    def deputies_of(self, party: int) -> frozenset[int]:
        """Return who represents someone, in whatever role."""
        return frozenset(one for (of, _role), found in self.deputies.items() if of == party for one in found)

    def represented(self, party: int) -> list[tuple[int, str]]:
        """Return whom someone represents, and in which role."""
        return sorted(of for of, found in self.deputies.items() if party in found)


@dataclass(frozen=True)
class Matter:
    """What a decision depends on, of a record.

    Attributes:
        owner, subject: Who answers for it, and whom it is about.
        acted: Who has acted on it since it was last handed in, and whom they represented.
        round: How often it was handed in.
    """

    owner: int
    subject: int | None = None
    acted: frozenset[int] = frozenset()
    round: int = 0

    def own(self, company: Company) -> frozenset[int]:
        """Return whose own matter it is: the owner, whom it is about, and their deputies."""
        theirs = [party for party in (self.owner, self.subject) if party is not None]
        return frozenset(theirs).union(*(company.deputies_of(party) for party in theirs))


@dataclass(frozen=True)
class Seat:
    """Who may take a step, and as what."""

    party: int
    role: str


def read(session: Session, *, on: date, owner: int | None = None) -> Company:
    """Return the company on a day.

    Args:
        session: A session of either kind.
        on: The day; roles count that are held on it.
        owner: Whose superiors are enough; everybody's where none is given.
    """
    own: dict[int, set[str]] = {}
    deputies: dict[tuple[int, str], list[int]] = {}
    for party, role, of in session.execute(_HELD, {"day": on}):
        if of is None:
            own.setdefault(party, set()).add(role)
        else:
            deputies.setdefault((of, role), []).append(party)
    return Company(
        dict(iter(session.execute(_EVERYBODY) if owner is None else session.execute(_LINE, {"owner": owner}))),
        {party: frozenset(held) for party, held in own.items()},
        {of: tuple(found) for of, found in deputies.items()},
    )


def seats(company: Company, step: Transition, matter: Matter) -> list[Seat]:
    """Return who may take a step, deputies apart: the first group in which someone is free to."""
    if step.role == OWNER:
        return [Seat(matter.owner, OWNER)]
    groups = list(_groups(company, step, matter))
    own = matter.own(company) if step.four_eyes else frozenset()
    acted = matter.acted if step.four_eyes else frozenset()
    if found := _first_free(groups, own | acted):
        return found
    # he who stands above the owner has decided before: nobody else is left, and it is still not the owner
    return _first_free(groups, own) if step.role in LEVELS else []


def seat(company: Company, step: Transition, matter: Matter, actor: int) -> tuple[Seat, int | None] | None:
    """Return as what an actor may take a step, and whom he represents; None where he may not."""
    found = seats(company, step, matter)
    for one in found:
        if one.party == actor:
            return one, None
    if step.four_eyes and actor in matter.own(company) | matter.acted:
        return None
    for one in found:
        if actor in company.deputies.get((one.party, one.role), ()):
            return one, one.party
    return None


def _first_free(groups: list[list[Seat]], barred: frozenset[int]) -> list[Seat]:
    for group in groups:
        if free := [seat for seat in group if seat.party not in barred]:
            return free
    return []


def _groups(company: Company, step: Transition, matter: Matter) -> Iterator[list[Seat]]:
    """Who may take a step, in the order in which they are asked."""
    if step.role not in LEVELS:
        yield from (_holding(company, role) for role in (step.role, *reversed(LEVELS)))
        return
    needed, rank = LEVELS.index(step.role), max(company.level(matter.owner), company.level(matter.subject))
    if step.in_line:
        needed = max(needed, rank + 1)
        for above in company.line(matter.owner):
            if company.level(above) >= needed:
                yield [Seat(above, LEVELS[company.level(above)])]
    for level in range(needed, len(LEVELS)):
        yield _holding(company, LEVELS[level])
    if rank >= max((company.level(party) for party in company.own), default=-1):
        for level in range(rank, -1, -1):  # nobody stands above: another of the same rank, then the next below
            yield _holding(company, LEVELS[level])


def _holding(company: Company, role: str) -> list[Seat]:
    return [Seat(party, role) for party in company.holders(role)]
