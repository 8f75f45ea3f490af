"""The types of records. Each chapter registers its own: what a status asks for, and what a step sets in motion."""

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records.record import Record, Standing, State, StatusChange, Transition

_RULES = "marketbook.rules"
_HOUSE = Path(__file__).parents[2]

STEPS = {
    "draft": mark("Send back"),
    "submitted": mark("Hand in"),
    "proposed": mark("Propose"),
    "approved": mark("Approve"),
    "manager_approved": mark("Approve"),
    "director_approved": mark("Approve"),
    "accepted": mark("Accept"),
    "returned": mark("Send back"),
    "rejected": mark("Reject"),
    "withdrawn": mark("Withdraw"),
    "active": mark("Start"),
    "closed": mark("Close"),
    "cancelled": mark("Cancel it"),
}
"""What people call the step to a status, where a type does not say so itself."""

Missing = Callable[[Session, Record, str], Iterable[str]]
Effect = Callable[[Session, Record, StatusChange], None]
Prepare = Callable[[Session, Record, str], Mapping[str, object]]


def _nothing_missing(_session: Session, _record: Record, _to: str) -> Iterable[str]:
    return ()


def _nothing_to_write(_session: Session, _record: Record, _to: str) -> Mapping[str, object]:
    return {}


def _no_effect(_session: Session, _record: Record, _change: StatusChange) -> None:
    return None


@dataclass(frozen=True)
class RecordType:
    """A type of records.

    Attributes:
        name: As in `record.type`.
        title: What people call it; marked.
        prefix: Of its numbers: `CL` makes CL-2026-000001.
        first: The status in which it starts.
        statuses: What people call its statuses; marked.
        missing: Says what a record lacks for a status, in sentences; called before a step is taken.
        effect: What a step sets in motion, in the same transaction; called after it is taken.
        tables: The tables of its content that share the record's primary key.
        steps: What people call the step to a status, where `STEPS` does not say it; marked.
        readers: The roles that may read every record of this type, besides those that read everything.
        prepare: Says what a step writes into the record before it is taken, by field: what only then can be said, such
            as who decides on it. Called whoever takes the step, from whichever screen; it changes not whose step it is.
    """

    name: str
    title: str
    prefix: str
    first: str
    statuses: Mapping[str, str]
    missing: Missing = _nothing_missing
    effect: Effect = _no_effect
    tables: tuple[str, ...] = ()
    steps: Mapping[str, str] = field(default_factory=dict)
    readers: frozenset[str] = frozenset()
    prepare: Prepare = _nothing_to_write

    def called(self, status: str) -> str:
        """Return what people call a status, in the current language."""
        return _(self.statuses.get(status, status))

    def step_called(self, to: str) -> str:
        """Return what people call the step to a status, in the current language."""
        return _(self.steps.get(to) or STEPS.get(to) or self.statuses.get(to, to))


_types: dict[str, RecordType] = {}


def register(made: RecordType) -> RecordType:
    """Make a type known; called where the chapter's service is imported."""
    _types[made.name] = made
    return made


def load() -> None:
    """Import what registers types: the rules of the house, and each chapter's `records` module, if it has one."""
    importlib.import_module("marketbook.kit.records.rules")
    for file in sorted(_HOUSE.glob("*/records.py")):
        importlib.import_module(f"marketbook.{file.parent.name}.records")


def named(name: str) -> RecordType:
    """Return a type.

    Raises:
        RecordError: This process does not know it.
    """
    if name not in _types:
        raise RecordError(_("Records of type {name!r} are not known here.").format(name=name))
    return _types[name]


def tables() -> frozenset[str]:
    """Return the tables of content that share a record's primary key, of every type that is known here."""
    return frozenset(name for made in _types.values() for name in made.tables)


def install(connection: Connection, states: Iterable[State], transitions: Iterable[Transition]) -> None:
    """Write a type's states and steps; migrations do, and nobody else may without two people.

    Args:
        connection: Where `system:setup` acts.
        states: Of the type.
        transitions: Between them.
    """
    connection.execute(insert(State), [_row(one) for one in states])
    connection.execute(insert(Transition), [_row(one) for one in transitions])


def state(session: Session, record: Record | Standing) -> State:
    """Return the state in which a record is."""
    return _rules(session, record.type).states[record.status]


def steps(session: Session, record: Record | Standing, *, to: str = "") -> list[Transition]:
    """Return the steps from a record's status that are in force for its category, whatever its amount."""
    found = [
        one for one in _rules(session, record.type).steps
        if one.from_status == record.status and one.category in ("", record.category) and to in ("", one.to_status)
    ]  # fmt: skip
    special = {one.to_status for one in found if one.category}
    return [one for one in found if bool(one.category) == (one.to_status in special)]


def decided(session: Session, record: Record | Standing) -> bool:
    """Tell whether others decide on records of this type: only what was handed in can be sent back."""
    return any(one.four_eyes for one in _rules(session, record.type).steps)


def forget(session: Session) -> None:
    """Read the rules anew: some were changed in this transaction."""
    session.info.pop(_RULES, None)


@dataclass(frozen=True)
class _Rules:
    states: Mapping[str, State]
    steps: Sequence[Transition]


def _rules(session: Session, name: str) -> _Rules:
    """A session lasts for one transaction, in which rules are read once."""
    known: dict[str, _Rules] = session.info.setdefault(_RULES, {})
    if name not in known:
        states = session.scalars(select(State).where(State.type == name))
        force = select(Transition).where(Transition.type == name, Transition.in_force)
        order = (Transition.to_status, Transition.role, Transition.amount_from)
        known[name] = _Rules({one.status: one for one in states}, session.scalars(force.order_by(*order)).all())
    return known[name]


def _row(one: State | Transition) -> dict[str, object]:
    defaults: dict[str, object] = {
        "category": "", "amount_from": 0, "four_eyes": False, "in_line": False, "needs_reason": False, "in_force": True,
    }  # fmt: skip
    names = [column.name for column in one.__table__.columns]
    return {name: defaults.get(name) if getattr(one, name) is None else getattr(one, name) for name in names}
