"""Thresholds: from which amount another decides, as people say it: «the director from ¥5,000».

A threshold is where steps from a status end below an amount and others begin at it. To move one, all of them change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.language import mark
from marketbook.kit.records.record import Transition


@dataclass(frozen=True)
class Threshold:
    """An amount from which others decide.

    Attributes:
        type, from_status, category: Of the records that it is for; every category where it is empty.
        amount: In fen.
        below, above: The roles that take the next step below it, and from it on.
    """

    type: str
    from_status: str
    category: str
    amount: int
    below: tuple[str, ...]
    above: tuple[str, ...]


def listed(session: Session) -> list[Threshold]:
    """Return every threshold in force, by type, status, category and amount."""
    query = select(Transition).where(Transition.in_force)
    steps = sorted(session.scalars(query), key=lambda one: (one.type, one.from_status, one.category, one.amount_from))
    places = dict.fromkeys((o.type, o.from_status, o.category, o.amount_from) for o in steps if o.amount_from)
    return [_threshold(steps, *place) for place in places]


def wrong(session: Session, key: Mapping[str, Any], amount: int) -> str:
    """Say why a threshold cannot be moved to an amount, as a message to translate; empty where it can."""
    below, above = _sides(session, key)
    if not above:
        return mark("There is no such threshold (any more).")
    if amount == key["amount_from"]:
        return mark("This is what holds already.")
    lowest = max((one.amount_from for one in below), default=0)
    highest = min((one.amount_below for one in above if one.amount_below is not None), default=None)
    if amount <= lowest or (highest is not None and amount >= highest):
        return mark("Another threshold lies in between.")
    return ""


def move(session: Session, key: Mapping[str, Any], amount: int, *, change_id: int) -> None:
    """Move a threshold; an approved change does.

    Args:
        session: A writing session.
        key: `type`, `from_status`, `category` and `amount_from` of the threshold.
        amount: Where it is to stand, in fen.
        change_id: Of the change.
    """
    below, above = _sides(session, key)
    for one in below:
        one.amount_below, one.change_id = amount, change_id
    for one in above:
        _begin(session, one, amount, change_id)
        one.in_force, one.change_id = False, change_id
    session.flush()


def _begin(session: Session, old: Transition, amount: int, change_id: int) -> None:
    """Have a step begin at another amount: in a row of its own, as the amount is part of its key."""
    named = ("type", "from_status", "to_status", "role", "category")
    said = ("amount_below", "four_eyes", "in_line", "needs_reason")
    key = {name: getattr(old, name) for name in named} | {"amount_from": amount}
    found = session.get(Transition, key)
    if found is None:
        found = Transition(**key)
        session.add(found)
    for name in said:
        setattr(found, name, getattr(old, name))
    found.in_force, found.change_id = True, change_id


def _sides(session: Session, key: Mapping[str, Any]) -> tuple[list[Transition], list[Transition]]:
    """Return the steps that end at a threshold, and those that begin there."""
    names = ("type", "from_status", "category")
    same = [getattr(Transition, name) == key[name] for name in names]
    steps = list(session.scalars(select(Transition).where(*same, Transition.in_force)))
    amount = key["amount_from"]
    return [o for o in steps if o.amount_below == amount], [o for o in steps if o.amount_from == amount]


def _threshold(steps: Sequence[Transition], kind: str, status: str, category: str, amount: int) -> Threshold:
    here = [o for o in steps if (o.type, o.from_status, o.category) == (kind, status, category)]
    below = dict.fromkeys(o.role for o in here if o.amount_below == amount)
    above = dict.fromkeys(o.role for o in here if o.amount_from == amount)
    return Threshold(kind, status, category, amount, tuple(below), tuple(above))
