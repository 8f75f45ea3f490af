"""What a sale in the pipeline or an order is asked for in queries: its next step, its contact, its follow-up."""

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, ScalarSelect, Select, Table, exists, func, select

from marketbook.kit.records import Record
from marketbook.office.activity import Activity
from marketbook.office.opportunity import CONTACTS, OPEN, SALE, TABLE, UNDER_WAY

LOOKED_AFTER = 90
"""For how many days an order is looked after."""

_ACTIVITY = cast("Table", Activity.__table__)
_RECORD = cast("Table", Record.__table__)


def next_on(of: ColumnElement[int]) -> ScalarSelect[date | None]:
    """Return when the next step of a sale is due."""
    state = _RECORD.alias()
    return (
        select(func.min(_ACTIVITY.c.due_on))
        .join(state, state.c.id == _ACTIVITY.c.id)
        .where(_ACTIVITY.c.about_id == of, state.c.status.in_(UNDER_WAY))
        .scalar_subquery()
    )


def contacted_on(of: ColumnElement[int]) -> ScalarSelect[date | None]:
    """Return when the customer was contacted first about a sale."""
    state = _RECORD.alias()
    return (
        select(func.min(_ACTIVITY.c.done_on))
        .join(state, state.c.id == _ACTIVITY.c.id)
        .where(_ACTIVITY.c.about_id == of, _ACTIVITY.c.kind.in_(CONTACTS), state.c.status == "done")
        .scalar_subquery()
    )


def followed_on() -> ScalarSelect[date | None]:
    """Return when something was done first for an order after it was won; of the opportunity in the query around it."""
    state = _RECORD.alias()
    return (
        select(func.min(_ACTIVITY.c.done_on))
        .join(state, state.c.id == _ACTIVITY.c.id)
        .where(_ACTIVITY.c.about_id == TABLE.c.id, _ACTIVITY.c.done_on >= TABLE.c.closed_on, state.c.status == "done")
        .correlate(TABLE)
        .scalar_subquery()
    )


def at_stage(status: str, owners: frozenset[int] | None) -> Select[tuple[int]]:
    """Return the ids of the sales at a stage, of some owners or of all."""
    query = select(_RECORD.c.id).where(
        _RECORD.c.type == "opportunity", _RECORD.c.status == status, _RECORD.c.category == SALE
    )
    return query if owners is None else query.where(_RECORD.c.owner_id.in_(sorted(owners)))


def looked_after(today: date, owners: frozenset[int] | None) -> Select[tuple[int]]:
    """Return the orders of late for which something is to be done, or nothing was done yet."""
    state = _RECORD.alias()
    to_do = exists().where(
        _ACTIVITY.c.about_id == TABLE.c.id, state.c.id == _ACTIVITY.c.id, state.c.status.in_(UNDER_WAY)
    )
    return _won(owners).where(
        TABLE.c.closed_on >= today - timedelta(days=LOOKED_AFTER), to_do | followed_on().is_(None)
    )


def not_followed(today: date, days: int, owners: frozenset[int] | None) -> Select[tuple[int]]:
    """Return the orders for which nothing was done within some days, nor since."""
    return _won(owners).where(TABLE.c.closed_on <= today - timedelta(days=days), followed_on().is_(None))


def not_contacted(owners: frozenset[int] | None) -> Select[tuple[int]]:
    """Return the prospects who were not contacted yet."""
    return at_stage(OPEN[0], owners).where(contacted_on(_RECORD.c.id).is_(None))


def _won(owners: frozenset[int] | None) -> Select[Any]:
    query = select(TABLE.c.id).join(_RECORD, _RECORD.c.id == TABLE.c.id).where(_RECORD.c.status == "won")
    return query if owners is None else query.where(_RECORD.c.owner_id.in_(sorted(owners)))
