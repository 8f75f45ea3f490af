"""What tells whether a refused move left a trace: the audit log's head, and how many steps there are."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from tests.office.company import House, step

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import Notification, Record, StatusChange
from marketbook.kit.store import audit

Move = Callable[[House, int], object]
REFUSED = (RecordError, AccessError, DBAPIError)


def trace(house: House) -> tuple[object, ...]:
    with house.store.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(one)) for one in (Record, StatusChange, Notification)]
        return audit.head(session), *counts


def check_refused(house: House, number: int, move: Move, match: str) -> None:
    before = trace(house)
    with pytest.raises(REFUSED, match=match):
        move(house, number)
    assert trace(house) == before


def to(status: str, who: str, reason: str = "因为") -> Move:
    """Return the move of taking a step."""

    def move(house: House, number: int) -> None:
        actor = {**vars(house.people), "deputy": house.deputy}[who]
        with house.store.writing() as session:
            step(session, session.get_one(Record, number), status, actor, reason)

    return move


def raw(statement: str) -> Move:
    """Return the move of sending a statement to the database itself."""

    def move(house: House, number: int) -> None:
        with house.store.writing(actor="system:test") as session:
            session.execute(text(statement.format(n=number, **vars(house.people))))

    return move


def within(do: Callable[[House, Session, int], object]) -> Move:
    """Return the move of doing something in a transaction."""

    def move(house: House, number: int) -> None:
        with house.store.writing() as session:
            do(house, session, number)

    return move
