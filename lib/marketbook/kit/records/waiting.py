"""What waits for whom: kept with every step, so that an inbox is one look into an index.

A record waits for those who may take a step that needs a second pair of eyes, and for its owner after it was sent
back. The rows follow from the record; `refresh` writes them anew when people or roles change, and once a day, as a
role begins and ends by date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from marketbook.kit.config import settings
from marketbook.kit.records import line, types
from marketbook.kit.records.line import Company, Matter
from marketbook.kit.records.record import OWNER, Record, Standing, StatusChange, Transition
from marketbook.kit.records.tables import Waiting
from marketbook.kit.store import now

AT_ONCE = 100


_OTHER = aliased(StatusChange)
_ROUND = select(func.max(_OTHER.round)).where(_OTHER.record_id == StatusChange.record_id).scalar_subquery()
_ACTED = select(StatusChange.record_id, StatusChange.round, StatusChange.actor_id, StatusChange.on_behalf_of_id).where(
    StatusChange.record_id.in_(bindparam("numbers", expanding=True)), StatusChange.round == _ROUND
)
"""Who has acted in records' last rounds; made once, as every step asks it."""

_FORGET = delete(Waiting).where(Waiting.record_id == bindparam("number")).execution_options(synchronize_session=False)
"""Rows are read as columns: no session holds one, so that none needs to be looked through for them."""


class Place(NamedTuple):
    """Where a page of an inbox ends."""

    since: datetime
    record_id: int


@dataclass(frozen=True)
class Waits:
    """A record in an inbox.

    Attributes:
        record_id, version, type, number, title, status, owner_id, amount_minor: Of the record.
        since: When it came.
        role: As what it is decided; `owner` where it was sent back.
        on_behalf_of_id: Whom the reader represents.
    """

    record_id: int
    version: int
    type: str
    number: str
    title: str
    status: str
    owner_id: int
    amount_minor: int | None
    since: datetime
    role: str
    on_behalf_of_id: int | None


@dataclass(frozen=True)
class Inbox:
    """A page of what waits, the oldest first; `next` is None on the last one."""

    rows: list[Waits]
    next: Place | None


def inbox(
    session: Session, *, party_id: int, on: date | None = None, after: Place | None = None, size: int = 50
) -> Inbox:
    """Return what waits for someone on a day, as himself and as a deputy.

    Args:
        session: A session of either kind.
        party_id: Whose inbox.
        on: The day; roles count that are held on it. Today if none is given.
        after: Where the page before ended.
        size: How many rows a page has.
    """
    company = line.read(session, on=on or now().astimezone(settings().zone).date(), owner=party_id)
    own = [(party_id, role) for role in sorted({*company.own.get(party_id, ()), OWNER})]
    found: dict[int, Waits] = {}
    for party, role in [*own, *company.represented(party_id)]:
        for row in _waiting(session, (party, role), party_id, company, after, size + 1):
            found.setdefault(row.record_id, row)
    rows = sorted(found.values(), key=lambda row: (row.since, row.record_id))
    page = rows[:size]
    return Inbox(page, Place(page[-1].since, page[-1].record_id) if len(rows) > size else None)


def update(session: Session, record: Record | Standing, *, on: date) -> None:
    """Write for whom a record waits now.

    Args:
        session: A writing session.
        record: Which one.
        on: The day; roles count that are held on it.
    """
    _rewrite(
        session, [record], line.read(session, on=on, owner=record.owner_id) if _deciding(session, record) else None
    )


def restart(session: Session, record: Record, *, company: Company, about: Matter) -> frozenset[int]:
    """Write for whom a record waits that has another status now; return them."""
    session.execute(_FORGET, {"number": record.id})
    wanted = _wanted(session, record, _deciding(session, record), company, about)
    _write(session, ((record.id, party, role) for party, role in wanted))
    return frozenset(party for party, _role in wanted)


def refresh(session: Session, *, on: date) -> int:
    """Write anew for whom records wait, when people or roles have changed; return how many were looked at.

    Args:
        session: A writing session.
        on: The day; roles count that are held on it.
    """
    company, looked = line.read(session, on=on), 0
    deciding = select(Transition.type, Transition.from_status).where(Transition.four_eyes, Transition.in_force)
    for kind, status in session.execute(deciding.distinct()).all():
        last = 0
        while found := _next(session, kind, status, last):
            _rewrite(session, found, company)
            looked, last = looked + len(found), found[-1].id
    return looked


def matter(session: Session, record: Record | Standing) -> Matter:
    """Return what a decision about a record depends on."""
    return _matters(session, [record])[record.id]


def _matters(session: Session, records: Sequence[Record | Standing]) -> dict[int, Matter]:
    """Return for each record who has acted on it since it was last handed in."""
    rounds: dict[int, int] = {}
    acted: dict[int, set[int]] = {}
    for number, count, *parties in session.execute(_ACTED, {"numbers": [one.id for one in records]}):
        rounds[number] = count
        acted.setdefault(number, set()).update(party for party in parties if party is not None)
    return {
        one.id: Matter(one.owner_id, one.subject_id, frozenset(acted.get(one.id, ())), rounds.get(one.id, 0))
        for one in records
    }


def _rewrite(session: Session, records: Sequence[Record | Standing], company: Company | None) -> None:
    """Write for whom records wait, where it is different from what is written; what stays keeps its moment."""
    abouts = _matters(session, records)
    wanted = {
        (one.id, party, role)
        for one in records
        for party, role in _wanted(session, one, _deciding(session, one), company, abouts[one.id])
    }
    query = select(Waiting.record_id, Waiting.party_id, Waiting.role).where(Waiting.record_id.in_(abouts))
    there = {(number, party, role) for number, party, role in session.execute(query)}
    if gone := sorted(there - wanted):
        key = tuple_(Waiting.record_id, Waiting.party_id, Waiting.role)
        session.execute(delete(Waiting).where(key.in_(gone)))
    _write(session, wanted - there)


def _deciding(session: Session, record: Record | Standing) -> list[Transition]:
    return [one for one in types.steps(session, record) if one.four_eyes and one.covers(record.amount_minor or 0)]


def _wanted(
    session: Session, record: Record | Standing, steps: list[Transition], company: Company | None, about: Matter
) -> set[tuple[int, str]]:
    if company is None or not steps:
        sent_back = about.round and types.state(session, record).editable and types.decided(session, record)
        return {(record.owner_id, OWNER)} if sent_back else set()
    return {(seat.party, seat.role) for step in steps for seat in line.seats(company, step, about)}


def _write(session: Session, wanted: Iterable[tuple[int, int, str]]) -> None:
    moment = now()
    rows = [{"record_id": n, "party_id": p, "role": role, "since": moment} for n, p, role in sorted(wanted)]
    if rows:
        session.execute(insert(Waiting), rows)


def _next(session: Session, kind: str, status: str, last: int) -> list[Standing]:
    names = (getattr(Record, field.name) for field in fields(Standing))
    query = select(*names).where(Record.type == kind, Record.status == status, Record.id > last)
    return [Standing(**row) for row in session.execute(query.order_by(Record.id).limit(AT_ONCE)).mappings()]


def _waiting(
    session: Session, seat: tuple[int, str], reader: int, company: Company, after: Place | None, size: int
) -> Iterable[Waits]:
    party, role = seat
    query = (
        select(
            Record.id.label("record_id"), Record.version, Record.type, Record.number, Record.title, Record.status,
            Record.owner_id, Record.amount_minor, Waiting.since, Waiting.role,
        )
        .join(Record, Record.id == Waiting.record_id)
        .where(Waiting.party_id == party, Waiting.role == role)
        .order_by(Waiting.since, Waiting.record_id)
        .limit(size)
    )  # fmt: skip
    if after:
        query = query.where(tuple_(Waiting.since, Waiting.record_id) > after)
    if party == reader:
        return [Waits(**row, on_behalf_of_id=None) for row in session.execute(query).mappings()]
    own = [reader, *(of for of, _role in company.represented(reader))]
    step, round_ = aliased(StatusChange), aliased(StatusChange)
    latest = select(func.max(round_.round)).where(round_.record_id == Record.id).scalar_subquery()
    acted = select(step.id).where(step.record_id == Record.id, step.actor_id == reader, step.round == latest)
    query = query.where(
        Record.owner_id.not_in(own), or_(Record.subject_id.is_(None), Record.subject_id.not_in(own)), ~acted.exists()
    )
    return [Waits(**row, on_behalf_of_id=party) for row in session.execute(query).mappings()]
