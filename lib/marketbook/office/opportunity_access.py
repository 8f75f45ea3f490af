"""Whose opportunities somebody sees: his own, his team's; who reads every record sees all."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from marketbook.kit.records import line, roles
from marketbook.kit.records.line import Company
from marketbook.kit.records.reading import EVERYTHING


def owners(session: Session, *, party_id: int) -> frozenset[int] | None:
    """Return whose opportunities somebody sees today; None where it is everybody's.

    Args:
        session: A session of either kind.
        party_id: Who: as himself, as a superior, and as a deputy of those whom he represents.
    """
    if roles.held(session, party_id=party_id) & EVERYTHING:
        return None
    company = line.read(session, on=roles.today())
    return _below(company, (party_id, *(of for of, _role in company.represented(party_id))))


def may_work(session: Session, *, owner_id: int, party_id: int) -> bool:
    """Tell whether somebody works on an opportunity: its owner, who stands above, and their deputies."""
    company = line.read(session, on=roles.today())
    return owner_id in _below(company, (party_id, *(of for of, _role in company.represented(party_id))))


def _below(company: Company, heads: Iterable[int]) -> frozenset[int]:
    """Return some people and everybody who stands below one of them."""
    own = frozenset(heads)
    return own | {one for one in company.superior if not own.isdisjoint(company.line(one))}
