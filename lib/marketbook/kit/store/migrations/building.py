"""What migrations build with: columns, checks, and the states and steps of types of records."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

from marketbook.kit.records import guards
from marketbook.kit.store import triggers

About = dict[str, object]
Step = tuple[str, str, About]
"""From a status, to a status, and who takes it how."""

USUAL: About = {
    "category": "", "amount_from": 0, "amount_below": None, "four_eyes": False, "in_line": False,
    "needs_reason": False, "in_force": True,
}  # fmt: skip


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    """Return a table's check, named as all are."""
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def listed(names: Iterable[str]) -> str:
    """Write names as a list in SQL."""
    return ", ".join(f"'{name}'" for name in names)


def key(of: str) -> sa.Column[int]:
    """Return the primary key of a table that shares another's."""
    return sa.Column("id", sa.Integer, sa.ForeignKey(f"{of}.id"), primary_key=True)


def other(name: str, of: str, *, nullable: bool = True, primary_key: bool = False) -> sa.Column[int]:
    """Return a column that names a row of another table; one of a primary key is never empty."""
    return sa.Column(
        name, sa.Integer, sa.ForeignKey(f"{of}.id"), nullable=nullable and not primary_key, primary_key=primary_key
    )


def install_states(found: Mapping[str, Mapping[str, str]]) -> None:
    """Write the states of types of records: `editable`, `final` or neither, by type and status."""
    table = sa.table("state", *map(sa.column, ("type", "status", "editable", "final")))
    rows = [
        {"type": name, "status": status, "editable": what == "editable", "final": what == "final"}
        for name, statuses in found.items() for status, what in statuses.items()
    ]  # fmt: skip
    op.bulk_insert(table, rows)


def install_steps(name: str, steps: Iterable[Step]) -> None:
    """Write the steps of a type of records."""
    table = sa.table("transition", *map(sa.column, ("type", "from_status", "to_status", "role", *USUAL)))
    rows = [
        {"type": name, "from_status": before, "to_status": after, **USUAL, **about} for before, after, about in steps
    ]
    op.bulk_insert(table, rows)


def forget(types: Iterable[str], *, steps: Mapping[str, str] | None = None) -> None:
    """Take rules away that nobody else may take away; where there is a record already, this fails.

    Args:
        types: Whose states and steps.
        steps: Of types that stay, the status to which no step leads any more.
    """
    connection = op.get_bind()
    kept = [one for one in guards.of_kit(connection) if one.table in ("state", "transition")]
    triggers.remove(connection, kept)
    transition = sa.table("transition", *map(sa.column, ("type", "to_status")))
    for name, to in (steps or {}).items():
        op.execute(transition.delete().where(transition.c.type == name, transition.c.to_status == to))
    for rules in (transition, sa.table("state", sa.column("type"))):
        op.execute(rules.delete().where(rules.c.type.in_(list(types))))
    triggers.install(connection, kept)
